/*
 * hkdf: HMAC-SHA-256 (RFC 2104) and HKDF over it (RFC 5869), as the age format uses them.
 */
#ifndef FENGQIAO_CRYPTO_HKDF_H
#define FENGQIAO_CRYPTO_HKDF_H

#include <stddef.h>
#include <stdint.h>

#define HKDF_SIZE 32

void hkdf_hmac(uint8_t out[static HKDF_SIZE], const uint8_t *key, size_t key_len,
               const void *message, size_t len);
/* The first HKDF_SIZE bytes. salt may be empty. */
void hkdf(uint8_t out[static HKDF_SIZE], const uint8_t *secret, size_t secret_len,
          const uint8_t *salt, size_t salt_len, const char *info);

#endif
