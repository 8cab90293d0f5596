/* What the verbs of the client ask the node for: each thing that was typed, under the
 * name that the node knows, and nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/cli.h"
#include "proto/json.h"
#include "proto/pack.h"
#include "tests/unit/cli/fake_node.h"
#include "tests/unit/cli/run_cli.h"

#define WORDS_MAX 20

struct row {
    const char *words[WORDS_MAX];
    const char *asked;
    const char *input; /* of standard input; NULL: nothing */
};

/* Refuses with what it was asked, so that it is told on the error stream. */
static void echo(struct bytes method, struct bytes arguments, unsigned call,
                 struct buf *out)
{
    struct buf json = {0};
    char text[600];
    if (bytes_equal_str(method, "unlock")) {
        pack_str(out, "OK");
        pack_nil(out);
        return;
    }
    if (json_add(&json, arguments) != STATUS_OK)
        return; /* the connection is closed, and the row is not as it should be */
    (void)snprintf(text, sizeof(text), "%.*s %.*s", (int)method.len,
                   (const char *)method.data, (int)json.len, (const char *)json.data);
    buf_deinit(&json);
    fake_node_say_text(out, "INVALID", text);
}

static void expect_asked(const struct row rows[], size_t len)
{
    struct fake_node node;
    fake_node_start(&node, echo);
    for (size_t i = 0; i < len; i++) {
        const char *input = rows[i].input ? rows[i].input : "";
        struct run_cli run = run_cli_reading(rows[i].words, input, strlen(input));
        char said[700];
        (void)snprintf(said, sizeof(said), "fengqiao: %s (INVALID)\n", rows[i].asked);
        if (run.code != EXIT_FAILED || strcmp(run.err, said) != 0)
            fail_msg("row %zu: %s", i, run.err);
        assert_int_equal(run.out_len, 0);
        run_cli_deinit(&run);
    }
    fake_node_stop(&node);
}

#define EXPECT_ASKED(rows) expect_asked(rows, sizeof(rows) / sizeof((rows)[0]))

static void a_case_is_written_down_as_it_was_said(void **state)
{
    static const struct row rows[] = {
        {{"case", "new", "--category", "邻里", "--title", "水沟", "--narrative", "-",
          "--party", "张某:applicant", "--found-by", "round"},
         .asked = "case.new "
                  "{\"category\":\"邻里\",\"found_by\":\"round\",\"narrative\":\"水\","
                  "\"parties\":[[\"张某\",\"applicant\"]],\"title\":\"水沟\"}",
         "水\n"},
        {{"case", "new", "--minor", "--category", "c", "--title", "t", "--narrative", "n",
          "--party", "child", "--party", "parent-2"},
         .asked = "case.new "
                  "{\"category\":\"c\",\"minor\":true,\"narrative\":\"n\",\"parties\":"
                  "[[\"child\",\"child\"],[\"parent-2\",\"parent\"]],\"title\":\"t\"}"},
        {{"case", "triage", "1", "--decision", "escalate", "--reason", "r", "--danger",
          "--beyond"},
         .asked = "case.triage {\"beyond\":true,\"case\":\"1\",\"danger\":true,"
                  "\"decision\":\"escalate\",\"reason\":\"r\",\"solvable\":false}"},
        {{"case", "triage", "1", "--decision", "keep", "--reason", "r", "--solvable"},
         .asked = "case.triage {\"beyond\":false,\"case\":\"1\",\"danger\":false,"
                  "\"decision\":\"keep\",\"reason\":\"r\",\"solvable\":true}"},
        {{"case", "set", "1", "title", "新题"},
         .asked = "case.set {\"case\":\"1\",\"field\":\"title\",\"value\":\"新题\"}"},
        {{"case", "note", "1", "来过"},
         .asked = "case.note {\"case\":\"1\",\"text\":\"来过\"}"},
        {{"case", "show", "1"}, .asked = "case.show {\"case\":\"1\"}"},
        {{"case", "handle", "1"}, .asked = "case.handle {\"case\":\"1\"}"},
        {{"case", "handle", "1", "--owner", "李调解"},
         .asked = "case.handle {\"case\":\"1\",\"owner\":\"李调解\"}"},
        {{"case", "task", "1", "量沟", "--owner", "李某", "--due", "2026-12-01"},
         .asked = "case.task "
                  "{\"case\":\"1\",\"due\":\"2026-12-01\",\"owner\":\"李某\",\"text\":"
                  "\"量沟\"}"},
        {{"case", "task-done", "1", "3f9a01c2", "--remark", "两尺"},
         .asked =
             "case.task_done {\"case\":\"1\",\"remark\":\"两尺\",\"task\":\"3f9a01c2\"}"},
    };
    (void)state;
    EXPECT_ASKED(rows);
}

