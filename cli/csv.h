/*
 * csv: RFC 4180, one record at a time from a stream, bounded. Lines may end in LF, CRLF
 * or, from programs that translate twice, more CRs before the LF; each of these reads as
 * one LF inside a quoted field, too. A byte order mark at the start is skipped; every
 * field must be UTF-8. What proto/csv_cell writes is read back the same, but for such
 * ends.
 */
#ifndef FENGQIAO_CLI_CSV_H
#define FENGQIAO_CLI_CSV_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "proto/bytes.h"
#include "proto/err.h"

#define CSV_FIELDS_MAX 64
#define CSV_RECORD_MAX (1024u * 1024)

struct csv {
    FILE *file;         /* borrowed */
    uint64_t line;      /* on which the current record begins, 1 and up */
    uint64_t line_next; /* on which the next one will */
    uint8_t held[4];    /* bytes read ahead, the next one last */
    uint32_t held_len;
    uint64_t returns; /* CRs read ahead of these, no LF behind them */
    struct buf text;
    uint32_t fields_len;
    struct {
        size_t at, end; /* in text */
    } fields[CSV_FIELDS_MAX];
};

void csv_init(struct csv *csv, FILE *file);
/* Frees; the stream stays open. Accepts a zeroed struct. */
void csv_deinit(struct csv *csv);

/* Reads the next record; empty lines are skipped. NOT_FOUND at the end, INVALID,
 * TOO_LARGE, IO with a sentence that names the line. */
enum status csv_next(struct csv *csv, struct err *err) MUST_USE;
/* A field of the current record, borrowed until the next; empty beyond the last. */
struct bytes csv_field(const struct csv *csv, uint32_t i);

#endif
