/*
 * outline: any value in plain words, for what has no form of its own.
 */
#ifndef FENGQIAO_CLI_OUTLINE_H
#define FENGQIAO_CLI_OUTLINE_H

#include <stdio.h>

#include "proto/bytes.h"

/* Text as it is (lines after the first indented), numbers, yes and no, bin as hex, lists
 * with commas, maps as "name: value; …". Writes no line break at the end. */
void outline_value(FILE *out, struct bytes raw, unsigned indent);
/* The same with ids cut short, for lists that people read. */
void outline_brief(FILE *out, struct bytes raw, unsigned indent);
/* "label:   value" and a line break, values lined up at the column 16; the label must be
 * ASCII or of wide characters. Nothing where raw is empty. */
void outline_field(FILE *out, const char *label, struct bytes raw);
/* The same for a plain text. */
void outline_text(FILE *out, const char *label, struct bytes text);

#endif