static void a_case_comes_to_its_end_as_it_was_said(void **state)
{
    static const struct row rows[] = {
        {{"case", "settle", "1", "--outcome", "agreement", "--text", "各清一段", "--oral",
          "--agreement", "两家同意"},
         .asked = "case.settle {\"agreement\":\"两家同意\",\"case\":\"1\",\"oral\":true,"
                  "\"outcome\":\"agreement\",\"text\":\"各清一段\"}"},
        {{"case", "settle", "1", "--outcome", "court", "--text", "-"},
         .asked =
             "case.settle {\"case\":\"1\",\"outcome\":\"court\",\"text\":\"去法院\"}",
         "去法院\r\n"},
        {{"case", "follow-up", "1", "--result", "partly", "--text", "t", "--again",
          "2026-12-31"},
         .asked = "case.follow_up "
                  "{\"again\":\"2026-12-31\",\"case\":\"1\",\"result\":\"partly\","
                  "\"text\":\"t\"}"},
        {{"case", "close", "1"}, .asked = "case.close {\"case\":\"1\"}"},
        {{"case", "close", "1", "--text", "t"},
         .asked = "case.close {\"case\":\"1\",\"text\":\"t\"}"},
        {{"case", "close", "1", "--oral", "--text", "t", "--follow-up", "f"},
         .asked =
             "case.close {\"case\":\"1\",\"follow_up\":\"f\",\"oral\":true,\"outcome\":"
             "\"agreement\",\"text\":\"t\"}"},
        {{"case", "close", "1", "--oral", "--text", "t", "--follow-up", "f", "--outcome",
          "withdrawn"},
         .asked =
             "case.close {\"case\":\"1\",\"follow_up\":\"f\",\"oral\":true,\"outcome\":"
             "\"withdrawn\",\"text\":\"t\"}"},
        {{"case", "reopen", "1", "--reason", "又堵了"},
         .asked = "case.reopen {\"case\":\"1\",\"reason\":\"又堵了\"}"},
    };
    (void)state;
    EXPECT_ASKED(rows);
}

static void a_consent_is_never_more_than_a_party_said(void **state)
{
    static const struct row rows[] = {
        {{"case", "consent", "1", "--party", "张某", "--fields", "title, narrative",
          "--manner", "oral", "--witness", "王某"},
         .asked = "case.consent "
                  "{\"case\":\"1\",\"fields\":[\"title\",\"narrative\"],\"manner\":"
                  "\"oral\",\"party\":\"张某\",\"witness\":\"王某\"}"},
        {{"case", "consent", "1", "--party", "张某", "--fields", "title", "--manner",
          "signed", "--paper", "3号"},
         .asked =
             "case.consent {\"case\":\"1\",\"fields\":[\"title\"],\"manner\":\"signed\","
             "\"paper\":\"3号\",\"party\":\"张某\"}"},
        {{"case", "consent", "1", "--party", "child", "--fields", "title", "--manner",
          "guardian", "--guardian", "parent"},
         .asked = "case.consent "
                  "{\"case\":\"1\",\"fields\":[\"title\"],\"guardian\":\"parent\","
                  "\"manner\":\"guardian\",\"party\":\"child\"}"},
        {{"case", "consent", "1", "--party", "张某", "--files", "沟.jpg,3f2a91",
          "--manner", "oral", "--witness", "W"},
         .asked = "case.consent "
                  "{\"case\":\"1\",\"files\":[\"沟.jpg\",\"3f2a91\"],\"manner\":"
                  "\"oral\",\"party\":\"张某\",\"witness\":\"W\"}"},
        {{"case", "consent", "1", "--party", "张某", "--refused"},
         .asked = "case.consent {\"case\":\"1\",\"party\":\"张某\",\"refused\":true}"},
        {{"case", "consent", "1", "--party", "张某", "--refused", "--fields", "title",
          "--manner", "oral", "--witness", "W"},
         .asked =
             "case.consent {\"case\":\"1\",\"fields\":[\"title\"],\"manner\":\"oral\","
             "\"party\":\"张某\",\"refused\":true,\"witness\":\"W\"}"},
        {{"case", "consent", "1", "--party", "张某", "--revoke"},
         .asked = "case.consent {\"case\":\"1\",\"party\":\"张某\",\"refused\":true}"},
        {{"case", "consent", "1", "--party", "张某", "--revoke", "--fields", "title"},
         .asked =
             "case.consent {\"case\":\"1\",\"fields\":[\"title\"],\"party\":\"张某\","
             "\"refused\":true}"},
    };
    (void)state;
    EXPECT_ASKED(rows);
}

