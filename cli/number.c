#include "cli/number.h"

#include <errno.h>
#include <stdlib.h>

bool number_read(const char *text, uint64_t *number)
{
    char *end;
    if (*text < '0' || *text > '9') /* strtoull takes signs and spaces */
        return false;
    errno = 0;
    *number = strtoull(text, &end, 10);
    return errno == 0 && *end == '\0';
}
