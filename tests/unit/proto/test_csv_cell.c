/* One field of a line of CSV, as spreadsheets read it; read back in unit.cli.csv. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "proto/csv_cell.h"

typedef void add_fn(struct buf *out, struct bytes field, unsigned place);

static void assert_added(add_fn *add, struct bytes field, unsigned place,
                         const char *expected)
{
    struct buf out = {0};
    add(&out, field, place);
    assert_int_equal(buf_status(&out), STATUS_OK);
    buf_add_u8(&out, '\0');
    assert_string_equal((const char *)out.data, expected);
    buf_deinit(&out);
}

static void a_field_is_in_quotes_only_where_it_needs_them(void **state)
{
    static const struct {
        const char *field;
        unsigned place;
        const char *expected;
    } rows[] = {
        {"plain", CSV_INNER, "plain,"},
        {"plain", CSV_LAST, "plain\r\n"},
        {"", CSV_INNER, ","},
        {"", CSV_FIRST, ","},
        {"", CSV_LAST, "\r\n"},
        {"", CSV_FIRST | CSV_LAST, "\"\"\r\n"}, /* an empty line is no record */
        {"a,b", CSV_INNER, "\"a,b\","},
        {"a\nb", CSV_INNER, "\"a\nb\","},
        {"a\rb", CSV_INNER, "\"a\rb\","},
        {"say \"so\"", CSV_INNER, "\"say \"\"so\"\"\","},
        {CSV_MARK "a", CSV_FIRST, "\"" CSV_MARK "a\","},
        {CSV_MARK "a", CSV_INNER, CSV_MARK "a,"},
        {"ab", CSV_FIRST, "ab,"},
        {"a", CSV_INNER | CSV_APOSTROPHE, "'a,"},
        {"a,", CSV_INNER | CSV_APOSTROPHE, "\"'a,\","},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_added(csv_cell_add, bytes_str(rows[i].field), rows[i].place,
                     rows[i].expected);
}

static void what_a_spreadsheet_would_run_is_known(void **state)
{
    static const char *const formulas[] = {"=a",  "+1",  "-1",  "@a",   "\ta", "\ra",
                                           "\na", "＝a", "＋a", "－1",  "＠a", "'=a",
                                           "''+", "=",   "'＝", "''\t", "'-"};
    static const char *const texts[] = {"",  "'",   "a=", "'a", "''",
                                        "1", "\"=", "一", " ="};
    (void)state;
    for (size_t i = 0; i < sizeof(formulas) / sizeof(formulas[0]); i++)
        assert_true(csv_cell_is_formula(bytes_str(formulas[i])));
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        assert_false(csv_cell_is_formula(bytes_str(texts[i])));
}

static void what_a_person_wrote_runs_nowhere(void **state)
{
    (void)state;
    assert_added(csv_cell_add_text, bytes_str("=1+1"), CSV_FIRST, "'=1+1,");
    assert_added(csv_cell_add_text, bytes_str("'=1"), CSV_LAST, "''=1\r\n");
    assert_added(csv_cell_add_text, bytes_str("一"), CSV_INNER, "一,");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_field_is_in_quotes_only_where_it_needs_them),
        cmocka_unit_test(what_a_spreadsheet_would_run_is_known),
        cmocka_unit_test(what_a_person_wrote_runs_nowhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
