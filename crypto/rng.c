#include "crypto/rng.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/digest.h"

#include <sodium.h>

void rng_fill(const struct rng *rng, const char *purpose, const uint8_t *scope,
              uint8_t *out, size_t len)
{
    rng->fill(rng->context, purpose, scope, out, len);
}

/* ---- the operating system's ---- */

static void fill_from_system(void *context, const char *purpose, const uint8_t *scope,
                             uint8_t *out, size_t len)
{
    randombytes_buf(out, len);
}

struct rng rng_system(void)
{
    int rc = sodium_init();
    assert(rc >= 0); /* No randomness to be had: nothing else would be safe. */
    (void)rc;
    return (struct rng){.fill = fill_from_system};
}

/* ---- the keyed stream ---- */

#define STREAM_KEY_SIZE 32
#define BLOCK_SIZE 64
#define SLOTS_MIN 64

/* One (purpose, scope) and how often it was drawn from. draws is 0 in a free slot. */
struct stream {
    uint8_t key[STREAM_KEY_SIZE];
    uint64_t draws;
};

/* An open hash table: slots is a power of two and at least twice the streams in use. The
 * keys are hashes, so their first bytes say where to look. */
struct rng_keyed {
    uint64_t seed;
    uint64_t node;
    struct stream *streams;
    size_t slots;
    size_t used;
};

static void stream_key(uint8_t key[static STREAM_KEY_SIZE], const struct rng_keyed *keyed,
                       const char *purpose, const uint8_t *scope)
{
    struct digest digest;
    digest_init(&digest, "fengqiao/1/rng-keyed");
    digest_add_u64(&digest, keyed->seed);
    digest_add_u64(&digest, keyed->node);
    digest_add(&digest, purpose, strlen(purpose) + 1);
    digest_add_u8(&digest, scope != NULL);
    if (scope != NULL)
        digest_add(&digest, scope, 32);
    digest_final(&digest, key);
}

static struct stream *find_slot(struct stream *streams, size_t slots,
                                const uint8_t key[static STREAM_KEY_SIZE])
{
    size_t at = 0;
    for (int i = 0; i < 4; i++)
        at = at << 8 | key[i];
    for (;;) {
        struct stream *stream = &streams[at & (slots - 1)];
        if (stream->draws == 0 || memcmp(stream->key, key, STREAM_KEY_SIZE) == 0)
            return stream;
        at++;
    }
}

static void grow(struct rng_keyed *keyed)
{
    size_t slots = keyed->slots * 2;
    struct stream *streams = calloc(slots, sizeof(*streams));
    assert(streams != NULL); /* A test's tool: nobody could go on without it. */
    for (size_t i = 0; i < keyed->slots; i++) {
        const struct stream *old = &keyed->streams[i];
        if (old->draws > 0)
            *find_slot(streams, slots, old->key) = *old;
    }
    free(keyed->streams);
    keyed->streams = streams;
    keyed->slots = slots;
}

/* The number of this draw, and the key of its stream. */
static uint64_t next_draw(struct rng_keyed *keyed,
                          const uint8_t key[static STREAM_KEY_SIZE])
{
    struct stream *stream = find_slot(keyed->streams, keyed->slots, key);
    if (stream->draws == 0) {
        assert(keyed->used < RNG_KEYED_STREAMS_MAX);
        keyed->used++;
        memcpy(stream->key, key, STREAM_KEY_SIZE);
    }
    uint64_t draw = stream->draws++;
    if (keyed->used * 2 > keyed->slots)
        grow(keyed);
    return draw;
}

static void put_u64(uint8_t out[static 8], uint64_t value)
{
    for (int i = 0; i < 8; i++)
        out[i] = (uint8_t)(value >> (56 - 8 * i));
}

static void fill_from_stream(void *context, const char *purpose, const uint8_t *scope,
                             uint8_t *out, size_t len)
{
    struct rng_keyed *keyed = context;
    uint8_t key[STREAM_KEY_SIZE];
    stream_key(key, keyed, purpose, scope);

    /* draw ‖ number of the block within the draw */
    uint8_t label[16];
    put_u64(label, next_draw(keyed, key));
    for (uint64_t block = 0; len > 0; block++) {
        uint8_t bytes[BLOCK_SIZE];
        put_u64(label + 8, block);
        crypto_generichash(bytes, sizeof(bytes), label, sizeof(label), key, sizeof(key));
        size_t part = len < sizeof(bytes) ? len : sizeof(bytes);
        memcpy(out, bytes, part);
        out += part;
        len -= part;
    }
}

struct rng_keyed *rng_keyed_new(uint64_t seed, uint64_t node)
{
    struct rng_keyed *keyed = calloc(1, sizeof(*keyed));
    if (keyed == NULL)
        return NULL;
    keyed->seed = seed;
    keyed->node = node;
    keyed->slots = SLOTS_MIN;
    keyed->streams = calloc(keyed->slots, sizeof(*keyed->streams));
    if (keyed->streams == NULL) {
        free(keyed);
        return NULL;
    }
    return keyed;
}

void rng_keyed_free(struct rng_keyed *keyed)
{
    if (keyed == NULL)
        return;
    free(keyed->streams);
    free(keyed);
}

struct rng rng_keyed_rng(struct rng_keyed *keyed)
{
    return (struct rng){.fill = fill_from_stream, .context = keyed};
}
