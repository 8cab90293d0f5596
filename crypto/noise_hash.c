#include "crypto/noise_hash.h"

#include <assert.h>
#include <string.h>

#include <sodium.h>

/* BLAKE2b's block, which RFC 2104 calls B. */
#define BLOCK_SIZE 128

static void hash_start(crypto_generichash_state *state)
{
    int rc = crypto_generichash_init(state, NULL, 0, NOISE_HASH_SIZE);
    assert(rc == 0);
    (void)rc; /* Fails for wrong sizes only, and ours are constant. */
}

static void hash_add(crypto_generichash_state *state, const uint8_t *data, size_t len)
{
    if (len > 0)
        crypto_generichash_update(state, data, len);
}

void noise_hash_of(uint8_t out[static NOISE_HASH_SIZE], const uint8_t *a, size_t a_len,
                   const uint8_t *b, size_t b_len)
{
    crypto_generichash_state state;
    hash_start(&state);
    hash_add(&state, a, a_len);
    hash_add(&state, b, b_len);
    crypto_generichash_final(&state, out, NOISE_HASH_SIZE);
}

void noise_hash_hmac(uint8_t out[static NOISE_HASH_SIZE], const uint8_t *key,
                     size_t key_len, const uint8_t *a, size_t a_len, const uint8_t *b,
                     size_t b_len)
{
    assert(key_len <= BLOCK_SIZE);
    uint8_t pad[BLOCK_SIZE] = {0}, inner[NOISE_HASH_SIZE];
    if (key_len > 0)
        memcpy(pad, key, key_len);
    crypto_generichash_state state;

    for (size_t i = 0; i < BLOCK_SIZE; i++)
        pad[i] ^= 0x36;
    hash_start(&state);
    hash_add(&state, pad, sizeof(pad));
    hash_add(&state, a, a_len);
    hash_add(&state, b, b_len);
    crypto_generichash_final(&state, inner, sizeof(inner));

    for (size_t i = 0; i < BLOCK_SIZE; i++)
        pad[i] ^= 0x36 ^ 0x5c;
    hash_start(&state);
    hash_add(&state, pad, sizeof(pad));
    hash_add(&state, inner, sizeof(inner));
    crypto_generichash_final(&state, out, NOISE_HASH_SIZE);

    sodium_memzero(pad, sizeof(pad));
    sodium_memzero(inner, sizeof(inner));
    sodium_memzero(&state, sizeof(state));
}

void noise_hash_kdf(uint8_t (*out)[NOISE_HASH_SIZE], size_t count,
                    const uint8_t chaining_key[static NOISE_HASH_SIZE],
                    const uint8_t *input, size_t len)
{
    assert(count == 2 || count == 3);
    uint8_t temp[NOISE_HASH_SIZE];
    noise_hash_hmac(temp, chaining_key, NOISE_HASH_SIZE, input, len, NULL, 0);
    for (size_t i = 0; i < count; i++) {
        uint8_t number = (uint8_t)(i + 1);
        const uint8_t *before = i == 0 ? NULL : out[i - 1];
        noise_hash_hmac(out[i], temp, sizeof(temp), before,
                        before == NULL ? 0 : NOISE_HASH_SIZE, &number, 1);
    }
    sodium_memzero(temp, sizeof(temp));
}
