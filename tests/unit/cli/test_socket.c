/* Talking to a node: what is asked, what is printed, what is refused. */
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

#include "cli/answer.h"
#include "cli/cli.h"
#include "proto/pack.h"
#include "tests/unit/cli/against.h"

#define ARGUMENTS(...)                                                                   \
    (const char *const[])                                                                \
    {                                                                                    \
        __VA_ARGS__, NULL                                                                \
    }

static bool unlocked(struct bytes method, struct bytes arguments, struct buf *out)
{
    if (!bytes_equal_str(method, "unlock"))
        return false;
    bool is_right = bytes_equal_str(answer_text(arguments, "pin"), "123456");
    pack_str(out, is_right ? "OK" : "DENIED");
    if (is_right)
        pack_map(out, 0);
    else
        pack_str(out, "wrong PIN");
    return true;
}

static void new_case(struct bytes method, struct bytes arguments, unsigned call,
                     struct buf *out)
{
    if (call == 0 && unlocked(method, arguments, out))
        return;
    if (!bytes_equal_str(method, "case.new") ||
        !bytes_equal_str(answer_text(arguments, "title"), "排水沟") ||
        answer_list(arguments, "parties").left != 2) {
        fake_node_say_text(out, "INVALID", "not what the test asked");
        return;
    }
    pack_str(out, "OK");
    pack_map(out, 3);
    pack_str(out, "number");
    pack_str(out, "2026-0007");
    pack_str(out, "op");
    pack_bin(out, "\x01\x02\x03\x04\x05\x06", 6);
    pack_str(out, "scope");
    pack_bin(out, "\xaa", 1);
}

static const char *const new_case_words[] = {"case",        "new",
                                             "--category",  "邻里",
                                             "--title",     "排水沟",
                                             "--narrative", "雨水流进院子",
                                             "--party",     "张某:applicant",
                                             "--party",     "李某：respondent",
                                             NULL};

static void the_number_of_a_new_case_stands_alone_on_the_last_line(void **state)
{
    (void)state;
    struct run_cli run = run_against(new_case, new_case_words);

    assert_int_equal(run.code, EXIT_DONE);
    assert_string_equal(run.err, "");
    const char *end = "\n2026-0007\n";
    assert_string_equal(run.out + run.out_len - strlen(end), end);
    run_cli_deinit(&run);
}

static void json_is_the_result_as_one_object_with_stable_keys(void **state)
{
    (void)state;
    const char *words[16];
    size_t n = 0;
    for (; new_case_words[n]; n++)
        words[n] = new_case_words[n];
    words[n++] = "--json";
    words[n] = NULL;

    struct run_cli run = run_against(new_case, words);

    assert_int_equal(run.code, EXIT_DONE);
    assert_string_equal(
        run.out, "{\"number\":\"2026-0007\",\"op\":\"010203040506\",\"scope\":\"aa\"}\n");
    run_cli_deinit(&run);
}

static void denying(struct bytes method, struct bytes arguments, unsigned call,
                    struct buf *out)
{
    if (!unlocked(method, arguments, out))
        fake_node_say_text(out, "DENIED", "the consent of \x1b[31m张某 is missing");
}

/* Rows C1 and M4. */
static void a_refusal_is_said_escaped_and_has_its_exit_code(void **state)
{
    (void)state;
    struct run_cli run = run_against(denying, ARGUMENTS("release", "2026-0001"));

    assert_int_equal(run.code, EXIT_DENIED);
    assert_int_equal(run.out_len, 0);
    assert_string_equal(run.err,
                        "fengqiao: the consent of \\u001b[31m张某 is missing (DENIED)\n");
    run_cli_deinit(&run);
}

static void conflicting(struct bytes method, struct bytes arguments, unsigned call,
                        struct buf *out)
{
    if (!unlocked(method, arguments, out))
        fake_node_say_text(out, "CONFLICT", "title was written twice at once");
}

static void a_conflict_has_its_exit_code(void **state)
{
    (void)state;
    struct run_cli run =
        run_against(conflicting, ARGUMENTS("escalate", "1", "--fields", "title,context",
                                           "--reason", "r", "--yes"));

    assert_int_equal(run.code, EXIT_CONFLICT);
    run_cli_deinit(&run);
}

static void closing(struct bytes method, struct bytes arguments, unsigned call,
                    struct buf *out)
{
    (void)unlocked(method, arguments, out);
}

static void a_node_that_ends_in_the_middle_is_a_failure(void **state)
{
    (void)state;
    struct run_cli run = run_against(closing, ARGUMENTS("open", "3f2a91c0"));

    assert_int_equal(run.code, EXIT_FAILED);
    assert_non_null(strstr(run.err, "ended the connection"));
    assert_int_equal(run.out_len, 0);
    run_cli_deinit(&run);
}

