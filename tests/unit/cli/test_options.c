/* The command line (row C1). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/options.h"
#include "proto/bytes.h"
#include "proto/limits.h"
#include "proto/pack.h"
#include "tests/unit/cli/run_cli.h"

#define ARGUMENTS(...)                                                                   \
    (const char *const[])                                                                \
    {                                                                                    \
        __VA_ARGS__, NULL                                                                \
    }

static void expect_usage(const char *const arguments[], const char *sentence)
{
    struct run_cli run = run_cli(arguments);
    assert_int_equal(run.code, EXIT_USAGE);
    assert_int_equal(run.out_len, 0);
    if (!strstr(run.err, sentence))
        fail_msg("\"%s\" is not said in: %s", sentence, run.err);
    run_cli_deinit(&run);
}

static void an_unknown_verb_is_answered_with_the_nearest(void **state)
{
    (void)state;
    expect_usage(ARGUMENTS("statsu"), "did you mean `fengqiao status'?");
    expect_usage(ARGUMENTS("case", "nwe"), "did you mean `fengqiao case new'?");
    expect_usage(ARGUMENTS("caes", "list"), "did you mean `fengqiao case list'?");
    expect_usage(ARGUMENTS("triage", "1"), "did you mean `fengqiao case triage'?");
    /* The beginning of a word is no word. */
    expect_usage(ARGUMENTS("cas"), "there is no verb `cas'");
    expect_usage(ARGUMENTS("cas", "list"), "did you mean `fengqiao case list'?");
}

static void a_group_alone_lists_its_verbs(void **state)
{
    (void)state;
    expect_usage(ARGUMENTS("peer"), "peer invite");
}

static void no_verb_lists_all(void **state)
{
    (void)state;
    expect_usage(ARGUMENTS("--json"), "no verb is given");
}

static void wrong_options_are_refused(void **state)
{
    (void)state;
    expect_usage(ARGUMENTS("status", "--colour"), "no option `--colour'");
    expect_usage(ARGUMENTS("case", "new", "--titel", "x"), "did you mean --title?");
    expect_usage(ARGUMENTS("case", "list", "--state"), "--state needs a value");
    expect_usage(ARGUMENTS("status", "--json=1"), "--json takes no value");
    expect_usage(ARGUMENTS("case", "new", "--title", "a", "--title", "b"),
                 "--title is given twice");
    expect_usage(ARGUMENTS("case", "new", "--title", "a"), "--category is missing");
    expect_usage(ARGUMENTS("case", "note", "1", "a", "b"), "one argument too many");
    expect_usage(ARGUMENTS("case", "note", "1"), "something is missing");
    expect_usage(ARGUMENTS("case", "note", "1", "-5"), "goes behind --");
}

