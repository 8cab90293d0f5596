/*
 * fuzz_wrap_header: the clear part of a wrapped key is taken exactly where length, magic
 * and both costs are right, and the public key stands where the layout says.
 *   input  the bytes; tried as they are and cut or zero-padded to the right length
 */
#include "fuzz.h"

#include "crypto/wrap.h"

static uint32_t number_at(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* crypto/wrap.h, read once more. 8 KiB is the least that Argon2id takes. */
static bool is_good(const uint8_t *wrapped, size_t len)
{
    if (len != WRAP_SIZE || memcmp(wrapped, "FQKEY\0\1\0", 8) != 0)
        return false;
    uint32_t passes = number_at(wrapped + 40), kib = number_at(wrapped + 44);
    return passes >= 1 && passes <= WRAP_PASSES && kib >= 8 &&
           kib <= WRAP_MEMORY_BYTES / 1024;
}

static void check(const uint8_t *wrapped, size_t len)
{
    const uint8_t *key = wrap_public_key(wrapped, len);
    HOLDS((key != NULL) == is_good(wrapped, len));
    HOLDS(key == NULL || key == wrapped + 8);
    HOLDS(wrap_public_key(wrapped, len) == key);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* A copy of the exact size, so that a byte too many is noticed. */
    uint8_t *copy = calloc(1, size + !size);
    HOLDS(copy != NULL);
    if (size > 0)
        memcpy(copy, data, size);
    check(copy, size);
    free(copy);

    uint8_t padded[WRAP_SIZE] = {0};
    if (size > 0)
        memcpy(padded, data, size < WRAP_SIZE ? size : WRAP_SIZE);
    check(padded, sizeof(padded));
    return 0;
}
