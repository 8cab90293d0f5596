/*
 * earliest: of many packed rows those whose days come first, as many as are asked for. It
 * holds no more than twice as many: the others are counted and let go.
 */
#ifndef FENGQIAO_NODE_CORE_EARLIEST_H
#define FENGQIAO_NODE_CORE_EARLIEST_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/bytes.h"
#include "proto/status.h"

struct earliest_row;

/* With a limit and else zeroed it is empty. A failed allocation is sticky. */
struct earliest {
    uint32_t limit;
    uint64_t total; /* were added */
    struct earliest_row *rows;
    uint32_t len, capacity;
    struct buf memory;
    bool failed;
};

void earliest_deinit(struct earliest *earliest);
/* The row of that day, to be packed into what is given and ended; NULL: no memory. */
struct buf *earliest_begin(struct earliest *earliest, int64_t day);
void earliest_end(struct earliest *earliest);
/* Appends to out an array of them, in order of their days and then as they came, as many
 * as have room in so many bytes; tells how many others there were. NO_MEMORY. */
enum status earliest_pack(struct earliest *earliest, size_t bytes_max, struct buf *out,
                          uint64_t *left_out) MUST_USE;

#endif
