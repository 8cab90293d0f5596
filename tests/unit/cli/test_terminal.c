/* The client at a terminal: a PIN that is typed and never shown, one that is chosen, a
 * signal in the middle, how far something has come. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <signal.h>
#include <termios.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/interrupt.h"
#include "proto/pack.h"
#include "tests/support/fail_call.h"
#include "tests/support/sitting.h"
#include "tests/unit/cli/evidence_maker.h"
#include "tests/unit/cli/fake_node.h"

#define WORDS_MAX 16
#define ECHO_IS_LOST 99

/* A handler leaves at once, past what counts the lines: here it does not. */
void __wrap__exit(int code) __attribute__((noreturn));
void __wrap__exit(int code)
{
    struct termios now;
    if (code > 128 && tcgetattr(STDIN_FILENO, &now) == 0 && (now.c_lflag & ECHO) == 0)
        code = ECHO_IS_LOST;
    exit(code);
}

struct call {
    const char *words[WORDS_MAX];
    const char *refuses; /* a call of the system; NULL: none */
    uint64_t after;
    int error;
};

static const char *pin_file; /* what FENGQIAO_PIN_FILE says; NULL: it is not there */

static int run_call(void *context)
{
    const struct call *call = context;
    const char *argv[WORDS_MAX + 2] = {"fengqiao"};
    int argc = 1;
    for (; call->words[argc - 1] != NULL; argc++)
        argv[argc] = call->words[argc - 1];
    if (pin_file != NULL)
        (void)setenv("FENGQIAO_PIN_FILE", pin_file, 1);
    else
        (void)unsetenv("FENGQIAO_PIN_FILE");
    interrupt_install();
    if (call->refuses != NULL)
        fail_call_after(call->refuses, call->after, call->error);
    int code = cli_run(argc, argv, stdout, stderr);
    struct termios now;
    if (tcgetattr(STDIN_FILENO, &now) != 0 || (now.c_lflag & ECHO) == 0)
        return ECHO_IS_LOST;
    return call->refuses != NULL && fail_call_stop() == NULL ? 98 : code;
}

/* The PIN opens where it is the right one; all else is done. */
static void answering(struct bytes method, struct bytes arguments, unsigned call,
                      struct buf *out)
{
    bool opens = memmem(arguments.data, arguments.len, "135791", 6) != NULL;
    (void)call;
    if (bytes_equal_str(method, "unlock") && !opens) {
        fake_node_say_text(out, "DENIED", "that is not the PIN");
        return;
    }
    pack_str(out, "OK");
    pack_map(out, 2);
    pack_str(out, "code");
    pack_str(out, "wendai gaman kahan kaying tiangao wenkai");
    pack_str(out, "op");
    pack_bin(out, "abcdefgh", 8);
}

static struct fake_node node;

static int open_house(void **state)
{
    (void)state;
    fake_node_start(&node, answering);
    return 0;
}

static int close_house(void **state)
{
    (void)state;
    fake_node_stop(&node);
    return 0;
}

static void a_pin_is_asked_for_and_never_shown(void **state)
{
    static struct call call = {{"case", "note", "1", "来过", "--as", "李某"}, NULL, 0, 0};
    struct sitting sitting;
    (void)state;
    sitting_begin(&sitting, run_call, &call);
    sitting_see(&sitting, "PIN of 李某: ");
    sitting_type(&sitting, "135791\n");
    sitting_see(&sitting, "Noted.");
    assert_int_equal(sitting_end(&sitting, ""), EXIT_DONE);
    assert_null(strstr(sitting.seen, "135791"));
    /* A name of no file is none. */
    pin_file = "";
    sitting_begin(&sitting, run_call, &call);
    sitting_see(&sitting, "PIN of 李某: ");
    sitting_type(&sitting, "135791\n");
    assert_int_equal(sitting_end(&sitting, ""), EXIT_DONE);
    pin_file = NULL;
}

