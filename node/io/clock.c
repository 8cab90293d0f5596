/*
 * Happy path: ask the kernel. Failure modes: a board without a battery wakes up in 1970;
 * its time is then unknown (0) until something sets it. A clock that jumps moves the wall
 * time only, never the monotonic one.
 */
#include "node/io/clock.h"

#include <assert.h>
#include <sys/timex.h>
#include <time.h>

#define WALL_2024 1704067200 /* 2024-01-01T00:00:00Z */

uint64_t clock_monotonic_ms(void)
{
    struct timespec now;
    int rc = clock_gettime(CLOCK_MONOTONIC, &now);
    assert(rc == 0); /* a Linux without this clock does not exist */
    (void)rc;
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static bool is_synchronised(void)
{
    struct timex state = {0};
    int rc = adjtimex(&state);
    return rc >= 0 && rc != TIME_ERROR && (state.status & STA_UNSYNC) == 0;
}

uint64_t clock_wall(enum wall_quality *quality)
{
    struct timespec now;
    if (clock_gettime(CLOCK_REALTIME, &now) != 0 || now.tv_sec < WALL_2024) {
        *quality = WALL_NONE;
        return 0;
    }
    *quality = is_synchronised() ? WALL_NTP : WALL_RTC;
    return (uint64_t)now.tv_sec;
}
