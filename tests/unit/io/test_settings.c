/* What an operator types and reads: the command line, addresses, exit codes, lines of the
 * log, and how the process stands towards the system. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "node/io/address.h"
#include "node/io/clock.h"
#include "node/io/daemon_args.h"
#include "node/io/exit_code.h"
#include "node/io/log.h"
#include "node/io/process.h"
#include "tests/support/fail_call.h"

/* ---- the command line ---- */

#define WORDS_MAX 12

static enum status parse(struct daemon_args *args, const char *const words[WORDS_MAX],
                         struct err *err)
{
    char *argv[WORDS_MAX + 1] = {(char *)(uintptr_t) "fengqiaod"};
    int argc = 1;
    for (; argc < WORDS_MAX && words[argc - 1] != NULL; argc++)
        argv[argc] = (char *)(uintptr_t)words[argc - 1];
    *err = (struct err){0};
    return daemon_args_parse(args, argc, argv, err);
}

static void a_command_line_is_read_as_it_was_typed(void **state)
{
    static const char *const words[WORDS_MAX] = {
        "run",   "--dir=/d",     "--listen", "0.0.0.0:7700",
        "--web", "127.0.0.1:80", "--web-tls"};
    struct daemon_args args;
    struct err err;
    (void)state;
    assert_int_equal(parse(&args, words, &err), STATUS_OK);
    assert_int_equal(args.mode, MODE_RUN);
    assert_string_equal(args.dir, "/d");
    assert_string_equal(args.listen, "0.0.0.0:7700");
    assert_string_equal(args.web, "127.0.0.1:80");
    assert_true(args.has_web_tls);
    assert_false(args.opens_web);
    assert_null(args.web_names);
}

static void a_wrong_command_line_is_refused_with_its_word(void **state)
{
    static const struct {
        const char *words[WORDS_MAX];
        const char *said;
    } rows[] = {
        {{NULL}, "a mode is missing"},
        {{"walk"}, "walk is no mode"},
        {{"run", "--dir", "d", "--lisen", "x"}, "--lisen is no option"},
        {{"run", "--dir", "d", "--list=1"}, "--list=1 is no option"},
        {{"run", "d"}, "d is no option"},
        {{"check", "--dir", "d", "--listen", "x"}, "--listen does not belong to check"},
        {{"run", "--dir", "d", "--web-tls=yes"}, "--web-tls takes no value"},
        {{"run", "--dir"}, "--dir needs a value (D)"},
        {{"run", "--dir", ""}, "--dir needs a value (D)"},
        {{"run", "--dir="}, "--dir needs a value (D)"},
        {{"run", "--dir", "a", "--dir", "b"}, "--dir is given twice"},
        {{"run"}, "run needs --dir D"},
        {{"init", "--dir", "d", "--tier", "village", "--name", "n"},
         "init needs --steward TEXT"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct daemon_args args;
        struct err err;
        assert_int_equal(parse(&args, rows[i].words, &err), STATUS_INVALID);
        if (strstr(err.text, rows[i].said) == NULL)
            fail_msg("row %zu: %s", i, err.text);
    }
}

/* The caller frees it. */
static char *help_about(enum daemon_mode about)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    assert_non_null(out);
    daemon_args_help(out, about);
    assert_int_equal(fclose(out), 0);
    return text;
}

static void help_names_every_mode_and_option_for_people(void **state)
{
    static const char *const named[] = {
        "init ",  "run ",      "check ",      "rebuild ",   "--help",    "--version",
        "--dir",  "--tier",    "--steward",   "--pin-file", "--network", "--json",
        "--web ", "--web-tls", "--web-names", "--listen",   "(required)"};
    (void)state;
    char *text = help_about(MODE_NONE);
    for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++)
        assert_non_null(strstr(text, named[i]));
    assert_null(strstr(text, "key-child"));
    free(text);
}

static void help_after_a_mode_is_about_that_mode(void **state)
{
    static const char *const lines[][WORDS_MAX] = {{"restore", "--help"},
                                                   {"restore", "--json", "--help"}};
    (void)state;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        struct daemon_args args;
        struct err err;

        assert_int_equal(parse(&args, lines[i], &err), STATUS_OK);

        assert_int_equal(args.mode, MODE_HELP);
        assert_int_equal(args.about, MODE_RESTORE);
        assert_false(args.is_json);
    }
    char *text = help_about(MODE_RESTORE);
    assert_non_null(strstr(text, "usage: fengqiaod restore"));
    assert_non_null(strstr(text, "--recovery-file"));
    assert_null(strstr(text, "--web"));
    free(text);
}

static void help_after_what_is_no_mode_of_its_own_is_about_all(void **state)
{
    static const char *const hidden[WORDS_MAX] = {"key-child", "--help"};
    static const char *const twice[WORDS_MAX] = {"--help", "--help"};
    struct daemon_args args;
    struct err err;
    (void)state;

    assert_int_equal(parse(&args, hidden, &err), STATUS_INVALID);
    assert_int_equal(parse(&args, twice, &err), STATUS_OK);

    assert_int_equal(args.mode, MODE_HELP);
    assert_int_equal(args.about, MODE_NONE);
}

