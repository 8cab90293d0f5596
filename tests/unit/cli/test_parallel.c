/* One work on many items: each item once, and all of them done on return. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <errno.h>
#include <pthread.h>
#include <sched.h>

#include "cli/parallel.h"

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

static void add_number(void *context, uint32_t i)
{
    ((uint32_t *)context)[i] += i + 1;
}

static void expect_each_once(void)
{
    static const uint32_t lens[] = {0, 1, 15, 16, 17, 31, 32, 33, 10000};
    for (size_t n = 0; n < sizeof(lens) / sizeof(lens[0]); n++) {
        uint32_t *items = calloc((size_t)lens[n] + 1, sizeof(*items));
        assert_non_null(items);

        parallel_each(lens[n], add_number, items);

        for (uint32_t i = 0; i < lens[n]; i++)
            assert_int_equal(items[i], i + 1);
        assert_int_equal(items[lens[n]], 0);
        free(items);
    }
}

static void every_item_is_worked_on_once(void **state)
{
    (void)state;
    processors = 0;
    threads_max = UINT32_MAX;
    expect_each_once();
}

/* However many processors there are, and whether or not a thread can be had. */
static void no_machine_is_too_small_or_too_large(void **state)
{
    static const struct {
        int processors;
        unsigned threads_max, threads; /* of the largest work */
    } rows[] = {{-1, UINT32_MAX, 0}, {1, UINT32_MAX, 0}, {4, UINT32_MAX, 3},
                {4, 0, 0},           {4, 1, 1},          {200, UINT32_MAX, 63}};
    uint32_t items[10000] = {0};
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        processors = rows[i].processors;
        threads_max = rows[i].threads_max;
        threads = 0;
        parallel_each(10000, add_number, items);
        assert_int_equal(threads, rows[i].threads);
        for (uint32_t n = 0; n < 10000; n++)
            assert_int_equal(items[n], (i + 1) * (n + 1));
        threads = 0;
        expect_each_once();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_item_is_worked_on_once),
        cmocka_unit_test(no_machine_is_too_small_or_too_large),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
