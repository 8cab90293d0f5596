#include "proto/err.h"

#include <stdarg.h>
#include <stdio.h>

#include "proto/pack.h"

/* A text of a person's may be cut within a character, by a precision or by our own end;
 * what is left of that character would make the whole sentence unreadable. */
static void mend_characters(char *sentence)
{
    struct bytes left = bytes_str(sentence);
    uint32_t character;
    for (struct bytes at = left; utf8_next(&left, &character); at = left)
        if (character == 0xfffd && at.len - left.len == 1)
            sentence[at.data - (const uint8_t *)sentence] = '?';
}

enum status err_set(struct err *err, enum status status, const char *format, ...)
{
    if (err == NULL)
        return status;
    err->status = status;
    va_list args;
    va_start(args, format);
    (void)vsnprintf(err->text, sizeof(err->text), format, args); /* cut is fine */
    va_end(args);
    mend_characters(err->text);
    return status;
}

const char *err_text(const struct err *err, enum status status)
{
    return err != NULL && err->text[0] != '\0' ? err->text : status_text(status);
}
