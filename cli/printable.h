/*
 * printable: text of other people on a terminal. What would act instead of being read
 * (control characters, terminal escapes, bidirectional overrides, invisible characters)
 * is shown as \u202e; East Asian wide characters count two columns.
 */
#ifndef FENGQIAO_CLI_PRINTABLE_H
#define FENGQIAO_CLI_PRINTABLE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "proto/bytes.h"

/* Columns of one character that need not be escaped: 0, 1 or 2. */
unsigned printable_width_of(uint32_t character);

/* Appends the text with active characters escaped. */
void printable_add(struct buf *out, struct bytes text);
/* Columns of the text as printable_add writes it. */
size_t printable_width(struct bytes text);
/* printable_add to a stream. */
void printable_print(FILE *out, struct bytes text);
/* The same, but line breaks stay, and each line after the first is indented. */
void printable_print_lines(FILE *out, struct bytes text, unsigned indent);

#endif
