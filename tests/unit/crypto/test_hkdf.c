#include "crypto/hkdf.h"

#include "vector.h"

static void hmac_is_that_of_RFC_4231(void **state)
{
    uint8_t key[20], out[HKDF_SIZE];
    memset(key, 0x0b, sizeof(key));

    hkdf_hmac(out, key, sizeof(key), "Hi There", 8);

    vector_assert(out, sizeof(out),
                  "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
}

static void hkdf_is_that_of_RFC_5869(void **state)
{
    static const char info[] = "\xf0\xf1\xf2\xf3\xf4\xf5\xf6\xf7\xf8\xf9";
    uint8_t secret[22], salt[13], out[HKDF_SIZE];
    memset(secret, 0x0b, sizeof(secret));
    for (size_t i = 0; i < sizeof(salt); i++)
        salt[i] = (uint8_t)i;

    hkdf(out, secret, sizeof(secret), salt, sizeof(salt), info);

    vector_assert(out, sizeof(out),
                  "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf");
}

static void hkdf_without_salt_is_that_of_RFC_5869(void **state)
{
    uint8_t secret[22], out[HKDF_SIZE];
    memset(secret, 0x0b, sizeof(secret));

    hkdf(out, secret, sizeof(secret), NULL, 0, "");

    vector_assert(out, sizeof(out),
                  "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hmac_is_that_of_RFC_4231),
        cmocka_unit_test(hkdf_is_that_of_RFC_5869),
        cmocka_unit_test(hkdf_without_salt_is_that_of_RFC_5869),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
