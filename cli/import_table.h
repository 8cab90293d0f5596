/*
 * import_table: a table of cases (CSV), read whole and packed into requests of
 * `case.import`: of at most IMPORT_ROWS_MAX rows, each with an id made of what it says
 * and of how many rows before it say the same.
 */
#ifndef FENGQIAO_CLI_IMPORT_TABLE_H
#define FENGQIAO_CLI_IMPORT_TABLE_H

#include <stdint.h>
#include <stdio.h>

#include "proto/bytes.h"
#include "proto/err.h"

struct import_part {
    struct buf rows; /* packed one behind the other */
    uint64_t *lines; /* of the table, one a row */
    uint32_t len;
};

/* A zeroed struct is empty. */
struct import_table {
    struct import_part *parts;
    size_t parts_len, parts_capacity;
    uint64_t rows;
};

/* Reads all of the stream, or the first `limit` rows of that village (NULL: any). Fills
 * table, which the caller frees on failure as well. INVALID, TOO_LARGE, IO with a
 * sentence that names the line; NO_MEMORY. */
enum status import_table_read(struct import_table *table, FILE *file, const char *village,
                              uint64_t limit, struct err *err) MUST_USE;
void import_table_deinit(struct import_table *table);

#endif
