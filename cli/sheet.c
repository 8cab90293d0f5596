#include "cli/sheet.h"

#include <string.h>

#include "cli/answer.h"
#include "cli/table.h"
#include "proto/csv_cell.h"
#include "proto/op.h"

void sheet_print(const struct sheet *sheet, FILE *out)
{
    const char *titles[TABLE_COLUMNS_MAX];
    struct bytes row;
    struct table table;
    for (uint32_t i = 0; i < sheet->columns_len; i++)
        titles[i] = sheet->columns[i].title;
    table_init(&table, titles, sheet->columns_len);
    struct answer_list rows = answer_list(sheet->result, sheet->list);
    while (answer_next(&rows, &row)) {
        for (uint32_t i = 0; i < sheet->columns_len; i++) {
            const struct sheet_column *column = &sheet->columns[i];
            if (column->type == SHEET_TEXT)
                table_text(&table, answer_text(row, column->name));
            else if (column->type == SHEET_TIME)
                table_time(&table, answer_uint(row, column->name));
            else if (column->type == SHEET_UINT)
                table_uint(&table, answer_uint(row, column->name));
            else if (column->type == SHEET_ID)
                table_id(&table, answer_bin(row, column->name));
            else
                table_mark(&table, answer_is_true(row, column->name), column->title);
        }
    }
    table_print(&table, out, sheet->nothing);
    table_deinit(&table);
}

static void write_cell(struct buf *out, struct bytes row,
                       const struct sheet_column *column, unsigned place)
{
    char text[2 * ID_SIZE + 1] = "";
    struct bytes id = answer_bin(row, column->name);
    uint64_t number = answer_uint(row, column->name);
    if (column->type == SHEET_TEXT) {
        csv_cell_add_text(out, answer_text(row, column->name), place);
        return;
    }
    if (column->type == SHEET_TIME && number > 0)
        time_text(text, number);
    else if (column->type == SHEET_UINT)
        (void)snprintf(text, sizeof(text), "%llu", (unsigned long long)number);
    else if (column->type == SHEET_ID && id.len == ID_SIZE)
        hex_encode(text, id.data, ID_SIZE);
    else if (column->type == SHEET_FLAG && answer_is_true(row, column->name))
        (void)snprintf(text, sizeof(text), "%s", column->title);
    csv_cell_add(out, bytes_str(text), place);
}

static unsigned place_of(const struct sheet *sheet, uint32_t i)
{
    return (i == 0 ? CSV_FIRST : CSV_INNER) |
           (i + 1 == sheet->columns_len ? CSV_LAST : CSV_INNER);
}

/* The mark at the beginning tells Excel that it is UTF-8. */
enum status sheet_csv(const struct sheet *sheet, FILE *out)
{
    struct bytes row;
    struct buf text = {0};
    buf_add(&text, CSV_MARK, strlen(CSV_MARK));
    for (uint32_t i = 0; i < sheet->columns_len; i++)
        csv_cell_add(&text, bytes_str(sheet->columns[i].title), place_of(sheet, i));
    struct answer_list rows = answer_list(sheet->result, sheet->list);
    while (answer_next(&rows, &row))
        for (uint32_t i = 0; i < sheet->columns_len; i++)
            write_cell(&text, row, &sheet->columns[i], place_of(sheet, i));
    enum status status = buf_status(&text);
    if (status == STATUS_OK)
        (void)fwrite(text.data, 1, text.len, out); /* the caller looks at the stream */
    buf_deinit(&text);
    return status;
}
