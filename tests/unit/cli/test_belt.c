/* Work on a row of things: each once, taken off in order, whoever did it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <pthread.h>
#include <sched.h>

#include "cli/belt.h"

/* ---- a machine of the test's own ---- */

static int processors; /* 0: those of this machine; negative: nobody tells */
static unsigned threads, threads_max;

int __wrap_sched_getaffinity(pid_t process, size_t size, cpu_set_t *set);
int __real_sched_getaffinity(pid_t process, size_t size, cpu_set_t *set);
int __wrap_sched_getaffinity(pid_t process, size_t size, cpu_set_t *set)
{
    if (processors < 0) {
        errno = ENOSYS;
        return -1;
    }
    if (processors == 0)
        return __real_sched_getaffinity(process, size, set);
    CPU_ZERO(set);
    for (int i = 0; i < processors; i++)
        CPU_SET(i, set);
    return 0;
}

int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                          void *(*start)(void *), void *of);
int __real_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                          void *(*start)(void *), void *of);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                          void *(*start)(void *), void *of)
{
    if (threads == threads_max)
        return EAGAIN;
    threads++;
    return __real_pthread_create(thread, attributes, start, of);
}

static uint32_t lying[BELT_PLACES]; /* what lies there */
static bool is_hand[BELT_HANDS_MAX];

static void work_on(void *context, uint32_t place, uint32_t hand)
{
    assert_ptr_equal(context, lying);
    is_hand[hand] = true;
    lying[place] = 3 * lying[place] + 1;
}

/* So many things, no more than at_once of them on the belt at a time. */
static void expect_each_once(uint32_t things, uint32_t at_once)
{
    struct belt *belt = belt_new(work_on, lying);
    uint32_t put = 0, taken = 0;
    assert_non_null(belt);
    assert_true(belt_is_empty(belt));
    while (taken < things) {
        if (put < things && put - taken < at_once && !belt_is_full(belt)) {
            lying[belt_next(belt)] = put++;
            belt_put(belt);
        } else {
            assert_int_equal(lying[belt_take(belt)], 3 * taken + 1);
            taken++;
        }
    }
    assert_true(belt_is_empty(belt));
    belt_free(belt);
}

static void every_thing_is_worked_on_once_and_taken_off_in_order(void **state)
{
    (void)state;
    processors = 0;
    threads_max = UINT32_MAX;
    for (uint32_t things = 0; things < 100; things += 7)
        for (uint32_t at_once = 1; at_once <= BELT_PLACES; at_once++)
            expect_each_once(things, at_once);
    expect_each_once(100000, BELT_PLACES);
}

/* However many processors there are, and whether or not a thread can be had. */
static void no_machine_is_too_small_or_too_large(void **state)
{
    static const struct {
        int processors;
        unsigned threads_max, threads;
    } rows[] = {{-1, UINT32_MAX, 0}, {1, UINT32_MAX, 0}, {4, UINT32_MAX, 3},
                {4, 0, 0},           {4, 1, 1},          {200, UINT32_MAX, 63}};
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        processors = rows[i].processors;
        threads_max = rows[i].threads_max;
        threads = 0;
        memset(is_hand, 0, sizeof(is_hand));
        expect_each_once(10000, BELT_PLACES);
        assert_int_equal(threads, rows[i].threads);
        for (uint32_t hand = rows[i].threads + 1; hand < BELT_HANDS_MAX; hand++)
            assert_false(is_hand[hand]);
    }
}

/* A small work needs no thread. */
static void one_thing_at_a_time_is_done_by_who_takes_it_off(void **state)
{
    (void)state;
    processors = 4;
    threads_max = UINT32_MAX;
    threads = 0;
    memset(is_hand, 0, sizeof(is_hand));
    expect_each_once(1000, 1);
    assert_int_equal(threads, 0);
    assert_true(is_hand[0]);
}

static void a_belt_is_left_with_things_on_it(void **state)
{
    (void)state;
    processors = 4;
    threads_max = UINT32_MAX;
    for (uint32_t things = 0; things <= BELT_PLACES; things++) {
        struct belt *belt = belt_new(work_on, lying);
        assert_non_null(belt);
        assert_int_equal(belt_hands(belt), 4);
        for (uint32_t i = 0; i < things; i++)
            belt_put(belt);
        assert_true(belt_is_full(belt) == (things == BELT_PLACES));
        belt_free(belt);
    }
    belt_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_thing_is_worked_on_once_and_taken_off_in_order),
        cmocka_unit_test(no_machine_is_too_small_or_too_large),
        cmocka_unit_test(one_thing_at_a_time_is_done_by_who_takes_it_off),
        cmocka_unit_test(a_belt_is_left_with_things_on_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
