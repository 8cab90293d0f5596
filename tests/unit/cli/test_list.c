/* case list and inbox: filters, pages, CSV. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>
#include <xlsxwriter.h>
#include <zlib.h>

#include "cli/answer.h"
#include "cli/cli.h"
#include "cli/sheet.h"
#include "proto/op.h"
#include "proto/pack.h"
#include "tests/unit/cli/fake_node.h"
#include "tests/unit/cli/run_cli.h"

#define MARK "\xef\xbb\xbf"

static void pack_case(struct buf *out, const char *number, const char *title)
{
    pack_map(out, 8);
    pack_str(out, "category");
    pack_str(out, "邻里");
    pack_str(out, "conflicts");
    pack_uint(out, 1);
    pack_str(out, "escalations");
    pack_uint(out, 2);
    pack_str(out, "number");
    pack_str(out, number);
    pack_str(out, "opened");
    pack_uint(out, 0);
    pack_str(out, "scope");
    pack_bin(out, "0123456789abcdef0123456789abcdef", 32);
    pack_str(out, "state");
    pack_str(out, "registered");
    pack_str(out, "title");
    pack_str(out, title);
}

static void pack_more(struct buf *out, bool has_more)
{
    pack_str(out, "next");
    if (has_more)
        pack_bin(out, "ABCDEFGHIJKLMNOPABCDEFGHIJKLMNOP", 32);
    else
        pack_nil(out);
}

/* Two pages: the second is asked for by what the first said. */
static void two_pages(struct bytes method, struct bytes arguments, unsigned call,
                      struct buf *out)
{
    bool is_first = answer_text(arguments, "after").len == 0;
    pack_str(out, "OK");
    pack_map(out, 2);
    pack_str(out, "cases");
    pack_array(out, 1);
    pack_case(out, is_first ? "2026-0002" : "2026-0001", is_first ? "=1+1" : "a,\"b\"");
    pack_more(out, is_first);
}

/* Repeats what it was asked, as the title of the one case. */
static void echo(struct bytes method, struct bytes arguments, unsigned call,
                 struct buf *out)
{
    static const char *const texts[] = {"state", "category", "party", "after"};
    static const char *const flags[] = {"conflicts", "escalated", "mine", "unserved"};
    char said[256] = "";
    if (bytes_equal_str(method, "unlock")) {
        pack_str(out, "OK");
        pack_map(out, 0);
        return;
    }
    for (size_t i = 0; i < 4; i++) {
        struct bytes text = answer_text(arguments, texts[i]);
        if (text.len > 0)
            (void)strncat(said, (const char *)text.data, text.len);
        (void)strncat(said, "|", 2);
    }
    for (size_t i = 0; i < 4; i++)
        if (answer_is_true(arguments, flags[i]))
            (void)strncat(said, flags[i], 12);
    uint64_t days = answer_uint(arguments, "until") - answer_uint(arguments, "since") + 1;
    size_t len = strlen(said);
    (void)snprintf(said + len, sizeof(said) - len, "|%u|%u", (unsigned)(days / 86400),
                   (unsigned)answer_uint(arguments, "limit"));
    pack_str(out, "OK");
    pack_map(out, 2);
    pack_str(out, "cases");
    pack_array(out, 1);
    pack_case(out, "2026-0001", said);
    pack_more(out, false);
}

static struct run_cli run_with(fake_node_answer *answer, const char *const arguments[])
{
    struct fake_node node;
    fake_node_start(&node, answer);
    struct run_cli run = run_cli(arguments);
    fake_node_stop(&node);
    return run;
}

#define RUN(answer, ...) run_with(answer, (const char *const[]){__VA_ARGS__, NULL})

static void all_pages_are_one_list(void **state)
{
    struct run_cli run = RUN(two_pages, "case", "list");

    assert_int_equal(run.code, EXIT_DONE);
    assert_non_null(strstr(run.out, "2026-0002"));
    assert_non_null(strstr(run.out, "2026-0001"));
    assert_string_equal(run.err, "");
    run_cli_deinit(&run);
}

