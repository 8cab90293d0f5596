#include "packaging/sample/sample_csv.h"

#include <string.h>

static void put_field(FILE *out, const char *field)
{
    if (strpbrk(field, ",\"\r\n") == NULL) {
        (void)fputs(field, out); /* The stream remembers the error. */
        return;
    }
    (void)fputc('"', out);
    for (; *field != '\0'; field++) {
        if (*field == '"')
            (void)fputc('"', out);
        (void)fputc(*field, out);
    }
    (void)fputc('"', out);
}

void sample_csv_row(FILE *out, const char *const *fields, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            (void)fputc(',', out);
        put_field(out, fields[i]);
    }
    (void)fputc('\n', out);
}
