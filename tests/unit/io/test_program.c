/* The daemon as a process: what it says without a node, and how it leaves (sysexits). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <fcntl.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

static char said[8192]; /* on both streams */

/* Runs it, nothing on its standard input; out: a file for its standard output, NULL: what
 * it says is kept. */
static int run_daemon(const char *word, const char *more, const char *out)
{
    int fds[2];
    assert_int_equal(pipe(fds), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        int in = open("/dev/null", O_RDONLY);
        int to = out == NULL ? fds[1] : open(out, O_WRONLY);
        if (dup2(in, STDIN_FILENO) < 0 || dup2(to, STDOUT_FILENO) < 0 ||
            dup2(fds[1], STDERR_FILENO) < 0)
            _exit(99);
        execl(getenv("FENGQIAO_DAEMON"), "fengqiaod", word, more, NULL);
        _exit(99);
    }
    (void)close(fds[1]);
    size_t len = 0;
    ssize_t got;
    while ((got = read(fds[0], said + len, sizeof(said) - 1 - len)) > 0)
        len += (size_t)got;
    said[len] = '\0';
    (void)close(fds[0]);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void help_and_version_are_told_or_it_fails(void **state)
{
    (void)state;
    assert_int_equal(run_daemon("--version", NULL, NULL), EX_OK);
    assert_memory_equal(said, "fengqiaod ", 10);
    assert_int_equal(run_daemon("--help", NULL, NULL), EX_OK);
    assert_non_null(strstr(said, "usage: fengqiaod MODE"));
    assert_int_equal(run_daemon("--help", NULL, "/dev/full"), EX_IOERR);
    assert_int_equal(run_daemon("--version", NULL, "/dev/full"), EX_IOERR);
}

static void wrong_use_is_said(void **state)
{
    (void)state;
    assert_int_equal(run_daemon(NULL, NULL, NULL), EX_USAGE);
    assert_non_null(strstr(said, "error a mode is missing"));
    assert_int_equal(run_daemon("walk", NULL, NULL), EX_USAGE);
    assert_int_equal(run_daemon("run", NULL, NULL), EX_USAGE);
    assert_int_equal(run_daemon("check", "--dir=/no/such/place", NULL), EX_NOINPUT);
    assert_int_equal(run_daemon("rebuild", "--dir=/no/such/place", NULL), EX_NOINPUT);
    assert_int_equal(run_daemon("run", "--dir=/no/such/place", NULL), EX_NOINPUT);
}

static void a_child_without_a_request_says_nothing(void **state)
{
    (void)state;
    assert_int_equal(run_daemon("key-child", NULL, NULL), EX_IOERR);
    assert_string_equal(said, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(help_and_version_are_told_or_it_fails),
        cmocka_unit_test(wrong_use_is_said),
        cmocka_unit_test(a_child_without_a_request_says_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