static void a_wrong_or_empty_pin_opens_nothing(void **state)
{
    static struct call call = {{"case", "note", "1", "来过"}, NULL, 0, 0};
    struct sitting sitting;
    char large[300];
    (void)state;
    sitting_begin(&sitting, run_call, &call);
    sitting_see(&sitting, "PIN of the steward: ");
    sitting_type(&sitting, "000000\n");
    assert_int_equal(sitting_end(&sitting, ""), EXIT_DENIED);
    sitting_begin(&sitting, run_call, &call);
    sitting_see(&sitting, "steward: ");
    sitting_type(&sitting, "\n");
    assert_int_equal(sitting_end(&sitting, ""), EXIT_FAILED);
    assert_non_null(strstr(sitting.seen, "the PIN is empty"));
    memset(large, '7', sizeof(large));
    memcpy(large + sizeof(large) - 2, "\n", 2);
    sitting_begin(&sitting, run_call, &call);
    sitting_see(&sitting, "steward: ");
    sitting_type(&sitting, large);
    assert_int_equal(sitting_end(&sitting, ""), EXIT_FAILED);
    assert_non_null(strstr(sitting.seen, "a PIN has at most"));
    assert_null(strstr(sitting.seen, "777"));
}

static void a_new_pin_is_typed_twice(void **state)
{
    static struct call call = {{"person", "pin"}, NULL, 0, 0};
    static const struct {
        const char *again, *said;
        int code;
    } rows[] = {{"864200\n", "", EXIT_DONE},
                {"864201\n", "the two PINs differ; nothing was done", EXIT_FAILED},
                {"8642\n", "the two PINs differ; nothing was done", EXIT_FAILED},
                {"\n", "the PIN is empty", EXIT_FAILED}};
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct sitting sitting;
        sitting_begin(&sitting, run_call, &call);
        sitting_see(&sitting, "PIN of the steward: ");
        sitting_type(&sitting, "135791\n");
        sitting_see(&sitting, "new PIN of the steward: ");
        sitting_type(&sitting, "864200\n");
        sitting_see(&sitting, "once more, the PIN of the steward: ");
        sitting_type(&sitting, rows[i].again);
        assert_int_equal(sitting_end(&sitting, ""), rows[i].code);
        assert_non_null(strstr(sitting.seen, rows[i].said));
        assert_null(strstr(sitting.seen, "8642"));
    }
}

static void an_interrupt_gives_the_echo_back(void **state)
{
    static struct call call = {{"case", "note", "1", "来过"}, NULL, 0, 0};
    struct sitting sitting;
    (void)state;
    sitting_begin(&sitting, run_call, &call);
    sitting_see(&sitting, "steward: ");
    sitting_type(&sitting, "135\x03"); /* Ctrl-C */
    assert_int_equal(sitting_end(&sitting, ""), 128 + SIGINT);
}

static void a_terminal_that_refuses_is_said(void **state)
{
    static struct {
        struct call call;
        const char *said;
        int code;
    } rows[] = {
        {{{"case", "note", "1", "t"}, "open", 0, ENXIO}, "no terminal to ask on", 1},
        {{{"case", "note", "1", "t"}, "read", 0, EIO}, "the terminal: ", 1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct sitting sitting;
        sitting_begin(&sitting, run_call, &rows[i].call);
        assert_int_equal(sitting_end(&sitting, ""), rows[i].code);
        if (strstr(sitting.seen, rows[i].said) == NULL)
            fail_msg("%s", sitting.seen);
    }
}

static void what_is_dropped_for_good_needs_the_whole_word(void **state)
{
    static struct call call = {{"quarantine", "drop", "3"}, NULL, 0, 0};
    static const struct {
        const char *word;
        int code;
    } rows[] = {{"yes\n", EXIT_DONE},
                {"yesterday\n", EXIT_FAILED},
                {"\n", EXIT_FAILED},
                {"\x04", EXIT_FAILED}}; /* the end of what is typed */
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct sitting sitting;
        sitting_begin(&sitting, run_call, &call);
        sitting_see(&sitting, "Drop it? Type yes: ");
        sitting_type(&sitting, rows[i].word);
        if (rows[i].code == EXIT_DONE) {
            sitting_see(&sitting, "PIN of the steward: ");
            sitting_type(&sitting, "135791\n");
        }
        assert_int_equal(sitting_end(&sitting, ""), rows[i].code);
        assert_int_equal(strstr(sitting.seen, "nothing was dropped") != NULL,
                         rows[i].code != EXIT_DONE);
    }
}