static void a_limit_ends_and_says_how_to_go_on(void **state)
{
    struct run_cli run = RUN(two_pages, "case", "list", "--limit", "1");

    assert_int_equal(run.code, EXIT_DONE);
    assert_null(strstr(run.out, "2026-0001"));
    assert_non_null(strstr(run.err, "--after 4142434445464748494a4b4c4d4e4f50"));
    run_cli_deinit(&run);
    run = RUN(two_pages, "case", "list", "--json");
    assert_non_null(strstr(run.out, "{\"cases\":[{\"category\":\"邻里\","));
    assert_non_null(strstr(run.out, "}],\"next\":null}\n"));
    run_cli_deinit(&run);
    run = RUN(two_pages, "case", "list", "--json", "--limit", "1");
    assert_non_null(strstr(run.out, "}],\"next\":\"41424344"));
    assert_string_equal(run.err, "");
    run_cli_deinit(&run);
}

static void csv_has_a_mark_and_no_formula_runs(void **state)
{
    struct run_cli run = RUN(two_pages, "case", "list", "--csv");

    assert_string_equal(run.out,
                        MARK "number,state,opened,category,title,sent,conflicts\r\n"
                             "2026-0002,registered,,邻里,'=1+1,2,1\r\n"
                             "2026-0001,registered,,邻里,\"a,\"\"b\"\"\",2,1\r\n");
    run_cli_deinit(&run);
}

static void every_filter_is_asked_for(void **state)
{
    struct run_cli run =
        RUN(echo, "case", "list", "--state", "closed", "--category", "田土", "--party",
            "张某", "--after", "2026-0007", "--conflicts", "--escalated", "--mine",
            "--since", "2026-11-28", "--until", "2026-11-29", "--limit", "7", "--json");

    assert_int_equal(run.code, EXIT_DONE);
    assert_non_null(strstr(run.out, "\"title\":\"closed|田土|张某|2026-0007|"
                                    "conflictsescalatedmine|2|7\""));
    run_cli_deinit(&run);
}

/* Where the clock was ahead of Greenwich, the first day of all began before it. */
static void the_first_day_there_is_begins_at_the_first_second(void **state)
{
    static const struct {
        const char *zone, *days;
    } rows[] = {{"CST-8", "|0|"}, {"FAR-24", "|0|"}, {"UTC0", "|1|"}};
    char *before = getenv("TZ");
    before = before ? strdup(before) : NULL;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_int_equal(setenv("TZ", rows[i].zone, 1), 0);
        tzset();
        struct run_cli run = RUN(echo, "case", "list", "--since", "1970-01-01", "--until",
                                 "1970-01-01", "--json");
        assert_int_equal(run.code, EXIT_DONE);
        if (strstr(run.out, rows[i].days) == NULL)
            fail_msg("%s: %s", rows[i].zone, run.out);
        run_cli_deinit(&run);
    }
    assert_int_equal(before ? setenv("TZ", before, 1) : unsetenv("TZ"), 0);
    tzset();
    free(before);
}

/* Row C1. */
static void C1_what_is_no_day_or_number_is_refused_before_the_node_is_asked(void **state)
{
    static const char *const wrong[][2] = {{"--since", "2026-02-29"},
                                           {"--since", "1969-12-31"},
                                           {"--until", "yesterday"},
                                           {"--until", "2026-1-1"},
                                           {"--limit", "0"},
                                           {"--limit", "many"},
                                           {"--limit", "-1"},
                                           {"--limit", "1x"},
                                           {"--limit", "99999999999999999999999"}};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct run_cli run = run_cli(
            (const char *const[]){"case", "list", wrong[i][0], wrong[i][1], NULL});
        assert_int_equal(run.code, EXIT_USAGE);
        assert_non_null(strstr(run.err, wrong[i][0]));
        assert_string_equal(run.out, "");
        run_cli_deinit(&run);
    }
    struct run_cli run = run_cli((const char *const[]){"inbox", "--csv", "--json", NULL});
    assert_int_equal(run.code, EXIT_USAGE);
    run_cli_deinit(&run);
}

static void one_came_in(struct bytes method, struct bytes arguments, unsigned call,
                        struct buf *out)
{
    pack_str(out, "OK");
    pack_map(out, 2);
    pack_str(out, "escalations");
    pack_array(out, 1);
    pack_map(out, 5);
    pack_str(out, "escalation");
    pack_bin(out, "0123456789abcdef0123456789abcdef", 32);
    pack_str(out, "from_name");
    struct bytes from = answer_text(arguments, "from");
    pack_str_bytes(out, from);
    pack_str(out, "reason");
    pack_str(out, "@SUM(1)");
    pack_str(out, "received");
    pack_uint(out, 1790000000);
    pack_str(out, "unserved");
    pack_bool(out, true);
    pack_more(out, false);
}

