/* Pieces of a file: what was sealed opens, under its key and number alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/chunk.h"

static const uint8_t key[CHUNK_KEY_SIZE] = {1, 2, 3};
static const uint8_t plain[100] = "sluice";

static void what_was_sealed_opens(void **state)
{
    (void)state;
    uint8_t sealed[sizeof(plain) + CHUNK_TAG_SIZE], opened[sizeof(plain)];
    chunk_seal(sealed, key, 7, plain, sizeof(plain));
    assert_true(chunk_open(opened, key, 7, sealed, sizeof(sealed)));
    assert_memory_equal(opened, plain, sizeof(plain));
    assert_memory_not_equal(sealed, plain, 16);

    chunk_seal(sealed, key, 7, NULL, 0);
    assert_true(chunk_open(opened, key, 7, sealed, CHUNK_TAG_SIZE));
}

static void no_other_key_number_or_bit_opens_it(void **state)
{
    (void)state;
    uint8_t sealed[sizeof(plain) + CHUNK_TAG_SIZE], opened[sizeof(plain)];
    uint8_t other[CHUNK_KEY_SIZE] = {1, 2, 4};
    chunk_seal(sealed, key, 7, plain, sizeof(plain));
    assert_false(chunk_open(opened, other, 7, sealed, sizeof(sealed)));
    assert_false(chunk_open(opened, key, 8, sealed, sizeof(sealed)));
    assert_false(chunk_open(opened, key, 7u << 24, sealed, sizeof(sealed)));
    assert_false(chunk_open(opened, key, 7, sealed, sizeof(sealed) - 1));
    assert_false(chunk_open(opened, key, 7, sealed, CHUNK_TAG_SIZE - 1));
    for (size_t bit = 0; bit < 8 * sizeof(sealed); bit++) {
        sealed[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_false(chunk_open(opened, key, 7, sealed, sizeof(sealed)));
        sealed[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_sealed_opens),
        cmocka_unit_test(no_other_key_number_or_bit_opens_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