static void wrong_values_are_refused_before_anything_is_sent(void **state)
{
    (void)state;
    expect_usage(ARGUMENTS("case", "triage", "1", "--decision", "wait", "--reason", "r"),
                 "keep, escalate or refer");
    expect_usage(ARGUMENTS("case", "consent", "1", "--party", "p", "--fields", "title",
                           "--manner", "loud"),
                 "oral, signed or guardian");
    expect_usage(ARGUMENTS("case", "consent", "1", "--party", "p", "--manner", "oral"),
                 "what may leave");
    expect_usage(ARGUMENTS("case", "consent", "1", "--party", "p", "--fields", "title"),
                 "oral, signed or guardian");
    expect_usage(ARGUMENTS("case", "consent", "1", "--party", "p", "--fields", "title",
                           "--manner", "signed", "--witness", "w"),
                 "proven by --paper");
    expect_usage(ARGUMENTS("case", "new", "--category", "c", "--title", "t",
                           "--narrative", "n", "--party", "张某"),
                 "an alias and a role");
    expect_usage(ARGUMENTS("peer", "join", "a b c", "--at", "h:1"), "six words");
    expect_usage(ARGUMENTS("peer", "join", "a b c d e f", "--at", "h"), "and a port");
    expect_usage(ARGUMENTS("sync", "--timeout", "-1"), "a number of seconds");
    expect_usage(ARGUMENTS("sync", "--timeout", "soon"), "a number of seconds");
    expect_usage(
        ARGUMENTS("escalate", "1", "--fields", "a", "--reason", "r", "--onward", "maybe"),
        "ask, yes or no");
    expect_usage(ARGUMENTS("verify", "f", "--trust", "fqs1abc"), "the id of a site");
    expect_usage(ARGUMENTS("search", "w", "--limit", "99999999999999999999"), "numbers");
    expect_usage(ARGUMENTS("search", "w", "--limit", "0"), "1 or more");
    expect_usage(ARGUMENTS("due", "--limit", "0"), "1 or more");
    expect_usage(ARGUMENTS("task", "list", "--limit", "0"), "1 or more");
    expect_usage(ARGUMENTS("round", "list", "--limit", "0"), "1 or more");
    expect_usage(ARGUMENTS("case", "list", "--limit", "0"), "1 or more");
    expect_usage(ARGUMENTS("import", "t.csv", "--limit", "0"), "1 or more");
    expect_usage(ARGUMENTS("retention", "set", "c", "--years", "-1"), "whole numbers");
    expect_usage(
        ARGUMENTS("retention", "set", "c", "--years", "1", "--identity-years", "1y"),
        "whole numbers");
    expect_usage(ARGUMENTS("evidence", "e", "--out", "-", "--json"), "exclude");
    expect_usage(ARGUMENTS("evidence", "--out", "f"), "about one thing");
    expect_usage(ARGUMENTS("evidence", "e", "--site", "--out", "f"), "about one thing");
    expect_usage(ARGUMENTS("evidence", "e", "--cases", "--out", "f"), "goes with");
    expect_usage(
        ARGUMENTS("evidence", "--period", "2026-11-01", "--case", "1", "--out", "f"),
        "about one thing");
    expect_usage(ARGUMENTS("evidence", "--period", "2026-11-31", "--out", "f"),
                 "two days");
    expect_usage(
        ARGUMENTS("evidence", "--period", "2026-11-02..2026-11-01", "--out", "f"),
        "two days");
    expect_usage(ARGUMENTS("evidence", "--period", "2026-11-02..", "--out", "f"),
                 "two days");
    expect_usage(
        ARGUMENTS("evidence", "--period", "2026-11-02...2026-11-03", "--out", "f"),
        "two days");
    expect_usage(ARGUMENTS("seal", "prove", "one", "--out", "f"), "is a number");
    expect_usage(ARGUMENTS("case", "list", "--csv", "--json"), "exclude");
    expect_usage(ARGUMENTS("print", "1", "--out", "-", "--json"), "exclude");
    expect_usage(ARGUMENTS("attach", "get", "1", "3f", "--out", "-", "--json"),
                 "exclude");
    expect_usage(ARGUMENTS("attach", "add", "1", "-"), "needs a --name");
    expect_usage(ARGUMENTS("agenda", "--limit", "0"), "1 or more");
    expect_usage(ARGUMENTS("meeting", "list", "--limit", "0"), "1 or more");
    expect_usage(ARGUMENTS("conflict", "list", "--limit", "0"), "1 or more");
    expect_usage(ARGUMENTS("sync", "--timeout", "99999999999999999999"), "at most");
    expect_usage(ARGUMENTS("sync", "--timeout", "999999"), "at most");
    expect_usage(ARGUMENTS("quarantine", "retry", "x"), "or the word all");
    expect_usage(ARGUMENTS("quarantine", "drop", "1x"), "or the word all");
    expect_usage(ARGUMENTS("meeting", "item", "t", "--owner", "o", "--due", "2099-01-01"),
                 "--case NUMBER or --escalation ID");
    expect_usage(ARGUMENTS("meeting", "item", "t", "--owner", "o", "--due", "2099-01-01",
                           "--case", "1", "--escalation", "2"),
                 "--case NUMBER or --escalation ID");
    expect_usage(ARGUMENTS("round", "finding", "p", "t", "x", "--as-case"),
                 "a case has a category");
    expect_usage(ARGUMENTS("round", "finding", "p", "t", "x", "--category", "c"),
                 "a case has a category");
    expect_usage(ARGUMENTS("card", "activate", "防汛"), "--case NUMBER, or --category");
    expect_usage(ARGUMENTS("conflict", "settle", "1", "title"), "say one of");
    expect_usage(ARGUMENTS("conflict", "settle", "1", "title", "--both", "--choose", "1"),
                 "say one of");
}

