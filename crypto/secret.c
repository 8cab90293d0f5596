#include "crypto/secret.h"

#include <sodium.h>

void *secret_new(size_t len)
{
    /* sodium_malloc's guard pages and canary are set up by sodium_init, which may be
     * called any number of times. */
    if (sodium_init() < 0)
        return NULL;
    void *secret = sodium_malloc(len);
    if (secret == NULL)
        return NULL;
    /* sodium_malloc fills with 0xdb. */
    sodium_memzero(secret, len);
    return secret;
}

void secret_free(void *secret)
{
    sodium_free(secret);
}

void secret_wipe(void *memory, size_t len)
{
    if (len > 0)
        sodium_memzero(memory, len);
}

bool secret_equal(const void *a, const void *b, size_t len)
{
    return len == 0 || sodium_memcmp(a, b, len) == 0;
}
