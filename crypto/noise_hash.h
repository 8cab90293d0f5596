/*
 * noise_hash: the hash functions of the Noise specification, §4.3, over BLAKE2b: HASH,
 * HMAC-HASH and HKDF. For noise.c and the tests alone.
 */
#ifndef FENGQIAO_CRYPTO_NOISE_HASH_H
#define FENGQIAO_CRYPTO_NOISE_HASH_H

#include <stddef.h>
#include <stdint.h>

#include "crypto/noise.h"

/* HASH(a ‖ b). */
void noise_hash_of(uint8_t out[static NOISE_HASH_SIZE], const uint8_t *a, size_t a_len,
                   const uint8_t *b, size_t b_len);

/* HMAC-HASH(key, a ‖ b) after RFC 2104, with a key of at most 128 bytes. */
void noise_hash_hmac(uint8_t out[static NOISE_HASH_SIZE], const uint8_t *key,
                     size_t key_len, const uint8_t *a, size_t a_len, const uint8_t *b,
                     size_t b_len);

/* HKDF(chaining_key, input, count): count, 2 or 3, outputs. No output may overlap the
 * input; the first may be the chaining key itself. */
void noise_hash_kdf(uint8_t (*out)[NOISE_HASH_SIZE], size_t count,
                    const uint8_t chaining_key[static NOISE_HASH_SIZE],
                    const uint8_t *input, size_t len);

#endif
