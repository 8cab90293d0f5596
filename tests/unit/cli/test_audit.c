/* What a person sees of an audit: findings, a sample, a story, and what was noted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/answer.h"
#include "cli/cli.h"
#include "tests/unit/cli/against.h"
#include "tests/unit/cli/from_json.h"

#define ARGUMENTS(...)                                                                   \
    (const char *const[])                                                                \
    {                                                                                    \
        __VA_ARGS__, NULL                                                                \
    }

#define ID_A "0xaa00000000000000000000000000000000000000000000000000000000000000"
#define ID_B "0xbb00000000000000000000000000000000000000000000000000000000000000"
#define ID_C "0xcc00000000000000000000000000000000000000000000000000000000000000"

/* --- findings --- */

#define FINDING_TAIL "\"zh_cn\":\"…\"}"

static const char first_page[] =
    "{\"clock_trusted\":null,\"failing\":1,\"findings\":[{\"author\":\"" ID_A
    "\",\"author_name\":\"陈某\\u001b[2J\",\"author_site\":\"枫源村\",\"due\":\"\","
    "\"field\":\"title\",\"kind\":\"case\",\"machine\":null,\"number\":\"2026-0001\","
    "\"op\":\"" ID_A "\",\"open\":false,\"says\":\"…\",\"scope\":null,\"seal\":null,"
    "\"site\":null,\"site_name\":\"\",\"word\":\"late-consent\"," FINDING_TAIL
    "],\"left_out\":2,\"looked\":{\"ops\":100,\"scopes\":64,\"seals\":0},"
    "\"next\":\"seal 0\",\"scopes_last\":70}";

static const char last_page[] =
    "{\"clock_trusted\":false,\"failing\":0,\"findings\":[{\"author\":null,"
    "\"author_name\":\"\",\"author_site\":\"\",\"due\":\"\",\"field\":\"\",\"kind\":"
    "\"escalation\",\"machine\":\"" ID_C "\",\"number\":null,\"op\":null,"
    "\"open\":true,\"says\":\"…\",\"scope\":\"" ID_B "\",\"seal\":null,\"site\":"
    "\"" ID_B "\",\"site_name\":\"示例县\",\"word\":\"no-receipt\"," FINDING_TAIL
    ",{\"author\":null,\"author_name\":\"\",\"author_site\":\"\",\"due\":\"\",\"field\":"
    "\"\",\"kind\":\"\",\"machine\":null,\"number\":null,\"op\":null,\"open\":true,"
    "\"says\":\"…\",\"scope\":null,\"seal\":7,\"site\":null,\"site_name\":\"\",\"word\":"
    "\"seal-unlike\"," FINDING_TAIL
    "],\"left_out\":0,\"looked\":{\"ops\":0,\"scopes\":3,\"seals\":4},\"next\":null,"
    "\"scopes_last\":70}";

static const char nothing_page[] =
    "{\"clock_trusted\":true,\"failing\":0,\"findings\":[],\"left_out\":0,\"looked\":"
    "{\"ops\":9,\"scopes\":3,\"seals\":1},\"next\":null,\"scopes_last\":3}";

/* --- a sample and a story --- */

#define DRAWN(rank, number)                                                              \
    "{\"kind\":\"case\",\"number\":\"" number "\",\"rank\":\"" rank                      \
    "\",\"scope\":null,\"site\":null,\"site_name\":\"枫源村\",\"state\":\"closed\"}"

static const char sample_one[] = "{\"next\":20000,\"sample\":[" DRAWN(
    ID_A, "2026-0001") "," DRAWN(ID_C, "2026-0003") "]}";
static const char sample_two[] =
    "{\"next\":null,\"sample\":[" DRAWN(ID_B, "2026-0002") "]}";

static const char story[] =
    "{\"escalation\":\"" ID_A
    "\",\"failing\":1,\"findings\":[],\"left_out\":0,\"steps\":["
    "{\"author\":\"" ID_A
    "\",\"author_name\":\"陈某\",\"author_site\":\"枫源村\\u001b[2J\","
    "\"kind\":\"escalate\",\"op\":\"" ID_A "\",\"position\":7,\"refused\":\"\",\"says\":"
    "\"sent the record "
    "up\",\"seal\":{\"cosigned\":[\"fengqiao/fqk1w\",\"fengqiao/fqk1v\"],"
    "\"place\":3,\"wall\":0},\"wall\":0,\"zh_cn\":\"…\"},"
    "{\"author\":\"" ID_B "\",\"author_name\":\"\",\"author_site\":\"青河镇\",\"kind\":"
    "\"received\",\"op\":\"" ID_B "\",\"position\":8,\"refused\":\"no-right\",\"says\":"
    "\"received the "
    "record\",\"seal\":{\"cosigned\":[],\"place\":4,\"wall\":0},\"wall\":0,"
    "\"zh_cn\":\"…\"},"
    "{\"author\":\"" ID_B
    "\",\"author_name\":\"窗口\",\"author_site\":\"青河镇\",\"kind\":"
    "\"opened\",\"op\":\"" ID_C "\",\"position\":9,\"refused\":\"\",\"says\":"
    "\"opened the record\",\"seal\":null,\"wall\":0,\"zh_cn\":\"…\"}],"
    "\"steps_left_out\":12}";

