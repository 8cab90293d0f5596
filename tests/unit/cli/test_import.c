/* import: many cases from a table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/answer.h"
#include "cli/cli.h"
#include "cli/import_table.h"
#include "proto/limits.h"
#include "proto/pack.h"
#include "tests/unit/cli/fake_node.h"
#include "tests/unit/cli/run_cli.h"

#define HEADER                                                                           \
    "village,number,opened,category,title,narrative,context,party1,role1,party2,role2,"  \
    "found_by,fate,closed,outcome\n"

/* Takes all rows, but has something to say about those that are called "bad"; "full" ends
 * the work when it is to be taken. */
static void taking(struct bytes method, struct bytes arguments, unsigned call,
                   struct buf *out)
{
    struct bytes row;
    struct buf problems = {0};
    uint32_t bad = 0, number = 0;
    bool is_full = false;
    struct answer_list rows = answer_list(arguments, "rows");
    uint32_t count = rows.left;
    if (bytes_equal_str(method, "unlock")) {
        pack_str(out, call == 0 ? "OK" : "BUSY");
        pack_map(out, 0);
        return;
    }
    for (; answer_next(&rows, &row); number++) {
        is_full = is_full || bytes_equal_str(answer_text(row, "title"), "full");
        if (!bytes_equal_str(answer_text(row, "title"), "bad"))
            continue;
        bad++;
        pack_map(&problems, 3);
        pack_str(&problems, "field");
        pack_str(&problems, "title");
        pack_str(&problems, "problem");
        pack_str(&problems, "it is bad\x1b[31m");
        pack_str(&problems, "row");
        pack_uint(&problems, number);
    }
    if (is_full && !answer_is_true(arguments, "check")) {
        pack_str(out, "FULL");
        pack_str(out, "no room");
        buf_deinit(&problems);
        return;
    }
    pack_str(out, "OK");
    pack_map(out, 3);
    pack_str(out, "known");
    pack_uint(out, 1);
    pack_str(out, "problems");
    pack_array(out, bad);
    buf_append(out, &problems);
    pack_str(out, "taken");
    pack_uint(out, bad > 0 ? 0 : count - 1);
    buf_deinit(&problems);
}

static struct run_cli import(const char *table, const char *const more[])
{
    struct fake_node node;
    char path[96];
    const char *arguments[16] = {"import", path};
    fake_node_start(&node, taking);
    (void)snprintf(path, sizeof(path), "%s/cases.csv", node.dir);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(table, file);
    assert_int_equal(fclose(file), 0);
    for (int i = 0; more && more[i]; i++)
        arguments[2 + i] = more[i];
    struct run_cli run = run_cli(arguments);
    fake_node_stop(&node);
    return run;
}

static char *long_table(int rows)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    fputs(HEADER, out);
    for (int i = 0; i < rows; i++)
        fprintf(out, "石桥村,%d,,邻里,题,文,,张某,applicant,李某,respondent,,,,\n", i);
    assert_int_equal(fclose(out), 0);
    return text;
}

static void every_row_becomes_a_case_in_as_few_requests_as_it_takes(void **state)
{
    (void)state;
    char *table = long_table(2 * IMPORT_ROWS_MAX + 1);
    struct run_cli run = import(table, NULL);

    assert_int_equal(run.code, EXIT_DONE);
    assert_string_equal(run.out, "1998 cases taken, 3 were here already.\n");
    assert_string_equal(run.err, "");
    run_cli_deinit(&run);
    run = import(table, (const char *const[]){"--dry-run", NULL});
    assert_string_equal(run.out, "1998 cases would be taken, 3 are here already.\n");
    run_cli_deinit(&run);
    free(table);
}

static void all_that_is_wrong_is_said_and_nothing_is_taken(void **state)
{
    (void)state;
    const char *table =
        HEADER "v,1,,c,t,n,,a,x,b,y,,,,\nv,2,,c,bad,\"two\nlines\",,a,x,b,y,,,,\n"
               "v,3,,c,t,n,,a,x,b,y,,,,\nv,4,,c,bad,n,,a,x,b,y,,,,\n";
    struct run_cli run = import(table, NULL);

    assert_int_equal(run.code, EXIT_FAILED);
    assert_string_equal(run.out, "");
    assert_string_equal(run.err,
                        "line 3: it is bad\\u001b[31m\nline 6: it is bad\\u001b[31m\n"
                        "fengqiao: 2 things are wrong; nothing was taken. Mend the lines "
                        "and take the table again\n");
    run_cli_deinit(&run);
    run = import(table, (const char *const[]){"--json", NULL});
    assert_int_equal(run.code, EXIT_FAILED);
    assert_non_null(strstr(run.out, "{\"known\":1,\"problems\":[{\"field\":\"title\","
                                    "\"line\":3,\"problem\":\"it is bad"));
    assert_non_null(strstr(run.out, "\"taken\":0,\"wrong\":2}\n"));
    run_cli_deinit(&run);
}

