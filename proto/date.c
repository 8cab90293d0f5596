#include "proto/date.h"

#include <assert.h>
#include <stdio.h>

#define SECONDS_A_DAY (24 * 60 * 60)

static bool is_leap(int64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int64_t days_of_month(int64_t year, int64_t month)
{
    static const int64_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month - 1] + (month == 2 && is_leap(year));
}

/* The day before the first of that year. */
static int64_t before_year(int64_t year)
{
    int64_t whole = year - 1;
    return DATE_FIRST - 1 + whole * 365 + whole / 4 - whole / 100 + whole / 400;
}

static int64_t day_of(int64_t year, int64_t month, int64_t in_month)
{
    int64_t day = before_year(year);
    for (int64_t i = 1; i < month; i++)
        day += days_of_month(year, i);
    return day + in_month;
}

static void split(int64_t day, int64_t *year, int64_t *month, int64_t *in_month)
{
    assert(day >= DATE_FIRST && day <= DATE_LAST);
    *year = 1 + (day - DATE_FIRST) / 366; /* that year or an earlier one */
    while (before_year(*year + 1) < day)
        ++*year;
    *in_month = day - before_year(*year);
    for (*month = 1; *in_month > days_of_month(*year, *month); ++*month)
        *in_month -= days_of_month(*year, *month);
}

static bool read_digits(const uint8_t *text, size_t len, int64_t *number)
{
    *number = 0;
    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        *number = *number * 10 + (text[i] - '0');
    }
    return true;
}

bool date_parse(struct bytes text, int64_t *day)
{
    int64_t year, month, in_month;
    if (text.len != DATE_TEXT_SIZE - 1 || text.data[4] != '-' || text.data[7] != '-' ||
        !read_digits(text.data, 4, &year) || !read_digits(text.data + 5, 2, &month) ||
        !read_digits(text.data + 8, 2, &in_month))
        return false;
    if (year < 1 || month < 1 || month > 12 || in_month < 1 ||
        in_month > days_of_month(year, month))
        return false;
    *day = day_of(year, month, in_month);
    return true;
}

void date_text(char out[static DATE_TEXT_SIZE], int64_t day)
{
    int64_t year, month, in_month;
    split(day, &year, &month, &in_month);
    (void)snprintf(out, DATE_TEXT_SIZE, "%04u-%02u-%02u", (unsigned)year % 10000,
                   (unsigned)month % 100, (unsigned)in_month % 100);
}

uint32_t date_year(int64_t day)
{
    int64_t year, month, in_month;
    split(day, &year, &month, &in_month);
    return (uint32_t)year;
}

int64_t date_add_months(int64_t day, uint32_t months)
{
    int64_t year, month, in_month;
    split(day, &year, &month, &in_month);
    int64_t count = year * 12 + month - 1 + months;
    year = count / 12;
    month = count % 12 + 1;
    if (year > 9999)
        return DATE_LAST;
    int64_t most = days_of_month(year, month);
    return day_of(year, month, in_month < most ? in_month : most);
}

int64_t date_of_seconds(uint64_t seconds, int32_t minutes_east)
{
    uint64_t last = ((uint64_t)DATE_LAST + 1) * SECONDS_A_DAY;
    int64_t shifted = (int64_t)(seconds < last ? seconds : last) + minutes_east * 60;
    int64_t day = shifted / SECONDS_A_DAY - (shifted % SECONDS_A_DAY < 0);
    return day < DATE_LAST ? day : DATE_LAST;
}
