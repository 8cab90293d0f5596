/*
 * rng: the randomness seam. No code above asks the operating system for dice; it is
 * handed a struct rng. The daemon's fills from libsodium, a simulator's from hash(seed,
 * node, purpose, scope, counter), so that a change in one scope moves no byte in another.
 */
#ifndef FENGQIAO_CRYPTO_RNG_H
#define FENGQIAO_CRYPTO_RNG_H

#include <stddef.h>
#include <stdint.h>

struct rng {
    /* Fills len bytes of out. purpose is a short constant word ("op-secret"); scope is 32
     * bytes or NULL where the draw belongs to no scope. Cannot fail. */
    void (*fill)(void *context, const char *purpose, const uint8_t *scope, uint8_t *out,
                 size_t len);
    void *context;
};

/* Fills out (borrowed, len bytes) from rng. scope: 32 bytes, or NULL. */
void rng_fill(const struct rng *rng, const char *purpose, const uint8_t *scope,
              uint8_t *out, size_t len);

/* The operating system's randomness through libsodium; the purpose is ignored. */
struct rng rng_system(void);

/*
 * A deterministic stream for tests and simulations: the k-th draw for (purpose, scope) is
 * a keyed BLAKE2b stream over (seed, node, purpose, scope, k), the same on every machine,
 * and its length moves no other draw. The context is owned by the caller and must outlive
 * every use; not for several threads. Counters are kept for RNG_KEYED_STREAMS_MAX
 * streams; one more fails an assert, since a forgotten counter would repeat a draw. NULL:
 * out of memory. rng_keyed_free accepts NULL.
 */
#define RNG_KEYED_STREAMS_MAX 65536
struct rng_keyed;
struct rng_keyed *rng_keyed_new(uint64_t seed, uint64_t node);
void rng_keyed_free(struct rng_keyed *keyed);
struct rng rng_keyed_rng(struct rng_keyed *keyed);

#endif