static void of_many_problems_the_first_hundred_are_said(void **state)
{
    (void)state;
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    fputs(HEADER, out);
    for (int i = 0; i < 120; i++)
        fputs("v,1,,c,bad,n,,a,x,b,y,,,,\n", out);
    assert_int_equal(fclose(out), 0);

    struct run_cli run = import(text, NULL);

    assert_non_null(strstr(run.err, "line 101: "));
    assert_null(strstr(run.err, "line 102: "));
    assert_non_null(strstr(run.err, "120 things are wrong"));
    run_cli_deinit(&run);
    free(text);
}

static void a_node_without_room_ends_the_work_and_says_how_to_go_on(void **state)
{
    (void)state;
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    fputs(HEADER, out);
    for (int i = 0; i < IMPORT_ROWS_MAX + 1; i++)
        fprintf(out, "v,1,,c,%s,n,,a,x,b,y,,,,\n", i < IMPORT_ROWS_MAX ? "t" : "full");
    assert_int_equal(fclose(out), 0);

    struct run_cli run = import(text, NULL);

    assert_int_equal(run.code, EXIT_FAILED);
    assert_string_equal(run.out, "");
    assert_non_null(strstr(run.err, "no room"));
    assert_non_null(strstr(run.err, "999 cases were taken before that; take the same "
                                    "table again"));
    run_cli_deinit(&run);
    free(text);
}

static void one_village_and_a_limit_choose_rows(void **state)
{
    (void)state;
    const char *table = HEADER "a,1,,c,t,n,,a,x,b,y,,,,\nb,2,,c,t,n,,a,x,b,y,,,,\n"
                               "a,3,,c,t,n,,a,x,b,y,,,,\na,4,,c,t,n,,a,x,b,y,,,,\n";

    struct run_cli run = import(table, (const char *const[]){"--village", "a", NULL});
    assert_string_equal(run.out, "2 cases taken, 1 were here already.\n");
    run_cli_deinit(&run);

    run = import(table, (const char *const[]){"--village", "a", "--limit", "2", NULL});
    assert_string_equal(run.out, "1 cases taken, 1 were here already.\n");
    run_cli_deinit(&run);
    run = run_cli((const char *const[]){"import", "x", "--limit", "two", NULL});
    assert_int_equal(run.code, EXIT_USAGE);
    run_cli_deinit(&run);
}

/* Row C1. */
static void C1_a_table_that_is_none_is_refused_before_the_node_is_asked(void **state)
{
    static const char *const tables[][2] = {
        {"", "empty"},
        {"title,narrative\nx,y\n", "no column \"category\""},
        {"category,title,title,narrative\n", "two columns \"title\""},
        {HEADER "v,1,,c,\xff,n,,a,x,b,y,,,,\n", "line 2: a field is not UTF-8; save"},
        {HEADER "v,1,,\xc1\xda\xc0\xef,t,n,,a,x,b,y,,,,\n", "GB18030"},
        {HEADER "v,1,,\x81\x30\x81\x30,t,n,,a,x,b,y,,,,\n", "GB18030"},
        {"\xff\xfe"
         "category",
         "UTF-16"},
        {"\xfe\xff"
         "category",
         "UTF-16"},
        {HEADER "v,1,,c,t,n,,\"a\n", "never closed"},
    };
    (void)state;
    /* Where no directory is named, whoever asks says so, and not what is wrong here. */
    (void)unsetenv("FENGQIAO_DIR");
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
        char path[] = "/tmp/fengqiao-import-XXXXXX";
        int fd = mkstemp(path);
        ssize_t len = (ssize_t)strlen(tables[i][0]);
        assert_true(fd >= 0 && write(fd, tables[i][0], (size_t)len) == len);
        assert_int_equal(close(fd), 0);
        struct run_cli run = run_cli((const char *const[]){"import", path, NULL});
        assert_int_equal(unlink(path), 0);
        assert_int_equal(run.code, EXIT_FAILED);
        if (strstr(run.err, tables[i][1]) == NULL)
            fail_msg("%s", run.err);
        assert_string_equal(run.out, "");
        run_cli_deinit(&run);
    }
    struct run_cli run = run_cli((const char *const[]){"import", "/nowhere.csv", NULL});
    assert_int_equal(run.code, EXIT_FAILED);
    assert_non_null(strstr(run.err, "/nowhere.csv"));
    run_cli_deinit(&run);
}

