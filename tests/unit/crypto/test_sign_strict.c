#include "crypto/sign.h"

#include <time.h>

#include "vector.h"

/*
 * The self-test holds fixed cases; here the same kinds are made anew for many keys, on
 * points, so that no case passes by luck of its bytes.
 */

#define KEYS 16

static const uint8_t group_order[32] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58,
                                        0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
                                        0,    0,    0,    0,    0,    0,    0,    0,
                                        0,    0,    0,    0,    0,    0,    0,    0x10};

/* The points of order 1, 2, 4, 4, 8, 8, 8, 8, in this order. */
static const char *const torsion[] = {
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa"};
/* Six more that a lax decoder takes for the points of order 1, 2 and 4. */
static const char *const lax_encodings[] = {
    "0100000000000000000000000000000000000000000000000000000000000080",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"};

/* The secret numbers of a signer who does not play by the rules. */
struct signer {
    uint8_t a[32], r[32];               /* scalars */
    uint8_t public_a[32], public_r[32]; /* aB, rB */
};

static struct signer signer_of(uint8_t number)
{
    struct signer signer;
    uint8_t seed[2] = {number, 'a'}, wide[64];
    crypto_generichash(wide, sizeof(wide), seed, sizeof(seed), NULL, 0);
    crypto_core_ed25519_scalar_reduce(signer.a, wide);
    seed[1] = 'r';
    crypto_generichash(wide, sizeof(wide), seed, sizeof(seed), NULL, 0);
    crypto_core_ed25519_scalar_reduce(signer.r, wide);
    assert_int_equal(crypto_scalarmult_ed25519_base_noclamp(signer.public_a, signer.a),
                     0);
    assert_int_equal(crypto_scalarmult_ed25519_base_noclamp(signer.public_r, signer.r),
                     0);
    return signer;
}

/* k = SHA-512(R ‖ A ‖ message) mod L */
static void challenge(uint8_t k[static 32], const uint8_t r[static 32],
                      const uint8_t a[static 32], const char *message)
{
    uint8_t hash[64];
    crypto_hash_sha512_state sha;
    crypto_hash_sha512_init(&sha);
    crypto_hash_sha512_update(&sha, r, 32);
    crypto_hash_sha512_update(&sha, a, 32);
    crypto_hash_sha512_update(&sha, (const uint8_t *)message, strlen(message));
    crypto_hash_sha512_final(&sha, hash);
    crypto_core_ed25519_scalar_reduce(k, hash);
}

/* R ‖ (r + k a), or R ‖ (k a) without r: with R and A as the caller presents them. */
static void forge(uint8_t signature[static SIGN_SIZE], const struct signer *signer,
                  const uint8_t shown_r[static 32], const uint8_t shown_a[static 32],
                  const char *message, bool with_r)
{
    uint8_t k[32], s[32];
    challenge(k, shown_r, shown_a, message);
    crypto_core_ed25519_scalar_mul(s, k, signer->a);
    if (with_r)
        crypto_core_ed25519_scalar_add(s, s, signer->r);
    memcpy(signature, shown_r, 32);
    memcpy(signature + 32, s, 32);
}

static void add_torsion(uint8_t out[static 32], const uint8_t point[static 32], size_t i)
{
    uint8_t small[32];
    vector_read_exactly(small, sizeof(small), torsion[i]);
    assert_int_equal(crypto_core_ed25519_add(out, point, small), 0);
}

static void the_forger_signs_honestly_when_he_wants(void **state)
{
    for (uint8_t n = 0; n < KEYS; n++) {
        struct signer signer = signer_of(n);
        uint8_t signature[SIGN_SIZE];
        forge(signature, &signer, signer.public_r, signer.public_a, "m", true);
        assert_true(sign_verify(signature, signer.public_a, "m", 1));
    }
}

static void S1_signature_with_S_plus_L_is_refused(void **state)
{
    for (uint8_t n = 0; n < KEYS; n++) {
        struct signer signer = signer_of(n);
        uint8_t signature[SIGN_SIZE];
        forge(signature, &signer, signer.public_r, signer.public_a, "m", true);
        /* S + L, S + 2L … for as long as it fits into 256 bits. */
        for (int times = 1; times <= 14; times++) {
            sodium_add(signature + 32, group_order, 32);
            assert_false(sign_verify(signature, signer.public_a, "m", 1));
            assert_false(sign_verify_known(signature, signer.public_a, "m", 1));
        }
    }
}

static void S1_signature_with_R_plus_torsion_is_refused(void **state)
{
    for (uint8_t n = 0; n < KEYS; n++)
        for (size_t i = 1; i < COUNT(torsion); i++) {
            struct signer signer = signer_of(n);
            uint8_t signature[SIGN_SIZE], r[32];
            add_torsion(r, signer.public_r, i);
            forge(signature, &signer, r, signer.public_a, "m", true);
            assert_false(sign_verify(signature, signer.public_a, "m", 1));
            assert_false(sign_verify_known(signature, signer.public_a, "m", 1));
        }
}

static void S1_signature_of_a_mixed_order_key_is_refused(void **state)
{
    int equation_held = 0;
    for (uint8_t n = 0; n < KEYS; n++)
        for (size_t i = 1; i < COUNT(torsion); i++) {
            struct signer signer = signer_of(n);
            uint8_t signature[SIGN_SIZE], a[32];
            add_torsion(a, signer.public_a, i);
            forge(signature, &signer, signer.public_r, a, "m", true);
            assert_false(sign_key_is_sound(a));
            assert_false(sign_verify(signature, a, "m", 1));
            equation_held += sign_verify_known(signature, a, "m", 1);
        }
    /* Some challenges are multiples of the torsion's order. Only the order of A refuses
     * these, which is why a key has to be sound before sign_verify_known may be asked. */
    assert_true(equation_held > 0);
}

static void S1_signature_with_small_order_R_is_refused(void **state)
{
    for (uint8_t n = 0; n < KEYS; n++) {
        struct signer signer = signer_of(n);
        uint8_t signature[SIGN_SIZE], r[32];
        for (size_t i = 0; i < COUNT(torsion); i++) {
            vector_read_exactly(r, sizeof(r), torsion[i]);
            forge(signature, &signer, r, signer.public_a, "m", false);
            assert_false(sign_verify(signature, signer.public_a, "m", 1));
        }
        for (size_t i = 0; i < COUNT(lax_encodings); i++) {
            vector_read_exactly(r, sizeof(r), lax_encodings[i]);
            forge(signature, &signer, r, signer.public_a, "m", false);
            assert_false(sign_verify(signature, signer.public_a, "m", 1));
        }
    }
}

/* With A of small order, S = r satisfies the equation whenever k times A is the identity.
 */
static void S1_signature_of_a_small_order_key_is_refused(void **state)
{
    for (uint8_t n = 0; n < KEYS; n++) {
        struct signer signer = signer_of(n);
        uint8_t signature[SIGN_SIZE], a[32];
        memcpy(signature, signer.public_r, 32);
        memcpy(signature + 32, signer.r, 32);
        for (size_t i = 0; i < COUNT(torsion) + COUNT(lax_encodings); i++) {
            vector_read_exactly(a, sizeof(a),
                                i < COUNT(torsion) ? torsion[i]
                                                   : lax_encodings[i - COUNT(torsion)]);
            assert_false(sign_key_is_sound(a));
            assert_false(sign_verify(signature, a, "m", 1));
            assert_false(sign_verify_known(signature, a, "m", 1));
        }
    }
}

/* y from p to 2^255 - 1, both signs: no such encoding is canonical. */
static void S1_every_non_canonical_key_and_R_is_refused(void **state)
{
    struct signer signer = signer_of(0);
    for (int low = 0xed; low <= 0xff; low++)
        for (int sign = 0; sign < 2; sign++) {
            uint8_t point[32], signature[SIGN_SIZE];
            memset(point, 0xff, sizeof(point));
            point[0] = (uint8_t)low;
            point[31] = sign ? 0xff : 0x7f;
            assert_false(sign_key_is_sound(point));
            forge(signature, &signer, point, signer.public_a, "m", false);
            assert_false(sign_verify_known(signature, signer.public_a, "m", 1));
            forge(signature, &signer, signer.public_r, point, "m", true);
            assert_false(sign_verify_known(signature, point, "m", 1));
        }
}

static void S1_self_test_agrees_with_the_library(void **state)
{
    const char *name = "unset";

    bool passed = sign_selftest(&name);

    if (!passed)
        print_error("failed case: %s\n", name);
    assert_true(passed);
    assert_null(name);
    assert_true(sign_selftest(NULL));
}

/* It runs at each start of the daemon and of the client. Best of five, since other
 * programs run here too; sanitizers and valgrind may slow it down tenfold. */
static void self_test_is_quick(void **state)
{
    double best_ms = 1e9;
    for (int i = 0; i < 5; i++) {
        struct timespec before, after;
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
        assert_true(sign_selftest(NULL));
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
        double ms = (double)(after.tv_sec - before.tv_sec) * 1e3 +
                    (double)(after.tv_nsec - before.tv_nsec) / 1e6;
        if (ms < best_ms)
            best_ms = ms;
    }
    print_message("self-test: %.1f ms\n", best_ms);
    assert_true(best_ms < 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_forger_signs_honestly_when_he_wants),
        cmocka_unit_test(S1_signature_with_S_plus_L_is_refused),
        cmocka_unit_test(S1_signature_with_R_plus_torsion_is_refused),
        cmocka_unit_test(S1_signature_of_a_mixed_order_key_is_refused),
        cmocka_unit_test(S1_signature_with_small_order_R_is_refused),
        cmocka_unit_test(S1_signature_of_a_small_order_key_is_refused),
        cmocka_unit_test(S1_every_non_canonical_key_and_R_is_refused),
        cmocka_unit_test(S1_self_test_agrees_with_the_library),
        cmocka_unit_test(self_test_is_quick),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