static void what_is_sent_up_needs_the_whole_word(void **state)
{
    static struct call call = {
        {"escalate", "1", "--fields", "title", "--reason", "r"}, NULL, 0, 0};
    struct sitting sitting;
    (void)state;
    sitting_begin(&sitting, run_call, &call);
    sitting_see(&sitting, "Nothing else leaves.");
    sitting_see(&sitting, "Send it? Type yes: ");
    sitting_type(&sitting, "no\n");
    assert_int_equal(sitting_end(&sitting, ""), EXIT_FAILED);
    assert_non_null(strstr(sitting.seen, "nothing was sent"));
    sitting_begin(&sitting, run_call, &call);
    sitting_see(&sitting, "Send it? Type yes: ");
    sitting_type(&sitting, "yes\n");
    sitting_see(&sitting, "PIN of the steward: ");
    sitting_type(&sitting, "135791\n");
    assert_int_equal(sitting_end(&sitting, ""), EXIT_DONE);
    assert_non_null(strstr(sitting.seen, "Released"));
}

static void a_new_person_types_a_pin(void **state)
{
    static struct call call = {
        {"person", "add", "李某", "--role", "mediator"}, NULL, 0, 0};
    struct sitting sitting;
    (void)state;
    sitting_begin(&sitting, run_call, &call);
    sitting_see(&sitting, "new PIN of 李某: ");
    sitting_type(&sitting, "864200\n");
    sitting_see(&sitting, "once more, the PIN of 李某: ");
    sitting_type(&sitting, "864200\n");
    sitting_see(&sitting, "PIN of the steward: ");
    sitting_type(&sitting, "135791\n");
    sitting_see(&sitting, "Added.");
    assert_int_equal(sitting_end(&sitting, ""), EXIT_DONE);
    assert_null(strstr(sitting.seen, "864200"));
    sitting_begin(&sitting, run_call, &call);
    sitting_see(&sitting, "new PIN of 李某: ");
    sitting_type(&sitting, "\xff\xfe\n");
    assert_int_equal(sitting_end(&sitting, ""), EXIT_FAILED);
}

static void a_code_is_black_on_white_whatever_the_terminal_is(void **state)
{
    static struct call call = {
        {"node", "invite", "--qr", "--at", "192.168.1.20:7450"}, NULL, 0, 0};
    struct sitting sitting;
    (void)state;
    sitting_begin(&sitting, run_call, &call);
    sitting_see(&sitting, "PIN of the steward: ");
    sitting_type(&sitting, "135791\n");
    assert_int_equal(sitting_end(&sitting, ""), EXIT_DONE);
    assert_non_null(strstr(sitting.seen, "\033[0m\r\n"));
}

static void what_takes_long_says_how_far_it_is(void **state)
{
    static struct call call = {{"import", NULL}, NULL, 0, 0};
    static char table[128];
    struct sitting sitting;
    (void)state;
    (void)snprintf(table, sizeof(table), "%s/cases.csv", node.dir);
    FILE *file = fopen(table, "w");
    assert_non_null(file);
    (void)fputs("category,title,narrative,party,role\n", file);
    for (int i = 0; i < 2000; i++)
        (void)fprintf(file, "邻里,第%d件,从前的,王某,applicant\n", i);
    assert_int_equal(fclose(file), 0);
    call.words[1] = table;
    sitting_begin(&sitting, run_call, &call);
    sitting_see(&sitting, "steward: ");
    sitting_type(&sitting, "135791\n");
    (void)sitting_end(&sitting, ""); /* the node that is none says nothing of cases */
    if (strstr(sitting.seen, "\033[K") == NULL) /* the line was taken away again */
        fail_msg("%s", sitting.seen);
}

