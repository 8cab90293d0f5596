#include "proto/status.h"

#include <string.h>

static const struct {
    const char *name;
    const char *text;
} rows[] = {
#define STATUS_ROW(name, text) {#name, text},
    STATUS_LIST(STATUS_ROW)
#undef STATUS_ROW
};

#define ROWS_LEN (sizeof(rows) / sizeof(rows[0]))

const char *status_name(enum status status)
{
    return (unsigned)status < ROWS_LEN ? rows[status].name : "INVALID";
}

const char *status_text(enum status status)
{
    return (unsigned)status < ROWS_LEN ? rows[status].text : "unknown";
}

enum status status_from_name(const char *name)
{
    for (unsigned i = 0; i < ROWS_LEN; i++)
        if (strcmp(rows[i].name, name) == 0)
            return (enum status)i;
    return STATUS_INVALID;
}
