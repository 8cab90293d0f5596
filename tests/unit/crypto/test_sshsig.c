#include "crypto/sshsig.h"

#include "vector.h"

/* ssh-keygen's own word on these is in sshsig_keygen.sh. */

static void preimage_is_that_of_PROTOCOL_sshsig(void **state)
{
    uint8_t out[SSHSIG_PREIMAGE_MAX];

    size_t len = sshsig_preimage(out, "op@fengqiao", "ab", 2, NULL, 0);

    vector_assert(out, len,
                  "5353485349470000000b6f704066656e677169616f0000000000000006736861"
                  "353132000000402d408a0717ec188158278a796c689044361dc6fdde28d6f04973"
                  "b80896e1823975cdbf12eb63f9e0591328ee235d80e9b5bf1aa6a44f4617ff3caf"
                  "6400eb172d");
}

static void preimage_of_two_parts_is_that_of_their_concatenation(void **state)
{
    uint8_t whole[SSHSIG_PREIMAGE_MAX], parts[SSHSIG_PREIMAGE_MAX];

    size_t whole_len = sshsig_preimage(whole, "n", "ab", 2, NULL, 0);
    size_t parts_len = sshsig_preimage(parts, "n", "a", 1, "b", 1);

    assert_int_equal(whole_len, parts_len);
    assert_memory_equal(whole, parts, whole_len);
}

static void preimage_of_the_longest_namespace_fills_the_buffer(void **state)
{
    char name[SSHSIG_NAMESPACE_MAX + 1];
    uint8_t out[SSHSIG_PREIMAGE_MAX];
    memset(name, 'n', SSHSIG_NAMESPACE_MAX);
    name[SSHSIG_NAMESPACE_MAX] = '\0';

    assert_int_equal(sshsig_preimage(out, name, NULL, 0, NULL, 0), SSHSIG_PREIMAGE_MAX);
}

static void preimage_differs_by_namespace(void **state)
{
    uint8_t op[SSHSIG_PREIMAGE_MAX], seal[SSHSIG_PREIMAGE_MAX];

    size_t len = sshsig_preimage(op, "op@fengqiao", "m", 1, NULL, 0);
    size_t other_len = sshsig_preimage(seal, "ox@fengqiao", "m", 1, NULL, 0);

    assert_int_equal(len, other_len);
    assert_memory_not_equal(op, seal, len);
}

static void both_texts_fit_into_1024_bytes(void **state)
{
    static const uint8_t public_key[32], signature[64];
    char name[SSHSIG_NAMESPACE_MAX + 1], out[1024];
    memset(name, 'n', SSHSIG_NAMESPACE_MAX);
    name[SSHSIG_NAMESPACE_MAX] = '\0';

    assert_true(sshsig_armor(out, sizeof(out), name, public_key, signature));
    assert_true(
        sshsig_allowed_signer(out, sizeof(out), "someone@example.org", name, public_key));
}

static void armor_is_whole_or_refused_at_every_size(void **state)
{
    static const uint8_t public_key[32], signature[64];
    char whole[1024], out[1024];
    assert_true(sshsig_armor(whole, sizeof(whole), "n", public_key, signature));
    const size_t needed = strlen(whole) + 1;

    for (size_t size = 0; size < needed; size++)
        assert_false(sshsig_armor(out, size, "n", public_key, signature));
    assert_true(sshsig_armor(out, needed, "n", public_key, signature));

    assert_string_equal(out, whole);
}

static void allowed_signer_is_whole_or_refused_at_every_size(void **state)
{
    static const uint8_t public_key[32];
    char whole[1024], out[1024];
    assert_true(sshsig_allowed_signer(whole, sizeof(whole), "p", "n", public_key));
    const size_t needed = strlen(whole) + 1;

    for (size_t size = 0; size < needed; size++)
        assert_false(sshsig_allowed_signer(out, size, "p", "n", public_key));
    assert_true(sshsig_allowed_signer(out, needed, "p", "n", public_key));

    assert_string_equal(out,
                        "p namespaces=\"n\" ssh-ed25519 "
                        "AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
                        "AAAAAAAA\n");
}

static void principal_that_would_widen_the_line_is_refused(void **state)
{
    static const char *const principals[] = {"",      "*",     "a*",  "a?",  "!a",
                                             "a,b",   "a b",   "a\t", "a\n", "\"a",
                                             "a\x7f", "#note", "-a",  "a\\"};
    static const uint8_t public_key[32];
    char out[1024];

    for (size_t i = 0; i < COUNT(principals); i++)
        assert_false(
            sshsig_allowed_signer(out, sizeof(out), principals[i], "n", public_key));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(preimage_is_that_of_PROTOCOL_sshsig),
        cmocka_unit_test(preimage_of_two_parts_is_that_of_their_concatenation),
        cmocka_unit_test(preimage_of_the_longest_namespace_fills_the_buffer),
        cmocka_unit_test(preimage_differs_by_namespace),
        cmocka_unit_test(both_texts_fit_into_1024_bytes),
        cmocka_unit_test(armor_is_whole_or_refused_at_every_size),
        cmocka_unit_test(allowed_signer_is_whole_or_refused_at_every_size),
        cmocka_unit_test(principal_that_would_widen_the_line_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
