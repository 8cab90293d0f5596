#include "tests/sim/life/novel.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define PART_LEN 512

/* Parts by 64 bits of a hash: two of a history's thousands would have to meet by chance
 * for one to be left out. */
struct novel {
    size_t overlap;
    uint64_t *slots; /* 0: free */
    size_t slots_len, taken;
};

struct novel *novel_new(size_t overlap)
{
    struct novel *novel = calloc(1, sizeof(*novel));
    assert(novel != NULL);
    novel->overlap = overlap;
    novel->slots_len = 4096;
    novel->slots = calloc(novel->slots_len, sizeof(*novel->slots));
    assert(novel->slots != NULL);
    return novel;
}

void novel_free(struct novel *novel)
{
    if (novel == NULL)
        return;
    free(novel->slots);
    free(novel);
}

static uint64_t hash_of(struct bytes bytes)
{
    uint64_t hash = bytes.len, word;
    for (size_t at = 0; at < bytes.len; at += sizeof(word)) {
        size_t left = bytes.len - at;
        word = 0;
        memcpy(&word, bytes.data + at, left < sizeof(word) ? left : sizeof(word));
        hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
        hash ^= hash >> 32;
    }
    return hash == 0 ? 1 : hash;
}

/* False: it was there. */
static bool put(uint64_t *slots, size_t len, uint64_t hash)
{
    size_t slot = hash & (len - 1);
    for (; slots[slot] != 0; slot = (slot + 1) & (len - 1))
        if (slots[slot] == hash)
            return false;
    slots[slot] = hash;
    return true;
}

static bool is_new(struct novel *novel, uint64_t hash)
{
    if (!put(novel->slots, novel->slots_len, hash))
        return false;
    if (++novel->taken * 2 < novel->slots_len)
        return true;
    size_t len = 2 * novel->slots_len;
    uint64_t *slots = calloc(len, sizeof(*slots));
    assert(slots != NULL);
    for (size_t i = 0; i < novel->slots_len; i++)
        if (novel->slots[i] != 0)
            (void)put(slots, len, novel->slots[i]);
    free(novel->slots);
    novel->slots = slots;
    novel->slots_len = len;
    return true;
}

/* Parts begin where head, gap and page do, so that the same page is the same parts. */
static size_t part_len(const struct novel_layout *layout, size_t at)
{
    if (at < layout->head)
        return layout->head - at;
    size_t inside = (at - layout->head) % (layout->gap + layout->page);
    if (inside < layout->gap)
        return layout->gap - inside;
    size_t left = layout->gap + layout->page - inside;
    return left < PART_LEN ? left : PART_LEN;
}

bool novel_next(struct novel *novel, struct bytes file, const struct novel_layout *layout,
                size_t *at, struct bytes *part)
{
    while (*at < file.len) {
        size_t left = file.len - *at, len = part_len(layout, *at);
        size_t reach = len + novel->overlap;
        *part = bytes_of(file.data + *at, left < reach ? left : reach);
        *at += len < left ? len : left;
        if (is_new(novel, hash_of(*part)))
            return true;
    }
    return false;
}