/* ---- addresses ---- */

static void an_address_is_a_host_and_a_port(void **state)
{
    static const struct {
        const char *text, *host, *port; /* host NULL: it is none */
    } rows[] = {
        {"127.0.0.1:7700", "127.0.0.1", "7700"},
        {"[::1]:0", "::1", "0"},
        {"pi.local:65535", "pi.local", "65535"},
        {"[pi]:1", "pi", "1"},
        {"", NULL, NULL},
        {"127.0.0.1", NULL, NULL},
        {":7700", NULL, NULL},
        {"[]:7700", NULL, NULL},
        {"::1:7700", NULL, NULL},
        {"[pi:1", "[pi", "1"}, /* which no resolver knows */
        {"pi:", NULL, NULL},
        {"pi:65536", NULL, NULL},
        {"pi:99999", NULL, NULL},
        {"pi:123456", NULL, NULL},
        {"pi:-1", NULL, NULL},
        {"pi:0x50", NULL, NULL},
        {"pi: 80", NULL, NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct address address;
        bool is_one = address_parse(&address, rows[i].text);
        if (is_one != (rows[i].host != NULL))
            fail_msg("%s", rows[i].text);
        if (!is_one)
            continue;
        assert_string_equal(address.host, rows[i].host);
        assert_string_equal(address.port, rows[i].port);
    }
}

static void a_host_is_as_long_as_a_name_can_be(void **state)
{
    char text[ADDRESS_HOST_SIZE + 10];
    struct address address;
    (void)state;
    memset(text, 'a', sizeof(text));
    memcpy(text + ADDRESS_HOST_SIZE - 1, ":80", 4);
    assert_true(address_parse(&address, text));
    memset(text, 'a', sizeof(text));
    memcpy(text + ADDRESS_HOST_SIZE, ":80", 4);
    assert_false(address_parse(&address, text));
}

static void an_address_is_written_as_it_is_read(void **state)
{
    static const char *const texts[] = {"127.0.0.1:7700", "[2001:db8::7]:80"};
    struct address address;
    struct sockaddr_storage at;
    char text[ADDRESS_TEXT_SIZE];
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        assert_true(address_parse(&address, texts[i]));
        assert_true(address_numeric(&address, &at));
        address_format(text, (struct sockaddr *)&at);
        assert_string_equal(text, texts[i]);
    }
    assert_true(address_parse(&address, "pi.local:80"));
    assert_false(address_numeric(&address, &at));
}

/* ---- exit codes ---- */

