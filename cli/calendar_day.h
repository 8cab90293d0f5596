/*
 * calendar_day: a day that somebody typed, as the seconds of a claim of time, where this
 * machine stands.
 */
#ifndef FENGQIAO_CLI_CALENDAR_DAY_H
#define FENGQIAO_CLI_CALENDAR_DAY_H

#include <stdbool.h>
#include <stdint.h>

/* The first second of a day such as 2026-11-30, or with is_end the last one. False: it is
 * none. */
bool calendar_day_seconds(const char *text, bool is_end, uint64_t *seconds);
/* Both ends of "2026-11-01..2026-11-30", or of one day. False: it is none, or ends before
 * it begins. */
bool calendar_day_period(const char *text, uint64_t *from, uint64_t *to);

#endif
