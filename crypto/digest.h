/*
 * digest: BLAKE2b-256 with a domain word, the only hash that names things here. The
 * hashed bytes are always: domain (ASCII) ‖ 0x00 ‖ the added parts. Domains:
 * docs/PROTOCOL.md §2.
 */
#ifndef FENGQIAO_CRYPTO_DIGEST_H
#define FENGQIAO_CRYPTO_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#include <sodium.h>

#define DIGEST_SIZE 32

struct digest {
    crypto_generichash_state state;
};

/* Starts a digest in the given domain (a string without NUL). */
void digest_init(struct digest *digest, const char *domain);
/* Adds len bytes; data may be NULL when len is 0. */
void digest_add(struct digest *digest, const void *data, size_t len);
/* Adds one byte. */
void digest_add_u8(struct digest *digest, uint8_t value);
/* Adds eight bytes, big-endian. */
void digest_add_u64(struct digest *digest, uint64_t value);
/* Writes the 32 bytes; the digest must be initialised anew before another use. */
void digest_final(struct digest *digest, uint8_t out[static DIGEST_SIZE]);

/* One part in one call. */
void digest_of(uint8_t out[static DIGEST_SIZE], const char *domain, const void *data,
               size_t len);

/* Keyed BLAKE2b with an output of out_len (16 to 64) bytes: domain ‖ 0x00 ‖ data under
 * the 32-byte key. Derives salts from an op's secret, and the MAC before a handshake. */
void digest_keyed(uint8_t *out, size_t out_len, const uint8_t key[static 32],
                  const char *domain, const void *data, size_t len);

#endif
