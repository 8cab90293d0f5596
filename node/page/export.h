/*
 * export: a list of the core as a table to take away, CSV for a spreadsheet.
 */
#ifndef FENGQIAO_PAGE_EXPORT_H
#define FENGQIAO_PAGE_EXPORT_H

#include "node/web/texts.h"

#define EXPORT_BYTES_MAX (16u * 1024 * 1024)

struct export_column {
    const char *title; /* key of its text */
    const char *name;  /* of the member of each row */
    const char *shape; /* of shape.h, or "word FAMILY"; "" for what a person wrote */
};

struct export
{
    const char *list; /* the member of an answer that has the rows */
    const struct export_column *columns;
    size_t columns_len;
};

/* Appends the rows of one answer; at the beginning of out, the titles before them.
 * TOO_LARGE: more than a file may have; NO_MEMORY. */
enum status export_add(const struct export *export, struct bytes result,
                       enum language language, struct buf *out) MUST_USE;

#endif
