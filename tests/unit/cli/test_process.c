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
#include <sys/wait.h>
#include <unistd.h>

#include "cli/interrupt.h"
#include "proto/pack.h"
#include "tests/unit/cli/fake_node.h"

/* Runs the program in a session of its own, without a terminal; what it says on stderr
 * goes to said. Gives the exit code. */
static int run_program(const char *const argv[], bool has_stdout, char *said,
                       size_t said_size)
{
    int fds[2];
    assert_int_equal(pipe(fds), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)setsid();
        (void)dup2(fds[1], STDERR_FILENO);
        if (has_stdout)
            (void)dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO);
        else
            (void)close(STDOUT_FILENO);
        char *words[8] = {NULL};
        for (int i = 0; argv[i]; i++)
            words[i] = strdup(argv[i]);
        execv(getenv("FENGQIAO_CLIENT"), words);
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

    int code = run_program(argv, false, said, sizeof(said));

    assert_int_equal(code, 1);
    assert_string_equal(said, "fengqiao: standard output is closed; nothing was done\n");
}

static void without_a_pin_and_a_terminal_the_way_is_told(void **state)
{
    (void)state;
    struct fake_node node;
    char said[512];
    const char *argv[] = {"fengqiao", "open", "3f2a91c0", NULL};
    fake_node_start(&node, answering);
    (void)unsetenv("FENGQIAO_PIN_FILE");

    int code = run_program(argv, true, said, sizeof(said));

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
    assert_int_equal(pipe(asked), 0);
    fake_node_start(&node, silent);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)execl(getenv("FENGQIAO_CLIENT"), "fengqiao", "evidence", "3f2a91c0",
                    "--out", "/nowhere/x", (char *)NULL);
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
        cmocka_unit_test(without_a_pin_and_a_terminal_the_way_is_told),
        cmocka_unit_test(an_interrupt_ends_with_130),
        cmocka_unit_test(an_interrupt_takes_the_part_of_a_file_with_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
