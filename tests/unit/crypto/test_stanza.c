#include "crypto/stanza.h"

#include "vector.h"

/* age's own word on whole files is in envelope_age.sh. */

static const uint8_t file_key[STANZA_FILE_KEY_SIZE] = "sixteen of bytes";
static const uint8_t secret[KEY_SIZE] = {7, 1}, ephemeral[KEY_SIZE] = {9, 2};

static void wrap(char out[static STANZA_SIZE])
{
    uint8_t recipient[KEY_SIZE];
    key_dh_public(recipient, secret);
    assert_true(stanza_wrap(out, file_key, recipient, ephemeral));
}

static void recipient_unwraps_the_file_key(void **state)
{
    char stanza[STANZA_SIZE];
    uint8_t opened[STANZA_FILE_KEY_SIZE];
    wrap(stanza);

    assert_int_equal(stanza_unwrap(opened, stanza, secret), STANZA_OPENED);

    assert_memory_equal(opened, file_key, sizeof(opened));
    assert_memory_equal(stanza, "-> X25519 ", 10);
}

static void another_key_unwraps_nothing(void **state)
{
    static const uint8_t other[KEY_SIZE] = {8, 1};
    char stanza[STANZA_SIZE];
    uint8_t opened[STANZA_FILE_KEY_SIZE];
    wrap(stanza);
    assert_int_equal(stanza_unwrap(opened, stanza, other), STANZA_OF_ANOTHER);
}

static void any_changed_character_is_refused(void **state)
{
    char stanza[STANZA_SIZE];
    uint8_t opened[STANZA_FILE_KEY_SIZE];
    wrap(stanza);
    for (size_t i = 0; i < STANZA_SIZE; i++) {
        char before = stanza[i];
        stanza[i] = before == 'A' ? 'B' : 'A';
        assert_int_not_equal(stanza_unwrap(opened, stanza, secret), STANZA_OPENED);
        stanza[i] = before;
    }
    assert_int_equal(stanza_unwrap(opened, stanza, secret), STANZA_OPENED);
}

static void small_order_points_agree_on_nothing(void **state)
{
    static const uint8_t zero[KEY_SIZE];
    char stanza[STANZA_SIZE];
    uint8_t opened[STANZA_FILE_KEY_SIZE];
    assert_false(stanza_wrap(stanza, file_key, zero, ephemeral));

    wrap(stanza);
    stanza_encode(stanza + 10, zero);

    assert_int_equal(stanza_unwrap(opened, stanza, secret), STANZA_BROKEN);
}

static void each_text_of_32_bytes_is_the_only_one(void **state)
{
    uint8_t bytes[32], again[32];
    char text[STANZA_TEXT_SIZE];
    memset(bytes, 0xff, sizeof(bytes));
    stanza_encode(text, bytes);
    assert_true(stanza_decode(again, text));
    assert_memory_equal(again, bytes, sizeof(again));

    /* The last character has two bits to spare. */
    text[STANZA_TEXT_SIZE - 1]++;
    assert_false(stanza_decode(again, text));
    text[STANZA_TEXT_SIZE - 1] = '=';
    assert_false(stanza_decode(again, text));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(recipient_unwraps_the_file_key),
        cmocka_unit_test(another_key_unwraps_nothing),
        cmocka_unit_test(any_changed_character_is_refused),
        cmocka_unit_test(small_order_points_agree_on_nothing),
        cmocka_unit_test(each_text_of_32_bytes_is_the_only_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
