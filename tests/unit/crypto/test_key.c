#include "crypto/key.h"

#include <ctype.h>

#include "vector.h"

/* ---- X25519: RFC 7748 ---- */

static void rfc7748_5_2_single_vectors(void **state)
{
    static const char *const vectors[][3] = {
        {"a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
         "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
         "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552"},
        {"4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
         "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
         "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957"},
    };
    for (size_t i = 0; i < COUNT(vectors); i++) {
        uint8_t secret[KEY_SIZE], point[KEY_SIZE], shared[KEY_SIZE];
        vector_read_exactly(secret, KEY_SIZE, vectors[i][0]);
        vector_read_exactly(point, KEY_SIZE, vectors[i][1]);

        assert_true(key_dh(shared, secret, point));

        vector_assert(shared, KEY_SIZE, vectors[i][2]);
    }
}

static void rfc7748_5_2_a_thousand_iterations(void **state)
{
    uint8_t k[KEY_SIZE] = {9}, u[KEY_SIZE] = {9}, shared[KEY_SIZE];

    for (int i = 1; i <= 1000; i++) {
        assert_true(key_dh(shared, k, u));
        memcpy(u, k, KEY_SIZE);
        memcpy(k, shared, KEY_SIZE);
        if (i == 1)
            vector_assert(
                k, KEY_SIZE,
                "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079");
    }

    vector_assert(k, KEY_SIZE,
                  "684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51");
}

