#include "tests/unit/io/child_house.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct child_house child_house;

int __real_uv_timer_start(uv_timer_t *timer, uv_timer_cb fn, uint64_t ms, uint64_t again);
int __wrap_uv_timer_start(uv_timer_t *timer, uv_timer_cb fn, uint64_t ms, uint64_t again);
int __wrap_uv_timer_start(uv_timer_t *timer, uv_timer_cb fn, uint64_t ms, uint64_t again)
{
    child_house.deadline_ms = ms;
    return __real_uv_timer_start(timer, fn, child_house.hastens ? 1 : ms, again);
}

int child_house_open(void **state)
{
    (void)state;
    memset(&child_house, 0, sizeof(child_house));
    assert_int_equal(uv_loop_init(&child_house.uv), 0);
    event_queue_init(&child_house.queue, &child_house.uv);
    key_children_init(&child_house.children, &child_house.uv, &child_house.queue);
    pool_init(&child_house.pool, &child_house.uv, &child_house.queue);
    return 0;
}

int child_house_close(void **state)
{
    (void)state;
    key_children_close(&child_house.children);
    pool_cancel(&child_house.pool);
    event_queue_close(&child_house.queue);
    assert_int_equal(uv_run(&child_house.uv, UV_RUN_DEFAULT), 0);
    assert_int_equal(uv_loop_close(&child_house.uv), 0);
    io_house_gather(&child_house.queue, &child_house.seen);
    io_house_forget(&child_house.seen);
    event_queue_deinit(&child_house.queue);
    return 0;
}

void child_house_take(struct job *job, const char *plan)
{
    assert_int_equal(setenv(CHILD_PLAN, plan, 1), 0);
    job->client = CHILD_CLIENT;
    key_children_take(&child_house.children, job);
}

size_t child_house_done(void)
{
    io_house_gather(&child_house.queue, &child_house.seen);
    return io_house_count(&child_house.seen, EVENT_JOB_DONE, 0, CHILD_CLIENT);
}

static bool are_done(void *context)
{
    (void)context;
    return child_house_done() >= child_house.wanted;
}

void child_house_expect(size_t count)
{
    child_house.wanted = count;
    assert_true(io_house_turn_until(&child_house.uv, are_done, NULL));
    io_house_turn(&child_house.uv);
    assert_int_equal(child_house_done(), count);
}

struct job *child_house_last(void)
{
    assert_true(child_house.seen.len > 0);
    return child_house.seen.events[child_house.seen.len - 1].job;
}
