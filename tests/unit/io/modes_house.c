#include "tests/unit/io/modes_house.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "node/io/init.h"
#include "node/io/loop.h"
#include "tests/support/fail_call.h"
#include "tests/support/fail_memory.h"

struct modes_house house;

int __real_loop_run(struct loop *loop);
int __wrap_loop_run(struct loop *loop);
int __wrap_loop_run(struct loop *loop)
{
    pid_t child = house.signals == 0 ? fork() : -1;
    if (child == 0) {
        (void)usleep(200000);
        (void)kill(getppid(), SIGTERM);
        _exit(0);
    }
    for (int i = 0; i < house.signals; i++)
        (void)raise(SIGTERM);
    int rc = __real_loop_run(loop);
    if (child > 0)
        (void)waitpid(child, NULL, 0);
    return rc;
}

int open_house(void **state)
{
    (void)state;
    memset(&house, 0, sizeof(house));
    (void)snprintf(house.home, sizeof(house.home), "/tmp/fengqiao-modes-XXXXXX");
    assert_non_null(mkdtemp(house.home));
    (void)snprintf(house.dir, sizeof(house.dir), "%s/node", house.home);
    (void)snprintf(house.pin, sizeof(house.pin), "%s/pin", house.home);
    (void)snprintf(house.sheet, sizeof(house.sheet), "%s/sheet.html", house.home);
    FILE *file = fopen(house.pin, "w");
    assert_non_null(file);
    (void)fputs("246810\n", file);
    assert_int_equal(fclose(file), 0);
    return 0;
}

void remove_node(void)
{
    DIR *listing = opendir(house.dir);
    if (listing == NULL)
        return;
    const struct dirent *entry;
    while ((entry = readdir(listing)) != NULL)
        (void)unlinkat(dirfd(listing), entry->d_name, 0); /* "." and ".." stay */
    (void)closedir(listing);
    assert_int_equal(rmdir(house.dir), 0);
}

void expect_no_node(void)
{
    struct stat found;
    assert_int_not_equal(stat(house.dir, &found), 0);
    assert_int_equal(errno, ENOENT);
}

int close_house(void **state)
{
    (void)state;
    assert_null(fail_call_stop());
    remove_node();
    (void)unlink(house.pin);
    (void)unlink(house.sheet); /* few make one */
    assert_int_equal(rmdir(house.home), 0);
    return 0;
}

/* ---- running a mode ---- */

/* A file of that name in home, for what goes to a stream. */
static int stream_file(const char *name)
{
    char path[64];
    (void)snprintf(path, sizeof(path), "%s/%s", house.home, name);
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(unlink(path), 0);
    return fd;
}

static void take_text(int fd, char text[static TEXT_MAX])
{
    ssize_t len = pread(fd, text, TEXT_MAX - 1, 0);
    assert_true(len >= 0);
    text[len] = '\0';
    (void)close(fd);
}

static int run_refusing(int (*mode)(const struct daemon_args *args),
                        const struct daemon_args *args)
{
    if (house.refuse_error != 0)
        (house.refuses_on ? fail_call_for_good : fail_call_after)(
            house.refuses, house.refuse_at, house.refuse_error);
    if (house.forgets) {
        if (house.forget_at == 0)
            fail_memory_at_new_place();
        else
            fail_memory_after(house.forget_at - 1, false);
        fail_memory_in();
    }
    if (house.is_broken)
        (void)fgetc(stdout); /* which is not there to be read */
    int rc = mode(args);
    house.refused = fail_call_stop();
    (void)fail_memory_out();
    house.has_forgotten = fail_memory_stop();
    return rc;
}

int run(int (*mode)(const struct daemon_args *args), const struct daemon_args *args)
{
    int before[2] = {dup(STDOUT_FILENO), dup(STDERR_FILENO)};
    int out = stream_file("out"), err = stream_file("err");
    int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
    assert_true(full >= 0);
    (void)fflush(stdout);
    assert_true(dup2(house.is_full ? full : out, STDOUT_FILENO) >= 0);
    assert_true(dup2(err, STDERR_FILENO) >= 0);

    int rc = run_refusing(mode, args);

    (void)fflush(stdout); /* it may be full */
    clearerr(stdout);
    assert_true(dup2(before[0], STDOUT_FILENO) >= 0);
    assert_true(dup2(before[1], STDERR_FILENO) >= 0);
    (void)close(before[0]);
    (void)close(before[1]);
    (void)close(full);
    take_text(out, house.out);
    take_text(err, house.err);
    return rc;
}

void refuse_each(int (*mode)(const struct daemon_args *args),
                 const struct daemon_args *args, int error, void (*look)(int rc))
{
    house.refuse_error = error;
    house.refused = "";
    for (house.refuse_at = 0; house.refused != NULL; house.refuse_at++) {
        assert_true(house.refuse_at < CALLS_MAX);
        look(run(mode, args));
    }
    house.refuse_error = 0;
}

void forget_each(int (*mode)(const struct daemon_args *args),
                 const struct daemon_args *args, void (*look)(int rc))
{
    house.forgets = house.has_forgotten = true;
    for (int i = 0; house.has_forgotten; i++) {
        assert_true(i < CALLS_MAX);
        look(run(mode, args));
    }
    house.forgets = false;
}

struct daemon_args init_args(void)
{
    return (struct daemon_args){.mode = MODE_INIT,
                                .dir = house.dir,
                                .tier = "village",
                                .name = "枫源村",
                                .steward = "陈某",
                                .pin_file = house.pin};
}

void make_node(void)
{
    struct daemon_args args = init_args();
    assert_int_equal(run(init_main, &args), EX_OK);
}

void expect_said(const char *text)
{
    if (strstr(house.err, text) == NULL)
        fail_msg("%s is not in: %s", text, house.err);
}

void expect_told(const char *text)
{
    if (strstr(house.out, text) == NULL)
        fail_msg("%s is not in: %s", text, house.out);
}
