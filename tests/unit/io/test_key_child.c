/* Jobs that are done elsewhere: in a child, which is this program itself and does what
 * the test has told it in an environment variable; and in threads. Whatever a child does,
 * its job comes back once. */
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
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "node/io/key_child.h"
#include "node/io/key_request.h"
#include "node/io/pool.h"
#include "node/io/process.h"
#include "tests/support/fail_call.h"
#include "tests/support/fail_memory.h"
#include "tests/unit/io/child_house.h"

/* ---- the child's side ---- */

static int be_child(void)
{
    struct key_answer answer = {0};
    const char *plan = getenv(CHILD_PLAN);
    if (strcmp(plan, "works") == 0)
        key_child_main(false);
    if (strcmp(plan, "fails") == 0)
        return EX_IOERR;
    if (strcmp(plan, "dies") == 0)
        return raise(SIGKILL);
    if (strcmp(plan, "sleeps") == 0) {
        for (;;)
            (void)pause();
    }
    if (strcmp(plan, "lies") == 0)
        answer.result = 0xff;
    size_t len = strcmp(plan, "mumbles") == 0 ? sizeof(answer) - 1 : sizeof(answer);
    bool is_said = process_write_all(STDOUT_FILENO, &answer, len);
    if (strcmp(plan, "babbles") == 0)
        is_said = process_write_all(STDOUT_FILENO, &answer, len);
    return is_said ? 0 : EX_IOERR;
}

/* ---- ours ---- */

static struct job *stretch_job(void)
{
    struct job *job = job_new(JOB_STRETCH);
    assert_non_null(job);
    job->client = 7;
    memcpy(job->pin, "246810", 6);
    job->pin_len = 6;
    return job;
}

static void take_with_plan(const char *plan)
{
    child_house_take(stretch_job(), plan);
}

/* ---- children ---- */

static void a_child_does_what_the_process_would_have_done(void **state)
{
    (void)state;
    struct job *here = stretch_job();
    job_run(here);
    assert_int_equal(here->result, WRAP_OK);

    take_with_plan("works");
    child_house_expect(1);

    assert_int_equal(child_house_last()->result, WRAP_OK);
    assert_memory_equal(child_house_last()->seed, here->seed, sizeof(here->seed));
    assert_int_equal(child_house.deadline_ms, KEY_CHILD_DEADLINE_MS);
    job_free(here);
}

static void a_child_that_fails_in_any_way_gives_its_job_back_once(void **state)
{
    static const char *const plans[] = {"fails", "dies", "lies", "mumbles", "babbles"};
    (void)state;
    for (size_t i = 0; i < sizeof(plans) / sizeof(plans[0]); i++) {
        take_with_plan(plans[i]);
        child_house_expect(i + 1);
        assert_int_equal(child_house_last()->result, WRAP_NO_MEMORY);
    }
}

static void a_child_that_takes_too_long_is_killed(void **state)
{
    (void)state;
    child_house.hastens = true;
    take_with_plan("sleeps");
    child_house_expect(1);
    assert_int_equal(child_house_last()->result, WRAP_NO_MEMORY);
}

static void as_many_run_as_may_and_the_others_wait_their_turn(void **state)
{
    (void)state;
    for (int i = 0; i < KEY_CHILDREN_MAX + 2; i++)
        take_with_plan("fails");
    assert_non_null(child_house.children.waiting);
    child_house_expect(KEY_CHILDREN_MAX + 2);
    assert_null(child_house.children.waiting);
}

static void
at_the_end_those_that_run_are_killed_and_those_that_wait_come_back(void **state)
{
    (void)state;
    for (int i = 0; i < KEY_CHILDREN_MAX + 2; i++)
        take_with_plan("sleeps");
    io_house_turn(&child_house.uv);
    assert_int_equal(child_house_done(), 0);

    key_children_close(&child_house.children);
    assert_int_equal(child_house_done(), 2);
    key_children_take(&child_house.children, stretch_job()); /* no more are taken */
    assert_int_equal(child_house_done(), 3);
    child_house_expect(KEY_CHILDREN_MAX + 3);
    for (size_t i = 0; i < child_house.seen.len; i++)
        assert_int_equal(child_house.seen.events[i].job->result, WRAP_NO_MEMORY);
}