static void what_is_private_of_a_party_goes_where_it_belongs(void **state)
{
#define LINE_128                                                                         \
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"                   \
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    static const struct row rows[] = {
        {{"case", "identity", "1", "--party", "张某", "--id-number", "-", "--phone", "-"},
         .asked = "case.identity "
                  "{\"case\":\"1\",\"id_number\":\"3310231970\",\"party\":\"张某\","
                  "\"phone\":\"057612345\"}",
         "3310231970\r\n057612345\nnothing more\n"},
        {{"case", "identity", "1", "--party", "张某", "--phone", "-"},
         .asked =
             "case.identity {\"case\":\"1\",\"party\":\"张某\",\"phone\":\"057612345\"}",
         "057612345"},
        {{"case", "identity", "1", "--party", "张某", "--id-number", "-"},
         .asked =
             "case.identity {\"case\":\"1\",\"id_number\":\"" LINE_128 "\",\"party\":"
             "\"张某\"}",
         LINE_128 "\n"},
        {{"case", "identity", "show", "1", "--party", "张某"},
         .asked = "case.identity_show "
                  "{\"case\":\"1\",\"party\":\"张某\",\"person\":\"\",\"pin\":"
                  "\"123456\"}"},
    };
    (void)state;
    EXPECT_ASKED(rows);
}

static void what_is_no_private_line_is_refused_and_not_repeated(void **state)
{
    static const struct {
        const char *input, *sentence;
    } rows[] = {
        {LINE_128 "0\n", "standard input: the line has more than 128 bytes"},
        {"\n3310231970\n", "standard input: there is no text in its first line"},
        {"", "standard input: there is no text in its first line"},
        {"33102319\xff\n", "standard input: the text is not UTF-8"},
    };
    static const char *const words[] = {"case", "identity",    "1", "--party",
                                        "张某", "--id-number", "-", NULL};
    (void)state;
    struct fake_node node;
    fake_node_start(&node, echo);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct run_cli run = run_cli_reading(words, rows[i].input, strlen(rows[i].input));
        assert_int_equal(run.code, EXIT_FAILED);
        if (strstr(run.err, rows[i].sentence) == NULL)
            fail_msg("row %zu: %s", i, run.err);
        assert_null(strstr(run.err, "case.identity")); /* the node was not asked */
        assert_null(strstr(run.err, "331023"));
        run_cli_deinit(&run);
    }
    fake_node_stop(&node);
}

