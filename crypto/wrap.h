/*
 * wrap: a 32-byte signing seed at rest under a PIN or passphrase. Argon2id (64 MiB, 3
 * passes) makes a key, XChaCha20-Poly1305 seals. Whoever calls wrap_seal or wrap_open
 * needs WRAP_MEMORY_BYTES for a moment; the daemon does so in a short-lived child
 * (node/io).
 */
#ifndef FENGQIAO_CRYPTO_WRAP_H
#define FENGQIAO_CRYPTO_WRAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/key.h"

#define WRAP_MEMORY_BYTES (64u << 20)
#define WRAP_PASSES 3
#define WRAP_PIN_MAX 256
/* "FQKEY\0\1\0" (8) ‖ public key (32) ‖ passes, KiB (4 + 4, big-endian) ‖ salt (16) ‖
 * nonce (24) ‖ sealed seed (32 + 16). The bytes before the sealed seed are the AD. */
#define WRAP_SIZE (8 + 32 + 8 + 16 + 24 + 48)

enum wrap_result { WRAP_OK, WRAP_WRONG_PIN, WRAP_DAMAGED, WRAP_NO_MEMORY };

/* Seals seed; salt and nonce (40 random bytes) are handed in. A PIN longer than
 * WRAP_PIN_MAX is WRAP_WRONG_PIN; an empty one is the caller's to forbid. */
enum wrap_result wrap_seal(uint8_t out[static WRAP_SIZE],
                           const uint8_t seed[static KEY_SEED_SIZE], const char *pin,
                           size_t pin_len, const uint8_t random[static 40]);

/* Opens a wrapped key. Refuses cost parameters above ours before allocating; checks that
 * the seed belongs to the public key. A wrong PIN and a damaged seal look alike inside
 * the AEAD: WRAP_WRONG_PIN; what is wrong in the clear part is WRAP_DAMAGED. */
enum wrap_result wrap_open(uint8_t seed[static KEY_SEED_SIZE],
                           const uint8_t wrapped[static WRAP_SIZE], const char *pin,
                           size_t pin_len);

/* The public key (32 bytes, inside wrapped) named in the clear part, or NULL where it is
 * no wrapped key or one of a cost that we refuse. */
const uint8_t *wrap_public_key(const uint8_t *wrapped, size_t len);

/* A pairing code, stretched to the 32-byte pre-shared key: Argon2id with the salt
 * "fengqiao pairing" (16 bytes), the same cost. False: out of memory. */
bool wrap_stretch(uint8_t psk[static 32], const char *code, size_t len);

#endif