static void write_evidence(const char *path)
{
    const struct maker_wish wish = {.advices = 1200};
    struct maker *maker = maker_new(&wish);
    struct buf bytes = {0};
    maker_file(maker, &MAKER_WHOLE, &bytes, NULL);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes.data, 1, bytes.len, file), bytes.len);
    assert_int_equal(fclose(file), 0);
    buf_deinit(&bytes);
    maker_free(maker);
}

static void a_file_that_is_verified_has_a_bar(void **state)
{
    static char path[128], site[65];
    static struct call call = {{"verify", path, "--trust", site}, NULL, 0, 0};
    struct sitting sitting;
    (void)state;
    memset(site, '5', 64);
    (void)snprintf(path, sizeof(path), "%s/long.evidence", node.dir);
    write_evidence(path);

    sitting_begin(&sitting, run_call, &call);
    sitting_see(&sitting, " %  ");
    sitting_see(&sitting, " records checked, ");
    assert_int_equal(sitting_end(&sitting, ""), EXIT_UNVERIFIED);

    assert_true(strstr(sitting.seen, "[####") != NULL ||
                strstr(sitting.seen, "\r[....") != NULL);
    assert_non_null(strstr(sitting.seen, "\033[K")); /* it was taken away again */
    (void)unlink(path);
}

/* Whoever ends it gets no half of a verdict. */
static void C1_a_verification_that_is_interrupted_has_no_verdict(void **state)
{
    static char site[65];
    static struct call call = {{"verify", "-", "--trust", site, "--json"}, NULL, 0, 0};
    struct sitting sitting;
    (void)state;
    memset(site, '5', 64);
    sitting_begin(&sitting, run_call, &call); /* what is typed is the file */
    assert_int_equal(sitting_end(&sitting, "\x03"), 128 + SIGINT);
    assert_null(strstr(sitting.seen, "verdict"));
}

static void what_is_no_text_does_not_go_to_a_terminal(void **state)
{
    static struct call calls[] = {{{"attach", "get", "1", "2", "--out", "-"}, NULL, 0, 0},
                                  {{"evidence", "1", "--out", "-"}, NULL, 0, 0},
                                  {{"paste", "get", "1", "--out", "-"}, NULL, 0, 0}};
    (void)state;
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        struct sitting sitting;
        sitting_begin(&sitting, run_call, &calls[i]);
        assert_int_equal(sitting_end(&sitting, ""), EXIT_USAGE);
        assert_non_null(strstr(sitting.seen, "not go to a terminal"));
    }
}

#define A_TEST(name) cmocka_unit_test_setup_teardown(name, open_house, close_house)

int main(void)
{
    const struct CMUnitTest tests[] = {
        A_TEST(a_pin_is_asked_for_and_never_shown),
        A_TEST(a_wrong_or_empty_pin_opens_nothing),
        A_TEST(a_new_pin_is_typed_twice),
        A_TEST(an_interrupt_gives_the_echo_back),
        A_TEST(a_terminal_that_refuses_is_said),
        A_TEST(what_is_dropped_for_good_needs_the_whole_word),
        A_TEST(what_is_sent_up_needs_the_whole_word),
        A_TEST(a_new_person_types_a_pin),
        A_TEST(a_code_is_black_on_white_whatever_the_terminal_is),
        A_TEST(what_takes_long_says_how_far_it_is),
        A_TEST(a_file_that_is_verified_has_a_bar),
        A_TEST(C1_a_verification_that_is_interrupted_has_no_verdict),
        A_TEST(what_is_no_text_does_not_go_to_a_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
