/*
 * A bounded piece of UTF-8 text. It never grows: what does not fit marks it as overflowed
 * and is dropped whole.
 */
#ifndef PACKAGING_SAMPLE_SAMPLE_TEXT_H
#define PACKAGING_SAMPLE_SAMPLE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* 600 characters of Chinese are 1,800 bytes. */
enum { SAMPLE_TEXT_SIZE = 2400 };

struct sample_text {
    size_t len;      /* without the closing zero, which is always there */
    bool overflowed; /* something did not fit */
    char bytes[SAMPLE_TEXT_SIZE];
};

/* Empties it. Must come first. */
void sample_text_clear(struct sample_text *text);

/* Appends `len` bytes; borrows them. */
void sample_text_put(struct sample_text *text, const char *bytes, size_t len);

/* Appends a zero-terminated string; borrows it. */
void sample_text_put_string(struct sample_text *text, const char *string);

/* Characters (code points) in a zero-terminated UTF-8 string. */
size_t sample_text_chars(const char *string);

#endif
