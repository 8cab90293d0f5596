/* What a healthy node seldom answers, told in words: each answer is written down here,
 * and said again with odd values and with memory that ends (against.h). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/cli.h"
#include "proto/pack.h"
#include "tests/unit/cli/against.h"
#include "tests/unit/cli/from_json.h"

#define ID "0x33fead000000000000000000000000000000000000000000000000000000ad33"

struct row {
    const char *words[10];
    const char *method, *answer, *other_answer; /* of any other method; NULL: {} */
    const char *told[10];
};

static const struct row *current;

static void answer_current(struct bytes method, struct bytes arguments, unsigned call,
                           struct buf *out)
{
    pack_str(out, "OK");
    if (bytes_equal_str(method, current->method))
        from_json(out, current->answer);
    else
        from_json(out, current->other_answer == NULL ? "{}" : current->other_answer);
}

static void expect_told(const struct row rows[], size_t len)
{
    for (size_t i = 0; i < len; i++) {
        current = &rows[i];
        struct run_cli run = run_against(answer_current, rows[i].words);
        if (run.code != EXIT_DONE)
            fail_msg("row %zu: %d, %s", i, run.code, run.err);
        for (size_t n = 0; rows[i].told[n] != NULL; n++)
            if (strstr(run.out, rows[i].told[n]) == NULL)
                fail_msg("row %zu: not %s in:\n%s", i, rows[i].told[n], run.out);
        run_cli_deinit(&run);
    }
}

#define EXPECT_TOLD(rows) expect_told(rows, sizeof(rows) / sizeof((rows)[0]))

static void a_node_says_what_somebody_should_look_after(void **state)
{
    static const struct row rows[] = {
        {{"status"},
         "status",
         "{\"loss\":\"a page was lost\",\"mended\":\"it was mended\",\"name\":\"枫源村\","
         "\"notices\":2,\"pastes\":3,\"pastes_ending\":1,\"unconfirmed\":[\"" ID
         "\"],\"unscrubbed\":true,\"peers\":[{\"name\":\"青河镇\",\"set_apart\":1},"
         "{\"name\":\"桥头镇\"}]}",
         "{\"state\":\"failed\",\"written_wall\":1000}",
         {"to be erased:   2", "pasted in:      3", "soon gone:      1",
          "a page was lost", "it was mended", "may still stand in gaps",
          "unconfirmed:", "makes by itself failed"}},
        {{"status"},
         "backup.status",
         "{\"state\":\"due\",\"written_wall\":1000}",
         "{\"unconfirmed\":[]}",
         {"another one is due"}},
        {{"backup", "status"},
         "backup.status",
         "{\"behind\":4,\"daily\":true,\"daily_failed\":\"no stick\",\"daily_wall\":1000,"
         "\"ops\":9,\"written_wall\":1000}",
         NULL,
         {"it failed: no stick", "9 entries; 4 since"}},
        {{"backup", "status"},
         "backup.status",
         "{\"daily\":true,\"daily_wall\":1000,\"verified_wall\":1000,\"written_wall\":"
         "1000}",
         NULL,
         {"and tried"}},
        {{"retention", "list"},
         "retention.list",
         "{\"clock\":\"trusted\",\"notices\":[{\"days_left\":7,\"number\":\"2026-0001\","
         "\"what\":\"identities\"}],\"rules\":[]}",
         NULL,
         {"There are no rules.", "2026-0001", "identities"}},
    };
    (void)state;
    EXPECT_TOLD(rows);
}

static void what_waits_for_stewards_has_a_name(void **state)
{
    static const struct row rows[] = {
        {{"quorum", "show"},
         "quorum.show",
         "{\"quorum\":3,\"stewards\":2,\"waiting\":[{\"by\":[\"陈某\"],\"key\":\"" ID
         "\",\"kind\":\"moon\",\"need\":3,\"op\":\"" ID
         "\",\"proposed_by\":\"陈某\"},{\"kind\":\"quorum\",\"number\":2}]}",
         NULL,
         {"There are fewer stewards than that", "something newer", "1 of 3",
          "another quorum   2"}},
        {{"recovery", "show"},
         "recovery.show",
         "{\"key\":\"" ID "\",\"overruled\":1}",
         NULL,
         {"Named beside it, and without power: 1."}},
    };
    (void)state;
    EXPECT_TOLD(rows);
}