static void say(struct buf *out, const char *json)
{
    pack_str(out, "OK");
    from_json(out, json);
}

/* H("fengqiao/1/evidence-file", "x"), as b2sum has it. */
#define DIGEST "1ea8272371a8cfa78a01d94aec510e36e646a9d4d08643ceadd9f70b3fd098eb"

static bool has_digest(struct bytes arguments)
{
    struct bytes evidence = answer_bin(arguments, "evidence");
    char hex[65] = "";
    if (evidence.len == 32)
        hex_encode(hex, evidence.data, 32);
    return strcmp(hex, DIGEST) == 0;
}

static void answer(struct bytes method, struct bytes arguments, unsigned call,
                   struct buf *out)
{
    (void)call;
    if (bytes_equal_str(method, "unlock"))
        say(out, "{}");
    else if (bytes_equal_str(method, "audit"))
        say(out, bytes_equal_str(answer_text(arguments, "after"), "seal 0") ? last_page
                                                                            : first_page);
    else if (bytes_equal_str(method, "audit.sample"))
        say(out, answer_uint(arguments, "after") == 20000 ? sample_two : sample_one);
    else if (bytes_equal_str(method, "audit.explain"))
        say(out, story);
    else if (bytes_equal_str(method, "audit.note") && has_digest(arguments))
        say(out, "{\"op\":\"" ID_A "\"}");
    else
        fake_node_say_text(out, "DENIED", "that is no auditor's");
}

static void sound(struct bytes method, struct bytes arguments, unsigned call,
                  struct buf *out)
{
    (void)call;
    say(out, nothing_page);
}

/* Its pages have no end. */
static void circles(struct bytes method, struct bytes arguments, unsigned call,
                    struct buf *out)
{
    (void)call;
    say(out, bytes_equal_str(method, "audit") ? first_page : sample_one);
}

static void assert_says(const struct run_cli *run, const char *text)
{
    if (strstr(run->out, text) == NULL)
        fail_msg("'%s' lacks '%s'", run->out, text);
}

static void M4_what_fails_and_what_is_open_is_listed_and_explained(void **state)
{
    struct run_cli run = run_against(answer, ARGUMENTS("audit"));

    assert_int_equal(run.code, EXIT_UNVERIFIED);
    assert_says(&run, "FAILS  late-consent");
    assert_says(&run, "2026-0001");
    assert_says(&run, "open   no-receipt");
    assert_says(&run, "示例县 cc000000");
    assert_says(&run, "seal 7");
    assert_says(&run, "late-consent: a consent that it claims came later, or had been "
                      "taken back before.\n");
    assert_says(&run, "2 more findings of these are not listed.\n");
    assert_says(&run, "The clock of this machine is not trusted");
    assert_says(&run, "Looked at 67 cases, records and charters with 100 ops, and at 4 "
                      "seals. 1 of the findings fail.\n");
    assert_null(strchr(run.out, '\x1b'));
    assert_null(strstr(run.out, "not-opened:"));
    run_cli_deinit(&run);
}

static void the_pages_of_an_audit_are_one_answer_as_json(void **state)
{
    struct run_cli run = run_against(answer, ARGUMENTS("audit", "--json"));

    assert_int_equal(run.code, EXIT_UNVERIFIED);
    assert_memory_equal(run.out, "{\"clock_trusted\":false,\"failing\":1,\"findings\":[{",
                        45);
    assert_says(&run,
                "\"left_out\":2,\"looked\":{\"ops\":100,\"scopes\":67,\"seals\":4}}");
    run_cli_deinit(&run);
}

static void where_nothing_fails_the_audit_ends_well(void **state)
{
    struct run_cli run = run_against(sound, ARGUMENTS("audit"));

    assert_int_equal(run.code, EXIT_DONE);
    assert_string_equal(
        run.out, "Nothing was found.\nLooked at 3 cases, records and charters with "
                 "9 ops, and at 1 seals. Nothing fails.\n");
    run_cli_deinit(&run);
}

static void a_node_whose_pages_have_no_end_is_not_followed(void **state)
{
    struct run_cli run = run_against(circles, ARGUMENTS("audit"));
    assert_int_equal(run.code, EXIT_FAILED);
    assert_non_null(strstr(run.err, "same page again"));
    run_cli_deinit(&run);

    run = run_against(circles, ARGUMENTS("audit", "sample", "--n", "2", "--seed", "s"));
    assert_int_equal(run.code, EXIT_FAILED);
    assert_non_null(strstr(run.err, "same page again"));
    run_cli_deinit(&run);
}

