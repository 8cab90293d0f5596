#include "node/io/printout.h"

#include <stdio.h>

static bool acts(unsigned char c)
{
    return c < 0x20 || c == 0x7f;
}

void printout_text(const char *text)
{
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        (void)putchar(acts(c) ? '?' : c); /* printout_end asks */
    }
}

void printout_json(const char *text)
{
    printf("\"");
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\')
            printf("\\%c", c);
        else if (acts(c))
            printf("\\u%04x", c);
        else
            (void)putchar(c); /* printout_end asks */
    }
    printf("\"");
}

bool printout_end(void)
{
    return fflush(stdout) == 0 && !ferror(stdout);
}