static void each_status_has_the_code_that_sysexits_gives_it(void **state)
{
    static const struct {
        enum status status;
        int code;
    } rows[] = {
        {STATUS_OK, EX_OK},
        {STATUS_INVALID, EX_USAGE},
        {STATUS_TOO_LARGE, EX_USAGE},
        {STATUS_CORRUPT, EX_DATAERR},
        {STATUS_UNVERIFIED, EX_DATAERR},
        {STATUS_NOT_FOUND, EX_NOINPUT},
        {STATUS_BUSY, EX_UNAVAILABLE},
        {STATUS_NO_MEMORY, EX_OSERR},
        {STATUS_EXISTS, EX_CANTCREAT},
        {STATUS_FULL, EX_IOERR},
        {STATUS_IO, EX_IOERR},
        {STATUS_UNSUPPORTED, EX_CONFIG},
        {STATUS_DENIED, EX_NOPERM},
        {STATUS_CLOSED, EX_TEMPFAIL},
        {STATUS_MORE, EX_SOFTWARE},
        {STATUS_CONFLICT, EX_SOFTWARE},
        {STATUS_UNREACHABLE, EX_UNAVAILABLE},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_int_equal(sysexit_of(rows[i].status), rows[i].code);
}

/* ---- the log ---- */

/* What fn writes to standard error. */
static void caught(void (*fn)(void), char *text, size_t size)
{
    int before = dup(STDERR_FILENO), said[2];
    assert_int_equal(pipe(said), 0);
    assert_true(dup2(said[1], STDERR_FILENO) >= 0);
    fn();
    assert_true(dup2(before, STDERR_FILENO) >= 0);
    (void)close(before);
    (void)close(said[1]);
    ssize_t len = read(said[0], text, size - 1);
    assert_true(len >= 0);
    text[len] = '\0';
    (void)close(said[0]);
}

static void say_lines(void)
{
    log_info("peer=%d", 7);
    log_warn("w");
    log_error("e");
}

static void say_harm(void)
{
    log_info("%s", "\033[2Ja\nerror forged\x7f水");
}

static void say_much(void)
{
    char text[2000];
    memset(text, 'x', sizeof(text));
    text[sizeof(text) - 1] = '\0';
    log_info("%s", text);
}

static void M4_a_line_of_the_log_is_one_line_and_harmless(void **state)
{
    char text[1024];
    (void)state;
    caught(say_lines, text, sizeof(text));
    assert_string_equal(text, "peer=7\nwarn w\nerror e\n");
    caught(say_harm, text, sizeof(text));
    assert_string_equal(text, "?[2Ja?error forged?水\n");
    caught(say_much, text, sizeof(text));
    assert_int_equal(strlen(text), 511);
    assert_int_equal(text[510], '\n');
}

static void say_interrupted(void)
{
    fail_call_after("write", 0, EINTR);
    log_info("twice");
    assert_string_equal(fail_call_stop(), "write");
    fail_call_after("write", 0, ENOSPC);
    log_info("lost");
    assert_string_equal(fail_call_stop(), "write");
}

static void a_line_that_cannot_be_written_is_lost_and_nothing_else(void **state)
{
    char text[64];
    (void)state;
    caught(say_interrupted, text, sizeof(text));
    assert_string_equal(text, "twice\n");
}

static void a_gate_lets_one_line_a_minute_pass(void **state)
{
    struct log_gate gate = {0};
    (void)state;
    assert_true(log_gate_opens(&gate, 5));
    assert_false(log_gate_opens(&gate, 60004));
    assert_true(log_gate_opens(&gate, 60005));
    assert_false(log_gate_opens(&gate, 60005));
}

/* ---- the process ---- */

/* In a child, for it changes the process. */
static int hardened(const char *call, uint64_t after, bool closes_input)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (closes_input)
            (void)close(STDIN_FILENO);
        if (call != NULL)
            fail_call_after(call, after, EPERM);
        bool is_hard = process_harden();
        bool is_open = fcntl(STDIN_FILENO, F_GETFD) >= 0;
        exit(!is_hard ? 1 : is_open ? 0 : 2);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void a_system_that_refuses_to_be_safe_is_no_place_for_a_node(void **state)
{
    (void)state;
    assert_int_equal(hardened(NULL, 0, false), 0);
    assert_int_equal(hardened(NULL, 0, true), 0); /* no file of ours becomes its input */
    assert_int_equal(hardened("open", 0, true), 1);
    assert_int_equal(hardened("setrlimit", 0, false), 1);
    assert_int_equal(hardened("prctl", 0, false), 1);
    assert_int_equal(hardened("sigaction", 0, false), 1);
    assert_int_equal(hardened("sigaction", 1, false), 1);
}

static void what_is_read_or_written_is_whole_or_refused(void **state)
{
    int fds[2];
    char text[8] = "";
    (void)state;
    assert_int_equal(pipe(fds), 0);
    fail_call_after("write", 0, EINTR);
    assert_true(process_write_all(fds[1], "12345678", 8));
    assert_string_equal(fail_call_stop(), "write");
    fail_call_after("read", 0, EINTR);
    assert_true(process_read_all(fds[0], text, 8));
    assert_string_equal(fail_call_stop(), "read");
    assert_memory_equal(text, "12345678", 8);

    fail_call_after("write", 0, EIO);
    assert_false(process_write_all(fds[1], "1", 1));
    assert_string_equal(fail_call_stop(), "write");
    fail_call_after("read", 0, EIO);
    assert_false(process_read_all(fds[0], text, 1));
    assert_string_equal(fail_call_stop(), "read");
    assert_true(process_write_all(fds[1], "123", 3));
    (void)close(fds[1]);
    assert_false(process_read_all(fds[0], text, 8));
    (void)close(fds[0]);
    assert_true(process_files_max() > 0);
}

static void I9_the_clock_says_how_far_it_is_to_be_trusted(void **state)
{
    enum wall_quality quality = WALL_NONE;
    (void)state;
    uint64_t before = clock_monotonic_ms();
    uint64_t wall = clock_wall(&quality);
    assert_true(clock_monotonic_ms() >= before);
    assert_int_equal(wall == 0, quality == WALL_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_command_line_is_read_as_it_was_typed),
        cmocka_unit_test(a_wrong_command_line_is_refused_with_its_word),
        cmocka_unit_test(help_names_every_mode_and_option_for_people),
        cmocka_unit_test(help_after_a_mode_is_about_that_mode),
        cmocka_unit_test(help_after_what_is_no_mode_of_its_own_is_about_all),
        cmocka_unit_test(an_address_is_a_host_and_a_port),
        cmocka_unit_test(a_host_is_as_long_as_a_name_can_be),
        cmocka_unit_test(an_address_is_written_as_it_is_read),
        cmocka_unit_test(each_status_has_the_code_that_sysexits_gives_it),
        cmocka_unit_test(M4_a_line_of_the_log_is_one_line_and_harmless),
        cmocka_unit_test(a_line_that_cannot_be_written_is_lost_and_nothing_else),
        cmocka_unit_test(a_gate_lets_one_line_a_minute_pass),
        cmocka_unit_test(a_system_that_refuses_to_be_safe_is_no_place_for_a_node),
        cmocka_unit_test(what_is_read_or_written_is_whole_or_refused),
        cmocka_unit_test(I9_the_clock_says_how_far_it_is_to_be_trusted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
