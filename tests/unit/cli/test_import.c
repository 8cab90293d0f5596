/* import: many cases from a table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/answer.h"
#include "cli/cli.h"
#include "proto/pack.h"
#include "tests/unit/cli/fake_node.h"
#include "tests/unit/cli/run_cli.h"

#define HEADER                                                                           \
    "village,number,opened,category,title,narrative,context,party1,role1,party2,role2,"  \
    "found_by,fate,closed,outcome\n"

static void taking(struct bytes method, struct bytes arguments, unsigned call,
                   struct buf *out)
{
    struct pack_reader parties;
    if (bytes_equal_str(method, "unlock"))
        pack_str(out, call == 0 ? "OK" : "BUSY");
    else if (bytes_equal_str(answer_text(arguments, "title"), "bad"))
        pack_str(out, "INVALID");
    else if (bytes_equal_str(answer_text(arguments, "title"), "full"))
        pack_str(out, "FULL");
    else if (answer_list(arguments, "parties", &parties) == 2)
        pack_str(out, "OK");
    else
        pack_str(out, "TOO_LARGE");
    pack_str(out, "because");
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

static void every_row_becomes_a_case(void **state)
{
    (void)state;
    char *table = long_table(100);
    struct run_cli run = import(table, NULL);

    assert_int_equal(run.code, EXIT_DONE);
    assert_string_equal(run.out, "100 cases taken, 0 refused.\n");
    assert_string_equal(run.err, "");
    run_cli_deinit(&run);
    free(table);
}

static void a_refused_line_is_named_and_the_rest_goes_on(void **state)
{
    (void)state;
    struct run_cli run =
        import(HEADER "v,1,,c,t,n,,a,x,b,y,,,,\nv,2,,c,bad,\"two\nlines\",,a,x,b,y,,,,\n"
                      "v,3,,c,t,n,,a,x,b,y,,,,\nv,4,,c,bad,n,,a,x,b,y,,,,\n",
               (const char *const[]){"--json", NULL});

    assert_int_equal(run.code, EXIT_FAILED);
    assert_string_equal(run.out, "{\"refused\":2,\"taken\":2}\n");
    assert_string_equal(run.err, "line 3: refused: because\nline 6: refused: because\n");
    run_cli_deinit(&run);
}

static void a_node_without_room_ends_the_work(void **state)
{
    (void)state;
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    fputs(HEADER "v,1,,c,full,n,,a,x,b,y,,,,\n", out);
    for (int i = 0; i < 100; i++)
        fputs("v,1,,c,t,n,,a,x,b,y,,,,\n", out);
    assert_int_equal(fclose(out), 0);

    struct run_cli run = import(text, NULL);

    assert_int_equal(run.code, EXIT_FAILED);
    assert_string_equal(run.out, "15 cases taken, 1 refused.\n");
    run_cli_deinit(&run);
    free(text);
}

static void one_village_and_a_limit_choose_rows(void **state)
{
    (void)state;
    const char *table = HEADER "a,1,,c,t,n,,a,x,b,y,,,,\nb,2,,c,t,n,,a,x,b,y,,,,\n"
                               "a,3,,c,t,n,,a,x,b,y,,,,\na,4,,c,t,n,,a,x,b,y,,,,\n";

    struct run_cli run = import(table, (const char *const[]){"--village", "a", NULL});
    assert_string_equal(run.out, "3 cases taken, 0 refused.\n");
    run_cli_deinit(&run);

    run = import(table, (const char *const[]){"--village", "a", "--limit", "2", NULL});
    assert_string_equal(run.out, "2 cases taken, 0 refused.\n");
    run_cli_deinit(&run);
}

/* Row C1. */
static void C1_a_table_that_is_none_is_refused_before_the_node_is_asked(void **state)
{
    (void)state;
    struct run_cli run = import("", NULL);
    assert_int_equal(run.code, EXIT_FAILED);
    assert_non_null(strstr(run.err, "empty"));
    run_cli_deinit(&run);

    run = import("title,narrative\nx,y\n", NULL);
    assert_int_equal(run.code, EXIT_FAILED);
    assert_non_null(strstr(run.err, "no column \"category\""));
    run_cli_deinit(&run);

    run = run_cli((const char *const[]){"import", "/nowhere.csv", NULL});
    assert_int_equal(run.code, EXIT_FAILED);
    assert_non_null(strstr(run.err, "/nowhere.csv"));
    run_cli_deinit(&run);
}

static void a_damaged_row_ends_the_work_and_what_was_taken_is_said(void **state)
{
    (void)state;
    struct run_cli run =
        import(HEADER "v,1,,c,t,n,,a,x,b,y,,,,\nv,2,,c,\xff,n,,a,x,b,y,,,,\n", NULL);

    assert_int_equal(run.code, EXIT_FAILED);
    assert_non_null(strstr(run.err, "line 3: a field is not UTF-8"));
    assert_string_equal(run.out, "1 cases taken, 0 refused.\n");
    run_cli_deinit(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_becomes_a_case),
        cmocka_unit_test(a_refused_line_is_named_and_the_rest_goes_on),
        cmocka_unit_test(a_node_without_room_ends_the_work),
        cmocka_unit_test(one_village_and_a_limit_choose_rows),
        cmocka_unit_test(C1_a_table_that_is_none_is_refused_before_the_node_is_asked),
        cmocka_unit_test(a_damaged_row_ends_the_work_and_what_was_taken_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
