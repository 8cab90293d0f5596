/*
 * date: a day of the Gregorian calendar, written "2026-11-30" (ISO 8601), as a number:
 * days since 1970-01-01, which is day 0. From 0001-01-01 to 9999-12-31. No time zones:
 * a day is the day that people at the site say it is.
 */
#ifndef FENGQIAO_PROTO_DATE_H
#define FENGQIAO_PROTO_DATE_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/bytes.h"

#define DATE_TEXT_SIZE 11 /* with the terminating 0 */
#define DATE_FIRST (-719162)
#define DATE_LAST 2932896

/* False: not ten characters of that form, or a day that no month has. */
bool date_parse(struct bytes text, int64_t *day);
/* day has to lie within DATE_FIRST and DATE_LAST. */
void date_text(char out[static DATE_TEXT_SIZE], int64_t day);
/* 1 to 9999. */
uint32_t date_year(int64_t day);
/* The same day so many months later; the last of the month where it has no such day.
 * Where that would lie behind DATE_LAST, DATE_LAST. */
int64_t date_add_months(int64_t day, uint32_t months);
/* The day of a moment in seconds since 1970, that many minutes east of Greenwich; at most
 * DATE_LAST. */
int64_t date_of_seconds(uint64_t seconds, int32_t minutes_east);

#endif