static void what_leaves_is_what_was_chosen(void **state)
{
    static const struct row rows[] = {
        {{"escalate", "1", "--fields", "title,context", "--reason", "r", "--onward",
          "ask", "--yes"},
         .asked = "escalate.release {\"case\":\"1\",\"fields\":[\"title\",\"context\"],"
                  "\"onward\":\"ask\",\"reason\":\"r\"}"},
        {{"escalate", "1", "--fields", "title", "--reason", "r", "--no-parties", "无人"},
         .asked =
             "escalate.release {\"case\":\"1\",\"fields\":[\"title\"],\"no_parties\":"
             "\"无人\",\"reason\":\"r\"}"},
        {{"escalate", "1", "--fields", "title", "--danger", "井边有人"},
         .asked = "escalate.release {\"case\":\"1\",\"danger\":\"井边有人\",\"fields\":"
                  "[\"title\"]}"},
        {{"escalate", "1", "--fields", "title", "--files", "沟.jpg", "--reason", "r"},
         .asked = "escalate.release {\"case\":\"1\",\"fields\":[\"title\"],\"files\":"
                  "[\"沟.jpg\"],\"reason\":\"r\"}"},
        {{"escalate", "1", "--fields", "title", "--reason", "r", "--request"},
         .asked =
             "escalate.request {\"case\":\"1\",\"fields\":[\"title\"],\"reason\":\"r\"}"},
        {{"escalate", "1", "--fields", "title", "--danger", "d", "--preview"},
         .asked =
             "escalate.preview {\"case\":\"1\",\"danger\":\"d\",\"fields\":[\"title\"]}"},
        {{"release", "1"}, .asked = "escalate.release {\"case\":\"1\"}"},
        {{"confirm", "1"}, .asked = "escalate.confirm {\"case\":\"1\"}"},
        {{"confirm", "1", "--text", "t"},
         .asked = "escalate.confirm {\"case\":\"1\",\"text\":\"t\"}"},
        {{"recall", "33fead5a", "--reason", "撤回"},
         .asked = "escalation.recall {\"escalation\":\"33fead5a\",\"reason\":\"撤回\"}"},
        {{"recall", "2026-0001", "--reason", "撤回"},
         .asked = "escalation.recall {\"case\":\"2026-0001\",\"reason\":\"撤回\"}"},
        {{"recall", "list"}, .asked = "recall.list {}"},
        {{"outbox"}, .asked = "outbox {}"},
        {{"outbox", "2026-0001"}, .asked = "outbox {\"case\":\"2026-0001\"}"},
    };
    (void)state;
    EXPECT_ASKED(rows);
}

static void what_is_left_out_is_not_asked_for(void **state)
{
    static const struct row rows[] = {
        {{"meeting", "show", "33fe"}, .asked = "meeting.show {\"meeting\":\"33fe\"}"},
        {{"round", "show", "33fe"}, .asked = "round.show {\"round\":\"33fe\"}"},
        {{"round", "list", "--limit", "2"}, .asked = "round.list {\"limit\":2}"},
        {{"round", "begin", "--day", "2026-05-02"},
         .asked = "round.begin {\"day\":\"2026-05-02\"}"},
        {{"escalate", "1", "--fields", " title ，context、,place", "--reason", "r",
          "--onward", "no"},
         .asked = "escalate.release {\"case\":\"1\",\"fields\":[\"title\",\"context\","
                  "\"place\"],\"onward\":\"no\",\"reason\":\"r\"}"},
        {{"card", "set", "防汛", "--trigger", "水位", "--role", "指挥：村主任:王",
          "--step", "指挥：0:通知", "--step", "指挥:1：看"},
         .asked = "card.set {\"roles\":[[\"指挥\",\"村主任:王\"]],\"steps\":[[\"指挥\","
                  "\"通知\",0],[\"指挥\",\"看\",1]],\"title\":\"防汛\",\"trigger\":"
                  "\"水位\"}"},
        {{"status", "-h"}, .asked = NULL},
    };
    (void)state;
    expect_asked(rows, sizeof(rows) / sizeof(rows[0]) - 1);
    struct run_cli run = run_cli(rows[sizeof(rows) / sizeof(rows[0]) - 1].words);
    assert_int_equal(run.code, EXIT_DONE);
    assert_non_null(strstr(run.out, "usage: fengqiao status\n"));
    run_cli_deinit(&run);
}

