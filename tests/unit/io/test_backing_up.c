/* The backup that the node makes by itself, with a client of the test's own, a few lines
 * of shell: what is said of it when it fails, and that it does not outlive its time. */
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
#include <sys/stat.h>
#include <unistd.h>

#include "node/io/backing_up.h"
#include "tests/support/fail_call.h"
#include "tests/unit/io/io_house.h"

#define HASTENED_MS 700

static struct {
    uv_loop_t uv;
    struct event_queue queue;
    struct io_seen seen;
    struct backing_up backing;
    char home[40], client[64];
    const char *own_place; /* what /proc/self/exe says; NULL: nothing */
    bool hastens;          /* each deadline passes soon */
    size_t wanted;
} f;

ssize_t __wrap_readlink(const char *path, char *out, size_t size);
ssize_t __wrap_readlink(const char *path, char *out, size_t size)
{
    size_t len = f.own_place == NULL ? 0 : strlen(f.own_place);
    assert_string_equal(path, "/proc/self/exe");
    assert_true(len <= size);
    if (f.own_place == NULL)
        return -1;
    memcpy(out, f.own_place, len);
    return (ssize_t)len;
}

int __real_uv_timer_start(uv_timer_t *timer, uv_timer_cb fn, uint64_t ms, uint64_t again);
int __wrap_uv_timer_start(uv_timer_t *timer, uv_timer_cb fn, uint64_t ms, uint64_t again);
int __wrap_uv_timer_start(uv_timer_t *timer, uv_timer_cb fn, uint64_t ms, uint64_t again)
{
    assert_int_equal(ms, BACKING_UP_DEADLINE_MS);
    return __real_uv_timer_start(timer, fn, f.hastens ? HASTENED_MS : ms, again);
}

/* ---- the client ---- */

static void put_client(const char *lines)
{
    FILE *file = fopen(f.client, "w");
    assert_non_null(file);
    (void)fprintf(file, "#!/bin/sh\n%s\n", lines);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(f.client, 0700), 0);
}

static int set_up(void **state)
{
    memset(&f, 0, sizeof(f));
    (void)snprintf(f.home, sizeof(f.home), "/tmp/fengqiao-backing-XXXXXX");
    assert_non_null(mkdtemp(f.home));
    (void)snprintf(f.client, sizeof(f.client), "%s/fengqiao", f.home);
    char path[128];
    (void)snprintf(path, sizeof(path), "%s:/usr/bin:/bin", f.home);
    assert_int_equal(setenv("PATH", path, 1), 0);
    assert_int_equal(uv_loop_init(&f.uv), 0);
    event_queue_init(&f.queue, &f.uv);
    backing_up_init(&f.backing, &f.uv, &f.queue);
    backing_up_plan(&f.backing, "/tmp/the node", "/tmp/the folder");
    return 0;
}

static int tear_down(void **state)
{
    assert_null(fail_call_stop());
    backing_up_close(&f.backing);
    event_queue_close(&f.queue);
    assert_int_equal(uv_run(&f.uv, UV_RUN_DEFAULT), 0);
    assert_int_equal(uv_loop_close(&f.uv), 0);
    event_queue_deinit(&f.queue);
    io_house_forget(&f.seen);
    (void)unlink(f.client); /* few have none */
    return rmdir(f.home);
}

static bool is_done(void *context)
{
    io_house_gather(&f.queue, &f.seen);
    return io_house_count(&f.seen, EVENT_BACKUP_DONE, 0, 0) >= f.wanted;
}

/* One backup, which ends with that reason; "": none. */
static void expect_backup(const char *why)
{
    f.wanted++;
    backing_up_start(&f.backing);
    assert_true(io_house_turn_until(&f.uv, is_done, NULL));
    const struct event *event = &f.seen.events[f.seen.len - 1];
    assert_int_equal(event->type, EVENT_BACKUP_DONE);
    if (!bytes_equal_str(event->bytes, why))
        fail_msg("%.*s and not %s", (int)event->bytes.len,
                 (const char *)event->bytes.data, why);
}

/* ---- */

static void the_client_is_told_where_and_needs_to_say_nothing(void **state)
{
    (void)state;
    put_client("[ \"$*\" = '--dir /tmp/the node backup write --stick /tmp/the folder "
               "--go-on --verify' ] && echo fine");
    expect_backup("");
    expect_backup(""); /* the next day */
    put_client("echo 'all went well' >&2");
    expect_backup("");
}