static void rambling(struct bytes method, struct bytes arguments, unsigned call,
                     struct buf *out)
{
    static const uint8_t floating[] = {0xcb, 0, 0, 0, 0, 0, 0, 0, 0};
    pack_str(out, "OK");
    buf_add(out, floating, sizeof(floating));
}

static void an_answer_that_is_not_canonical_is_not_shown(void **state)
{
    (void)state;
    struct run_cli run = run_against(rambling, ARGUMENTS("status", "--json"));

    assert_int_equal(run.code, EXIT_FAILED);
    assert_int_equal(run.out_len, 0);
    assert_non_null(strstr(run.err, "not well formed"));
    run_cli_deinit(&run);
}

static void waiting(struct bytes method, struct bytes arguments, unsigned call,
                    struct buf *out)
{
    pack_str(out, "OK");
    pack_map(out, 2);
    pack_str(out, "agreed");
    pack_array(out, 0);
    pack_str(out, "waiting");
    pack_array(out, answer_is_true(arguments, "wait") ? 1 : 0);
    if (answer_is_true(arguments, "wait"))
        pack_str(out, "镇");
}

static void a_peer_that_did_not_agree_in_time_has_its_exit_code(void **state)
{
    (void)state;
    struct run_cli run = run_against(waiting, ARGUMENTS("sync", "--wait"));
    assert_int_equal(run.code, EXIT_UNREACHABLE);
    assert_non_null(strstr(run.out, "镇"));
    run_cli_deinit(&run);

    run = run_against(waiting, ARGUMENTS("sync"));
    assert_int_equal(run.code, EXIT_DONE);
    run_cli_deinit(&run);
}

static void inviting(struct bytes method, struct bytes arguments, unsigned call,
                     struct buf *out)
{
    if (unlocked(method, arguments, out))
        return;
    pack_str(out, "OK");
    pack_map(out, 3);
    pack_str(out, "code");
    pack_str(out, "bamo ceti dulu fana gise hota");
    pack_str(out, "expires_in_s");
    pack_uint(out, 600);
    pack_str(out, "key");
    pack_bin(out, "\x01", 1);
}

static void a_pairing_code_stands_alone_on_the_last_line(void **state)
{
    (void)state;
    struct run_cli run = run_against(inviting, ARGUMENTS("peer", "invite"));

    assert_int_equal(run.code, EXIT_DONE);
    const char *end = "\nbamo ceti dulu fana gise hota\n";
    assert_string_equal(run.out + run.out_len - strlen(end), end);
    run_cli_deinit(&run);
}

static void joining(struct bytes method, struct bytes arguments, unsigned call,
                    struct buf *out)
{
    if (unlocked(method, arguments, out))
        return;
    bool is_right = bytes_equal_str(answer_text(arguments, "code"),
                                    "bamo ceti dulu fana gise hota") &&
                    bytes_equal_str(answer_text(arguments, "at"), "[::1]:7450");
    fake_node_say_text(out, is_right ? "UNREACHABLE" : "INVALID", "nobody there");
}

static void a_code_may_be_one_argument_or_six(void **state)
{
    (void)state;
    struct run_cli run =
        run_against(joining, ARGUMENTS("peer", "join", " bamo ceti  dulu fana gise hota ",
                                       "--at", "[::1]:7450"));
    assert_int_equal(run.code, EXIT_UNREACHABLE);
    run_cli_deinit(&run);

    run = run_against(joining, ARGUMENTS("peer", "join", "bamo", "ceti", "dulu", "fana",
                                         "gise", "hota", "--at", "[::1]:7450"));
    assert_int_equal(run.code, EXIT_UNREACHABLE);
    run_cli_deinit(&run);
}

static void giving_evidence(struct bytes method, struct bytes arguments, unsigned call,
                            struct buf *out)
{
    pack_str(out, "OK");
    pack_map(out, 2);
    pack_str(out, "bytes");
    pack_bin(out, "evidence", 8);
    pack_str(out, "ops");
    pack_uint(out, 1);
}

static void evidence_is_written_whole_and_for_its_owner_alone(void **state)
{
    (void)state;
    struct fake_node node;
    char path[96];
    struct stat there;
    fake_node_start(&node, giving_evidence);
    (void)snprintf(path, sizeof(path), "%s/case.evidence", node.dir);

    struct run_cli run = run_cli(ARGUMENTS("evidence", "3f2a91c0", "--out", path));

    assert_int_equal(run.code, EXIT_DONE);
    assert_int_equal(stat(path, &there), 0);
    assert_int_equal(there.st_size, 8);
    assert_int_equal(there.st_mode & 0777, 0600);
    run_cli_deinit(&run);
    fake_node_stop(&node);
}

