#include "cli/import_table.h"

#include <stdlib.h>
#include <string.h>

#include "cli/csv.h"
#include "cli/party.h"
#include "cli/request.h"
#include "cli/tally.h"
#include "crypto/digest.h"
#include "proto/csv_cell.h"
#include "proto/limits.h"

/* Bytes of rows in one request; the rest of a message is room for its frame. */
#define PART_BYTES_MAX (CONTROL_MESSAGE_MAX - 64u * 1024)

/* The columns that we read; others (number, opened, fate, closed, outcome) tell how a
 * matter went elsewhere and are passed over: here the case is new. */
enum column {
    COLUMN_VILLAGE,
    COLUMN_CATEGORY,
    COLUMN_TITLE,
    COLUMN_NARRATIVE,
    COLUMN_CONTEXT,
    COLUMN_PARTY1,
    COLUMN_ROLE1,
    COLUMN_PARTY2,
    COLUMN_ROLE2,
    COLUMN_FOUND_BY,
    COLUMN_PLACE,
    COLUMN_WISH,
    COLUMNS,
};

static const char *const column_names[COLUMNS] = {
    "village", "category", "title", "narrative", "context", "party1",
    "role1",   "party2",   "role2", "found_by",  "place",   "wish",
};

struct reading {
    struct import_table *table;
    struct csv csv;
    uint32_t columns[COLUMNS]; /* CSV_FIELDS_MAX: not in this table */
    const char *village;
    struct tally tally;
};

/* --- the line of titles --- */

static enum status find_column(struct reading *reading, enum column column,
                               struct err *err)
{
    reading->columns[column] = CSV_FIELDS_MAX;
    for (uint32_t i = 0; i < reading->csv.fields_len; i++) {
        if (!bytes_equal_str(csv_field(&reading->csv, i), column_names[column]))
            continue;
        if (reading->columns[column] != CSV_FIELDS_MAX)
            return err_set(err, STATUS_INVALID, "line 1: there are two columns \"%s\"",
                           column_names[column]);
        reading->columns[column] = i;
    }
    return STATUS_OK;
}

static enum status need_column(const struct reading *reading, enum column column,
                               struct err *err)
{
    if (reading->columns[column] != CSV_FIELDS_MAX)
        return STATUS_OK;
    return err_set(err, STATUS_INVALID,
                   "line 1: there is no column \"%s\"; the first line has the titles of "
                   "the columns, of which category, title and narrative are needed",
                   column_names[column]);
}

static enum status read_header(struct reading *reading, struct err *err)
{
    enum status status = csv_next(&reading->csv, err);
    if (status == STATUS_NOT_FOUND)
        return err_set(err, STATUS_INVALID, "the table is empty");
    for (int column = 0; status == STATUS_OK && column < COLUMNS; column++)
        status = find_column(reading, (enum column)column, err);
    if (status == STATUS_OK)
        status = need_column(reading, COLUMN_CATEGORY, err);
    if (status == STATUS_OK)
        status = need_column(reading, COLUMN_TITLE, err);
    if (status == STATUS_OK)
        status = need_column(reading, COLUMN_NARRATIVE, err);
    if (status == STATUS_OK && reading->village)
        status = need_column(reading, COLUMN_VILLAGE, err);
    return status;
}

/* --- a row --- */

/* Without the apostrophe that our own tables put before what would run. */
static struct bytes cell(const struct reading *reading, enum column column)
{
    struct bytes text = csv_field(&reading->csv, reading->columns[column]);
    if (text.len > 1 && text.data[0] == '\'' && csv_cell_is_formula(text))
        return bytes_of(text.data + 1, text.len - 1);
    return text;
}

static void add_cell(const struct reading *reading, struct request *row, const char *name,
                     enum column column)
{
    struct bytes text = cell(reading, column);
    if (text.len > 0)
        request_bytes_text(row, name, text);
}

static void add_party(const struct reading *reading, struct party_list *parties,
                      enum column alias, enum column role)
{
    struct bytes text = cell(reading, role);
    /* An empty cell means that there is no such party. */
    (void)party_add_parts(parties, cell(reading, alias),
                          text.len > 0 ? text : bytes_str("party"));
}