static void a_conversation_is_said_in_the_words_that_were_typed(void **state)
{
    static const struct row rows[] = {
        {{"refer", "33fead5a", "--to", "court", "争产权"},
         .asked = "escalation.refer "
                  "{\"channel\":\"court\",\"escalation\":\"33fead5a\",\"text\":"
                  "\"争产权\"}"},
        {{"rule", "33fead5a", "驳回"},
         .asked = "escalation.rule {\"escalation\":\"33fead5a\",\"text\":\"驳回\"}"},
        {{"decline", "33fead5a", "0c8d11ab", "另有办法"},
         .asked = "escalation.decline "
                  "{\"escalation\":\"33fead5a\",\"op\":\"0c8d11ab\",\"text\":"
                  "\"另有办法\"}"},
        {{"task", "33fead5a", "测量", "--owner", "水利站", "--due", "2026-11-30"},
         .asked = "escalation.task "
                  "{\"due\":\"2026-11-30\",\"escalation\":\"33fead5a\",\"owner\":"
                  "\"水利站\",\"text\":\"测量\"}"},
        {{"task-done", "33fead5a", "77b0c4d2"},
         .asked =
             "escalation.task_done {\"escalation\":\"33fead5a\",\"op\":\"77b0c4d2\"}"},
        {{"invite", "33fead5a", "水利站", "--show", "record,talk"},
         .asked = "escalation.invite {\"classes\":[\"record\",\"talk\"],\"escalation\":"
                  "\"33fead5a\",\"site\":\"水利站\"}"},
        {{"invite", "33fead5a", "水利站"},
         .asked = "escalation.invite {\"escalation\":\"33fead5a\",\"site\":\"水利站\"}"},
        {{"grade", "33fead5a", "二级", "--reason", "两村"},
         .asked =
             "escalation.grade {\"escalation\":\"33fead5a\",\"reason\":\"两村\",\"word\":"
             "\"二级\"}"},
        {{"joint", "33fead5a", "done", "--text", "已清"},
         .asked =
             "escalation.joint {\"escalation\":\"33fead5a\",\"text\":\"已清\",\"word\":"
             "\"done\"}"},
    };
    (void)state;
    EXPECT_ASKED(rows);
}

static void what_an_auditor_asks_is_asked(void **state)
{
    static const struct row rows[] = {
        {{"audit"}, .asked = "audit {}"},
        {{"audit", "sample", "--n", "5", "--seed", "十一月"},
         .asked = "audit.sample {\"draw_seed\":\"十一月\",\"n\":5}"},
        {{"audit", "sample", "--n", "5", "--seed", "s", "--site", "枫源村", "--cases"},
         .asked = "audit.sample {\"cases\":true,\"draw_seed\":\"s\",\"n\":5,\"site\":"
                  "\"枫源村\"}"},
        {{"audit", "explain", "33fead5a"},
         .asked = "audit.explain {\"escalation\":\"33fead5a\"}"},
        {{"audit", "note", "33fead5a", "--verdict", "holds", "--text", "-"},
         .asked = "audit.note "
                  "{\"escalation\":\"33fead5a\",\"text\":\"无误\",\"verdict\":\"holds\"}",
         "无误\n"},
        {{"audit", "note", "2026-0001", "--verdict", "fails", "--text", "t"},
         .asked =
             "audit.note {\"case\":\"2026-0001\",\"text\":\"t\",\"verdict\":\"fails\"}"},
    };
    (void)state;
    EXPECT_ASKED(rows);
}

static void how_long_something_is_kept_is_what_was_said(void **state)
{
    static const struct row rows[] = {
        {{"retention", "list"}, .asked = "retention.list {}"},
        {{"retention", "set", "邻里", "--years", "5", "--identity-years", "1"},
         .asked =
             "retention.set {\"category\":\"邻里\",\"identity_years\":1,\"years\":5}"},
        {{"retention", "set", "*", "--years", "0"},
         .asked = "retention.set {\"category\":\"*\",\"years\":0}"},
        {{"retention", "keep", "1", "--reason", "调卷"},
         .asked = "retention.keep {\"case\":\"1\",\"reason\":\"调卷\"}"},
        {{"retention", "keep", "1", "--reason", "调卷", "--end"},
         .asked = "retention.keep {\"case\":\"1\",\"end\":true,\"reason\":\"调卷\"}"},
        {{"retention", "trust-clock", "--today", "2026-11-30"},
         .asked = "retention.trust_clock {\"today\":\"2026-11-30\"}"},
        {{"due", "set", "settle", "--days", "0", "--category", "c", "--tier", "village"},
         .asked = "due.set {\"category\":\"c\",\"days\":0,\"tier\":\"village\",\"wait\":"
                  "\"settle\"}"},
        {{"due", "reset"}, .asked = "due.reset {}"},
    };
    (void)state;
    EXPECT_ASKED(rows);
}

