/* What a request has to show: a name of ours, a page of ours, a device that was signed
 * in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "node/page/guard.h"

#define HOST "192.168.1.5:8080"
#define DIGITS "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

static void W1_only_names_of_the_node_are_answered(void **state)
{
    static const struct {
        const char *host;
        bool is_ours;
    } rows[] = {
        {HOST, true},
        {"pi.local:8080", true},
        {"pi:8080", true},
        {"", false},
        {"192.168.1.5", false},
        {"192.168.1.5:80", false},
        {"pi.local", false},
        {"pi.local:8080 pi:8080", false},
        {"evil.example:8080", false},
        {"pi.local:80800", false},
        {"PI:8080", false},
        {" ", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_int_equal(
            guard_host(bytes_str(rows[i].host), bytes_str(HOST), "pi.local:8080 pi:8080"),
            rows[i].is_ours);
    assert_true(guard_host(bytes_str(HOST), bytes_str(HOST), ""));
    assert_false(guard_host(bytes_str("pi:8080"), bytes_str(HOST), ""));
}

static void W1_a_form_comes_from_a_page_of_ours(void **state)
{
    static const struct {
        const char *origin;
        bool is_ours, is_ours_over_tls;
    } rows[] = {
        {"", true, true}, /* old browsers send none; the mark stands in its place */
        {"http://" HOST, true, false},
        {"https://" HOST, false, true},
        {"null", false, false},
        {HOST, false, false},
        {"http://" HOST "/", false, false},
        {"http://192.168.1.6:8080", false, false},
        {"http://192.168.1.5:80809", false, false},
        {"http://evil", false, false},
        {"ftp:///" HOST, false, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct bytes origin = bytes_str(rows[i].origin);
        assert_int_equal(guard_origin(origin, bytes_str(HOST), false), rows[i].is_ours);
        assert_int_equal(guard_origin(origin, bytes_str(HOST), true),
                         rows[i].is_ours_over_tls);
    }
}

static void a_cookie_is_found_among_others(void **state)
{
    static const struct {
        const char *cookies, *value; /* NULL: not there */
    } rows[] = {
        {"lang=en", "en"},
        {"a=b; lang=en", "en"},
        {"a=b;lang=en; c=d", "en"},
        {"lang=", ""},
        {"lang", NULL},
        {"xlang=en", NULL},
        {"langu=en", NULL},
        {"a=lang=en", NULL},
        {"; ; lang=en", "en"},
        {"", NULL},
        {";", NULL},
    };
    struct bytes value;
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        bool is_there = guard_cookie(bytes_str(rows[i].cookies), "lang", &value);
        assert_int_equal(is_there, rows[i].value != NULL);
        if (is_there)
            assert_true(bytes_equal_str(value, rows[i].value));
    }
}

static void a_token_is_sixty_four_digits(void **state)
{
    static const char *const none[] = {"", "session=", "session=" DIGITS "0",
                                       "session=" DIGITS "00", "other=" DIGITS};
    uint8_t token[TOKEN_SIZE];
    char cookie[] = "lang=en; session=" DIGITS;
    (void)state;
    assert_true(guard_token(bytes_str(cookie), token));
    for (uint8_t i = 0; i < TOKEN_SIZE; i++)
        assert_int_equal(token[i], i);
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
        assert_false(guard_token(bytes_str(none[i]), token));
    cookie[sizeof(cookie) - 2] = 'g';
    assert_false(guard_token(bytes_str(cookie), token));
}

static void a_program_brings_its_token_in_a_header(void **state)
{
    static const char *const none[] = {"", "Bearer ", "Basic  " DIGITS,
                                       "Bearer " DIGITS "0", "bearer " DIGITS};
    uint8_t token[TOKEN_SIZE];
    (void)state;
    assert_true(guard_bearer(bytes_str("Bearer " DIGITS), token));
    assert_int_equal(token[31], 31);
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
        assert_false(guard_bearer(bytes_str(none[i]), token));
}

static void W2_a_mark_belongs_to_one_session(void **state)
{
    uint8_t token[TOKEN_SIZE] = {1}, other[TOKEN_SIZE] = {2};
    char mark[MARK_TEXT_SIZE];
    (void)state;
    guard_mark(mark, token);
    assert_int_equal(strlen(mark), MARK_TEXT_SIZE - 1);
    assert_true(guard_mark_is(bytes_str(mark), token));
    assert_false(guard_mark_is(bytes_str(mark), other));
    assert_false(guard_mark_is(bytes_of(mark, 31), token));
    assert_false(guard_mark_is(bytes_of(mark, 33), token));
    assert_false(guard_mark_is(bytes_str(""), token));
    mark[31] ^= 1;
    assert_false(guard_mark_is(bytes_str(mark), token));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(W1_only_names_of_the_node_are_answered),
        cmocka_unit_test(W1_a_form_comes_from_a_page_of_ours),
        cmocka_unit_test(a_cookie_is_found_among_others),
        cmocka_unit_test(a_token_is_sixty_four_digits),
        cmocka_unit_test(a_program_brings_its_token_in_a_header),
        cmocka_unit_test(W2_a_mark_belongs_to_one_session),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