static void add_cells(const struct reading *reading, struct request *row)
{
    struct party_list parties = {0};
    add_cell(reading, row, "category", COLUMN_CATEGORY);
    add_cell(reading, row, "title", COLUMN_TITLE);
    add_cell(reading, row, "narrative", COLUMN_NARRATIVE);
    add_cell(reading, row, "context", COLUMN_CONTEXT);
    add_cell(reading, row, "found_by", COLUMN_FOUND_BY);
    add_cell(reading, row, "place", COLUMN_PLACE);
    add_cell(reading, row, "wish", COLUMN_WISH);
    add_party(reading, &parties, COLUMN_PARTY1, COLUMN_ROLE1);
    add_party(reading, &parties, COLUMN_PARTY2, COLUMN_ROLE2);
    party_request(&parties, row);
}

/* What the row says, and how many rows before it said the same: two matters may be alike.
 */
static enum status add_line(struct reading *reading, struct request *row)
{
    struct buf packed = {0};
    struct id digest;
    uint64_t times;
    enum status status = request_pack(row, &packed);
    if (status == STATUS_OK) {
        digest_of(digest.bytes, "fengqiao/1/line", packed.data, packed.len);
        status = tally_count(&reading->tally, &digest, &times);
    }
    if (status == STATUS_OK) {
        struct id line;
        uint8_t both[ID_SIZE + 8];
        memcpy(both, digest.bytes, ID_SIZE);
        for (int i = 0; i < 8; i++)
            both[ID_SIZE + i] = (uint8_t)(times >> (56 - 8 * i));
        digest_of(line.bytes, "fengqiao/1/line", both, sizeof(both));
        request_begin(row, "line");
        pack_bin(&row->values, line.bytes, ID_SIZE);
        request_end(row);
    }
    buf_deinit(&packed);
    return status;
}

/* --- parts --- */

static struct import_part *new_part(struct import_table *table)
{
    if (table->parts_len == table->parts_capacity) {
        size_t capacity = table->parts_capacity == 0 ? 8 : 2 * table->parts_capacity;
        struct import_part *grown =
            realloc(table->parts, capacity * sizeof(*table->parts));
        if (grown == NULL)
            return NULL;
        table->parts = grown;
        table->parts_capacity = capacity;
    }
    struct import_part *part = &table->parts[table->parts_len];
    *part = (struct import_part){.len = 0};
    part->lines = calloc(IMPORT_ROWS_MAX, sizeof(*part->lines));
    if (part->lines == NULL)
        return NULL;
    table->parts_len++;
    return part;
}

static enum status add_row(struct import_table *table, struct bytes packed, uint64_t line)
{
    struct import_part *part =
        table->parts_len > 0 ? &table->parts[table->parts_len - 1] : NULL;
    if (part == NULL || part->len == IMPORT_ROWS_MAX ||
        part->rows.len + packed.len > PART_BYTES_MAX)
        part = new_part(table);
    if (part == NULL)
        return STATUS_NO_MEMORY;
    buf_add(&part->rows, packed.data, packed.len);
    part->lines[part->len++] = line;
    table->rows++;
    return buf_status(&part->rows);
}

static enum status read_row(struct reading *reading)
{
    struct request row = {0};
    struct buf packed = {0};
    add_cells(reading, &row);
    enum status status = add_line(reading, &row);
    if (status == STATUS_OK)
        status = request_pack(&row, &packed);
    if (status == STATUS_OK)
        status = add_row(reading->table, buf_bytes(&packed), reading->csv.line);
    request_deinit(&row);
    buf_deinit(&packed);
    return status;
}

static enum status read_rows(struct reading *reading, uint64_t limit, struct err *err)
{
    while (reading->table->rows < limit) {
        enum status status = csv_next(&reading->csv, err);
        if (status == STATUS_NOT_FOUND)
            return STATUS_OK;
        if (status != STATUS_OK)
            return status;
        if (reading->village &&
            !bytes_equal_str(cell(reading, COLUMN_VILLAGE), reading->village))
            continue;
        status = read_row(reading);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

enum status import_table_read(struct import_table *table, FILE *file, const char *village,
                              uint64_t limit, struct err *err)
{
    struct reading reading = {.table = table, .village = village};
    *table = (struct import_table){.rows = 0};
    csv_init(&reading.csv, file);
    enum status status = read_header(&reading, err);
    if (status == STATUS_OK)
        status = read_rows(&reading, limit, err);
    csv_deinit(&reading.csv);
    tally_deinit(&reading.tally);
    return status;
}

void import_table_deinit(struct import_table *table)
{
    for (size_t i = 0; i < table->parts_len; i++) {
        buf_deinit(&table->parts[i].rows);
        free(table->parts[i].lines);
    }
    free(table->parts);
    *table = (struct import_table){.rows = 0};
}
