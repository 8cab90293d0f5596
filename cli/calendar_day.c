#include "cli/calendar_day.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "proto/date.h"

#define BETWEEN ".."

bool calendar_day_seconds(const char *text, bool is_end, uint64_t *seconds)
{
    int64_t day;
    if (!date_parse(bytes_str(text), &day) || day < 0)
        return false;
    struct tm local = {.tm_isdst = -1};
    local.tm_year = atoi(text) - 1900;
    local.tm_mon = atoi(text + 5) - 1;
    local.tm_mday = atoi(text + 8) + (is_end ? 1 : 0);
    time_t moment = mktime(&local);
    if (moment < 0)
        moment = 0; /* the first hours of 1970 where it began later */
    *seconds = (uint64_t)moment - (is_end && moment > 0 ? 1 : 0);
    return true;
}

bool calendar_day_period(const char *text, uint64_t *from, uint64_t *to)
{
    char first[DATE_TEXT_SIZE] = "";
    const char *between = strstr(text, BETWEEN);
    const char *last = between == NULL ? text : between + strlen(BETWEEN);
    size_t len = between == NULL ? strlen(text) : (size_t)(between - text);
    if (len >= sizeof(first))
        return false;
    memcpy(first, text, len);
    return calendar_day_seconds(first, false, from) &&
           calendar_day_seconds(last, true, to) && *from <= *to;
}
