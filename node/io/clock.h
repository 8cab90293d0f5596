/*
 * clock: the one place that asks what time it is. The loop reads it once per turn.
 */
#ifndef FENGQIAO_NODE_IO_CLOCK_H
#define FENGQIAO_NODE_IO_CLOCK_H

#include <stdint.h>

#include "proto/op.h"

/* Milliseconds that never go back, from an arbitrary start. */
uint64_t clock_monotonic_ms(void);

/* Seconds since 1970 and how far to trust them: ntp where the kernel says that the clock
 * is synchronised, rtc where the year is 2024 or later, else 0 and none. */
uint64_t clock_wall(enum wall_quality *quality);

#endif
