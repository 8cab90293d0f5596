/* The table that somebody exported from somewhere (row C1). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>

#include "cli/csv.h"
#include "proto/csv_cell.h"

struct source {
    FILE *file;
    struct csv csv;
};

static void source_init(struct source *source, const char *text, size_t len)
{
    source->file = tmpfile();
    assert_non_null(source->file);
    assert_int_equal(fwrite(text, 1, len, source->file), len);
    rewind(source->file);
    csv_init(&source->csv, source->file);
}

static void source_deinit(struct source *source)
{
    csv_deinit(&source->csv);
    fclose(source->file);
}

static void expect(const struct csv *csv, uint32_t i, const char *text)
{
    assert_true(bytes_equal_str(csv_field(csv, i), text));
}

static void quotes_commas_and_line_breaks_are_read_as_written(void **state)
{
    (void)state;
    static const char text[] = "a,\"b,\"\"c\"\"\r\nd\",\r\ne,f,g\n";
    struct source source;
    source_init(&source, text, sizeof(text) - 1);

    assert_int_equal(csv_next(&source.csv, NULL), STATUS_OK);

    assert_int_equal(source.csv.fields_len, 3);
    expect(&source.csv, 0, "a");
    expect(&source.csv, 1, "b,\"c\"\nd");
    expect(&source.csv, 2, "");
    assert_int_equal(csv_next(&source.csv, NULL), STATUS_OK);
    assert_int_equal(source.csv.line, 3);
    expect(&source.csv, 2, "g");
    expect(&source.csv, 9, "");
    assert_int_equal(csv_next(&source.csv, NULL), STATUS_NOT_FOUND);
    source_deinit(&source);
}

static void a_file_may_end_behind_a_quote(void **state)
{
    (void)state;
    static const char text[] = "a,\"b\"";
    struct source source;
    source_init(&source, text, sizeof(text) - 1);
    assert_int_equal(csv_next(&source.csv, NULL), STATUS_OK);
    assert_int_equal(source.csv.fields_len, 2);
    expect(&source.csv, 1, "b");
    assert_int_equal(csv_next(&source.csv, NULL), STATUS_NOT_FOUND);
    source_deinit(&source);
}

static void a_byte_order_mark_and_empty_lines_are_skipped(void **state)
{
    (void)state;
    static const char text[] = "\xef\xbb\xbf\n\r\n标题,x";
    struct source source;
    source_init(&source, text, sizeof(text) - 1);

    assert_int_equal(csv_next(&source.csv, NULL), STATUS_OK);

    assert_int_equal(source.csv.line, 3);
    expect(&source.csv, 0, "标题");
    expect(&source.csv, 1, "x");
    source_deinit(&source);
}

static void a_first_field_that_only_resembles_a_mark_is_kept(void **state)
{
    (void)state;
    static const char text[] = "\xef\xbc\x8cx,y\n";
    struct source source;
    source_init(&source, text, sizeof(text) - 1);

    assert_int_equal(csv_next(&source.csv, NULL), STATUS_OK);

    expect(&source.csv, 0, "\xef\xbc\x8cx");
    source_deinit(&source);
}

static void refuse(const char *text, size_t len, enum status status, const char *reason)
{
    struct source source;
    struct err err = {0};
    source_init(&source, text, len);

    enum status found = csv_next(&source.csv, &err);

    assert_int_equal(found, status);
    assert_non_null(strstr(err.text, reason));
    assert_non_null(strstr(err.text, "line 1"));
    source_deinit(&source);
}

static void what_is_no_table_is_refused_with_its_line(void **state)
{
    (void)state;
    refuse("\"a", 2, STATUS_INVALID, "never closed");
    refuse("\"a\"b,c\n", 7, STATUS_INVALID, "behind a closing quote");
    refuse("a\"b,c\n", 6, STATUS_INVALID, "inside a plain field");
    refuse("\xd5\xc5\xb3\n", 4, STATUS_INVALID, "not UTF-8");
    refuse("a\0b\n", 4, STATUS_INVALID, "not UTF-8");
}

/* Bytes of a field that is no UTF-8: is it what programs in China save by default? */
static void what_looks_like_another_encoding_is_named(void **state)
{
    static const struct {
        const char *text, *reason;
    } rows[] = {
        {"\xd5\xc5,b\n", "but GB18030"},
        {"a\xd5\xc5z\n", "but GB18030"},
        {"\x81\x30\x81\x30\n", "but GB18030"},
        {"\x81\x39\xfe\x39 \xd5\xc5\n", "but GB18030"},
        {"\"\xd5\xc5\"\n", "but GB18030"},
        {"\x80\x80\n", "a field is not UTF-8; save"},
        {"\xff\x41\n", "a field is not UTF-8; save"},
        {"\xd5\x7f\n", "a field is not UTF-8; save"},
        {"\xd5\xff\n", "a field is not UTF-8; save"},
        {"\x81\x20\x81\x30\n", "a field is not UTF-8; save"},
        {"\x81\x3a\x81\x30\n", "a field is not UTF-8; save"},
        {"\x81\x30\x81\n", "a field is not UTF-8; save"},
        {"\x81\x30\x80\x30\n", "a field is not UTF-8; save"},
        {"\x81\x30\xff\x30\n", "a field is not UTF-8; save"},
        {"\x81\x30\x81\x29\n", "a field is not UTF-8; save"},
        {"\x81\x30\x81\x3a\n", "a field is not UTF-8; save"},
        {"\xff\xfe,\n", "is UTF-16"},
        {"\xfe\xff,\n", "is UTF-16"},
        {"\xfe\x41\xff\n", "a field is not UTF-8; save"},
        {"\xff\n", "a field is not UTF-8; save"},
        {"\xef\xbb,\n", "but GB18030"},
        {"\xef\xbb\xbe\xff\n", "a field is not UTF-8; save"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        refuse(rows[i].text, strlen(rows[i].text), STATUS_INVALID, rows[i].reason);
}

static void in_a_later_line_there_is_no_mark(void **state)
{
    (void)state;
    static const char text[] = "a\n\xff\xfe\n";
    struct source source;
    struct err err = {0};
    source_init(&source, text, sizeof(text) - 1);

    assert_int_equal(csv_next(&source.csv, &err), STATUS_OK);
    assert_int_equal(csv_next(&source.csv, &err), STATUS_INVALID);

    assert_non_null(strstr(err.text, "line 2: a field is not UTF-8; save"));
    source_deinit(&source);
}

/* A folder opens, and cannot be read. */
static void a_file_that_cannot_be_read_is_said(void **state)
{
    (void)state;
    struct csv csv;
    struct err err = {0};
    FILE *file = fopen("/", "re");
    assert_non_null(file);
    csv_init(&csv, file);

    assert_int_equal(csv_next(&csv, &err), STATUS_IO);

    assert_non_null(strstr(err.text, strerror(EISDIR)));
    csv_deinit(&csv);
    (void)fclose(file);
}

static void a_record_without_an_end_stops_at_the_limit(void **state)
{
    (void)state;
    size_t len = CSV_RECORD_MAX + 2;
    char *text = malloc(len);
    memset(text, 'x', len);
    refuse(text, len, STATUS_TOO_LARGE, "1 MiB");
    text[0] = '"';
    refuse(text, len, STATUS_TOO_LARGE, "1 MiB");
    memset(text, ',', len);
    refuse(text, len, STATUS_TOO_LARGE, "64 fields");
    free(text);
}

static void what_is_written_is_read_back(void **state)
{
    (void)state;
    const char *const fields[] = {"plain",      "a,b", "say \"so\"",
                                  "two\nlines", "",    "排水沟"};
    struct buf out = {0};
    for (size_t i = 0; i < 6; i++)
        csv_cell_add(&out, bytes_str(fields[i]),
                     (i == 0 ? CSV_FIRST : 0u) | (i == 5 ? CSV_LAST : 0u));
    struct source source;
    source_init(&source, (const char *)out.data, out.len);

    assert_int_equal(csv_next(&source.csv, NULL), STATUS_OK);

    assert_int_equal(source.csv.fields_len, 6);
    for (uint32_t i = 0; i < 6; i++)
        expect(&source.csv, i, fields[i]);
    source_deinit(&source);
    buf_deinit(&out);
}

/* Windows programs that translate line ends twice. */
static void C1_two_returns_before_a_line_feed_are_one_line_end(void **state)
{
    (void)state;
    static const char text[] = "a,b\r\r\n\r\r\r\n\"c\r\r\nd\",e\rf\r\r\r\n\rg,h\r\r";
    struct source source;
    source_init(&source, text, sizeof(text) - 1);

    assert_int_equal(csv_next(&source.csv, NULL), STATUS_OK);

    assert_int_equal(source.csv.fields_len, 2);
    expect(&source.csv, 1, "b");
    assert_int_equal(csv_next(&source.csv, NULL), STATUS_OK);
    assert_int_equal(source.csv.line, 3);
    expect(&source.csv, 0, "c\nd");
    expect(&source.csv, 1, "e\rf");
    assert_int_equal(csv_next(&source.csv, NULL), STATUS_OK);
    assert_int_equal(source.csv.line, 5);
    expect(&source.csv, 0, "\rg");
    expect(&source.csv, 1, "h\r\r");
    assert_int_equal(csv_next(&source.csv, NULL), STATUS_NOT_FOUND);
    source_deinit(&source);
}

static void write_alone(const char *field, struct source *source)
{
    struct buf out = {0};
    csv_cell_add(&out, bytes_str(field), CSV_FIRST | CSV_LAST);
    source_init(source, (const char *)out.data, out.len);
    buf_deinit(&out);
    assert_int_equal(csv_next(&source->csv, NULL), STATUS_OK);
}

static void C1_a_record_of_one_empty_field_is_written_and_read_back(void **state)
{
    (void)state;
    struct source source;
    write_alone("", &source);

    assert_int_equal(source.csv.fields_len, 1);
    expect(&source.csv, 0, "");
    assert_int_equal(csv_next(&source.csv, NULL), STATUS_NOT_FOUND);
    source_deinit(&source);
}

static void C1_a_first_field_that_begins_with_a_mark_keeps_it(void **state)
{
    (void)state;
    struct source source;
    write_alone("\xef\xbb\xbf标题", &source);

    expect(&source.csv, 0, "\xef\xbb\xbf标题");
    source_deinit(&source);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quotes_commas_and_line_breaks_are_read_as_written),
        cmocka_unit_test(a_file_may_end_behind_a_quote),
        cmocka_unit_test(a_byte_order_mark_and_empty_lines_are_skipped),
        cmocka_unit_test(a_first_field_that_only_resembles_a_mark_is_kept),
        cmocka_unit_test(what_is_no_table_is_refused_with_its_line),
        cmocka_unit_test(what_looks_like_another_encoding_is_named),
        cmocka_unit_test(in_a_later_line_there_is_no_mark),
        cmocka_unit_test(a_file_that_cannot_be_read_is_said),
        cmocka_unit_test(a_record_without_an_end_stops_at_the_limit),
        cmocka_unit_test(what_is_written_is_read_back),
        cmocka_unit_test(C1_two_returns_before_a_line_feed_are_one_line_end),
        cmocka_unit_test(C1_a_record_of_one_empty_field_is_written_and_read_back),
        cmocka_unit_test(C1_a_first_field_that_begins_with_a_mark_keeps_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
