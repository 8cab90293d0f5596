/* Words of a text, as they are searched for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/token.h"

/* All tokens of a text, parted by bars. */
static void assert_tokens(struct bytes text, const char *wanted)
{
    struct buf joined = {0};
    struct token token;
    size_t end = 0;
    for (size_t at = 0; token_next(text, &at, &token);) {
        assert_true(token.from >= end && token.end > token.from && token.end == at);
        end = token.end;
        if (joined.len > 0)
            buf_add_u8(&joined, '|');
        buf_add(&joined, token.text, token.len);
    }
    buf_add_u8(&joined, '\0');
    assert_string_equal((const char *)joined.data, wanted);
    buf_deinit(&joined);
}

static void
each_chinese_character_is_one_and_a_run_of_letters_or_digits_is_one(void **state)
{
    static const struct {
        const char *text, *tokens;
    } rows[] = {
        {"", ""},
        {" \t\n", ""},
        {"水沟", "水|沟"},
        {"排水沟，Pump Nr.12坏了", "排|水|沟|pump|nr|12|坏|了"},
        {"2026-0001", "2026|0001"},
        {"A4纸", "a|4|纸"},
        {"々〇㐀𠀀", "々|〇|㐀|𠀀"},
        {"カナ ｶﾅ 한글", "カ|ナ|ｶ|ﾅ|한|글"},
        {"。、！（）“”…—", ""},
        {"a😀b", "a|b"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_tokens(bytes_str(rows[i].text), rows[i].tokens);
}

static void upper_case_and_full_width_are_the_same_as_the_other(void **state)
{
    static const struct {
        const char *text, *tokens;
    } rows[] = {
        {"PUMP", "pump"},
        {"Ｐｕｍｐ１２", "pump|12"},
        {"ÀÉÞ ß × ÷", "àéþ|ß"},
        {"ǍǏǓǙ ǎǐǔǚ", "ǎǐǔǚ|ǎǐǔǚ"},
        {"ĀĒ āē ŽŁ žł Ŋŋ", "āē|āē|žł|žł|ŋŋ"},
        {"ΑΩ αω", "αω|αω"},
        {"ЁЖ ёж", "ёж|ёж"},
        {"ئۇيغۇر ١٢", "ئۇيغۇر|١٢"},
        {"བོད་ཡིག", "བོད|ཡིག"},
        {"ꆈꌠ", "ꆈ|ꌠ"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_tokens(bytes_str(rows[i].text), rows[i].tokens);
}

static void a_run_longer_than_a_token_goes_on_as_the_next(void **state)
{
    char text[TOKEN_SIZE_MAX + 2], wanted[TOKEN_SIZE_MAX + 4];
    (void)state;
    memset(text, 'x', sizeof(text));
    memset(wanted, 'x', sizeof(wanted));
    wanted[TOKEN_SIZE_MAX] = '|';
    wanted[TOKEN_SIZE_MAX + 3] = '\0';
    assert_tokens(bytes_of(text, sizeof(text)), wanted);
}

static void M2_bytes_that_are_no_text_part_tokens(void **state)
{
    (void)state;
    assert_tokens(bytes_of("a\xff"
                           "b\xe6\xb0",
                           5),
                  "a|b"); /* half a 水 at the end */
    assert_tokens(bytes_of("\xc0\x80", 2), "");
    assert_tokens(bytes_of("a\0b", 3), "a|b");
    assert_tokens(bytes_of("\xed\xa0\x80水", 6), "水"); /* a surrogate */
}

static void tokens_are_equal_byte_for_byte(void **state)
{
    struct token a = {.text = "水", .len = 3}, b = {.text = "沟", .len = 3};
    struct token c = {.text = "a", .len = 1};
    (void)state;
    assert_true(token_equal(&a, &a));
    assert_false(token_equal(&a, &b));
    assert_false(token_equal(&a, &c));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            each_chinese_character_is_one_and_a_run_of_letters_or_digits_is_one),
        cmocka_unit_test(upper_case_and_full_width_are_the_same_as_the_other),
        cmocka_unit_test(a_run_longer_than_a_token_goes_on_as_the_next),
        cmocka_unit_test(M2_bytes_that_are_no_text_part_tokens),
        cmocka_unit_test(tokens_are_equal_byte_for_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
