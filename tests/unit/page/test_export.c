/* A list of the core as a table: titles and words in the language, what a person wrote as
 * it is and never a formula, several answers one behind the other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "node/page/export.h"
#include "proto/csv_cell.h"
#include "proto/pack.h"

static const struct export_column columns[] = {
    {"export.title", "title", ""},       {"cases.state", "state", "word state"},
    {"export.opened", "opened", "time"}, {"export.sent", "sent", ""},
    {"export.record", "id", "hex"},      {"inbox.unserved", "unserved", ""},
};
static const struct export export = {"rows", columns,
                                     sizeof(columns) / sizeof(columns[0])};

static void pack_row(struct buf *out, const char *title, const char *state,
                     uint64_t number, bool flag)
{
    pack_map(out, 6);
    pack_str(out, "id");
    pack_bin(out, "\x01\xab", 2);
    pack_str(out, "opened");
    pack_uint(out, number);
    pack_str(out, "sent");
    pack_uint(out, number);
    pack_str(out, "state");
    pack_str(out, state);
    pack_str(out, "title");
    pack_str(out, title);
    pack_str(out, "unserved");
    pack_bool(out, flag);
}

static struct buf answer_of(uint32_t rows)
{
    struct buf out = {0};
    pack_map(&out, 1);
    pack_str(&out, "rows");
    pack_array(&out, rows);
    for (uint32_t i = 0; i < rows; i++)
        pack_row(&out, i == 0 ? "=1+1" : "水沟, 两家", i == 0 ? "triaged" : "poem",
                 i == 0 ? 0 : 1790000000, i > 0);
    return out;
}

static void rows_are_written_as_a_spreadsheet_reads_them(void **state)
{
    struct buf answer = answer_of(2), out = {0};
    (void)state;
    assert_int_equal(export_add(&export, buf_bytes(&answer), LANGUAGE_ZH_CN, &out),
                     STATUS_OK);
    buf_add_u8(&out, '\0');
    assert_string_equal((const char *)out.data, CSV_MARK
                        "标题,状态,登记时间,上报次数,上报件编号,无人承接\r\n"
                        "'=1+1,已分诊,,0,01ab,\r\n"
                        "\"水沟, 两家\",poem,2026-09-21 22:13,1790000000,01ab,是\r\n");
    buf_deinit(&answer);
    buf_deinit(&out);
}

static void the_next_answer_goes_on_without_titles(void **state)
{
    struct buf answer = answer_of(1), none = answer_of(0), out = {0};
    (void)state;
    assert_int_equal(export_add(&export, buf_bytes(&none), LANGUAGE_EN, &out), STATUS_OK);
    size_t titles = out.len;
    assert_int_equal(export_add(&export, buf_bytes(&answer), LANGUAGE_EN, &out),
                     STATUS_OK);
    size_t row = out.len - titles;
    assert_int_equal(export_add(&export, buf_bytes(&answer), LANGUAGE_EN, &out),
                     STATUS_OK);
    assert_int_equal(out.len, titles + 2 * row);
    buf_deinit(&answer);
    buf_deinit(&none);
    buf_deinit(&out);
}

static void what_a_row_lacks_is_empty(void **state)
{
    struct buf answer = {0}, out = {0};
    (void)state;
    pack_map(&answer, 1);
    pack_str(&answer, "rows");
    pack_array(&answer, 1);
    pack_map(&answer, 0);
    assert_int_equal(export_add(&export, buf_bytes(&answer), LANGUAGE_EN, &out),
                     STATUS_OK);
    buf_add_u8(&out, '\0');
    assert_non_null(strstr((const char *)out.data, "\r\n,,,,,\r\n"));
    buf_deinit(&answer);
    buf_deinit(&out);
}

static void more_than_a_file_may_have_is_refused(void **state)
{
    struct buf answer = answer_of(500), out = {0};
    enum status status = STATUS_OK;
    (void)state;
    for (int i = 0; i < 2000 && status == STATUS_OK; i++)
        status = export_add(&export, buf_bytes(&answer), LANGUAGE_EN, &out);
    assert_int_equal(status, STATUS_TOO_LARGE);
    buf_deinit(&answer);
    buf_deinit(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_written_as_a_spreadsheet_reads_them),
        cmocka_unit_test(the_next_answer_goes_on_without_titles),
        cmocka_unit_test(what_a_row_lacks_is_empty),
        cmocka_unit_test(more_than_a_file_may_have_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
