#include "crypto/digest.h"

#include "vector.h"

/* The wanted values were computed with Python's hashlib. */

static void digest_is_blake2b_256_over_domain_nul_and_data(void **state)
{
    uint8_t out[DIGEST_SIZE];

    digest_of(out, "fengqiao/1/test", "abc", 3);

    vector_assert(out, sizeof(out),
                  "220dd041cbdcfc7289635f6817d6a6a2ba8e2ff5653b311a1fe802977ce219ca");
}

static void digest_of_nothing_still_names_the_domain(void **state)
{
    uint8_t out[DIGEST_SIZE];

    digest_of(out, "fengqiao/1/test", NULL, 0);

    vector_assert(out, sizeof(out),
                  "d36a3a1d41f85891b3d314c720bb5e3ee120f5bb3e864897f5c7e9b29b50ddd5");
}

static void digest_of_parts_is_that_of_their_concatenation(void **state)
{
    uint8_t out[DIGEST_SIZE];
    struct digest digest;

    digest_init(&digest, "fengqiao/1/test");
    digest_add(&digest, "a", 1);
    digest_add(&digest, NULL, 0);
    digest_add(&digest, "bc", 2);
    digest_add_u8(&digest, 7);
    digest_add_u64(&digest, 0x0102030405060708);
    digest_final(&digest, out);

    vector_assert(out, sizeof(out),
                  "8f5f5d7b9f060eec9bcdceb86328bdb0a03ad7a673ea03af327586cd8949081c");
}

static void digest_separates_domain_from_data(void **state)
{
    uint8_t one[DIGEST_SIZE], other[DIGEST_SIZE];

    digest_of(one, "ab", "c", 1);
    digest_of(other, "a", "bc", 2);

    assert_memory_not_equal(one, other, sizeof(one));
}

static void keyed_digest_has_the_length_asked_for(void **state)
{
    static const char *const wanted[] = {
        "00a52c3c2c138832162f98f129273293",
        "619799854118955fa144a7211b371bdb8e06ca296ff6c0b19606118dba7371d3",
        ("bba1677fd90a104bbf2fef59d9e67099cab7308a43cd2e0c9dda9488a0dd4438"
         "66f5c23db7788a8d0b359fd52fe2711e658deea69e90ddde154a7c8ba666ae02")};
    uint8_t key[32], out[64];
    for (size_t i = 0; i < sizeof(key); i++)
        key[i] = (uint8_t)i;

    for (size_t i = 0; i < COUNT(wanted); i++) {
        size_t len = strlen(wanted[i]) / 2;
        digest_keyed(out, len, key, "fengqiao/1/salt", "field", 5);
        vector_assert(out, len, wanted[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digest_is_blake2b_256_over_domain_nul_and_data),
        cmocka_unit_test(digest_of_nothing_still_names_the_domain),
        cmocka_unit_test(digest_of_parts_is_that_of_their_concatenation),
        cmocka_unit_test(digest_separates_domain_from_data),
        cmocka_unit_test(keyed_digest_has_the_length_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