static void the_last_line_of_one_that_fails_says_why(void **state)
{
    (void)state;
    put_client("echo 'fengqiao: first' >&2; echo 'fengqiao: the stick is full' >&2; "
               "printf '\\n\\n' >&2; exit 1");
    expect_backup("the stick is full");
    put_client("printf 'no end of a line' >&2; exit 2");
    expect_backup("no end of a line");
    put_client("echo short >&2; exit 2");
    expect_backup("short");
    put_client("exit 70");
    expect_backup("the client ended with 70");
    put_client("echo >&2; kill -9 $$");
    expect_backup("the client ended with 137");
    /* Of much, the end. */
    put_client("for i in 1 2 3 4 5 6 7 8 9; do printf '%0200d\\n' $i >&2; done; "
               "echo 'fengqiao: at last' >&2; exit 1");
    expect_backup("at last");
}

static void the_client_beside_this_program_comes_first(void **state)
{
    char beside[64], place[64];
    (void)state;
    put_client("exit 3");
    (void)snprintf(beside, sizeof(beside), "%s/bin", f.home);
    assert_int_equal(mkdir(beside, 0700), 0);
    (void)snprintf(place, sizeof(place), "%s/bin/fengqiaod", f.home);
    f.own_place = place;
    expect_backup("the client ended with 3"); /* there is none beside */
    (void)snprintf(f.client, sizeof(f.client), "%s/bin/fengqiao", f.home);
    put_client("exit 4");
    expect_backup("the client ended with 4");
    f.own_place = "fengqiaod"; /* nowhere */
    expect_backup("the client ended with 3");
    f.own_place = "";
    expect_backup("the client ended with 3");
    assert_int_equal(unlink(f.client), 0);
    assert_int_equal(rmdir(beside), 0);
    (void)snprintf(f.client, sizeof(f.client), "%s/fengqiao", f.home);
}

static void without_a_client_it_is_said(void **state)
{
    (void)state;
    expect_backup("the client is not installed");
}

static void what_the_system_refuses_ends_the_backup(void **state)
{
    (void)state;
    put_client("sleep 600");
    fail_call_after("uv_spawn", 0, EAGAIN);
    expect_backup("the client is not installed");
    assert_string_equal(fail_call_stop(), "uv_spawn");
    fail_call_after("uv_read_start", 0, ENOMEM);
    expect_backup("the client ended with 137");
    assert_string_equal(fail_call_stop(), "uv_read_start");
}

static void one_that_takes_too_long_is_killed(void **state)
{
    (void)state;
    f.hastens = true;
    put_client("exec sleep 600");
    expect_backup("the client ended with 137");
    put_client("echo 'fengqiao: it takes its time' >&2; exec sleep 600");
    expect_backup("it takes its time");
}

static void end_left_one(void)
{
    char path[80];
    int pid = 0;
    (void)snprintf(path, sizeof(path), "%s.pid", f.client);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_int_equal(fscanf(file, "%d", &pid), 1);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(kill(pid, SIGKILL), 0); /* it lived on */
    assert_int_equal(unlink(path), 0);
}

/* Nor is anybody waited for who has its standard error. */
static void what_a_client_left_behind_is_not_waited_for(void **state)
{
    (void)state;
    f.hastens = true;
    put_client("sleep 60 & echo $! > \"$0.pid\"; exit 0");
    expect_backup("");
    end_left_one();
    put_client("sleep 60 & echo $! > \"$0.pid\"; exit 5");
    expect_backup("the client ended with 5");
    end_left_one();
}

static void one_that_is_under_way_ends_with_the_node(void **state)
{
    (void)state;
    put_client("exec sleep 600");
    backing_up_start(&f.backing);
    io_house_turn(&f.uv);
    backing_up_close(&f.backing);
    backing_up_close(&f.backing);
    assert_int_equal(tear_down(state), 0);
    assert_int_equal(f.seen.len, 0);

    assert_int_equal(set_up(state), 0); /* nor where it has just not begun */
    backing_up_start(&f.backing);
    backing_up_close(&f.backing);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_client_is_told_where_and_needs_to_say_nothing),
        TEST(the_last_line_of_one_that_fails_says_why),
        TEST(the_client_beside_this_program_comes_first),
        TEST(without_a_client_it_is_said),
        TEST(what_the_system_refuses_ends_the_backup),
        TEST(one_that_takes_too_long_is_killed),
        TEST(what_a_client_left_behind_is_not_waited_for),
        TEST(one_that_is_under_way_ends_with_the_node),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
