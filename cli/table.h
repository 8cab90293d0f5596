/*
 * table: rows in columns that line up, East Asian characters included. Cells are shown as
 * printable.h says; a cell longer than its column's bound ends in "…".
 */
#ifndef FENGQIAO_CLI_TABLE_H
#define FENGQIAO_CLI_TABLE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "proto/bytes.h"

#define TABLE_COLUMNS_MAX 12
#define TABLE_CELL_WIDTH_MAX 40

/* A zeroed struct is an empty table. */
struct table {
    uint32_t columns;
    uint32_t cells_len;
    uint32_t cells_capacity;
    struct table_cell *cells; /* row by row, the titles first */
    struct buf text;
    size_t widths[TABLE_COLUMNS_MAX];
};

/* titles: count texts, which become the first row. */
void table_init(struct table *table, const char *const titles[], uint32_t count);
/* Adds the next cell, from left to right; the text is copied. */
void table_text(struct table *table, struct bytes text);
void table_words(struct table *table, const char *text);
void table_uint(struct table *table, uint64_t number);
/* Seconds since 1970 as a local date and hour; 0 as "-". */
void table_time(struct table *table, uint64_t seconds);
/* Yes or nothing. */
void table_mark(struct table *table, bool is_set, const char *word);
/* Any value of a map as outline_value writes it; nothing where it is missing. */
void table_field(struct table *table, struct bytes map, const char *name);
/* A key in its text form, never cut. */
void table_key(struct table *table, struct bytes key);
/* Hex digits, never cut. */
void table_hex(struct table *table, struct bytes bytes);
/* The first 12 hex digits of an id. */
void table_id(struct table *table, struct bytes id);
/* Writes the rows; the line `nothing` where there are none. */
void table_print(const struct table *table, FILE *out, const char *nothing);
/* Frees; accepts a zeroed struct. */
void table_deinit(struct table *table);

/* "2026-01-31 14:05" in local time, "-" for 0. */
void time_text(char out[static 24], uint64_t seconds);

#endif
