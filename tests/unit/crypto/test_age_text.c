#include "crypto/age_text.h"

#include "vector.h"

#include <stdio.h>

/* Keys as age's own specification and the public vectors (C2SP CCTV) print them. */
static const char identity[] =
    "AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40Q2P2LM0";

static void an_identity_is_read_and_printed_again(void **state)
{
    uint8_t secret[KEY_SIZE], key[KEY_SIZE], again[KEY_SIZE];
    char text[AGE_IDENTITY_SIZE], recipient[AGE_RECIPIENT_SIZE], lower[sizeof(identity)];
    assert_true(age_identity_read(secret, identity));
    age_identity_text(text, secret);
    assert_string_equal(text, identity);
    for (size_t i = 0; i < sizeof(identity); i++)
        lower[i] = (char)(identity[i] >= 'A' && identity[i] <= 'Z' ? identity[i] + 32
                                                                   : identity[i]);
    assert_true(age_identity_read(again, lower));
    assert_memory_equal(again, secret, KEY_SIZE);

    key_dh_public(key, secret);
    age_recipient_text(recipient, key);
    assert_memory_equal(recipient, "age1", 4);
    assert_int_equal(strlen(recipient), AGE_RECIPIENT_SIZE - 1);
    assert_true(age_recipient_read(again, recipient));
    assert_memory_equal(again, key, KEY_SIZE);
}

static void any_other_text_is_none(void **state)
{
    static const char *const rows[] = {
        "",
        "age1",
        "AGE-SECRET-KEY-1",
        /* both cases; another word; one letter less, one more */
        "aGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40Q2P2LM0",
        "AGE-PUBLIC-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40Q2P2LM0",
        "AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40Q2P2LM",
        "AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40Q2P2LM00",
        "AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40Q2P2LM~",
    };
    uint8_t secret[KEY_SIZE];
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_false(age_identity_read(secret, rows[i]));
    assert_false(age_recipient_read(secret, identity));
}

static void any_changed_letter_is_noticed(void **state)
{
    static const char letters[] = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7LBIO1-!";
    uint8_t secret[KEY_SIZE];
    char text[sizeof(identity)];
    memcpy(text, identity, sizeof(identity));
    for (size_t i = 0; i + 1 < sizeof(identity); i++)
        for (const char *c = letters; *c != '\0'; c++) {
            text[i] = *c;
            assert_int_equal(age_identity_read(secret, text), *c == identity[i]);
            text[i] = identity[i];
        }
}

/* The last group has four bits that belong to no byte. The second row is the text of the
 * same key with one of them set, and the check that belongs to that. */
static void each_key_has_one_text_alone(void **state)
{
    uint8_t secret[KEY_SIZE] = {1, 2, 3}, read[KEY_SIZE];
    char text[AGE_IDENTITY_SIZE];
    uint32_t good = 0;
    age_identity_text(text, secret);
    static const char letters[] = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L";
    size_t at = strlen(text) - 7; /* six of them are the check */
    for (const char *c = letters; *c != '\0'; c++) {
        text[at] = *c;
        good += age_identity_read(read, text);
    }
    assert_int_equal(good, 1);
    assert_true(age_identity_read(
        read,
        "AGE-SECRET-KEY-1QYPQXQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQZCFQ36"));
    assert_memory_equal(read, secret, KEY_SIZE);
    assert_false(age_identity_read(
        read,
        "AGE-SECRET-KEY-1QYPQXQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQPLWA4VG"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_identity_is_read_and_printed_again),
        cmocka_unit_test(any_other_text_is_none),
        cmocka_unit_test(any_changed_letter_is_noticed),
        cmocka_unit_test(each_key_has_one_text_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
