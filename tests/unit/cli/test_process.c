/* The program as a process (row C1): closed stdout, signals, no PIN. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/interrupt.h"
#include "proto/pack.h"
#include "tests/unit/cli/fake_node.h"

/* Where the program's standard output goes, what it lacks, and where it stands. */
struct place {
    const char *out;     /* a file; NULL: it is closed */
    const char *program; /* NULL: where it was built */
    bool lacks_input, lacks_errors, ignores_children;
};
static const struct place quiet = {.out = "/dev/null"};

static void take_place(const struct place *place, int errors)
{
    (void)setsid();
    (void)dup2(errors, STDERR_FILENO);
    (void)close(STDOUT_FILENO);
    if (place->out)
        (void)dup2(open(place->out, O_WRONLY), STDOUT_FILENO);
    if (place->lacks_input)
        (void)close(STDIN_FILENO);
    if (place->lacks_errors)
        (void)close(STDERR_FILENO);
    if (place->ignores_children)
        (void)signal(SIGCHLD, SIG_IGN);
}

/* Runs the program in a session of its own, without a terminal; what it says on stderr
 * goes to said. Gives the exit code. */
static int run_program(const char *const argv[], const struct place *place, char *said,
                       size_t said_size)
{
    int fds[2];
    assert_int_equal(pipe(fds), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        take_place(place, fds[1]);
        char *words[8] = {NULL};
        for (int i = 0; argv[i]; i++)
            words[i] = strdup(argv[i]);
        execv(place->program ? place->program : getenv("FENGQIAO_CLIENT"), words);
        _exit(99);
    }
    (void)close(fds[1]);
    size_t len = 0;
    ssize_t got;
    while (len + 1 < said_size &&
           (got = read(fds[0], said + len, said_size - len - 1)) > 0)
        len += (size_t)got;
    said[len] = '\0';
    (void)close(fds[0]);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void answering(struct bytes method, struct bytes arguments, unsigned call,
                      struct buf *out)
{
    pack_str(out, "OK");
    pack_map(out, 0);
}

static void a_closed_stdout_is_refused_before_anything_is_done(void **state)
{
    (void)state;
    char said[512];
    const char *argv[] = {"fengqiao", "--dir", "/nowhere", "status", NULL};

    const struct place closed = {.out = NULL};
    int code = run_program(argv, &closed, said, sizeof(said));

    assert_int_equal(code, 1);
    assert_string_equal(said, "fengqiao: standard output is closed; nothing was done\n");
}

/* What was done is done: who asked is told that the answer is what is missing. */
static void an_answer_that_finds_no_room_is_a_failure(void **state)
{
    (void)state;
    const struct place full = {.out = "/dev/full"};
    char said[512];
    const char *version[] = {"fengqiao", "--version", NULL};
    assert_int_equal(run_program(version, &full, said, sizeof(said)), 1);
    assert_string_equal(said,
                        "fengqiao: the answer could not be written: No space left on "
                        "device; what was asked for is done all the same\n");

    /* What fails anyway keeps its own code. */
    const char *verify[] = {
        "fengqiao",
        "verify",
        "/dev/null",
        "--trust",
        "0000000000000000000000000000000000000000000000000000000000000005",
        NULL};
    assert_int_equal(run_program(verify, &full, said, sizeof(said)), 3);
    assert_string_equal(said,
                        "fengqiao: the answer could not be written: No space left on "
                        "device\n");
}

/* Its number would go to the next file that is opened. */
static void a_closed_input_or_error_stream_is_an_empty_one(void **state)
{
    (void)state;
    const struct place places[] = {{.out = "/dev/null", .lacks_input = true},
                                   {.out = "/dev/null", .lacks_errors = true}};
    char said[512];
    const char *argv[] = {
        "fengqiao",
        "verify",
        "-",
        "--trust",
        "0000000000000000000000000000000000000000000000000000000000000005",
        NULL};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(run_program(argv, &places[i], said, sizeof(said)), 3);
        assert_string_equal(said, "");
    }
}

static void put_program(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, 0700), 0);
}