/* Only who asks for what nobody serves gets it. */
static void hostile_inbox(struct bytes method, struct bytes arguments, unsigned call,
                          struct buf *out)
{
    if (answer_is_true(arguments, "unserved"))
        one_came_in(method, arguments, call, out);
    else
        fake_node_say_text(out, "INVALID", "it was not asked for");
}

static void the_inbox_is_a_table_or_csv(void **state)
{
    struct run_cli run = RUN(one_came_in, "inbox", "--from", "枫源村", "--csv");
    assert_non_null(strstr(run.out,
                           MARK "escalation,from,received,state,title,reason,"
                                "nobody serves it\r\n"
                                "30313233343536373839616263646566"
                                "30313233343536373839616263646566,枫源村,2026-"));
    assert_non_null(strstr(run.out, ",,,'@SUM(1),nobody serves it\r\n"));
    run_cli_deinit(&run);
    run = RUN(hostile_inbox, "inbox", "--unserved", "--csv");
    assert_int_equal(run.code, EXIT_DONE);
    run_cli_deinit(&run);
    run = RUN(one_came_in, "inbox");
    assert_non_null(strstr(run.out, "303132333435"));
    run_cli_deinit(&run);
}

/* --- xlsx --- */

/* The text of the one sheet, from the zip as stock software would read it; the caller's.
 */
static char *sheet_of(const char *path)
{
    static const char name[] = "xl/worksheets/sheet1.xml";
    static uint8_t zip[65536];
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    size_t len = fread(zip, 1, sizeof(zip), file);
    assert_int_equal(fclose(file), 0);
    assert_true(len > 100 && len < sizeof(zip));
    assert_memory_equal(zip, "PK\x03\x04", 4);
    size_t at = 0;
    while (at + 30 < len && (memcmp(zip + at, "PK\x03\x04", 4) != 0 ||
                             memcmp(zip + at + 30, name, strlen(name)) != 0))
        at++;
    assert_true(at + 30 < len);
    size_t skipped = 30 + zip[at + 26] + zip[at + 28];
    char *text = calloc(1, 65536);
    assert_non_null(text);
    z_stream stream = {.next_in = zip + at + skipped,
                       .avail_in = (uInt)(len - at - skipped),
                       .next_out = (Bytef *)text,
                       .avail_out = 65535};
    assert_int_equal(inflateInit2(&stream, -MAX_WBITS), Z_OK);
    assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
    assert_int_equal(inflateEnd(&stream), Z_OK);
    return text;
}

static void hostile(struct bytes method, struct bytes arguments, unsigned call,
                    struct buf *out)
{
    pack_str(out, "OK");
    pack_map(out, 2);
    pack_str(out, "cases");
    pack_array(out, 2);
    pack_case(out, "2026-0002", "=1+1");
    pack_case(out, "2026-0001", "<a>&\x1b[31m");
    pack_more(out, false);
    if (!answer_is_true(arguments, "export"))
        buf_clear(out); /* cases of minors would be among them */
}

static void a_spreadsheet_file_has_texts_that_do_not_run(void **state)
{
    char folder[] = "/tmp/fengqiao-xlsx-XXXXXX", path[64];
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof(path), "%s/cases.xlsx", folder);

    struct run_cli run = RUN(hostile, "case", "list", "--xlsx", path);

    assert_int_equal(run.code, EXIT_DONE);
    assert_string_equal(run.out, "");
    char *sheet = sheet_of(path);
    assert_non_null(strstr(sheet, "t=\"inlineStr\"><is><t>=1+1</t>"));
    assert_non_null(strstr(sheet, "<t>&lt;a&gt;&amp;\\u001b[31m</t>"));
    assert_non_null(strstr(sheet, "<t>邻里</t>"));
    assert_null(strstr(sheet, "<f>"));
    free(sheet);
    run_cli_deinit(&run);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0); /* nothing else was left there */
}

static void what_goes_into_a_file_is_asked_for_without_cases_of_minors(void **state)
{
    struct run_cli run = RUN(hostile, "case", "list", "--csv");
    assert_int_equal(run.code, EXIT_DONE);
    run_cli_deinit(&run);
    run = RUN(hostile, "inbox", "--csv");
    assert_int_equal(run.code, EXIT_DONE);
    run_cli_deinit(&run);
}

