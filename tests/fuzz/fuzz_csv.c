/*
 * fuzz_csv: whatever the table, its records are UTF-8 and in order, and a table that is
 * written again reads as the same records.
 *   input  the file
 */
#include "fuzz.h"

#include "cli/csv.h"
#include "proto/csv_cell.h"
#include "proto/pack.h"

static void add_field(struct buf *out, struct bytes field)
{
    buf_add(out, field.data, field.len);
    buf_add_u8(out, 0); /* no field holds it */
}

static unsigned place_of(const struct csv *csv, uint32_t i)
{
    return (i == 0 ? CSV_FIRST : 0u) | (i + 1 == csv->fields_len ? CSV_LAST : 0u);
}

static void add_record(struct buf *out, const struct csv *csv)
{
    for (uint32_t i = 0; i < csv->fields_len; i++)
        add_field(out, csv_field(csv, i));
    buf_add_u8(out, 1);
}

static void check_fields(const struct csv *csv)
{
    HOLDS(csv->fields_len >= 1 && csv->fields_len <= CSV_FIELDS_MAX);
    for (uint32_t i = 0; i < csv->fields_len; i++)
        HOLDS(csv_field(csv, i).len == 0 || utf8_is_valid(csv_field(csv, i)));
    HOLDS(csv_field(csv, csv->fields_len).len == 0);
}

/* Writes every good record to again and lists it in records. */
static void read_records(const uint8_t *data, size_t size, struct buf *again,
                         struct buf *records)
{
    FILE *file = fmemopen((void *)(uintptr_t)data, size, "rb");
    HOLDS(file != NULL);
    struct csv csv;
    struct err err;
    uint64_t line = 0;
    enum status status;
    csv_init(&csv, file);
    while ((status = csv_next(&csv, &err)) == STATUS_OK) {
        HOLDS(csv.line > line && csv.line_next >= csv.line);
        line = csv.line;
        check_fields(&csv);
        add_record(records, &csv);
        for (uint32_t i = 0; again != NULL && i < csv.fields_len; i++)
            csv_cell_add(again, csv_field(&csv, i), place_of(&csv, i));
    }
    if (status != STATUS_NOT_FOUND)
        HOLDS((status == STATUS_INVALID || status == STATUS_TOO_LARGE) &&
              strncmp(err.text, "line ", 5) == 0);
    HOLDS(again != NULL || status == STATUS_NOT_FOUND);
    csv_deinit(&csv);
    fclose(file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct buf first = {0}, second = {0}, again = {0};
    read_records(data, size, &again, &first);
    HOLDS(!again.failed);

    if (again.len > 0)
        read_records(again.data, again.len, NULL, &second);
    HOLDS(bytes_equal(buf_bytes(&first), buf_bytes(&second)));
    buf_deinit(&first);
    buf_deinit(&second);
    buf_deinit(&again);
    return 0;
}