static void a_system_that_makes_no_child_gives_the_job_back(void **state)
{
    static const char *const calls[] = {"uv_spawn", "uv_read_start", "uv_write"};
    (void)state;
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        fail_call_after(calls[i], 0, EAGAIN);
        take_with_plan("sleeps");
        child_house_expect(i + 1);
        assert_string_equal(fail_call_stop(), calls[i]);
        assert_int_equal(child_house_last()->result, WRAP_NO_MEMORY);
    }
    struct job *job = stretch_job();
    fail_memory_after(0, false);
    fail_memory_in();
    key_children_take(&child_house.children, job);
    (void)fail_memory_out();
    assert_true(fail_memory_stop());
    child_house_expect(4);
    assert_int_equal(child_house_last()->result, WRAP_NO_MEMORY);
}

/* ---- what travels ---- */

static void a_request_that_is_none_is_refused(void **state)
{
    struct key_request request;
    struct job job = {0};
    struct job *true_job = stretch_job();
    size_t len = 1;
    (void)state;
    key_request_write(&request, true_job);
    assert_true(key_request_read(&request, &job, &len));
    assert_int_equal(len, 0);
    assert_int_equal(job.pin_len, 6);
    assert_string_equal(job.pin, "246810");

    request.type = JOB_VERIFY;
    assert_false(key_request_read(&request, &job, &len));
    request.type = 0xff;
    assert_false(key_request_read(&request, &job, &len));
    request.type = JOB_WRAP;
    assert_true(key_request_read(&request, &job, &len));
    request.type = JOB_UNWRAP;
    assert_true(key_request_read(&request, &job, &len));
    request.wire_len[3] = 1;
    assert_false(key_request_read(&request, &job, &len));
    request.type = JOB_OPEN;
    assert_true(key_request_read(&request, &job, &len));
    assert_int_equal(len, 1);
    memset(request.wire_len, 0xff, sizeof(request.wire_len));
    assert_false(key_request_read(&request, &job, &len));
    memset(request.wire_len, 0, sizeof(request.wire_len));
    request.pin_len[0] = 0xff;
    assert_false(key_request_read(&request, &job, &len));
    job_free(true_job);
}

/* The mode itself in a process of its own, with these for its standard input and output:
 * the code with which it ends. */
