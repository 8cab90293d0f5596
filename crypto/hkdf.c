#include "crypto/hkdf.h"

#include <string.h>

#include <sodium.h>

void hkdf_hmac(uint8_t out[static HKDF_SIZE], const uint8_t *key, size_t key_len,
               const void *message, size_t len)
{
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, key, key_len); /* these three */
    crypto_auth_hmacsha256_update(&state, message, len);
    crypto_auth_hmacsha256_final(&state, out); /* never fail */
    sodium_memzero(&state, sizeof(state));
}

void hkdf(uint8_t out[static HKDF_SIZE], const uint8_t *secret, size_t secret_len,
          const uint8_t *salt, size_t salt_len, const char *info)
{
    static const uint8_t no_salt[HKDF_SIZE], first = 1;
    uint8_t extracted[HKDF_SIZE];
    if (salt_len == 0)
        hkdf_hmac(extracted, no_salt, sizeof(no_salt), secret, secret_len);
    else
        hkdf_hmac(extracted, salt, salt_len, secret, secret_len);
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, extracted, sizeof(extracted)); /* as above */
    crypto_auth_hmacsha256_update(&state, (const uint8_t *)info, strlen(info));
    crypto_auth_hmacsha256_update(&state, &first, sizeof(first));
    crypto_auth_hmacsha256_final(&state, out);
    sodium_memzero(&state, sizeof(state));
    sodium_memzero(extracted, sizeof(extracted));
}
