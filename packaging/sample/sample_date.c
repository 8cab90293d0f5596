#include "packaging/sample/sample_date.h"

#include <assert.h>
#include <stdio.h>

static const uint32_t month_days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

static uint32_t split(uint32_t day, uint32_t *day_of_month)
{
    uint32_t month = 0;

    assert(day < SAMPLE_YEAR_DAYS);
    while (day >= month_days[month])
        day -= month_days[month++];
    *day_of_month = day + 1;
    return month + 1;
}

uint32_t sample_date_month(uint32_t day)
{
    uint32_t day_of_month;

    return split(day, &day_of_month);
}

void sample_date_format(uint32_t day, char out[static SAMPLE_DATE_SIZE])
{
    uint32_t day_of_month;
    uint32_t month = split(day, &day_of_month);

    (void)snprintf(out, SAMPLE_DATE_SIZE, "%d-%02u-%02u", SAMPLE_YEAR, month % 100,
                   day_of_month % 100); /* Fits: all numbers are bounded. */
}

void sample_date_format_minute(uint32_t day, uint32_t minute,
                               char out[static SAMPLE_DATE_SIZE])
{
    uint32_t day_of_month;
    uint32_t month = split(day, &day_of_month);

    assert(minute < 24 * 60);
    (void)snprintf(out, SAMPLE_DATE_SIZE, "%d-%02u-%02uT%02u:%02u", SAMPLE_YEAR,
                   month % 100, day_of_month % 100, minute / 60,
                   minute % 60); /* Fits: all numbers are bounded. */
}