/* A copy of the client, whose neighbour is asked before those of the PATH are. */
static void the_daemon_beside_the_client_is_the_one_that_is_run(void **state)
{
    static const struct {
        const char *text;
        bool ignores_children;
        int code;
        const char *said;
    } rows[] = {{"#!/bin/sh\necho \"beside: $*\" >&2\n", false, 0,
                 "beside: try-backup --dir /nowhere --from /nowhere/stick\n"},
                {"#!/bin/sh\nexit 74\n", false, 1, ""},
                {"#!/bin/sh\nkill -9 $$\n", false, 1, ""},
                /* What became of it nobody tells. */
                {"#!/bin/sh\nexit 0\n", true, 1, ""},
                {NULL, false, 1, "fengqiao: fengqiaod does not start: "}};
    char folder[] = "/tmp/fengqiao-beside-XXXXXX", client[64], daemon[64], said[512];
    char copy[256];
    (void)state;
    /* Under an emulator or valgrind it is a script, which has no neighbours. */
    if (system("head -c 2 \"$FENGQIAO_CLIENT\" | grep -q '#!'") == 0) // NOLINT
        skip();
    assert_non_null(mkdtemp(folder));
    (void)snprintf(client, sizeof(client), "%s/fengqiao", folder);
    (void)snprintf(daemon, sizeof(daemon), "%s/fengqiaod", folder);
    (void)snprintf(copy, sizeof(copy), "cp \"$FENGQIAO_CLIENT\" %s", client);
    assert_int_equal(system(copy), 0); // NOLINT: a folder of the test's own
    char *path = strdup(getenv("PATH"));
    assert_non_null(path);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct place place = {.out = "/dev/null",
                                    .program = client,
                                    .ignores_children = rows[i].ignores_children};
        const char *argv[] = {"fengqiao", "--dir",   "/nowhere",       "backup",
                              "verify",   "--stick", "/nowhere/stick", NULL};
        if (rows[i].text)
            put_program(daemon, rows[i].text);
        else {
            assert_int_equal(unlink(daemon), 0);
            assert_int_equal(setenv("PATH", "/nowhere", 1), 0);
        }
        int code = run_program(argv, &place, said, sizeof(said));
        assert_int_equal(setenv("PATH", path, 1), 0);
        if (code != rows[i].code ||
            strncmp(said, rows[i].said, strlen(rows[i].said)) != 0)
            fail_msg("row %zu: %d, %s", i, code, said);
    }
    free(path);
    assert_int_equal(unlink(client), 0);
    assert_int_equal(rmdir(folder), 0);
}

static void without_a_pin_and_a_terminal_the_way_is_told(void **state)
{
    (void)state;
    struct fake_node node;
    char said[512];
    const char *argv[] = {"fengqiao", "open", "3f2a91c0", NULL};
    fake_node_start(&node, answering);
    (void)unsetenv("FENGQIAO_PIN_FILE");

    int code = run_program(argv, &quiet, said, sizeof(said));

    assert_int_equal(code, 1);
    assert_non_null(strstr(said, "FENGQIAO_PIN_FILE"));
    fake_node_stop(&node);
}

/* A byte for each question that the silent node was asked. */
static int asked[2];

static void silent(struct bytes method, struct bytes arguments, unsigned call,
                   struct buf *out)
{
    if (write(asked[1], "", 1) == 1)
        (void)pause();
}

static void an_interrupt_ends_with_130(void **state)
{
    (void)state;
    struct fake_node node;
    char path[96];
    assert_int_equal(pipe(asked), 0);
    fake_node_start(&node, silent);
    (void)snprintf(path, sizeof(path), "%s/case.evidence", node.dir);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)execl(getenv("FENGQIAO_CLIENT"), "fengqiao", "evidence", "3f2a91c0",
                    "--out", path, (char *)NULL);
        _exit(99);
    }
    struct pollfd question = {.fd = asked[0], .events = POLLIN};
    assert_int_equal(poll(&question, 1, 60000), 1); /* It waits for the answer. */
    assert_int_equal(kill(child, SIGINT), 0);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);

    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 130);
    fake_node_stop(&node);
    (void)close(asked[0]);
    (void)close(asked[1]);
}

/* A handler leaves at once, past what counts the lines: here it does not. */
static bool counts_lines;
void __real__exit(int code) __attribute__((noreturn));
void __wrap__exit(int code) __attribute__((noreturn));
void __wrap__exit(int code)
{
    if (counts_lines)
        exit(code);
    __real__exit(code);
}

/* Who starts us with a signal ignored (nohup) wants it ignored. */
static void what_was_ignored_before_stays_ignored(void **state)
{
    (void)state;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)signal(SIGHUP, SIG_IGN);
        interrupt_install();
        counts_lines = true;
        (void)raise(SIGHUP);
        _exit(7); /* it came so far */
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 7);
}

static void an_interrupt_takes_the_part_of_a_file_with_it(void **state)
{
    (void)state;
    char path[] = "/tmp/fengqiao-part-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    (void)close(fd);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        interrupt_install();
        interrupt_guard_file(path);
        counts_lines = true;
        (void)raise(SIGINT);
        _exit(99);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);

    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 130);
    assert_int_not_equal(access(path, F_OK), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_closed_stdout_is_refused_before_anything_is_done),
        cmocka_unit_test(an_answer_that_finds_no_room_is_a_failure),
        cmocka_unit_test(a_closed_input_or_error_stream_is_an_empty_one),
        cmocka_unit_test(the_daemon_beside_the_client_is_the_one_that_is_run),
        cmocka_unit_test(without_a_pin_and_a_terminal_the_way_is_told),
        cmocka_unit_test(an_interrupt_ends_with_130),
        cmocka_unit_test(what_was_ignored_before_stays_ignored),
        cmocka_unit_test(an_interrupt_takes_the_part_of_a_file_with_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
