#include "proto/err.h"

#include <stdarg.h>
#include <stdio.h>

enum status err_set(struct err *err, enum status status, const char *format, ...)
{
    if (err == NULL)
        return status;
    err->status = status;
    va_list args;
    va_start(args, format);
    (void)vsnprintf(err->text, sizeof(err->text), format, args); /* cut is fine */
    va_end(args);
    return status;
}

const char *err_text(const struct err *err, enum status status)
{
    return err != NULL && err->text[0] != '\0' ? err->text : status_text(status);
}
