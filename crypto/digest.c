#include "crypto/digest.h"

#include <assert.h>
#include <string.h>

void digest_init(struct digest *digest, const char *domain)
{
    int rc = crypto_generichash_init(&digest->state, NULL, 0, DIGEST_SIZE);
    assert(rc == 0);
    (void)rc; /* Fails for wrong sizes only, and ours are constant. */
    /* The NUL that ends the string is the separator. */
    digest_add(digest, domain, strlen(domain) + 1);
}

void digest_add(struct digest *digest, const void *data, size_t len)
{
    if (len > 0)
        crypto_generichash_update(&digest->state, data, len);
}

void digest_add_u8(struct digest *digest, uint8_t value)
{
    digest_add(digest, &value, 1);
}

void digest_add_u64(struct digest *digest, uint64_t value)
{
    uint8_t raw[8];
    for (int i = 0; i < 8; i++)
        raw[i] = (uint8_t)(value >> (56 - 8 * i));
    digest_add(digest, raw, sizeof(raw));
}

void digest_final(struct digest *digest, uint8_t out[static DIGEST_SIZE])
{
    crypto_generichash_final(&digest->state, out, DIGEST_SIZE);
}

void digest_of(uint8_t out[static DIGEST_SIZE], const char *domain, const void *data,
               size_t len)
{
    struct digest digest;
    digest_init(&digest, domain);
    digest_add(&digest, data, len);
    digest_final(&digest, out);
}

void digest_keyed(uint8_t *out, size_t out_len, const uint8_t key[static 32],
                  const char *domain, const void *data, size_t len)
{
    assert(out_len >= crypto_generichash_BYTES_MIN);
    assert(out_len <= crypto_generichash_BYTES_MAX);
    struct digest digest;
    int rc = crypto_generichash_init(&digest.state, key, 32, out_len);
    assert(rc == 0);
    (void)rc; /* As above. */
    digest_add(&digest, domain, strlen(domain) + 1);
    digest_add(&digest, data, len);
    crypto_generichash_final(&digest.state, out, out_len);
    /* Unlike the plain digest, this state holds a key. */
    sodium_memzero(&digest, sizeof(digest));
}
