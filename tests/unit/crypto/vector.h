/*
 * vector: cmocka with the headers it wants, and test vectors written as hexadecimal.
 */
#ifndef FENGQIAO_TESTS_UNIT_CRYPTO_VECTOR_H
#define FENGQIAO_TESTS_UNIT_CRYPTO_VECTOR_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* The bytes of hex, at most size; returns how many. Fails the test on a bad digit. */
static inline size_t vector_read(uint8_t *out, size_t size, const char *hex)
{
    size_t len = 0;
    assert_int_equal(sodium_hex2bin(out, size, hex, strlen(hex), NULL, &len, NULL), 0);
    return len;
}

/* Exactly size bytes. */
static inline void vector_read_exactly(uint8_t *out, size_t size, const char *hex)
{
    assert_int_equal(vector_read(out, size, hex), size);
}

/* Fails the test, and prints both, where bytes are not those of hex. */
static inline void vector_assert(const uint8_t *bytes, size_t len, const char *hex)
{
    uint8_t wanted[256];
    assert_int_equal(vector_read(wanted, sizeof(wanted), hex), len);
    assert_memory_equal(bytes, wanted, len);
}

#endif
