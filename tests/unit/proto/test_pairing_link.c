/* A pairing code as a link, written and read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "proto/pairing_link.h"

#define WORDS "bamo ceti dulu fana gise hota"

static void what_is_written_is_read(void **state)
{
    char link[PAIRING_LINK_SIZE], code[PAIRING_LINK_CODE_SIZE];
    const char *at = "before";
    assert_true(pairing_link_write(link, PAIRING_LINK_MACHINE, bytes_str(WORDS),
                                   "192.168.1.10:7450"));
    assert_string_equal(link, "fengqiao:join?code=bamo-ceti-dulu-fana-gise-hota"
                              "&at=192.168.1.10:7450");
    assert_true(pairing_link_read(link, PAIRING_LINK_MACHINE, code, &at));
    assert_string_equal(code, "bamo-ceti-dulu-fana-gise-hota");
    assert_string_equal(at, "192.168.1.10:7450");

    assert_true(pairing_link_write(link, PAIRING_LINK_SITE, bytes_str(WORDS), NULL));
    assert_string_equal(link, "fengqiao:pair?code=bamo-ceti-dulu-fana-gise-hota");
    assert_true(pairing_link_read(link, PAIRING_LINK_SITE, code, &at));
    assert_null(at);
}

static void a_link_of_another_kind_is_a_link_and_not_this_one(void **state)
{
    char link[PAIRING_LINK_SIZE], code[PAIRING_LINK_CODE_SIZE];
    const char *at;
    assert_true(pairing_link_write(link, PAIRING_LINK_SITE, bytes_str(WORDS), NULL));
    assert_true(pairing_link_is(link));
    assert_false(pairing_link_read(link, PAIRING_LINK_MACHINE, code, &at));
    assert_false(pairing_link_is(WORDS));
    assert_false(pairing_link_is(""));
    assert_false(pairing_link_read("", PAIRING_LINK_SITE, code, &at));
    assert_false(
        pairing_link_read("fengqiao:pair?code=a&by=b", PAIRING_LINK_SITE, code, &at));
}

static void what_is_too_long_is_neither_written_nor_read(void **state)
{
    char link[PAIRING_LINK_SIZE], code[PAIRING_LINK_CODE_SIZE];
    char at[PAIRING_LINK_SIZE], words[PAIRING_LINK_CODE_SIZE + 1];
    const char *where;
    memset(at, 'a', sizeof(at) - 1);
    at[sizeof(at) - 1] = '\0';
    assert_false(pairing_link_write(link, PAIRING_LINK_SITE, bytes_str(WORDS), at));
    memset(words, 'a', sizeof(words) - 1);
    words[sizeof(words) - 1] = '\0';
    assert_true(pairing_link_write(link, PAIRING_LINK_SITE, bytes_str(words), NULL));
    assert_false(pairing_link_read(link, PAIRING_LINK_SITE, code, &where));
    words[sizeof(words) - 2] = '\0';
    assert_true(pairing_link_write(link, PAIRING_LINK_SITE, bytes_str(words), NULL));
    assert_true(pairing_link_read(link, PAIRING_LINK_SITE, code, &where));
    assert_string_equal(code, words);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(a_link_of_another_kind_is_a_link_and_not_this_one),
        cmocka_unit_test(what_is_too_long_is_neither_written_nor_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