static void a_spreadsheet_file_that_cannot_be_written_leaves_nothing(void **state)
{
    struct run_cli run = RUN(hostile, "case", "list", "--xlsx", "/nowhere/cases.xlsx");
    assert_int_equal(run.code, EXIT_FAILED);
    assert_non_null(strstr(run.err, "NOT written"));
    run_cli_deinit(&run);
    run = RUN(hostile, "case", "list", "--xlsx", "/dev/null");
    assert_int_equal(run.code, EXIT_FAILED);
    assert_non_null(strstr(run.err, "not a plain file"));
    run_cli_deinit(&run);
}

static void no_more_rows_than_a_spreadsheet_holds(void **state)
{
    struct buf result = {0};
    struct err err = {0};
    pack_map(&result, 1);
    pack_str(&result, "cases");
    pack_array(&result, 1048576);
    for (uint32_t i = 0; i < 1048576; i++)
        pack_nil(&result);
    const struct sheet sheet = {.result = buf_bytes(&result), .list = "cases"};

    assert_int_equal(sheet_xlsx(&sheet, "/tmp/never.xlsx", &err), STATUS_TOO_LARGE);

    assert_non_null(strstr(err.text, "at most 1048575 rows"));
    buf_deinit(&result);
}

/* ---- what the library refuses ---- */

static const char *no_memory_for; /* a call of the library */
static unsigned calls_before;

static bool is_out_of_memory(const char *call)
{
    if (no_memory_for == NULL || strcmp(no_memory_for, call) != 0)
        return false;
    return calls_before-- == 0;
}

lxw_workbook *__real_workbook_new_opt(const char *path, lxw_workbook_options *options);
lxw_workbook *__wrap_workbook_new_opt(const char *path, lxw_workbook_options *options);
lxw_workbook *__wrap_workbook_new_opt(const char *path, lxw_workbook_options *options)
{
    return is_out_of_memory("book") ? NULL : __real_workbook_new_opt(path, options);
}

lxw_worksheet *__real_workbook_add_worksheet(lxw_workbook *book, const char *name);
lxw_worksheet *__wrap_workbook_add_worksheet(lxw_workbook *book, const char *name);
lxw_worksheet *__wrap_workbook_add_worksheet(lxw_workbook *book, const char *name)
{
    return is_out_of_memory("page") ? NULL : __real_workbook_add_worksheet(book, name);
}

lxw_format *__real_workbook_add_format(lxw_workbook *book);
lxw_format *__wrap_workbook_add_format(lxw_workbook *book);
lxw_format *__wrap_workbook_add_format(lxw_workbook *book)
{
    return is_out_of_memory("format") ? NULL : __real_workbook_add_format(book);
}

static void a_spreadsheet_without_memory_leaves_nothing(void **state)
{
    static const struct {
        const char *call;
        unsigned before;
    } rows[] = {{"book", 0}, {"page", 0}, {"format", 0}, {"format", 1}};
    char folder[] = "/tmp/fengqiao-xlsx-XXXXXX", path[64];
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof(path), "%s/cases.xlsx", folder);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        no_memory_for = rows[i].call;
        calls_before = rows[i].before;
        struct run_cli run = RUN(hostile, "case", "list", "--xlsx", path);
        no_memory_for = NULL;
        assert_int_equal(run.code, EXIT_FAILED);
        assert_string_equal(run.out, "");
        assert_non_null(strstr(run.err, "no memory is left"));
        run_cli_deinit(&run);
        assert_int_equal(access(path, F_OK), -1);
    }
    assert_int_equal(rmdir(folder), 0); /* nothing else was left there */
}

/* What is no time of any calendar, no id or not true leaves its cell empty; and a name
 * without a folder is one of this folder. */
