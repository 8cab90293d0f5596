/* The first steward's PIN, from a file or typed on a terminal of the test's own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "node/io/steward_pin.h"
#include "tests/support/fail_call.h"
#include "tests/support/sitting.h"

static char dir[40], path[64];

static int open_house(void **state)
{
    (void)state;
    (void)snprintf(dir, sizeof(dir), "/tmp/fengqiao-pin-XXXXXX");
    assert_non_null(mkdtemp(dir));
    (void)snprintf(path, sizeof(path), "%s/pin", dir);
    return 0;
}

static int close_house(void **state)
{
    (void)state;
    assert_null(fail_call_stop());
    (void)unlink(path); /* not every test has made one */
    assert_int_equal(rmdir(dir), 0);
    return 0;
}

static void put(const char *text, size_t len)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
}

/* ---- from a file ---- */

static void the_first_line_of_a_file_is_the_pin(void **state)
{
    static const char *const texts[] = {"246810\n", "246810", "246810\r\n",
                                        "246810\nand more\n"};
    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct steward_pin pin;
        struct err err = {0};
        put(texts[i], strlen(texts[i]));
        assert_int_equal(steward_pin_read(&pin, path, &err), STATUS_OK);
        assert_string_equal(pin.text, "246810");
        assert_int_equal(pin.len, 6);
    }
}

static void what_is_no_pin_is_said_and_not_repeated(void **state)
{
    char large[WRAP_PIN_MAX + 1];
    struct steward_pin pin;
    struct err err = {0};
    (void)state;
    put("\n246810\n", 8);
    assert_int_equal(steward_pin_read(&pin, path, &err), STATUS_INVALID);
    assert_non_null(strstr(err.text, "is empty"));
    put("\r\n", 2);
    assert_int_equal(steward_pin_read(&pin, path, &err), STATUS_INVALID);
    put("", 0);
    assert_int_equal(steward_pin_read(&pin, path, &err), STATUS_INVALID);
    put("24\0810\n", 7);
    assert_int_equal(steward_pin_read(&pin, path, &err), STATUS_INVALID);
    assert_non_null(strstr(err.text, "zero byte"));
    put("24681\n", 6);
    assert_int_equal(steward_pin_read(&pin, path, &err), STATUS_INVALID);
    assert_non_null(strstr(err.text, "at least 6"));
    memset(large, '7', sizeof(large));
    put(large, WRAP_PIN_MAX);
    assert_int_equal(steward_pin_read(&pin, path, &err), STATUS_OK);
    put(large, sizeof(large));
    assert_int_equal(steward_pin_read(&pin, path, &err), STATUS_INVALID);
    assert_non_null(strstr(err.text, "at most"));
    assert_null(strstr(err.text, "777"));
}

static void D4_a_file_that_cannot_be_read_is_named(void **state)
{
    struct steward_pin pin;
    struct err err = {0};
    (void)state;
    assert_int_equal(steward_pin_read(&pin, path, &err), STATUS_NOT_FOUND);
    assert_non_null(strstr(err.text, path));
    assert_int_equal(steward_pin_read(&pin, dir, &err), STATUS_IO); /* a folder */
    put("246810\n", 7);
    fail_call_after("open", 0, EACCES);
    assert_int_equal(steward_pin_read(&pin, path, &err), STATUS_IO);
    assert_string_equal(fail_call_stop(), "open");
    fail_call_after("read", 3, EIO);
    assert_int_equal(steward_pin_read(&pin, path, &err), STATUS_IO);
    assert_string_equal(fail_call_stop(), "read");
    fail_call_after("read", 3, EINTR); /* a signal ends it */
    assert_int_equal(steward_pin_read(&pin, path, &err), STATUS_CLOSED);
    assert_string_equal(fail_call_stop(), "read");
}

/* ---- at a terminal ---- */

/* What is refused to the one who asks, and after how many. */
struct refusal {
    const char *call; /* NULL: nothing */
    uint64_t after;
};