/* Three parts, each of which names the one behind it; where something is withheld the
 * last one, too, which is refused. */
static void giving_parts(struct bytes method, struct bytes arguments, unsigned call,
                         struct buf *out)
{
    static const char *const parts[] = {"one ", "two ", "three"};
    struct bytes after = answer_bin(arguments, "after"), words;
    size_t part = after.len == 0 ? 0 : (size_t)(after.data[0] - '0');
    bool is_whole = answer_is_true(arguments, "site") &&
                    answer_uint(arguments, "size") > 0 && part < 3;
    if (!is_whole) {
        fake_node_say_text(out, "CONFLICT", "begin the file anew");
        return;
    }
    pack_str(out, "OK");
    pack_map(out, 3);
    pack_str(out, "bytes");
    pack_bin(out, parts[part], strlen(parts[part]));
    pack_str(out, "next");
    if (part == 2 && !answer_field(arguments, "withhold", &words))
        pack_nil(out);
    else
        pack_bin(out, part == 0 ? "1" : part == 1 ? "2" : "3", 1);
    pack_str(out, "ops");
    pack_uint(out, 10 * (part + 1));
}

static void evidence_in_parts_is_one_file(void **state)
{
    char path[96], text[64] = "";
    struct fake_node node;
    (void)state;
    fake_node_start(&node, giving_parts);
    (void)snprintf(path, sizeof(path), "%s/case.evidence", node.dir);

    struct run_cli run = run_cli(ARGUMENTS("evidence", "--site", "--out", path));

    assert_int_equal(run.code, EXIT_DONE);
    assert_non_null(strstr(run.out, "30 records, 13 bytes"));
    assert_non_null(strstr(run.out, "Cases are not in it"));
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_int_equal(fread(text, 1, sizeof(text) - 1, file), 13);
    assert_int_equal(fclose(file), 0);
    assert_string_equal(text, "one two three");
    run_cli_deinit(&run);

    run = run_cli(ARGUMENTS("evidence", "--site", "--out", path, "--json"));
    assert_non_null(strstr(run.out, "{\"bytes\":13,"));
    run_cli_deinit(&run);
    fake_node_stop(&node);
}

/* An older file of that name stays as it was, and nothing beside it. */
static void evidence_that_is_refused_in_the_middle_leaves_nothing(void **state)
{
    char path[96], text[64] = "";
    struct fake_node node;
    (void)state;
    fake_node_start(&node, giving_parts);
    (void)snprintf(path, sizeof(path), "%s/case.evidence", node.dir);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    (void)fputs("before", file);
    assert_int_equal(fclose(file), 0);

    struct run_cli run =
        run_cli(ARGUMENTS("evidence", "--site", "--withhold", "all", "--out", path));

    assert_int_equal(run.code, EXIT_CONFLICT);
    assert_non_null(strstr(run.err, "begin the file anew"));
    file = fopen(path, "r");
    assert_non_null(file);
    assert_int_equal(fread(text, 1, sizeof(text) - 1, file), 6);
    assert_int_equal(fclose(file), 0);
    assert_string_equal(text, "before");
    run_cli_deinit(&run);
    fake_node_stop(&node);
}

static void evidence_goes_to_standard_output_for_a_dash(void **state)
{
    (void)state;
    struct run_cli run =
        run_against(giving_evidence, ARGUMENTS("evidence", "3f2a91c0", "--out", "-"));

    assert_int_equal(run.code, EXIT_DONE);
    assert_string_equal(run.out, "evidence");
    run_cli_deinit(&run);
}

/* Rows C1 and U4. */
static void evidence_that_cannot_be_written_leaves_nothing(void **state)
{
    (void)state;
    struct run_cli run =
        run_against(giving_evidence, ARGUMENTS("evidence", "3f2a91c0", "--out",
                                               "/nowhere/at/all/case.evidence"));
    assert_int_equal(run.code, EXIT_FAILED);
    assert_non_null(strstr(run.err, "NOT written"));
    run_cli_deinit(&run);

    run = run_against(giving_evidence,
                      ARGUMENTS("evidence", "3f2a91c0", "--out", "/dev/null"));
    assert_int_equal(run.code, EXIT_FAILED);
    assert_non_null(strstr(run.err, "not a plain file"));
    run_cli_deinit(&run);
}