static void C1_what_is_no_role_step_or_party_is_refused(void **state)
{
    static const char *const roles[] = {"指挥", ":村主任", "指挥:", "：村主任"};
    static const char *const steps[] = {"指挥",       "指挥:0",          "指挥:x:去",
                                        "指挥:-1:去", "指挥::去",        ":0:去",
                                        "指挥:0:",    "指挥:99999999:去"};
    static const char *const parties[] = {"张某", ":applicant", "张某:"};
    (void)state;
    for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++)
        expect_usage(ARGUMENTS("card", "set", "t", "--trigger", "w", "--role", roles[i],
                               "--step", "指挥:0:去"),
                     "--role is a role and who has it");
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
        expect_usage(ARGUMENTS("card", "set", "t", "--trigger", "w", "--role",
                               "指挥:村主任", "--step", steps[i]),
                     "--step is a role, days after the start");
    for (size_t i = 0; i < sizeof(parties) / sizeof(parties[0]); i++)
        expect_usage(
            ARGUMENTS("agreement", "new", "1", "--terms", "t", "--party", parties[i]),
            "an alias and a role");
}

static void C1_more_than_there_can_be_is_refused(void **state)
{
    const char *many[64] = {"agreement", "new", "1", "--terms", "t"};
    (void)state;
    for (int i = 0; i < 17; i++) {
        many[5 + 2 * i] = "--clause";
        many[6 + 2 * i] = "第三条";
    }
    expect_usage(many, "clauses can be cited");
    for (int i = 0; i < 17; i++) {
        many[5 + 2 * i] = "--party";
        many[6 + 2 * i] = "张某:applicant";
    }
    expect_usage(many, "at most");
}

static void the_directory_must_be_said(void **state)
{
    (void)state;
    (void)unsetenv("FENGQIAO_DIR");
    expect_usage(ARGUMENTS("status"), "--dir D");
}

/* Row C1: bytes that are not UTF-8. */
static void C1_bytes_that_are_no_text_are_refused_wherever_they_stand(void **state)
{
    (void)state;
    expect_usage(ARGUMENTS("\xff"), "argument 1 is not UTF-8");
    expect_usage(ARGUMENTS("case", "note", "1", "\xd5\xc5"), "argument 4 is not UTF-8");
    expect_usage(ARGUMENTS("status", "--dir", "/tmp/\xed\xa0\x80"), "argument 3");
}

/* Row M4: what was typed is not repeated as it is. */
static void M4_a_verb_with_escapes_is_shown_escaped(void **state)
{
    (void)state;
    expect_usage(ARGUMENTS("\x1b[2Jx"), "`\\u001b[2Jx'");
    expect_usage(ARGUMENTS("status", "--\x1b[2J"), "`--\\u001b[2J'");
}

/* Row C1: the node is not running. */
static void C1_a_node_that_does_not_run_is_named_with_the_way_to_start_it(void **state)
{
    (void)state;
    struct run_cli run = run_cli(ARGUMENTS("--dir", "/nowhere/at/all", "status"));

    assert_int_equal(run.code, EXIT_FAILED);
    assert_string_equal(
        run.err, "fengqiao: no node answers at /nowhere/at/all/control.sock; start "
                 "it with: fengqiaod run --dir /nowhere/at/all\n");
    assert_int_equal(run.out_len, 0);
    run_cli_deinit(&run);
}

