/*
 * csv_cell: one field of a line of CSV (RFC 4180), as spreadsheets read it.
 */
#ifndef FENGQIAO_PROTO_CSV_CELL_H
#define FENGQIAO_PROTO_CSV_CELL_H

#include "proto/bytes.h"

/* At the beginning of a file: it is UTF-8. */
#define CSV_MARK "\xef\xbb\xbf"

/* Where in its record a field stands; both where it is the only one. CSV_APOSTROPHE puts
 * one before the field. */
enum csv_place { CSV_INNER = 0, CSV_FIRST = 1, CSV_LAST = 2, CSV_APOSTROPHE = 4 };

/* Appends one field, in quotes where it needs them, and what follows it. */
void csv_cell_add(struct buf *out, struct bytes field, unsigned place);
/* The same of what a person wrote, which may be anything: where a spreadsheet would take
 * it for a formula, an apostrophe stands before it. */
void csv_cell_add_text(struct buf *out, struct bytes text, unsigned place);

/* Would a spreadsheet take the text for a formula (it begins with = + - @, their
 * full-width forms, a tab or a line end), apostrophes in front left out? */
bool csv_cell_is_formula(struct bytes text);

#endif
