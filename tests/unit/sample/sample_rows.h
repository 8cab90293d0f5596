/*
 * Rows of a CSV text, read back as RFC 4180 says: the judge of what the sample writes.
 */
#ifndef TESTS_UNIT_SAMPLE_SAMPLE_ROWS_H
#define TESTS_UNIT_SAMPLE_SAMPLE_ROWS_H

#include <stdbool.h>
#include <stddef.h>

enum { SAMPLE_ROW_FIELDS_MAX = 20, SAMPLE_ROW_SIZE = 16384 };

struct sample_rows {
    const char *at; /* borrowed */
    const char *end;
    bool failed; /* a row broke the rules */
};

struct sample_row {
    size_t count;
    const char *fields[SAMPLE_ROW_FIELDS_MAX]; /* into `bytes` */
    char bytes[SAMPLE_ROW_SIZE];
};

/* Starts at the first row; borrows the text. */
void sample_rows_init(struct sample_rows *rows, const char *text, size_t len);

/* Reads the next row. False at the end, and where a row breaks the rules (`failed`). */
bool sample_rows_next(struct sample_rows *rows, struct sample_row *row);

#endif
