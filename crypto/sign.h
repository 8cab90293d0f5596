/*
 * sign: Ed25519 (RFC 8032) under the strict rule of docs/PROTOCOL.md §4, which is part of
 * the format: 64 bytes; S < L; R and A canonical and not of small order; A of prime
 * order; the cofactorless equation.
 */
#ifndef FENGQIAO_CRYPTO_SIGN_H
#define FENGQIAO_CRYPTO_SIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/key.h"

#define SIGN_SIZE 64

/* A seed with its public key: many signatures, one derivation. Secret: whoever made it
 * wipes it. Made by sign_pair_init alone, since halves that do not belong together would
 * give the seed away. */
struct sign_pair {
    uint8_t seed_and_key[KEY_SEED_SIZE + KEY_SIZE];
};
void sign_pair_init(struct sign_pair *pair, const uint8_t seed[static KEY_SEED_SIZE]);
/* Its public key, KEY_SIZE bytes; lives as long as the pair. */
const uint8_t *sign_pair_key(const struct sign_pair *pair);
/* Signs len bytes of message. Deterministic. */
void sign_pair_sign(const struct sign_pair *pair, uint8_t signature[static SIGN_SIZE],
                    const void *message, size_t len);
/* The same for one message, with a 32-byte seed. */
void sign_message(uint8_t signature[static SIGN_SIZE],
                  const uint8_t seed[static KEY_SEED_SIZE], const void *message,
                  size_t len);

/* The whole strict rule, the order of the public key included. */
bool sign_verify(const uint8_t signature[static SIGN_SIZE],
                 const uint8_t public_key[static KEY_SIZE], const void *message,
                 size_t len);

/* The strict rule but for the order of the public key, for keys that
 * sign_key_is_sound() accepted before (a charter's keys). For any other key the verdict
 * means nothing: one of mixed order passes here for some messages. */
bool sign_verify_known(const uint8_t signature[static SIGN_SIZE],
                       const uint8_t public_key[static KEY_SIZE], const void *message,
                       size_t len);

/* Is this an Ed25519 key that may enter a charter: canonical, of prime order? */
bool sign_key_is_sound(const uint8_t public_key[static KEY_SIZE]);

/* Runs the known disagreement cases (mixed-order A, R + torsion, S + L, non-canonical
 * points, small orders, CVE-2025-69277) and known answers against the library. False: the
 * library decides otherwise, refuse to run. name (may be NULL) receives the failed case.
 */
bool sign_selftest(const char **name);

#endif