static void rfc7748_6_1_both_sides_agree(void **state)
{
    uint8_t a[KEY_SIZE], b[KEY_SIZE], a_public[KEY_SIZE], b_public[KEY_SIZE];
    uint8_t shared[KEY_SIZE];
    static const char wanted[] =
        "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742";
    vector_read_exactly(
        a, KEY_SIZE, "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
    vector_read_exactly(
        b, KEY_SIZE, "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");

    key_dh_public(a_public, a);
    key_dh_public(b_public, b);

    vector_assert(a_public, KEY_SIZE,
                  "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
    vector_assert(b_public, KEY_SIZE,
                  "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
    assert_true(key_dh(shared, a, b_public));
    vector_assert(shared, KEY_SIZE, wanted);
    assert_true(key_dh(shared, b, a_public));
    vector_assert(shared, KEY_SIZE, wanted);
}

/* u of the points of order 1, 2, 4 and 8 of the curve and its twist, and the same plus p;
 * the last three again with the unused bit set. */
static void H3_small_order_points_yield_no_shared_key(void **state)
{
    static const char *const points[] = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "0100000000000000000000000000000000000000000000000000000000000080",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    };
    for (size_t i = 0; i < COUNT(points); i++) {
        uint8_t secret[KEY_SIZE] = {5}, point[KEY_SIZE], shared[KEY_SIZE];
        memset(shared, 0xaa, sizeof(shared));
        vector_read_exactly(point, KEY_SIZE, points[i]);

        assert_false(key_dh(shared, secret, point));

        assert_true(sodium_is_zero(shared, sizeof(shared)));
    }
}

/* ---- Ed25519 public keys ---- */

static void signing_key_is_that_of_rfc8032(void **state)
{
    uint8_t seed[KEY_SEED_SIZE], public_key[KEY_SIZE];
    vector_read_exactly(
        seed, sizeof(seed),
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");

    key_sign_public(public_key, seed);

    vector_assert(public_key, KEY_SIZE,
                  "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
}

/* ---- text form ---- */

/* Computed with Python's base64 and hashlib. */
static const char sample_text[] =
    "fqk1aaaqeayeaudaocajbifqydiob4ibceqtcqkrmfyydenbwha5dypujnv5";

static void sample_key(uint8_t key[static KEY_SIZE])
{
    for (size_t i = 0; i < KEY_SIZE; i++)
        key[i] = (uint8_t)i;
}

static void text_form_is_the_documented_one(void **state)
{
    uint8_t key[KEY_SIZE];
    char text[KEY_TEXT_SIZE];
    sample_key(key);

    key_to_text(text, "fqk1", key);

    assert_string_equal(text, sample_text);
}

static void text_form_comes_back(void **state)
{
    for (int n = 0; n < 256; n++) {
        uint8_t key[KEY_SIZE], back[KEY_SIZE];
        char text[KEY_TEXT_SIZE];
        for (size_t i = 0; i < KEY_SIZE; i++)
            key[i] = (uint8_t)(n * 37 + (int)i * n);
        key_to_text(text, "fqs1", key);
        assert_true(key_from_text(back, "fqs1", text));
        assert_memory_equal(back, key, KEY_SIZE);
    }
}

static void text_form_is_read_in_upper_case(void **state)
{
    uint8_t key[KEY_SIZE], back[KEY_SIZE];
    char text[KEY_TEXT_SIZE];
    sample_key(key);
    for (size_t i = 0; i < sizeof(text); i++)
        text[i] = (char)toupper((unsigned char)sample_text[i]);

    assert_true(key_from_text(back, "fqk1", text));

    assert_memory_equal(back, key, KEY_SIZE);
}

static void every_typo_of_one_character_is_detected(void **state)
{
    uint8_t back[KEY_SIZE];
    char text[KEY_TEXT_SIZE];
    for (size_t at = 0; at < KEY_TEXT_SIZE - 1; at++)
        for (int c = 1; c < 256; c++) {
            memcpy(text, sample_text, sizeof(text));
            if (tolower(c) == text[at])
                continue;
            text[at] = (char)c;
            assert_false(key_from_text(back, "fqk1", text));
        }
}

static void every_swap_of_neighbours_is_detected(void **state)
{
    uint8_t back[KEY_SIZE];
    char text[KEY_TEXT_SIZE];
    for (size_t at = 0; at + 2 < KEY_TEXT_SIZE; at++) {
        memcpy(text, sample_text, sizeof(text));
        if (text[at] == text[at + 1])
            continue;
        text[at] = sample_text[at + 1];
        text[at + 1] = sample_text[at];
        assert_false(key_from_text(back, "fqk1", text));
    }
}

static void text_of_another_length_is_refused(void **state)
{
    uint8_t back[KEY_SIZE];
    char text[KEY_TEXT_SIZE + 10];
    for (size_t len = 0; len < KEY_TEXT_SIZE - 1; len++) {
        memcpy(text, sample_text, len);
        text[len] = '\0';
        assert_false(key_from_text(back, "fqk1", text));
    }
    memcpy(text, sample_text, sizeof(sample_text));
    for (size_t len = KEY_TEXT_SIZE - 1; len < sizeof(text) - 1; len++) {
        text[len] = 'a';
        text[len + 1] = '\0';
        assert_false(key_from_text(back, "fqk1", text));
    }
}

static void a_site_id_is_no_key(void **state)
{
    uint8_t key[KEY_SIZE], back[KEY_SIZE];
    char text[KEY_TEXT_SIZE];
    sample_key(key);
    key_to_text(text, "fqs1", key);

    assert_false(key_from_text(back, "fqk1", text));
    memcpy(text, "fqk1", 4); /* The check covers the prefix, too. */
    assert_false(key_from_text(back, "fqk1", text));
}

static void hexadecimal_is_read_as_it_is(void **state)
{
    static const char hex[] =
        "000102030405060708090a0b0c0d0e0F101112131415161718191A1b1c1d1e1f";
    uint8_t key[KEY_SIZE], back[KEY_SIZE];
    sample_key(key);

    assert_true(key_from_text(back, "fqk1", hex));

    assert_memory_equal(back, key, KEY_SIZE);
}

static void hexadecimal_with_another_digit_is_refused(void **state)
{
    uint8_t back[KEY_SIZE];
    char hex[65];
    for (size_t at = 0; at < 64; at++) {
        static const char bad[] = {'g', ' ', ':', '/', '@', '`', '-', '\xff'};
        for (size_t i = 0; i < sizeof(bad); i++) {
            memset(hex, '0', 64);
            hex[64] = '\0';
            hex[at] = bad[i];
            assert_false(key_from_text(back, "fqk1", hex));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rfc7748_5_2_single_vectors),
        cmocka_unit_test(rfc7748_5_2_a_thousand_iterations),
        cmocka_unit_test(rfc7748_6_1_both_sides_agree),
        cmocka_unit_test(H3_small_order_points_yield_no_shared_key),
        cmocka_unit_test(signing_key_is_that_of_rfc8032),
        cmocka_unit_test(text_form_is_the_documented_one),
        cmocka_unit_test(text_form_comes_back),
        cmocka_unit_test(text_form_is_read_in_upper_case),
        cmocka_unit_test(every_typo_of_one_character_is_detected),
        cmocka_unit_test(every_swap_of_neighbours_is_detected),
        cmocka_unit_test(text_of_another_length_is_refused),
        cmocka_unit_test(a_site_id_is_no_key),
        cmocka_unit_test(hexadecimal_is_read_as_it_is),
        cmocka_unit_test(hexadecimal_with_another_digit_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
