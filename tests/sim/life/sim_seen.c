#include "tests/sim/life/sim_seen.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/digest.h"

static uint64_t mark_of(struct bytes bytes)
{
    uint8_t digest[DIGEST_SIZE];
    uint64_t mark;
    digest_of(digest, "fengqiao/test/seen", bytes.data, bytes.len);
    memcpy(&mark, digest, sizeof(mark));
    return mark;
}

static bool goes_by_digest(enum sight_kind kind)
{
    return kind == SIGHT_CHUNK || kind == SIGHT_DISK || kind == SIGHT_STICK;
}

void sim_seen_add(struct sim_seen *seen, enum sight_kind kind, int host, uint64_t ms,
                  uint64_t conn, struct bytes bytes)
{
    if (seen->len == seen->capacity) {
        seen->capacity = seen->capacity == 0 ? 1024 : 2 * seen->capacity;
        seen->sights = realloc(seen->sights, seen->capacity * sizeof(*seen->sights));
        assert(seen->sights != NULL);
    }
    struct sight *sight = &seen->sights[seen->len++];
    *sight = (struct sight){.kind = kind,
                            .host = host,
                            .ms = ms,
                            .conn = conn,
                            .at = seen->bytes.len,
                            .len = bytes.len};
    if (goes_by_digest(kind))
        sight->mark = mark_of(bytes);
    else
        buf_add(&seen->bytes, bytes.data, bytes.len);
    assert(buf_status(&seen->bytes) == STATUS_OK);
}

struct bytes sim_seen_bytes(const struct sim_seen *seen, const struct sight *sight)
{
    if (goes_by_digest(sight->kind) || sight->len == 0)
        return (struct bytes){0};
    return bytes_of(seen->bytes.data + sight->at, sight->len);
}

const char *sim_seen_word(enum sight_kind kind)
{
    static const char *const words[] = {
        [SIGHT_DIAL] = "dial",       [SIGHT_CHUNK] = "chunk",   [SIGHT_CLOSE] = "close",
        [SIGHT_MESSAGE] = "message", [SIGHT_LOG] = "log",       [SIGHT_DISK] = "disk",
        [SIGHT_STICK] = "stick",     [SIGHT_BUNDLE] = "bundle",
    };
    return words[kind];
}

void sim_seen_deinit(struct sim_seen *seen)
{
    free(seen->sights);
    buf_deinit(&seen->bytes);
    *seen = (struct sim_seen){0};
}
