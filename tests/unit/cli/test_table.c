/* Columns that line up, and text of others that acts upon nothing (row M4). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/outline.h"
#include "cli/printable.h"
#include "cli/table.h"
#include "proto/pack.h"

static void expect_printed(const char *text, const char *shown)
{
    struct buf out = {0};
    printable_add(&out, bytes_str(text));
    buf_add_u8(&out, '\0');
    assert_string_equal((const char *)out.data, shown);
    buf_deinit(&out);
}

static void what_would_act_is_shown_escaped(void **state)
{
    (void)state;
    expect_printed("\x1b[2J", "\\u001b[2J");
    expect_printed("a\xe2\x80\xae"
                   "b",
                   "a\\u202eb");
    expect_printed("\xc2\x9b", "\\u009b");
    expect_printed("\xe2\x80\x8b\xef\xbb\xbf", "\\u200b\\ufeff");
    expect_printed("\xe2\x81\xa6x\xe2\x81\xa9", "\\u2066x\\u2069");
    expect_printed("\xf3\xa0\x81\x81", "\\U000e0041");
    expect_printed("line\nbreak\r\x07", "line\\u000abreak\\u000d\\u0007");
    expect_printed("张某 <b>'; DROP TABLE", "张某 <b>'; DROP TABLE");
}

static void bytes_that_are_no_text_do_no_harm(void **state)
{
    (void)state;
    expect_printed("\xff\xc3(", "\xef\xbf\xbd\xef\xbf\xbd(");
    assert_int_equal(printable_width(bytes_of("\xe5\xbc", 2)), 2);
}

static void chinese_counts_two_columns_and_marks_none(void **state)
{
    (void)state;
    assert_int_equal(printable_width(bytes_str("abc")), 3);
    assert_int_equal(printable_width(bytes_str("排水沟")), 6);
    assert_int_equal(printable_width(bytes_str("，。！")), 6);
    assert_int_equal(printable_width(bytes_str("e\xcc\x81")), 1);
    assert_int_equal(printable_width(bytes_str("\xf0\xa0\xae\xb7")), 2);
    assert_int_equal(printable_width(bytes_str("\xe2\x80\xae")), 6);
}

static char *printed(const struct table *table, const char *nothing)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    assert_non_null(out);
    table_print(table, out, nothing);
    assert_int_equal(fclose(out), 0);
    return text;
}

static void columns_line_up_whatever_the_script(void **state)
{
    (void)state;
    static const char *const titles[] = {"name", "n", "end"};
    struct table table;
    table_init(&table, titles, 3);
    table_words(&table, "张某");
    table_uint(&table, 12345);
    table_words(&table, "x");
    table_words(&table, "abcdef");
    table_uint(&table, 1);
    table_words(&table, "\x1b");

    char *text = printed(&table, "");

    assert_string_equal(text, "name    n      end\n"
                              "张某    12345  x\n"
                              "abcdef  1      \\u001b\n");
    free(text);
    table_deinit(&table);
}

static void a_table_without_rows_says_so(void **state)
{
    (void)state;
    static const char *const titles[] = {"a"};
    struct table table;
    table_init(&table, titles, 1);

    char *text = printed(&table, "No cases.");

    assert_string_equal(text, "No cases.\n");
    free(text);
    table_deinit(&table);
}

/* Row M4: a title of 1 MB, also one that takes no width at all. */
static void M4_a_huge_title_is_cut(void **state)
{
    (void)state;
    static const char *const titles[] = {"a"};
    const size_t len = 1u << 20;
    char *huge = malloc(len + 1);
    for (int kind = 0; kind < 2; kind++) {
        memset(huge, 'x', len);
        for (size_t i = 0; kind == 1 && i + 1 < len; i += 2)
            memcpy(huge + i, "\xcc\x81", 2);
        huge[len] = '\0';
        struct table table;
        table_init(&table, titles, 1);
        table_text(&table, bytes_of(huge, len));
        char *text = printed(&table, "");
        if (kind == 0)
            assert_int_equal(strlen(text), 2 + TABLE_CELL_WIDTH_MAX - 1 + 3 + 1);
        free(text);
        table_deinit(&table);
    }
    free(huge);
}

static void a_wide_character_is_not_cut_in_half(void **state)
{
    (void)state;
    static const char *const titles[] = {"a"};
    struct table table;
    struct buf text = {0};
    for (int i = 0; i < 30; i++)
        buf_add(&text, "张", strlen("张"));
    table_init(&table, titles, 1);
    table_text(&table, buf_bytes(&text));

    char *shown = printed(&table, "");

    assert_true(utf8_is_valid(bytes_str(shown)));
    assert_int_equal(table.widths[0], 39);
    free(shown);
    table_deinit(&table);
    buf_deinit(&text);
}

static void values_are_told_in_words(void **state)
{
    (void)state;
    struct buf value = {0};
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    pack_map(&value, 3);
    pack_str(&value, "given");
    pack_bool(&value, false);
    pack_str(&value, "parties");
    pack_array(&value, 2);
    pack_str(&value, "张某");
    pack_bin(&value, "\x01\x02", 2);
    pack_str(&value, "wish");
    pack_nil(&value);

    outline_field(out, "record", buf_bytes(&value));

    assert_int_equal(fclose(out), 0);
    assert_string_equal(
        text, "record:         given: no; parties: 张某, 0102; wish: (withheld)\n");
    free(text);
    buf_deinit(&value);
}

static void a_time_beyond_all_calendars_is_a_number(void **state)
{
    (void)state;
    char text[24];
    time_text(text, 0);
    assert_string_equal(text, "-");
    time_text(text, UINT64_MAX);
    assert_string_equal(text, "@18446744073709551615");
    time_text(text, 253402300800u);
    assert_string_equal(text, "@253402300800");
    time_text(text, 253402300799u); /* the last second of 9999, here or a day beside */
    assert_int_equal(strlen(text), text[0] == '9' ? 16 : 17);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_would_act_is_shown_escaped),
        cmocka_unit_test(bytes_that_are_no_text_do_no_harm),
        cmocka_unit_test(chinese_counts_two_columns_and_marks_none),
        cmocka_unit_test(columns_line_up_whatever_the_script),
        cmocka_unit_test(a_table_without_rows_says_so),
        cmocka_unit_test(M4_a_huge_title_is_cut),
        cmocka_unit_test(a_wide_character_is_not_cut_in_half),
        cmocka_unit_test(values_are_told_in_words),
        cmocka_unit_test(a_time_beyond_all_calendars_is_a_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
