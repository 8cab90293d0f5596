#include "cli/tally.h"

#include <stdlib.h>
#include <string.h>

struct tally_one {
    struct id digest;
    uint64_t times; /* 0: nobody is here */
};

static struct tally_one *place_of(struct tally_one *ones, size_t capacity,
                                  const struct id *digest)
{
    uint64_t hash;
    memcpy(&hash, digest->bytes, sizeof(hash));
    size_t at = (size_t)hash & (capacity - 1);
    while (ones[at].times > 0 && !id_equal(&ones[at].digest, digest))
        at = (at + 1) & (capacity - 1);
    return &ones[at];
}

/* At most half full, so that a walk is short. */
static enum status grow(struct tally *tally)
{
    if (2 * tally->len < tally->capacity)
        return STATUS_OK;
    size_t capacity = tally->capacity == 0 ? 64 : 2 * tally->capacity;
    struct tally_one *ones = calloc(capacity, sizeof(*ones));
    if (ones == NULL)
        return STATUS_NO_MEMORY;
    for (size_t i = 0; i < tally->capacity; i++)
        if (tally->ones[i].times > 0)
            *place_of(ones, capacity, &tally->ones[i].digest) = tally->ones[i];
    free(tally->ones);
    tally->ones = ones;
    tally->capacity = capacity;
    return STATUS_OK;
}

enum status tally_count(struct tally *tally, const struct id *digest, uint64_t *times)
{
    enum status status = grow(tally);
    if (status != STATUS_OK)
        return status;
    struct tally_one *one = place_of(tally->ones, tally->capacity, digest);
    tally->len += one->times == 0;
    one->digest = *digest;
    *times = ++one->times;
    return STATUS_OK;
}

void tally_deinit(struct tally *tally)
{
    free(tally->ones);
    *tally = (struct tally){0};
}