static void of_the_pages_of_a_sample_the_lowest_ranks_count(void **state)
{
    struct run_cli run =
        run_against(answer, ARGUMENTS("audit", "sample", "--n", "2", "--seed", "s"));
    assert_int_equal(run.code, EXIT_DONE);
    const char *first = strstr(run.out, "2026-0001");
    assert_non_null(first);
    assert_non_null(strstr(first, "2026-0002"));
    assert_null(strstr(run.out, "2026-0003"));
    run_cli_deinit(&run);

    run = run_against(answer,
                      ARGUMENTS("audit", "sample", "--n", "2", "--seed", "s", "--json"));
    assert_int_equal(run.code, EXIT_DONE);
    assert_memory_equal(run.out, "{\"sample\":[{\"kind\":\"case\"", 25);
    run_cli_deinit(&run);

    static const char *const numbers[] = {"0", "401", "x"};
    for (size_t i = 0; i < 3; i++) {
        run = run_cli(ARGUMENTS("audit", "sample", "--n", numbers[i], "--seed", "s"));
        assert_int_equal(run.code, EXIT_USAGE);
        run_cli_deinit(&run);
    }
}

static void M4_a_story_is_told_step_by_step(void **state)
{
    struct run_cli run = run_against(answer, ARGUMENTS("audit", "explain", "aa000000"));

    assert_int_equal(run.code, EXIT_UNVERIFIED);
    assert_says(&run, "  1. -  陈某 of 枫源村\\u001b[2J sent the record up\n     op "
                      "aa0000000000, place 7 of the ledger, seal 3 of -, cosigned by "
                      "fengqiao/fqk1w, fengqiao/fqk1v\n");
    assert_says(&run, "  2. -  a machine of 青河镇 received the record - without effect: "
                      "no-right\n     op bb0000000000, place 8 of the ledger, seal 4 of "
                      "-, cosigned by nobody yet\n");
    assert_says(&run, "place 9 of the ledger, not sealed yet\n");
    assert_says(&run, "12 later steps are not shown.\n");
    assert_null(strchr(run.out, '\x1b'));
    run_cli_deinit(&run);

    run = run_against(answer, ARGUMENTS("audit", "explain", "aa000000", "--json"));
    assert_int_equal(run.code, EXIT_UNVERIFIED);
    assert_memory_equal(run.out, "{\"escalation\":", 14);
    run_cli_deinit(&run);
}

static void a_note_carries_the_digest_of_its_evidence_as_stock_tools_find_it(void **state)
{
    char path[64];
    (void)snprintf(path, sizeof(path), "/tmp/fengqiao-audit-%ld", (long)getpid());
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fputc('x', file), 'x');
    assert_int_equal(fclose(file), 0);

    struct run_cli run =
        run_against(answer, ARGUMENTS("audit", "note", "aa000000", "--verdict", "holds",
                                      "--text", "无误", "--evidence", path));
    assert_int_equal(run.code, EXIT_DONE);
    assert_says(&run, "Noted, for everybody who holds it.");
    run_cli_deinit(&run);
    assert_int_equal(unlink(path), 0);

    run = run_cli(ARGUMENTS("audit", "note", "aa000000", "--verdict", "holds", "--text",
                            "无误", "--evidence", path));
    assert_int_equal(run.code, EXIT_FAILED);
    assert_non_null(strstr(run.err, "No such file"));
    run_cli_deinit(&run);
    run = run_cli(ARGUMENTS("audit", "note", "aa000000", "--verdict", "holds", "--text",
                            "无误", "--evidence", "/"));
    assert_int_equal(run.code, EXIT_FAILED);
    assert_non_null(strstr(run.err, "cannot be read to its end"));
    run_cli_deinit(&run);
}

static void who_may_not_is_told_so(void **state)
{
    struct run_cli run =
        run_against(answer, ARGUMENTS("audit", "note", "aa000000", "--verdict", "holds",
                                      "--text", "t"));
    assert_int_equal(run.code, EXIT_DENIED);
    run_cli_deinit(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(M4_what_fails_and_what_is_open_is_listed_and_explained),
        cmocka_unit_test(the_pages_of_an_audit_are_one_answer_as_json),
        cmocka_unit_test(where_nothing_fails_the_audit_ends_well),
        cmocka_unit_test(a_node_whose_pages_have_no_end_is_not_followed),
        cmocka_unit_test(of_the_pages_of_a_sample_the_lowest_ranks_count),
        cmocka_unit_test(M4_a_story_is_told_step_by_step),
        cmocka_unit_test(
            a_note_carries_the_digest_of_its_evidence_as_stock_tools_find_it),
        cmocka_unit_test(who_may_not_is_told_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
