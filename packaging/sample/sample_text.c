#include "packaging/sample/sample_text.h"

#include <string.h>

void sample_text_clear(struct sample_text *text)
{
    text->len = 0;
    text->overflowed = false;
    text->bytes[0] = '\0';
}

void sample_text_put(struct sample_text *text, const char *bytes, size_t len)
{
    if (len >= sizeof(text->bytes) - text->len) {
        text->overflowed = true;
        return;
    }
    memcpy(text->bytes + text->len, bytes, len);
    text->len += len;
    text->bytes[text->len] = '\0';
}

void sample_text_put_string(struct sample_text *text, const char *string)
{
    sample_text_put(text, string, strlen(string));
}

size_t sample_text_chars(const char *string)
{
    size_t count = 0;

    for (; *string != '\0'; string++) {
        /* Continuation bytes are 10xxxxxx. */
        if (((unsigned char)*string & 0xc0) != 0x80)
            count++;
    }
    return count;
}
