/* Which time it is, where the kernel says so and where it does not (the linker's --wrap).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sys/timex.h>
#include <time.h>

#include "node/io/clock.h"

static time_t wall;
static int rc_of_clock, rc_of_adjust;
static int adjust_status;

int __real_clock_gettime(clockid_t clock, struct timespec *out);
int __wrap_clock_gettime(clockid_t clock, struct timespec *out);
int __wrap_clock_gettime(clockid_t clock, struct timespec *out)
{
    if (clock != CLOCK_REALTIME)
        return __real_clock_gettime(clock, out);
    *out = (struct timespec){.tv_sec = wall};
    return rc_of_clock;
}

int __wrap_adjtimex(struct timex *state);
int __wrap_adjtimex(struct timex *state)
{
    *state = (struct timex){.status = adjust_status};
    return rc_of_adjust;
}

static void expect(uint64_t seconds, enum wall_quality expected)
{
    enum wall_quality quality;
    assert_int_equal(clock_wall(&quality), seconds);
    assert_int_equal(quality, expected);
}

static void I9_a_clock_is_trusted_as_far_as_the_kernel_does(void **state)
{
    (void)state;
    wall = 1790000000;
    rc_of_clock = 0;
    rc_of_adjust = TIME_OK;
    adjust_status = 0;
    expect(1790000000, WALL_NTP);
    adjust_status = STA_UNSYNC;
    expect(1790000000, WALL_RTC);
    adjust_status = 0;
    rc_of_adjust = TIME_ERROR;
    expect(1790000000, WALL_RTC);
    rc_of_adjust = -1;
    expect(1790000000, WALL_RTC);
}

/* A board without a battery wakes up in 1970. */
static void I9_a_time_before_there_was_a_node_is_none(void **state)
{
    (void)state;
    rc_of_clock = 0;
    wall = 0;
    expect(0, WALL_NONE);
    wall = 1704067199; /* the last second of 2023 */
    expect(0, WALL_NONE);
    wall = 1704067200;
    rc_of_clock = -1;
    expect(0, WALL_NONE);
}

static void the_monotonic_clock_goes_on(void **state)
{
    (void)state;
    uint64_t before = clock_monotonic_ms();
    assert_true(clock_monotonic_ms() >= before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(I9_a_clock_is_trusted_as_far_as_the_kernel_does),
        cmocka_unit_test(I9_a_time_before_there_was_a_node_is_none),
        cmocka_unit_test(the_monotonic_clock_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