static void a_case_says_what_became_of_it(void **state)
{
    static const struct row rows[] = {
        {{"case", "show", "2026-0001"},
         "case.show",
         "{\"number\":\"2026-0001\",\"records\":[{\"danger\":{\"confirmed\":false,"
         "\"reason\":\"有人持刀\"},\"escalation\":\"" ID
         "\",\"state\":\"sent\"},{\"danger\":{\"confirmed\":true,\"reason\":\"火\"},"
         "\"state\":\"sent\"},{\"state\":\"sent\"}],\"unserved\":[\"水利站\"],\"view\":"
         "{\"danger\":{\"confirmed\":false,\"reason\":\"火\"},\"minor\":true,"
         "\"parties\":[],\"triage\":{\"beyond\":true,\"decision\":\"escalate\"}}}",
         NULL,
         {"yes, NOT confirmed", "yes, a steward stands by it", "服务缺位:", "水利站",
          "above our competence: yes"}},
        {{"case", "show", "2026-0001"},
         "case.show",
         "{\"number\":\"2026-0001\",\"view\":{\"danger\":{\"confirmed\":true,"
         "\"reason\":\"火\"},\"identities\":[{\"party\":\"张某\"},{}]}}",
         NULL,
         {"sent without waiting for consents; a steward stands by it",
          "identity kept, sealed", "  张某\n", "  (erased)\n"}},
        {{"card", "show", "防汛"},
         "card.show",
         "{\"activations\":[{\"day\":\"2026-11-27\",\"number\":\"2026-0001\",\"reason\":"
         "\"上游来水\",\"version\":\"" ID "\"}],\"conflicts\":[\"title\"],\"title\":"
         "\"防汛\",\"versions\":[]}",
         NULL,
         {"Two versions stand side by side", "activated on", "上游来水"}},
        {{"escalate", "2026-0001", "--fields", "title", "--reason", "r", "--preview"},
         "escalate.preview",
         "{\"extra\":{},\"fields\":{\"title\":\"排水沟\"},\"files\":[{\"name\":\"沟."
         "jpg\","
         "\"size\":9,\"type\":\"image/jpeg\"}],\"to\":\"" ID "\",\"to_name\":\"青河镇\"}",
         NULL,
         {"These files leave, whole:", "沟.jpg", "Nothing else leaves."}},
        {{"recall", "list"},
         "recall.list",
         "{\"recalls\":[{\"escalation\":\"" ID
         "\",\"reason\":\"撤回\",\"title\":\"水沟\"},"
         "{\"escalation\":\"" ID "\",\"reason\":\"再撤\",\"title\":\"田埂\"}]}",
         NULL,
         {"撤回", "再撤"}},
    };
    (void)state;
    EXPECT_TOLD(rows);
}

static void machines_of_a_site_are_told_apart(void **state)
{
    static const struct row rows[] = {
        {{"node", "renew", "--again"},
         "node.renew",
         "{\"covered\":3,\"neighbours\":2}",
         NULL,
         {"in 3 scopes", "2 neighbours hear of it"}},
        {{"node", "revoke", "山上"},
         "node.revoke",
         "{\"cases\":4,\"covered\":3,\"records\":9}",
         NULL,
         {"4 cases and 9", "in 3 scopes"}},
        {{"paste", "list"},
         "paste.list",
         "{\"pastes\":[{\"paste\":1,\"text\":\"群里说\\r水沟又堵了\"},{\"paste\":2,"
         "\"text\":"
         "\"\"}]}",
         NULL,
         {"群里说"}},
        {{"quarantine", "show", "3"},
         "quarantine.show",
         "{\"bytes\":\"0x00ff\",\"number\":3,\"op\":\"" ID
         "\",\"reason\":\"no right\",\"wall\":1000}",
         NULL,
         {"no right", "33fead"}},
        {{"node", "at", "山上", "192.168.1.20:7450"},
         "node.at",
         "{}",
         NULL,
         {"It is dialed there"}},
        {{"sync", "--wait"},
         "sync",
         "{\"agreed\":[\"" ID "\"],\"waiting\":[]}",
         NULL,
         {"agreed with:", "Everything is handed over"}},
        {{"paste", "case", "1", "--category", "邻里", "--title", "t"},
         "paste.case",
         "{\"file\":\"" ID "\",\"number\":\"2026-0001\"}",
         NULL,
         {"2026-0001"}},
    };
    (void)state;
    EXPECT_TOLD(rows);
}

/* What a file may tell of who made it is said beside its id; and what cannot be written
 * down is not said to be. */
static void a_file_is_told_of_as_what_it_is(void **state)
{
    static const struct row added = {.method = "attach.add",
                                     .answer = "{\"op\":\"" ID
                                               "\",\"type\":\"application/pdf\"}"};
    static const struct row paper = {.method = "print", .answer = "{\"html\":\"0x3c\"}"};
    static const struct row kept = {.method = "attach.get",
                                    .answer = "{\"bytes\":\"0x3c\"}"};
    static const struct {
        const struct row *row;
        const char *words[8];
    } unwritten[] = {
        {&paper, {"print", "1", "--out", "/nowhere/p.html"}},
        {&kept, {"attach", "get", "1", "33fead", "--out", "/nowhere/a"}},
    };
    (void)state;
    current = &added;
    struct run_cli run = run_against(
        answer_current,
        (const char *const[]){"attach", "add", "1", "/dev/null", "--name", "p", NULL});
    assert_int_equal(run.code, EXIT_DONE);
    assert_string_equal(run.out, "33fead000000\n");
    assert_non_null(strstr(run.err, "as it is; a PDF may tell who made it"));
    run_cli_deinit(&run);
    run = run_against(answer_current,
                      (const char *const[]){"attach", "add", "1", "/tmp", NULL});
    assert_int_equal(run.code, EXIT_FAILED);
    assert_non_null(strstr(run.err, "/tmp cannot be read: "));
    run_cli_deinit(&run);
    for (size_t i = 0; i < sizeof(unwritten) / sizeof(unwritten[0]); i++) {
        current = unwritten[i].row;
        run = run_against(answer_current, unwritten[i].words);
        assert_int_equal(run.code, EXIT_FAILED);
        assert_int_equal(run.out_len, 0);
        assert_non_null(strstr(run.err, "NOT written: /nowhere/"));
        run_cli_deinit(&run);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_node_says_what_somebody_should_look_after),
        cmocka_unit_test(what_waits_for_stewards_has_a_name),
        cmocka_unit_test(a_file_is_told_of_as_what_it_is),
        cmocka_unit_test(a_case_says_what_became_of_it),
        cmocka_unit_test(machines_of_a_site_are_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