static void listing(struct bytes method, struct bytes arguments, unsigned call,
                    struct buf *out)
{
    pack_str(out, "OK");
    pack_map(out, 1);
    pack_str(out, "cases");
    pack_array(out, 1);
    pack_map(out, 4);
    pack_str(out, "category");
    pack_str(out, "邻里");
    pack_str(out, "number");
    pack_str(out, "2026-0001");
    pack_str(out, "state");
    pack_str(out, "registered");
    pack_str(out, "title");
    pack_str(out, "a,\"b\"\x1b[0m");
}

/* Row M4: what goes to people is escaped, what goes to a program is as written. */
static void M4_a_hostile_title_is_escaped_in_tables_and_kept_in_csv(void **state)
{
    (void)state;
    struct run_cli run = run_against(listing, ARGUMENTS("case", "list"));
    assert_int_equal(run.code, EXIT_DONE);
    assert_non_null(strstr(run.out, "a,\"b\"\\u001b[0m"));
    assert_null(strchr(run.out, '\x1b'));
    run_cli_deinit(&run);

    run = run_against(listing, ARGUMENTS("case", "list", "--csv"));
    assert_string_equal(
        run.out, "\xef\xbb\xbfnumber,state,opened,category,title,sent,conflicts\r\n"
                 "2026-0001,registered,,邻里,\"a,\"\"b\"\"\x1b[0m\",0,0\r\n");
    run_cli_deinit(&run);
}

static void a_pin_file_that_is_wrong_is_named(void **state)
{
    (void)state;
    struct fake_node node;
    fake_node_start(&node, new_case);
    assert_int_equal(setenv("FENGQIAO_PIN_FILE", "/nowhere/pin", 1), 0);

    struct run_cli run = run_cli(new_case_words);

    assert_int_equal(run.code, EXIT_FAILED);
    assert_non_null(strstr(run.err, "the PIN file /nowhere/pin"));
    run_cli_deinit(&run);
    fake_node_stop(&node);
}

static void a_wrong_pin_is_a_missing_right(void **state)
{
    (void)state;
    struct fake_node node;
    char path[96];
    fake_node_start(&node, new_case);
    (void)snprintf(path, sizeof(path), "%s/pin", node.dir);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("654321\r\n", file);
    assert_int_equal(fclose(file), 0);

    struct run_cli run = run_cli(new_case_words);

    assert_int_equal(run.code, EXIT_DENIED);
    run_cli_deinit(&run);
    fake_node_stop(&node);
}

/* Row C1: the answer has nowhere to go. */
static void C1_a_full_standard_output_is_a_failure(void **state)
{
    (void)state;
    struct fake_node node;
    fake_node_start(&node, listing);
    const char *argv[] = {"fengqiao", "case", "list", NULL};
    char *said = NULL;
    size_t said_len = 0;
    FILE *full = fopen("/dev/full", "w");
    FILE *err = open_memstream(&said, &said_len);
    assert_non_null(full);

    int code = cli_run(3, argv, full, err);

    assert_int_equal(code, EXIT_FAILED);
    (void)fclose(full);
    assert_int_equal(fclose(err), 0);
    assert_non_null(strstr(said, "could not be written"));
    free(said);
    fake_node_stop(&node);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_number_of_a_new_case_stands_alone_on_the_last_line),
        cmocka_unit_test(json_is_the_result_as_one_object_with_stable_keys),
        cmocka_unit_test(a_refusal_is_said_escaped_and_has_its_exit_code),
        cmocka_unit_test(a_conflict_has_its_exit_code),
        cmocka_unit_test(a_node_that_ends_in_the_middle_is_a_failure),
        cmocka_unit_test(an_answer_that_is_not_canonical_is_not_shown),
        cmocka_unit_test(a_peer_that_did_not_agree_in_time_has_its_exit_code),
        cmocka_unit_test(a_pairing_code_stands_alone_on_the_last_line),
        cmocka_unit_test(a_code_may_be_one_argument_or_six),
        cmocka_unit_test(evidence_is_written_whole_and_for_its_owner_alone),
        cmocka_unit_test(evidence_in_parts_is_one_file),
        cmocka_unit_test(evidence_that_is_refused_in_the_middle_leaves_nothing),
        cmocka_unit_test(evidence_goes_to_standard_output_for_a_dash),
        cmocka_unit_test(evidence_that_cannot_be_written_leaves_nothing),
        cmocka_unit_test(M4_a_hostile_title_is_escaped_in_tables_and_kept_in_csv),
        cmocka_unit_test(a_pin_file_that_is_wrong_is_named),
        cmocka_unit_test(a_wrong_pin_is_a_missing_right),
        cmocka_unit_test(C1_a_full_standard_output_is_a_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