static void a_directory_name_longer_than_a_socket_address_is_no_crash(void **state)
{
    (void)state;
    char dir[400];
    memset(dir, 'd', sizeof(dir));
    dir[0] = '/';
    dir[sizeof(dir) - 1] = '\0';
    struct run_cli run = run_cli(ARGUMENTS("status", "--dir", dir));

    assert_int_equal(run.code, EXIT_FAILED);
    run_cli_deinit(&run);
}

/* Reached by way of itself, as a node would be that runs there. */
static void C1_a_long_directory_without_a_node_is_named_as_any(void **state)
{
    char parent[] = "/tmp/fengqiao-long-XXXXXX", dir[256];
    (void)state;
    assert_non_null(mkdtemp(parent));
    (void)snprintf(dir, sizeof(dir), "%s/%0150d", parent, 7);
    assert_int_equal(mkdir(dir, 0700), 0);
    struct run_cli run = run_cli(ARGUMENTS("status", "--dir", dir));
    assert_int_equal(run.code, EXIT_FAILED);
    assert_non_null(strstr(run.err, "start it with: fengqiaod run --dir "));
    assert_non_null(strstr(run.err, dir));
    run_cli_deinit(&run);
    assert_int_equal(rmdir(dir), 0);
    assert_int_equal(rmdir(parent), 0);
}

static void program_options_stand_anywhere(void **state)
{
    (void)state;
    struct options options;
    const char *argv[] = {"fengqiao",  "--json", "case",         "--dir", "D", "list",
                          "--state=x", "--as",   "\xe6\x9d\x8e", "--",    NULL};

    bool is_parsed = options_parse(&options, 10, argv, stderr);

    assert_true(is_parsed);
    assert_string_equal(options.verb->name, "case list");
    assert_string_equal(options.dir, "D");
    assert_string_equal(options.as, "\xe6\x9d\x8e");
    assert_true(options.is_json);
    assert_string_equal(options_value(&options, "state"), "x");
    assert_int_equal(options.words_len, 0);

    const char *joined[] = {"fengqiao", "--dir=D", "case", "list", NULL};
    assert_true(options_parse(&options, 4, joined, stderr));
    assert_string_equal(options.verb->name, "case list");
    assert_string_equal(options.dir, "D");
}

static void a_value_may_look_like_an_option(void **state)
{
    (void)state;
    struct options options;
    const char *argv[] = {"fengqiao", "case", "note", "1", "--", "--5 degrees", NULL};
    const char *other[] = {"fengqiao", "case", "list", "--state", "--x", NULL};

    assert_true(options_parse(&options, 6, argv, stderr));
    assert_string_equal(options.words[1], "--5 degrees");
    assert_true(options_parse(&options, 5, other, stderr));
    assert_string_equal(options_value(&options, "state"), "--x");
}