/* --- the table itself --- */

static enum status read_table(const char *text, struct import_table *table)
{
    FILE *file = fmemopen((char *)(uintptr_t)text, strlen(text), "r");
    assert_non_null(file);
    enum status status = import_table_read(table, file, NULL, UINT64_MAX, NULL);
    assert_int_equal(fclose(file), 0);
    return status;
}

static struct bytes row_at(const struct import_table *table, uint32_t number)
{
    struct pack_reader reader = pack_reader_of(buf_bytes(&table->parts[0].rows));
    struct bytes row = {0};
    for (uint32_t i = 0; i <= number; i++)
        assert_int_equal(pack_value(&reader, 1, &row, NULL), STATUS_OK);
    return row;
}

static void rows_that_are_alike_have_ids_of_their_own_and_the_same_each_time(void **state)
{
    (void)state;
    struct import_table table, again;
    const char *text = "category,title,narrative\nc,t,n\nc,t,n\nc,u,n\n";
    assert_int_equal(read_table(text, &table), STATUS_OK);
    assert_int_equal(
        read_table("category,narrative,title,place\nc,n,u,\nc,n,t,\nc,n,t,\n", &again),
        STATUS_OK);

    assert_int_equal(table.rows, 3);
    assert_false(bytes_equal(answer_bin(row_at(&table, 0), "line"),
                             answer_bin(row_at(&table, 1), "line")));
    for (uint32_t i = 0; i < 3; i++)
        assert_true(bytes_equal(answer_bin(row_at(&table, i), "line"),
                                answer_bin(row_at(&again, (i + 1) % 3), "line")));
    import_table_deinit(&table);
    import_table_deinit(&again);
}

static void what_our_own_tables_make_harmless_reads_as_it_was(void **state)
{
    (void)state;
    struct import_table table;
    assert_int_equal(read_table("\xef\xbb\xbf"
                                "category,title,narrative\r\n"
                                "c,'=1+1,''-\r\nc,'一,'\r\n",
                                &table),
                     STATUS_OK);

    assert_true(bytes_equal_str(answer_text(row_at(&table, 0), "title"), "=1+1"));
    assert_true(bytes_equal_str(answer_text(row_at(&table, 0), "narrative"), "'-"));
    assert_true(bytes_equal_str(answer_text(row_at(&table, 1), "title"), "'一"));
    assert_true(bytes_equal_str(answer_text(row_at(&table, 1), "narrative"), "'"));
    import_table_deinit(&table);
}

static void no_request_is_larger_than_the_node_takes(void **state)
{
    (void)state;
    struct import_table table;
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    fputs("category,title,narrative\n", out);
    for (int i = 0; i < 10; i++)
        fprintf(out, "c,t,%0900000d\n", i);
    assert_int_equal(fclose(out), 0);

    assert_int_equal(read_table(text, &table), STATUS_OK);

    assert_int_equal(table.rows, 10);
    assert_int_equal(table.parts_len, 3);
    for (size_t i = 0; i < table.parts_len; i++)
        assert_true(table.parts[i].rows.len < CONTROL_MESSAGE_MAX - 1000);
    import_table_deinit(&table);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_becomes_a_case_in_as_few_requests_as_it_takes),
        cmocka_unit_test(all_that_is_wrong_is_said_and_nothing_is_taken),
        cmocka_unit_test(of_many_problems_the_first_hundred_are_said),
        cmocka_unit_test(a_node_without_room_ends_the_work_and_says_how_to_go_on),
        cmocka_unit_test(one_village_and_a_limit_choose_rows),
        cmocka_unit_test(C1_a_table_that_is_none_is_refused_before_the_node_is_asked),
        cmocka_unit_test(
            rows_that_are_alike_have_ids_of_their_own_and_the_same_each_time),
        cmocka_unit_test(what_our_own_tables_make_harmless_reads_as_it_was),
        cmocka_unit_test(no_request_is_larger_than_the_node_takes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