static int ask(void *context)
{
    const struct refusal *refusal = context;
    struct steward_pin pin;
    struct err err = {0};
    struct termios before, after;
    (void)tcgetattr(STDIN_FILENO, &before);
    (void)signal(SIGINT, SIG_IGN); /* from the moment when nothing is asked any more */
    if (refusal->call != NULL)
        fail_call_after(refusal->call, refusal->after, EIO);
    enum status status = steward_pin_read(&pin, NULL, &err);
    if (refusal->call != NULL && fail_call_stop() == NULL)
        return 98;
    (void)tcgetattr(STDIN_FILENO, &after);
    /* Whatever happened, the person sees again what he types. */
    if (before.c_lflag != after.c_lflag)
        return 99;
    printf("%s|%s\n", status == STATUS_OK ? pin.text : "no", err.text);
    return fflush(stdout) == 0 ? (int)status : 97;
}

static struct refusal nothing;

static void a_pin_is_typed_twice_and_never_shown(void **state)
{
    struct sitting sitting;
    (void)state;
    sitting_begin(&sitting, ask, &nothing);
    sitting_see(&sitting, "PIN of the steward: ");
    sitting_type(&sitting, "135791\n");
    sitting_see(&sitting, "the same again: ");
    assert_null(strstr(sitting.seen, "135791"));
    sitting_type(&sitting, "135791\n");
    assert_int_equal(sitting_end(&sitting, ""), STATUS_OK);
    assert_non_null(strstr(sitting.seen, "135791|"));
}

static void two_pins_that_differ_are_refused(void **state)
{
    static const char *const second[] = {"135792\n", "1357911\n"};
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct sitting sitting;
        sitting_begin(&sitting, ask, &nothing);
        sitting_see(&sitting, "steward: ");
        sitting_type(&sitting, "135791\n");
        sitting_see(&sitting, "again: ");
        sitting_type(&sitting, second[i]);
        assert_int_equal(sitting_end(&sitting, ""), STATUS_INVALID);
        assert_non_null(strstr(sitting.seen, "the two are not the same"));
    }
}

static void an_interrupt_gives_the_echo_back(void **state)
{
    struct sitting sitting;
    (void)state;
    sitting_begin(&sitting, ask, &nothing);
    sitting_see(&sitting, "steward: ");
    sitting_type(&sitting, "1357");
    assert_int_equal(sitting_end(&sitting, "\x03"), STATUS_CLOSED); /* Ctrl-C */
}

static void a_terminal_that_refuses_is_said_and_gives_the_echo_back(void **state)
{
    static struct {
        struct refusal refusal;
        const char *said;
        enum status status;
    } rows[] = {{{"tcsetattr", 0}, "the echo cannot be switched off", STATUS_IO},
                {{"open", 0}, "there is no terminal to ask on", STATUS_INVALID},
                {{"tcgetattr", 0}, "there is no terminal to ask on", STATUS_INVALID},
                {{"write", 0}, "does not take the question", STATUS_IO},
                {{"read", 0}, "cannot be read", STATUS_IO}};
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct sitting sitting;
        sitting_begin(&sitting, ask, &rows[i].refusal);
        assert_int_equal(sitting_end(&sitting, ""), rows[i].status);
        if (strstr(sitting.seen, rows[i].said) == NULL)
            fail_msg("%s", sitting.seen);
    }
}

static void without_a_terminal_a_file_is_asked_for(void **state)
{
    (void)state;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct steward_pin pin;
        struct err err = {0};
        (void)setsid(); /* a session of its own has no terminal */
        exit((int)steward_pin_read(&pin, NULL, &err));
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), STATUS_INVALID);
}

#define A_TEST(name) cmocka_unit_test_setup_teardown(name, open_house, close_house)

int main(void)
{
    const struct CMUnitTest tests[] = {
        A_TEST(the_first_line_of_a_file_is_the_pin),
        A_TEST(what_is_no_pin_is_said_and_not_repeated),
        A_TEST(D4_a_file_that_cannot_be_read_is_named),
        A_TEST(a_pin_is_typed_twice_and_never_shown),
        A_TEST(two_pins_that_differ_are_refused),
        A_TEST(an_interrupt_gives_the_echo_back),
        A_TEST(a_terminal_that_refuses_is_said_and_gives_the_echo_back),
        A_TEST(without_a_terminal_a_file_is_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
