/*
 * Dates of the sample year. Every case opens in 2025; the county is looked at on its last
 * evening, so what would close later is still open.
 */
#ifndef PACKAGING_SAMPLE_SAMPLE_DATE_H
#define PACKAGING_SAMPLE_SAMPLE_DATE_H

#include <stdint.h>

enum { SAMPLE_YEAR = 2025, SAMPLE_YEAR_DAYS = 365 };

/* Room for "2025-12-31T23:59" and the closing zero. */
enum { SAMPLE_DATE_SIZE = 24 };

/* Month (1 to 12) of a day of the year, 0 being the first of January. */
uint32_t sample_date_month(uint32_t day);

/* Writes "2025-03-07". `day` is below SAMPLE_YEAR_DAYS. */
void sample_date_format(uint32_t day, char out[static SAMPLE_DATE_SIZE]);

/* Writes "2025-03-07T09:30"; `minute` counts from midnight. */
void sample_date_format_minute(uint32_t day, uint32_t minute,
                               char out[static SAMPLE_DATE_SIZE]);

#endif
