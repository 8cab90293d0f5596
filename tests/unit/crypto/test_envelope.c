#include "crypto/envelope.h"

#include "vector.h"

static const char text[] = "id-number 11010519491231002X\n";
#define TEXT_LEN (sizeof(text) - 1)
#define SIZE ENVELOPE_SIZE(2, TEXT_LEN)

/* The keys of two people who sign. */
static const uint8_t seeds[2][KEY_SEED_SIZE] = {{1}, {2}};

static void seal(uint8_t out[static SIZE])
{
    uint8_t recipients[2][KEY_SIZE], sign_key[KEY_SIZE];
    struct rng rng = rng_system();
    for (int i = 0; i < 2; i++) {
        key_sign_public(sign_key, seeds[i]);
        assert_true(key_dh_of_sign_key(recipients[i], sign_key));
    }
    assert_true(envelope_seal(out, recipients, 2, text, TEXT_LEN, &rng, NULL));
}

static bool opens(const uint8_t *envelope, size_t len, const uint8_t *seed)
{
    uint8_t opened[ENVELOPE_TEXT_MAX], secret[KEY_SIZE];
    size_t opened_len;
    key_dh_of_sign_seed(secret, seed);
    return envelope_open(opened, &opened_len, envelope, len, secret) &&
           opened_len == TEXT_LEN && memcmp(opened, text, TEXT_LEN) == 0;
}

static void each_recipient_opens_it_and_nobody_else(void **state)
{
    static const uint8_t stranger[KEY_SEED_SIZE] = {3};
    uint8_t envelope[SIZE];
    seal(envelope);
    assert_true(opens(envelope, SIZE, seeds[0]));
    assert_true(opens(envelope, SIZE, seeds[1]));
    assert_false(opens(envelope, SIZE, stranger));
}

static void the_same_text_is_never_sealed_alike(void **state)
{
    uint8_t one[SIZE], other[SIZE];
    seal(one);
    seal(other);
    assert_memory_not_equal(one + 22, other + 22, STANZA_SIZE);
    assert_memory_not_equal(one + SIZE - 16, other + SIZE - 16, 16);
}

static void any_flipped_bit_is_noticed(void **state)
{
    uint8_t envelope[SIZE];
    seal(envelope);
    for (size_t i = 0; i < SIZE; i++) {
        envelope[i] ^= (uint8_t)(1 << i % 8);
        assert_false(opens(envelope, SIZE, seeds[1]));
        envelope[i] ^= (uint8_t)(1 << i % 8);
    }
    assert_true(opens(envelope, SIZE, seeds[1]));
}

static void any_other_length_is_refused(void **state)
{
    uint8_t envelope[SIZE + 1] = {0};
    seal(envelope);
    for (size_t len = 0; len <= SIZE + 1; len++)
        assert_int_equal(opens(envelope, len, seeds[0]), len == SIZE);
}

static void more_than_the_limits_is_refused_before_it_is_looked_at(void **state)
{
    static uint8_t many[ENVELOPE_SIZE(ENVELOPE_RECIPIENTS_MAX + 1, 0)];
    static uint8_t large[ENVELOPE_SIZE(2, ENVELOPE_TEXT_MAX + 1)];
    uint8_t envelope[SIZE];
    seal(envelope);
    memcpy(many, envelope, 22);
    for (size_t i = 0; i <= ENVELOPE_RECIPIENTS_MAX; i++)
        memcpy(many + 22 + i * STANZA_SIZE, envelope + 22, STANZA_SIZE);
    memcpy(large, envelope, SIZE);

    assert_false(opens(many, sizeof(many), seeds[0]));
    assert_false(opens(large, sizeof(large), seeds[0]));
}

static void nothing_is_sealed_to_a_point_of_small_order(void **state)
{
    static const uint8_t zeros[2][KEY_SIZE];
    uint8_t envelope[ENVELOPE_SIZE(2, TEXT_LEN)];
    struct rng rng = rng_system();
    assert_false(envelope_seal(envelope, zeros, 1, text, TEXT_LEN, &rng, NULL));
    assert_false(envelope_seal(envelope, zeros, 2, text, TEXT_LEN, &rng, NULL));
}

static void keys_that_sign_and_keys_that_open_belong_together(void **state)
{
    static const uint8_t no_point[KEY_SIZE] = {2};
    uint8_t sign_key[KEY_SIZE], dh_key[KEY_SIZE], secret[KEY_SIZE], again[KEY_SIZE];
    key_sign_public(sign_key, seeds[0]);
    key_dh_of_sign_seed(secret, seeds[0]);

    key_dh_public(again, secret);

    assert_true(key_dh_of_sign_key(dh_key, sign_key));
    assert_memory_equal(dh_key, again, KEY_SIZE);
    assert_false(key_dh_of_sign_key(dh_key, no_point));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_recipient_opens_it_and_nobody_else),
        cmocka_unit_test(the_same_text_is_never_sealed_alike),
        cmocka_unit_test(any_flipped_bit_is_noticed),
        cmocka_unit_test(any_other_length_is_refused),
        cmocka_unit_test(more_than_the_limits_is_refused_before_it_is_looked_at),
        cmocka_unit_test(nothing_is_sealed_to_a_point_of_small_order),
        cmocka_unit_test(keys_that_sign_and_keys_that_open_belong_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