static void a_spreadsheet_has_only_what_is_so(void **state)
{
    static const struct sheet_column columns[] = {{"since", "since", SHEET_TIME},
                                                  {"op", "op", SHEET_ID},
                                                  {"late", "late", SHEET_FLAG}};
    static const uint64_t moments[] = {0, 1790000000, (uint64_t)1 << 40};
    const struct id id = {{0xab, 0xcd}};
    char folder[] = "/tmp/fengqiao-xlsx-XXXXXX", before[4096];
    struct buf result = {0};
    struct err err = {0};
    pack_map(&result, 1);
    pack_str(&result, "rows");
    pack_array(&result, 3);
    for (size_t i = 0; i < 3; i++) {
        pack_map(&result, 3);
        pack_str(&result, "late");
        pack_bool(&result, i == 1);
        pack_str(&result, "op");
        pack_bin(&result, id.bytes, i == 1 ? ID_SIZE : 4);
        pack_str(&result, "since");
        pack_uint(&result, moments[i]);
    }
    const struct sheet sheet = {.columns = columns,
                                .columns_len = 3,
                                .result = buf_bytes(&result),
                                .list = "rows"};
    assert_non_null(getcwd(before, sizeof(before)));
    assert_non_null(mkdtemp(folder));
    assert_int_equal(chdir(folder), 0);

    assert_int_equal(sheet_xlsx(&sheet, "rows.xlsx", &err), STATUS_OK);

    char *text = sheet_of("rows.xlsx");
    assert_non_null(strstr(text, "<c r=\"A3\""));
    assert_non_null(strstr(text, "<t>abcd0000"));
    assert_non_null(strstr(text, "<c r=\"C3\" t=\"inlineStr\"><is><t>late</t>"));
    assert_null(strstr(text, "r=\"A2\""));
    assert_null(strstr(text, "r=\"A4\""));
    assert_null(strstr(text, "r=\"B4\""));
    assert_null(strstr(text, "r=\"C4\""));
    free(text);
    assert_int_equal(unlink("rows.xlsx"), 0);
    assert_int_equal(chdir(before), 0);
    assert_int_equal(rmdir(folder), 0); /* nothing else was left there */
    buf_deinit(&result);
}

/* The library keeps rows in a file of its own and looks at no result of writing them. */
static void a_spreadsheet_file_is_never_cut_short(void **state)
{
    static const struct sheet_column column = {"title", "title", SHEET_TEXT};
    enum { ROWS = 4000 };
    char folder[] = "/tmp/fengqiao-xlsx-XXXXXX", path[64];
    struct buf result = {0};
    struct err err = {0};
    struct rlimit all, little;
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof(path), "%s/cases.xlsx", folder);
    pack_map(&result, 1);
    pack_str(&result, "cases");
    pack_array(&result, ROWS);
    for (uint32_t i = 0; i < ROWS; i++) {
        pack_map(&result, 1);
        pack_str(&result, "title");
        pack_str(&result, "the same in each row, which packs well");
    }
    const struct sheet sheet = {.columns = &column,
                                .columns_len = 1,
                                .result = buf_bytes(&result),
                                .list = "cases"};
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &all), 0);
    little = all;
    little.rlim_cur = 100000; /* enough for the packed file, not for its rows */
    (void)signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
    enum status status = sheet_xlsx(&sheet, path, &err);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &all), 0);
    assert_int_equal(status, STATUS_IO);
    assert_non_null(strstr(err.text, "NOT written"));
    assert_int_equal(access(path, F_OK), -1);

    assert_int_equal(sheet_xlsx(&sheet, path, &err), STATUS_OK);
    struct stat info;
    assert_int_equal(stat(path, &info), 0);
    assert_true(info.st_size < 100000);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0); /* nothing else was left there */
    buf_deinit(&result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_pages_are_one_list),
        cmocka_unit_test(a_limit_ends_and_says_how_to_go_on),
        cmocka_unit_test(csv_has_a_mark_and_no_formula_runs),
        cmocka_unit_test(every_filter_is_asked_for),
        cmocka_unit_test(the_first_day_there_is_begins_at_the_first_second),
        cmocka_unit_test(C1_what_is_no_day_or_number_is_refused_before_the_node_is_asked),
        cmocka_unit_test(the_inbox_is_a_table_or_csv),
        cmocka_unit_test(a_spreadsheet_file_has_texts_that_do_not_run),
        cmocka_unit_test(what_goes_into_a_file_is_asked_for_without_cases_of_minors),
        cmocka_unit_test(a_spreadsheet_file_that_cannot_be_written_leaves_nothing),
        cmocka_unit_test(no_more_rows_than_a_spreadsheet_holds),
        cmocka_unit_test(a_spreadsheet_without_memory_leaves_nothing),
        cmocka_unit_test(a_spreadsheet_has_only_what_is_so),
        cmocka_unit_test(a_spreadsheet_file_is_never_cut_short),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
