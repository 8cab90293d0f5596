/*
 * CSV rows as RFC 4180 quotes them, ended by a line feed. Write errors stay with the
 * stream: whoever closes it asks ferror().
 */
#ifndef PACKAGING_SAMPLE_SAMPLE_CSV_H
#define PACKAGING_SAMPLE_SAMPLE_CSV_H

#include <stddef.h>
#include <stdio.h>

/* Writes one row; borrows the strings. Fields with a comma, a quote or a line break are
 * quoted, quotes inside are doubled. */
void sample_csv_row(FILE *out, const char *const *fields, size_t count);

#endif
