#include "node/core/earliest.h"

#include <stdlib.h>

#include "proto/pack.h"

#define ROWS_MIN 64

struct earliest_row {
    int64_t day;
    uint64_t number; /* in the order in which they came */
    size_t at, len;  /* in memory */
};

void earliest_deinit(struct earliest *earliest)
{
    free(earliest->rows);
    buf_deinit(&earliest->memory);
    *earliest = (struct earliest){.limit = 0};
}

static int compare_rows(const void *a, const void *b)
{
    const struct earliest_row *one = a, *other = b;
    if (one->day != other->day)
        return one->day < other->day ? -1 : 1;
    return (one->number > other->number) - (one->number < other->number);
}

/* What later ones said is let go. */
static void keep_first(struct earliest *earliest)
{
    struct buf kept = {0};
    earliest->failed = earliest->failed || earliest->memory.failed;
    if (earliest->failed)
        return;
    if (earliest->len > 1)
        qsort(earliest->rows, earliest->len, sizeof(*earliest->rows), compare_rows);
    if (earliest->len > earliest->limit)
        earliest->len = earliest->limit;
    for (uint32_t i = 0; i < earliest->len; i++) {
        struct earliest_row *row = &earliest->rows[i];
        size_t at = kept.len;
        buf_add(&kept, earliest->memory.data + row->at, row->len);
        row->at = at;
    }
    earliest->failed = kept.failed;
    buf_deinit(&earliest->memory);
    earliest->memory = kept;
}

static struct earliest_row *new_row(struct earliest *earliest)
{
    if (earliest->len >= 2 * earliest->limit + ROWS_MIN)
        keep_first(earliest);
    if (earliest->len < earliest->capacity)
        return &earliest->rows[earliest->len++];
    uint32_t capacity = earliest->capacity == 0 ? ROWS_MIN : 2 * earliest->capacity;
    struct earliest_row *rows =
        realloc(earliest->rows, capacity * sizeof(*earliest->rows));
    if (rows == NULL) {
        earliest->failed = true;
        return NULL;
    }
    earliest->rows = rows;
    earliest->capacity = capacity;
    return &earliest->rows[earliest->len++];
}

struct buf *earliest_begin(struct earliest *earliest, int64_t day)
{
    struct earliest_row *row = new_row(earliest);
    if (row == NULL)
        return NULL;
    *row = (struct earliest_row){
        .day = day, .number = earliest->total++, .at = earliest->memory.len};
    return &earliest->memory;
}

void earliest_end(struct earliest *earliest)
{
    struct earliest_row *row = &earliest->rows[earliest->len - 1];
    row->len = earliest->memory.len - row->at;
}

static uint32_t count_fitting(const struct earliest *earliest, size_t bytes_max)
{
    size_t bytes = 0;
    for (uint32_t i = 0; i < earliest->len; i++) {
        bytes += earliest->rows[i].len;
        if (bytes > bytes_max)
            return i;
    }
    return earliest->len;
}

enum status earliest_pack(struct earliest *earliest, size_t bytes_max, struct buf *out,
                          uint64_t *left_out)
{
    keep_first(earliest);
    if (earliest->failed)
        return STATUS_NO_MEMORY;
    uint32_t len = count_fitting(earliest, bytes_max);
    pack_array(out, len);
    for (uint32_t i = 0; i < len; i++)
        buf_add(out, earliest->memory.data + earliest->rows[i].at, earliest->rows[i].len);
    *left_out = earliest->total - len;
    return buf_status(out);
}