static int run_mode(const void *request, size_t len, bool has_reader)
{
    int in[2], out[2], status;
    assert_int_equal(pipe(in), 0);
    assert_int_equal(pipe(out), 0);
    assert_true(process_write_all(in[1], request, len));
    (void)close(in[1]);
    if (!has_reader)
        (void)close(out[0]);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (dup2(in[0], STDIN_FILENO) < 0 || dup2(out[1], STDOUT_FILENO) < 0)
            _exit(99);
        key_child_main(false);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    (void)close(in[0]);
    (void)close(out[1]);
    if (has_reader)
        (void)close(out[0]);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void the_mode_says_what_it_missed(void **state)
{
    struct key_request request;
    struct job *job = stretch_job();
    (void)state;
    key_request_write(&request, job);
    assert_int_equal(run_mode(&request, sizeof(request), true), EX_OK);
    assert_int_equal(run_mode(&request, sizeof(request), false), EX_IOERR);
    assert_int_equal(run_mode(&request, sizeof(request) - 1, true), EX_IOERR);
    request.type = JOB_OPEN; /* which is for the other mode */
    assert_int_equal(run_mode(&request, sizeof(request), true), EX_DATAERR);
    request.type = 0xff;
    assert_int_equal(run_mode(&request, sizeof(request), true), EX_DATAERR);
    job_free(job);
}

/* ---- threads ---- */

static void a_job_for_which_no_thread_is_found_is_done_all_the_same(void **state)
{
    (void)state;
    pool_take(&child_house.pool, stretch_job());
    child_house_expect(1);
    fail_call_after("uv_queue_work", 0, ENOMEM);
    pool_take(&child_house.pool, stretch_job());
    assert_string_equal(fail_call_stop(), "uv_queue_work");
    child_house_expect(2);
    struct job *job = stretch_job();
    fail_memory_after(0, false);
    fail_memory_in();
    pool_take(&child_house.pool, job);
    (void)fail_memory_out();
    assert_true(fail_memory_stop());
    child_house_expect(3);
    for (size_t i = 0; i < child_house.seen.len; i++)
        assert_int_equal(child_house.seen.events[i].job->result, WRAP_OK);
}

/* Nor in the order in which they were taken. */
static void jobs_of_threads_come_back_once_each(void **state)
{
    (void)state;
    for (int i = 0; i < 6; i++)
        pool_take(&child_house.pool, stretch_job());
    child_house_expect(6);
    assert_null(child_house.pool.running);
}

static void jobs_that_have_not_begun_come_back_at_the_end(void **state)
{
    (void)state;
    for (int i = 0; i < 6; i++)
        pool_take(&child_house.pool, stretch_job());
    pool_cancel(&child_house.pool);
    child_house_expect(6);
    assert_null(child_house.pool.running);
}

/* An event that is lost is said, and its job freed; what comes after finds room again. */
static void without_memory_an_event_is_lost_and_said(void **state)
{
    (void)state;
    for (int way = 0; way < 5; way++) {
        struct job *job = way == 2 ? stretch_job() : NULL;
        fail_memory_after(way == 4 ? 1 : 0, false);
        fail_memory_in();
        if (way == 0)
            event_queue_add(&child_house.queue, EVENT_TICK, 0, 0);
        else if (way == 1)
            event_queue_add_far(&child_house.queue, 1);
        else if (way == 2)
            event_queue_take_job(&child_house.queue, job);
        else
            event_queue_add_bytes(&child_house.queue, EVENT_CONN_BYTES, 1, 0,
                                  bytes_str("b"));
        (void)fail_memory_out();
        assert_true(fail_memory_stop());
        assert_true(child_house.queue.failed);
        assert_int_equal(child_house.queue.len, 0);
        child_house.queue.failed = false;
    }
    for (int i = 0; i < 200; i++) /* more than it makes room for at first */
        event_queue_add_far(&child_house.queue, 7);
    event_queue_add_bytes(&child_house.queue, EVENT_CLIENT_REQUEST, 0, 7,
                          bytes_str("123456"));
    event_queue_take_job(&child_house.queue, stretch_job());
    assert_int_equal(child_house.queue.len, 202); /* the end of the process frees them */
}

#define A_TEST(name)                                                                     \
    cmocka_unit_test_setup_teardown(name, child_house_open, child_house_close)

int main(int argc, char *argv[])
{
    const struct CMUnitTest tests[] = {
        A_TEST(a_child_does_what_the_process_would_have_done),
        A_TEST(a_child_that_fails_in_any_way_gives_its_job_back_once),
        A_TEST(a_child_that_takes_too_long_is_killed),
        A_TEST(as_many_run_as_may_and_the_others_wait_their_turn),
        A_TEST(at_the_end_those_that_run_are_killed_and_those_that_wait_come_back),
        A_TEST(a_system_that_makes_no_child_gives_the_job_back),
        A_TEST(a_request_that_is_none_is_refused),
        A_TEST(the_mode_says_what_it_missed),
        A_TEST(a_job_for_which_no_thread_is_found_is_done_all_the_same),
        A_TEST(jobs_of_threads_come_back_once_each),
        A_TEST(jobs_that_have_not_begun_come_back_at_the_end),
        A_TEST(without_memory_an_event_is_lost_and_said),
    };
    if (argc == 2 && strcmp(argv[1], "key-child") == 0)
        return be_child();
    (void)signal(SIGPIPE, SIG_IGN); /* as in the daemon */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
