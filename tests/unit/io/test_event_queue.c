/* What happened since the last turn: in its order, with its bytes; and that the queue
 * says so where memory ends, whatever it was that happened. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/fail_memory.h"
#include "tests/unit/io/io_house.h"

static uv_loop_t uv;
static struct event_queue queue;
static struct io_seen seen;

static int set_up(void **state)
{
    assert_int_equal(uv_loop_init(&uv), 0);
    event_queue_init(&queue, &uv);
    return 0;
}

static int tear_down(void **state)
{
    event_queue_close(&queue);
    assert_int_equal(uv_run(&uv, UV_RUN_DEFAULT), 0);
    assert_int_equal(uv_loop_close(&uv), 0);
    event_queue_deinit(&queue);
    io_house_forget(&seen);
    return 0;
}

static void add_one_of_each(void)
{
    event_queue_add(&queue, EVENT_CONN_ACCEPTED, 4, 0);
    event_queue_add_far(&queue, 9);
    event_queue_add_beacon(&queue, "192.0.2.1", bytes_str("beacon"));
    event_queue_add_bytes(&queue, EVENT_CLIENT_REQUEST, 0, 7, bytes_str("request"));
}

static void what_happened_comes_in_its_order_and_once(void **state)
{
    add_one_of_each();
    io_house_gather(&queue, &seen);
    assert_int_equal(seen.len, 4);
    assert_int_equal(seen.events[0].conn, 4);
    assert_true(seen.events[1].is_far);
    assert_string_equal(seen.events[2].host, "192.0.2.1");
    assert_int_equal(seen.events[2].bytes.len, 6);
    assert_memory_equal(seen.events[3].bytes.data, "request", 7);
    io_house_gather(&queue, &seen);
    assert_int_equal(seen.len, 4);
    assert_false(queue.failed);
}

static void without_memory_the_queue_has_failed(void **state)
{
    bool has_failed = true;
    for (uint64_t at = 0; has_failed; at++) {
        assert_true(at < 10);
        fail_memory_after(at, false);
        fail_memory_in();
        add_one_of_each();
        has_failed = fail_memory_stop();
        assert_int_equal(queue.failed, has_failed);
        io_house_gather(&queue, &seen);
        assert_int_equal(seen.len, has_failed ? 3 : 4);
        io_house_forget(&seen);
        queue.failed = false;
        assert_int_equal(tear_down(state), 0);
        assert_int_equal(set_up(state), 0);
    }
    for (uint64_t at = 0; at < 3; at++) { /* and none from then on */
        fail_memory_after(at, true);
        fail_memory_in();
        add_one_of_each();
        assert_true(fail_memory_stop());
        assert_true(queue.failed);
        io_house_gather(&queue, &seen);
        io_house_forget(&seen);
        queue.failed = false;
        assert_int_equal(tear_down(state), 0);
        assert_int_equal(set_up(state), 0);
    }
}

/* What ends in a queue that is thrown away wakes nobody. */
static void what_happens_behind_the_end_is_thrown_away(void **state)
{
    event_queue_close(&queue);
    add_one_of_each();
    event_queue_fail(&queue);
    assert_int_equal(uv_run(&uv, UV_RUN_DEFAULT), 0);
    event_queue_deinit(&queue);
    assert_int_equal(uv_loop_close(&uv), 0);
    assert_int_equal(set_up(state), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(what_happened_comes_in_its_order_and_once),
        TEST(without_memory_the_queue_has_failed),
        TEST(what_happens_behind_the_end_is_thrown_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
