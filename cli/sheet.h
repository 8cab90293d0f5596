/*
 * sheet: the rows of a list in columns, as a table on a terminal, as CSV, or as a
 * spreadsheet file (XLSX, Office Open XML) for Excel, WPS and LibreOffice.
 *
 * In CSV a text that a spreadsheet would take for a formula gets an apostrophe in front
 * (proto/csv_cell.h); `fengqiao import` takes that one away again. In a spreadsheet file
 * texts are typed as texts and never run.
 */
#ifndef FENGQIAO_CLI_SHEET_H
#define FENGQIAO_CLI_SHEET_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "proto/bytes.h"
#include "proto/err.h"

enum sheet_type {
    SHEET_TEXT,
    SHEET_TIME, /* wall seconds; 0: not known */
    SHEET_UINT,
    SHEET_ID,   /* 32 bytes */
    SHEET_FLAG, /* its title where it is true, else nothing */
};

struct sheet_column {
    const char *title, *name; /* name: of the member of each row */
    enum sheet_type type;
};

struct sheet {
    const struct sheet_column *columns;
    uint32_t columns_len;
    struct bytes result; /* of the method */
    const char *list;    /* the member of result that has the rows */
    const char *nothing; /* what a table says where there are none */
};

void sheet_print(const struct sheet *sheet, FILE *out);
/* NO_MEMORY: nothing was written. */
enum status sheet_csv(const struct sheet *sheet, FILE *out) MUST_USE;
/* Whole or not at all: saved_file.h, whose statuses it has; TOO_LARGE: more rows than a
 * spreadsheet holds (sheet_xlsx.c). */
enum status sheet_xlsx(const struct sheet *sheet, const char *path,
                       struct err *err) MUST_USE;

#endif