static void papers_and_rules_are_asked_for_as_they_were_named(void **state)
{
    static const struct row rows[] = {
        {{"rules", "add", "-", "--edition", "2026", "--title", "村规民约", "--from",
          "2026-12-01"},
         .asked = "rules.add {\"clauses\":[[\"第一条\",\"邻里和睦\"],[\"第二条\",\"不 "
                  "占道\"]],"
                  "\"from\":\"2026-12-01\",\"title\":\"村规民约\",\"version\":\"2026\"}",
         "第一条 邻里和睦\r\n\r\n第二条\xe3\x80\x80不 占道\r\n"},
        {{"rules", "add", "-", "--edition", "2026"},
         .asked =
             "rules.add {\"clauses\":[[\"第八条\",\"不得占道\"]],\"version\":\"2026\"}",
         .input = "\xef\xbb\xbf第八条\t不得占道\r\n"},
        {{"rules", "list"}, .asked = "rules.list {}"},
        {{"rules", "show"}, .asked = "rules.show {}"},
        {{"rules", "show", "村规民约"}, .asked = "rules.show {\"title\":\"村规民约\"}"},
        {{"agreement", "new", "1", "--terms", "-", "--party", "张某:applicant", "--facts",
          "f", "--dispute", "d", "--manner", "m", "--deadline", "2026-12-31", "--clause",
          "第三条", "--clause", "4,5"},
         .asked = "agreement.new "
                  "{\"case\":\"1\",\"clauses\":[\"第三条\",\"4,5\"],\"deadline\":"
                  "\"2026-12-31\",\"dispute\":\"d\",\"facts\":\"f\",\"manner\":\"m\","
                  "\"parties\":"
                  "[[\"张某\",\"applicant\"]],\"terms\":\"各出一人\"}",
         "各出一人\n"},
        {{"agreement", "new", "1", "--terms", "t"},
         .asked = "agreement.new {\"case\":\"1\",\"terms\":\"t\"}"},
        {{"print", "1", "--out", "/nowhere/p.html", "--set", "notice", "--lang", "en"},
         .asked = "print {\"case\":\"1\",\"lang\":\"en\",\"set\":\"notice\"}"},
        {{"print", "1", "--out", "/nowhere/p.html"}, .asked = "print {\"case\":\"1\"}"},
        {{"attach", "add", "1", "-", "--name", "沟.txt"},
         .asked = "attach.add {\"bytes\":\"616263\",\"case\":\"1\",\"name\":\"沟.txt\"}",
         "abc"},
        {{"attach", "list", "1"}, .asked = "attach.list {\"case\":\"1\"}"},
        {{"attach", "get", "1", "3f2a91", "--out", "/nowhere/a"},
         .asked = "attach.get {\"case\":\"1\",\"file\":\"3f2a91\"}"},
        {{"attach", "remove", "1", "3f2a91", "--reason", "旁人"},
         .asked =
             "attach.remove {\"case\":\"1\",\"file\":\"3f2a91\",\"reason\":\"旁人\"}"},
    };
    (void)state;
    EXPECT_ASKED(rows);
}

static void what_is_looked_for_is_what_was_typed(void **state)
{
    static const struct row rows[] = {
        {{"search", "排水沟", "张某"}, .asked = "search {\"words\":\"排水沟 张某\"}"},
        {{"search", "水", "--limit", "5", "--after", "17"},
         .asked = "search {\"after\":17,\"limit\":5,\"words\":\"水\"}"},
        {{"policy", "show"}, .asked = "policy {}"},
        {{"task", "list", "--overdue", "--case", "1", "--limit", "3"},
         .asked =
             "task.list {\"all\":false,\"case\":\"1\",\"limit\":3,\"overdue\":true}"},
        {{"due", "--limit", "3"}, .asked = "due {\"limit\":3,\"overdue\":false}"},
    };
    (void)state;
    EXPECT_ASKED(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_case_is_written_down_as_it_was_said),
        cmocka_unit_test(a_case_comes_to_its_end_as_it_was_said),
        cmocka_unit_test(a_consent_is_never_more_than_a_party_said),
        cmocka_unit_test(what_is_private_of_a_party_goes_where_it_belongs),
        cmocka_unit_test(what_is_no_private_line_is_refused_and_not_repeated),
        cmocka_unit_test(what_leaves_is_what_was_chosen),
        cmocka_unit_test(what_is_left_out_is_not_asked_for),
        cmocka_unit_test(a_conversation_is_said_in_the_words_that_were_typed),
        cmocka_unit_test(what_an_auditor_asks_is_asked),
        cmocka_unit_test(how_long_something_is_kept_is_what_was_said),
        cmocka_unit_test(papers_and_rules_are_asked_for_as_they_were_named),
        cmocka_unit_test(what_is_looked_for_is_what_was_typed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
