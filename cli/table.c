#include "cli/table.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/answer.h"
#include "cli/outline.h"
#include "cli/printable.h"
#include "cli/shortage.h"
#include "crypto/key.h"
#include "proto/pack.h"

struct table_cell {
    size_t at, len, width; /* at, len: in the table's text */
};

void table_init(struct table *table, const char *const titles[], uint32_t count)
{
    assert(count > 0 && count <= TABLE_COLUMNS_MAX);
    *table = (struct table){.columns = count};
    for (uint32_t i = 0; i < count; i++)
        table_words(table, titles[i]);
}

static bool table_grow(struct table *table)
{
    if (table->cells_len < table->cells_capacity)
        return true;
    uint32_t capacity = table->cells_capacity * 2 + 64;
    struct table_cell *cells = realloc(table->cells, capacity * sizeof(*cells));
    if (!cells)
        return false;
    table->cells = cells;
    table->cells_capacity = capacity;
    return true;
}

/* How much of the text fits the widest column, with one column for "…" where something is
 * left over. */
static struct bytes fit(struct bytes text, bool *is_cut)
{
    struct bytes left = text;
    size_t width = 0;
    size_t fitting = 0;
    *is_cut = false;
    for (;;) {
        size_t used = text.len - left.len;
        uint32_t character;
        if (!utf8_next(&left, &character))
            return text;
        size_t end = text.len - left.len;
        if (width < TABLE_CELL_WIDTH_MAX)
            fitting = used;
        width += printable_width(bytes_of(text.data + used, end - used));
        if (width > TABLE_CELL_WIDTH_MAX) {
            *is_cut = true;
            return bytes_of(text.data, fitting);
        }
    }
}

static void add_cell(struct table *table, struct bytes shown, bool is_cut)
{
    if (table->text.failed || !table_grow(table)) {
        table->text.failed = true;
        return;
    }
    struct table_cell *cell = &table->cells[table->cells_len];
    cell->at = table->text.len;
    printable_add(&table->text, shown);
    cell->width = printable_width(shown);
    if (is_cut) {
        buf_add(&table->text, "…", strlen("…"));
        cell->width++;
    }
    cell->len = table->text.len - cell->at;
    size_t *width = &table->widths[table->cells_len % table->columns];
    if (cell->width > *width)
        *width = cell->width;
    table->cells_len++;
}

void table_text(struct table *table, struct bytes text)
{
    bool is_cut;
    struct bytes shown = fit(text, &is_cut);
    add_cell(table, shown, is_cut);
}

void table_field(struct table *table, struct bytes map, const char *name)
{
    struct bytes raw;
    char *text = NULL;
    size_t len = 0;
    FILE *stream = open_memstream(&text, &len);
    if (!stream) {
        table->text.failed = true;
        return;
    }
    if (answer_field(map, name, &raw))
        outline_value(stream, raw, 0);
    if (fclose(stream) == 0)
        table_text(table, bytes_of(text, len));
    else
        table->text.failed = true;
    free(text);
}

void table_key(struct table *table, struct bytes key)
{
    char text[KEY_TEXT_SIZE] = "-";
    if (key.len == KEY_SIZE)
        key_to_text(text, "fqk1", key.data);
    add_cell(table, bytes_str(text), false);
}

void table_hex(struct table *table, struct bytes bytes)
{
    char text[2 * 32 + 1] = "-";
    if (bytes.len > 0 && bytes.len <= 32)
        hex_encode(text, bytes.data, bytes.len);
    add_cell(table, bytes_str(text), false);
}

void table_words(struct table *table, const char *text)
{
    table_text(table, bytes_str(text));
}

void table_uint(struct table *table, uint64_t number)
{
    char text[24];
    (void)snprintf(text, sizeof(text), "%" PRIu64, number);
    table_words(table, text);
}

void time_text(char out[static 24], uint64_t seconds)
{
    time_t moment = (time_t)seconds;
    struct tm parts;
    /* A claim beyond the year 9999 is shown as what it is: a number. */
    if (seconds == 0)
        (void)snprintf(out, 24, "-");
    else if (seconds > 253402300799u)
        (void)snprintf(out, 24, "@%" PRIu64, seconds);
    else {
        (void)localtime_r(&moment, &parts); /* every calendar has these years */
        (void)strftime(out, 24, "%Y-%m-%d %H:%M", &parts); /* they fit */
    }
}

void table_time(struct table *table, uint64_t seconds)
{
    char text[24];
    time_text(text, seconds);
    table_words(table, text);
}

void table_mark(struct table *table, bool is_set, const char *word)
{
    table_words(table, is_set ? word : "");
}

void table_id(struct table *table, struct bytes id)
{
    char text[13] = "-";
    if (id.len >= 6)
        hex_encode(text, id.data, 6);
    table_words(table, text);
}

void table_print(const struct table *table, FILE *out, const char *nothing)
{
    if (table->text.failed) {
        fputs("(no memory is left to show this)\n", out);
        shortage_note();
        return;
    }
    if (table->cells_len <= table->columns) {
        fprintf(out, "%s\n", nothing);
        return;
    }
    for (uint32_t i = 0; i < table->cells_len; i++) {
        const struct table_cell *cell = &table->cells[i];
        uint32_t column = i % table->columns;
        if (cell->len > 0)
            (void)fwrite(table->text.data + cell->at, 1, cell->len,
                         out); /* ferror later */
        if (column + 1 == table->columns)
            fputc('\n', out);
        else
            fprintf(out, "%*s", (int)(table->widths[column] - cell->width + 2), "");
    }
}

void table_deinit(struct table *table)
{
    free(table->cells);
    buf_deinit(&table->text);
    *table = (struct table){0};
}