static void a_number_is_digits_and_nothing_else(void **state)
{
    static const struct {
        const char *text;
        bool is_number, is_positive;
        uint64_t number;
    } rows[] = {
        {"12", true, true, 12},  {"0", true, false, 0},
        {"-1", false, false, 0}, {" 1", false, false, 0},
        {"1x", false, false, 0}, {"", false, false, 0},
        {"x", false, false, 0},  {"18446744073709551616", false, false, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *const argv[] = {"fengqiao", "task", "list", "--limit", rows[i].text};
        struct options options;
        uint64_t number;
        assert_true(options_parse(&options, 5, argv, stderr));
        assert_int_equal(options_positive(&options, "limit", &number),
                         rows[i].is_positive);
        assert_int_equal(options_number(&options, "limit", &number), rows[i].is_number);
        if (rows[i].is_number)
            assert_int_equal(number, rows[i].number);
    }
}

static void every_verb_has_help_with_an_example_that_parses(void **state)
{
    (void)state;
    for (size_t g = 0; cli_groups[g]; g++) {
        for (const struct verb *verb = cli_groups[g]; verb->name; verb++) {
            const char *argv[24] = {"fengqiao"};
            int argc = 1;
            char *line = strdup(verb->example);
            struct options options;
            for (char *at = line; *at && argc < 23;) {
                char end = *at == '"' ? '"' : ' ';
                at += end == '"';
                argv[argc++] = at;
                at = strchr(at, end) ? strchr(at, end) : at + strlen(at);
                while (*at == '"' || *at == ' ')
                    *at++ = '\0';
            }
            if (!options_parse(&options, argc, argv, stderr))
                fail_msg("the example of %s does not parse", verb->name);
            assert_ptr_equal(options.verb, verb);
            assert_true(strlen(verb->help) > 10);
            /* The overview shows its first line, up to the first full stop; it does not
             * break off there, but for what a colon has begun to list. */
            size_t shown = strcspn(verb->help, ".\n");
            if (verb->help[shown] == '\n' &&
                (verb->help[shown - 1] == ',' || memchr(verb->help, ':', shown) == NULL))
                fail_msg("the first line of the help of %s is no sentence", verb->name);
            free(line);
        }
    }
}

static void help_and_version_go_to_standard_output(void **state)
{
    (void)state;
    struct run_cli run = run_cli(ARGUMENTS("case", "new", "--help"));
    assert_int_equal(run.code, EXIT_DONE);
    assert_non_null(strstr(run.out, "example:\n  fengqiao case new"));
    run_cli_deinit(&run);
    run = run_cli(ARGUMENTS("help", "verify"));
    assert_int_equal(run.code, EXIT_DONE);
    run_cli_deinit(&run);
    run = run_cli(ARGUMENTS("--version"));
    assert_int_equal(run.code, EXIT_DONE);
    assert_int_equal(strncmp(run.out, "fengqiao ", 9), 0);
    run_cli_deinit(&run);
}

static void each_status_has_its_exit_code(void **state)
{
    (void)state;
    assert_int_equal(exit_code_of(STATUS_OK), 0);
    assert_int_equal(exit_code_of(STATUS_IO), 1);
    assert_int_equal(exit_code_of(STATUS_NOT_FOUND), 1);
    assert_int_equal(exit_code_of(STATUS_UNVERIFIED), 3);
    assert_int_equal(exit_code_of(STATUS_CONFLICT), 4);
    assert_int_equal(exit_code_of(STATUS_UNREACHABLE), 5);
    assert_int_equal(exit_code_of(STATUS_DENIED), 6);
}

static void what_is_said_wrongly_is_said_rightly(void **state)
{
    (void)state;
    expect_usage(ARGUMENTS("escalate", "1", "--fields", "t"), "--reason says why");
    expect_usage(
        ARGUMENTS("escalate", "1", "--fields", "t", "--danger", "d", "--request"),
        "does not wait");
    expect_usage(ARGUMENTS("escalate", "1", "--fields", "t", "--reason", "r", "--preview",
                           "--request"),
                 "exclude each other");
    expect_usage(ARGUMENTS("escalate", "1", "--fields", "t", "--onward", "never"),
                 "ask, yes or no");
    expect_usage(ARGUMENTS("case", "identity", "1", "--party", "p"),
                 "name one case, and");
    expect_usage(ARGUMENTS("case", "identity", "1", "2", "--party", "p", "--phone", "-"),
                 "name one case, and");
    expect_usage(ARGUMENTS("case", "identity", "show", "--party", "p"), "and no file");
    expect_usage(
        ARGUMENTS("case", "identity", "show", "1", "--party", "p", "--phone", "-"),
        "and no file");
    expect_usage(ARGUMENTS("paste", "get", "x", "--out", "f"), "is no number of a paste");
    expect_usage(ARGUMENTS("paste", "show", ""), "is no number of a paste");
    expect_usage(ARGUMENTS("paste", "drop", "1x"), "is no number of a paste");
    expect_usage(ARGUMENTS("paste", "case", "-1", "--category", "c", "--title", "t"),
                 "goes behind --");
    expect_usage(ARGUMENTS("paste", "case", "99999999999999999999", "--category", "c",
                           "--title", "t"),
                 "is no number of a paste");
    expect_usage(ARGUMENTS("quarantine", "show", "x"), "N is a number");
    expect_usage(ARGUMENTS("quarantine", "show", "0"), "N is a number");
    expect_usage(ARGUMENTS("peer", "join", "a b c d e f g", "--at", "h:1"), "six words");
    expect_usage(ARGUMENTS("device", "revoke", "0"), "named by its number");
    expect_usage(ARGUMENTS("due", "set", "w", "--days", "soon"), "--days is a number");
    expect_usage(ARGUMENTS("search", "w", "--after", "0"), "1 or more");
    expect_usage(ARGUMENTS("policy", "show", "--lang", "fr"), "zh_CN or en");
    expect_usage(ARGUMENTS("bundle", "write", "--stick", "f"), "say for whom");
    expect_usage(ARGUMENTS("bundle", "write", "--all", "--to", "x", "--stick", "f"),
                 "say for whom");
    expect_usage(ARGUMENTS("peer", "quota", "x", "--ops", "-"), "a quota is a number");
    expect_usage(ARGUMENTS("peer", "quota", "x", "--ops", "99999999999999999999"),
                 "a quota is a number");
    expect_usage(ARGUMENTS("peer", "quota", "x", "--bytes", "1T"), "a quota is a number");
    expect_usage(ARGUMENTS("quorum", "set", "--stewards", "0"), "--stewards is a number");
    expect_usage(ARGUMENTS("case", "new", "--minor", "--category", "c", "--title", "t",
                           "--narrative", "n", "--party", "friend"),
                 "");
    expect_usage(ARGUMENTS("agreement", "new", "1", "--terms", "t", "--manner", "m",
                           "--party", "nobody"),
                 "");
    expect_usage(ARGUMENTS("rules", "add", "第一条", "--title", "t", "--edition", "e",
                           "--from", "2026-01-01"),
                 "line 1 is no clause");
    expect_usage(ARGUMENTS("rules", "add", "一 a\r\n\n 二", "--title", "t", "--edition",
                           "e", "--from", "2026-01-01"),
                 "line 3 is no clause");
    expect_usage(ARGUMENTS("rules", "add", "第一条 ", "--title", "t", "--edition", "e",
                           "--from", "2026-01-01"),
                 "line 1 is no clause");
    expect_usage(ARGUMENTS("rules", "add", "\r\n", "--title", "t", "--edition", "e",
                           "--from", "2026-01-01"),
                 "is no clause");
    expect_usage(ARGUMENTS("--dir", "", "status"), "where is the node?");
    expect_usage(ARGUMENTS("status", "-x"), "goes behind --");
    expect_usage(ARGUMENTS("-x"), "VERB ...");
    expect_usage(ARGUMENTS("-", "status"), "no verb");
    assert_int_equal(unsetenv("FENGQIAO_DIR"), 0);
    expect_usage(ARGUMENTS("status"), "where is the node?");
    expect_usage(ARGUMENTS("backup", "verify", "--stick", "f"), "where the node lives");
    expect_usage(ARGUMENTS("--dir", "", "backup", "verify", "--stick", "f"),
                 "where the node lives");
}

static void more_than_there_is_room_for_is_refused(void **state)
{
    char name[300];
    const char *words[70] = {"case", "new"};
    (void)state;
    for (size_t i = 2; i < 69; i++)
        words[i] = "--party=a:b";
    expect_usage(words, "more than 64 options");
    const char *many[60] = {"search"};
    for (size_t i = 1; i < 59; i++)
        many[i] = "w";
    expect_usage(many, "more than");
    memset(name, 'n', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    expect_usage(ARGUMENTS("attach", "add", "1", "f", "--name", name), "longer than 240");
}

/* A text that is to be read, and is none: nobody is asked. */
static void a_text_from_standard_input_is_a_text(void **state)
{
    static const struct {
        const char *words[16];
    } verbs[] = {
        {{"advise", "33fe", "-"}},
        {{"decline", "33fe", "0c8d", "-"}},
        {{"return", "33fe", "-"}},
        {{"case", "note", "1", "-"}},
        {{"case", "settle", "1", "--outcome", "agreement", "--text", "-"}},
        {{"case", "task", "1", "-", "--owner", "o", "--due", "2099-01-01"}},
        {{"agreement", "new", "1", "--terms", "-", "--manner", "m", "--party", "a:b"}},
        {{"meeting", "item", "-", "--owner", "o", "--due", "2099-01-01", "--case", "1"}},
        {{"round", "finding", "p", "t", "-"}},
        {{"rules", "add", "-", "--title", "t", "--edition", "e", "--from", "2026-01-01"}},
        {{"paste", "case", "1", "--category", "c", "--title", "t", "--narrative", "-"}},
        {{"case", "new", "--category", "c", "--title", "t", "--narrative", "-"}},
    };
    static char large[OP_VALUE_MAX + 2];
    memset(large, 'a', sizeof(large));
    const struct {
        const char *text;
        size_t len;
        const char *sentence;
    } texts[] = {
        {"", 0, "there is no text in it"},
        {"\r\n\n", 3, "there is no text in it"},
        {"\xef\xbb\xbf\n", 4, "there is no text in it"},
        {"\xff\xfe", 2, "the text is not UTF-8"},
        {large, sizeof(large), "a text has at most"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
        for (size_t n = 0; n < sizeof(texts) / sizeof(texts[0]); n++) {
            struct run_cli run =
                run_cli_reading(verbs[i].words, texts[n].text, texts[n].len);
            if (run.code != EXIT_FAILED || strstr(run.err, texts[n].sentence) == NULL)
                fail_msg("%s %s, text %zu: %d, %s", verbs[i].words[0], verbs[i].words[1],
                         n, run.code, run.err);
            run_cli_deinit(&run);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_unknown_verb_is_answered_with_the_nearest),
        cmocka_unit_test(a_group_alone_lists_its_verbs),
        cmocka_unit_test(no_verb_lists_all),
        cmocka_unit_test(wrong_options_are_refused),
        cmocka_unit_test(wrong_values_are_refused_before_anything_is_sent),
        cmocka_unit_test(C1_what_is_no_role_step_or_party_is_refused),
        cmocka_unit_test(C1_more_than_there_can_be_is_refused),
        cmocka_unit_test(the_directory_must_be_said),
        cmocka_unit_test(C1_bytes_that_are_no_text_are_refused_wherever_they_stand),
        cmocka_unit_test(M4_a_verb_with_escapes_is_shown_escaped),
        cmocka_unit_test(C1_a_node_that_does_not_run_is_named_with_the_way_to_start_it),
        cmocka_unit_test(a_directory_name_longer_than_a_socket_address_is_no_crash),
        cmocka_unit_test(C1_a_long_directory_without_a_node_is_named_as_any),
        cmocka_unit_test(program_options_stand_anywhere),
        cmocka_unit_test(a_value_may_look_like_an_option),
        cmocka_unit_test(a_number_is_digits_and_nothing_else),
        cmocka_unit_test(every_verb_has_help_with_an_example_that_parses),
        cmocka_unit_test(help_and_version_go_to_standard_output),
        cmocka_unit_test(each_status_has_its_exit_code),
        cmocka_unit_test(what_is_said_wrongly_is_said_rightly),
        cmocka_unit_test(more_than_there_is_room_for_is_refused),
        cmocka_unit_test(a_text_from_standard_input_is_a_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
