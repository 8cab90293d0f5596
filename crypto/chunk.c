#include "crypto/chunk.h"

#include <sodium.h>

_Static_assert(CHUNK_KEY_SIZE == crypto_aead_chacha20poly1305_ietf_KEYBYTES, "key");
_Static_assert(CHUNK_TAG_SIZE == crypto_aead_chacha20poly1305_ietf_ABYTES, "tag");

#define NONCE_SIZE crypto_aead_chacha20poly1305_ietf_NPUBBYTES

static const uint8_t domain[] = "fengqiao/1/chunk";

/* Eight zeros and the number, big-endian. */
static void make_nonce(uint8_t nonce[static NONCE_SIZE], uint32_t number)
{
    for (size_t i = 0; i < NONCE_SIZE; i++)
        nonce[i] = 0;
    for (size_t i = 0; i < 4; i++)
        nonce[NONCE_SIZE - 1 - i] = (uint8_t)(number >> (8 * i));
}

void chunk_seal(uint8_t *out, const uint8_t key[static CHUNK_KEY_SIZE], uint32_t number,
                const uint8_t *plain, size_t len)
{
    uint8_t nonce[NONCE_SIZE];
    make_nonce(nonce, number);
    (void)crypto_aead_chacha20poly1305_ietf_encrypt(out, NULL, plain, len, domain,
                                                    sizeof(domain), NULL, nonce,
                                                    key); /* never fails */
}

bool chunk_open(uint8_t *out, const uint8_t key[static CHUNK_KEY_SIZE], uint32_t number,
                const uint8_t *sealed, size_t len)
{
    uint8_t nonce[NONCE_SIZE];
    make_nonce(nonce, number);
    return crypto_aead_chacha20poly1305_ietf_decrypt(out, NULL, NULL, sealed, len, domain,
                                                     sizeof(domain), nonce, key) == 0;
}
