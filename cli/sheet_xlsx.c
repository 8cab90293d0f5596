/*
 * A sheet as XLSX, by libxlsxwriter, row by row: what it keeps meanwhile lies in nameless
 * files beside the target, and not in /tmp, which others may read. docs/decisions/0015.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <xlsxwriter.h>

#include "cli/answer.h"
#include "cli/printable.h"
#include "cli/saved_file.h"
#include "cli/sheet.h"
#include "proto/op.h"

#define COLUMN_WIDTH 18

struct book {
    const struct sheet *sheet;
    const char *path;
    lxw_workbook *workbook;
    lxw_worksheet *page;
    lxw_format *heading, *moment;
    lxw_error error; /* the first */
};

static void note(struct book *book, lxw_error error)
{
    if (book->error == LXW_NO_ERROR)
        book->error = error;
}

static void write_text(struct book *book, lxw_row_t row, lxw_col_t column,
                       struct bytes text)
{
    struct buf shown = {0};
    printable_add(&shown, text);
    buf_add_u8(&shown, '\0');
    if (shown.failed)
        note(book, LXW_ERROR_MEMORY_MALLOC_FAILED);
    else if (shown.len > 1)
        note(book, worksheet_write_string(book->page, row, column,
                                          (const char *)shown.data, NULL));
    buf_deinit(&shown);
}

static void write_time(struct book *book, lxw_row_t row, lxw_col_t column,
                       uint64_t seconds)
{
    time_t moment = (time_t)seconds;
    struct tm local;
    /* What no calendar has is left empty, as what is not known is. */
    if (seconds == 0 || seconds > UINT32_MAX)
        return;
    (void)localtime_r(&moment, &local); /* every calendar has these years */
    lxw_datetime date = {.year = local.tm_year + 1900,
                         .month = local.tm_mon + 1,
                         .day = local.tm_mday,
                         .hour = local.tm_hour,
                         .min = local.tm_min};
    note(book, worksheet_write_datetime(book->page, row, column, &date, book->moment));
}

static void write_cell(struct book *book, lxw_row_t row, lxw_col_t column,
                       struct bytes map)
{
    const struct sheet_column *of = &book->sheet->columns[column];
    char hex[2 * ID_SIZE + 1] = "";
    struct bytes id;
    switch (of->type) { /* never: the enum has no other value */
    case SHEET_TEXT:
        write_text(book, row, column, answer_text(map, of->name));
        break;
    case SHEET_TIME:
        write_time(book, row, column, answer_uint(map, of->name));
        break;
    case SHEET_UINT:
        note(book, worksheet_write_number(book->page, row, column,
                                          (double)answer_uint(map, of->name), NULL));
        break;
    case SHEET_ID:
        id = answer_bin(map, of->name);
        if (id.len == ID_SIZE)
            hex_encode(hex, id.data, ID_SIZE);
        write_text(book, row, column, bytes_str(hex));
        break;
    case SHEET_FLAG:
        if (answer_is_true(map, of->name))
            write_text(book, row, column, bytes_str(of->title));
        break;
    }
}

static void write_headings(struct book *book)
{
    lxw_col_t last = (lxw_col_t)(book->sheet->columns_len - 1);
    note(book, worksheet_set_column(book->page, 0, last, COLUMN_WIDTH, NULL));
    worksheet_freeze_panes(book->page, 1, 0);
    for (lxw_col_t column = 0; column <= last; column++)
        note(book,
             worksheet_write_string(book->page, 0, column,
                                    book->sheet->columns[column].title, book->heading));
}

static void write_rows(struct book *book)
{
    struct bytes map;
    struct answer_list rows = answer_list(book->sheet->result, book->sheet->list);
    for (uint32_t row = 1; answer_next(&rows, &map); row++)
        for (uint32_t column = 0; column < book->sheet->columns_len; column++)
            write_cell(book, row, (lxw_col_t)column, map);
}

static enum status write_book(void *context, const char *part, struct err *err)
{
    struct book *book = context;
    char directory[PATH_MAX] = ".";
    const char *slash = strrchr(part, '/');
    if (slash != NULL) {
        memcpy(directory, part, (size_t)(slash - part) + 1);
        directory[slash - part + 1] = '\0';
    }
    lxw_workbook_options options = {.constant_memory = LXW_TRUE, .tmpdir = directory};
    book->workbook = workbook_new_opt(part, &options);
    if (book->workbook == NULL)
        return STATUS_NO_MEMORY;
    book->page = workbook_add_worksheet(book->workbook, NULL);
    book->heading = workbook_add_format(book->workbook);
    book->moment = workbook_add_format(book->workbook);
    if (book->page == NULL || book->heading == NULL || book->moment == NULL) {
        (void)workbook_close(book->workbook); /* frees; memory is what failed */
        return STATUS_NO_MEMORY;
    }
    format_set_bold(book->heading);
    format_set_num_format(book->moment, "yyyy-mm-dd hh:mm");
    write_headings(book);
    write_rows(book);
    /* The library looks at no result of what it writes there. */
    if (fflush(book->page->optimize_tmpfile) != 0 ||
        ferror(book->page->optimize_tmpfile) != 0)
        note(book, LXW_ERROR_CREATING_TMPFILE);
    note(book, workbook_close(book->workbook));
    if (book->error == LXW_NO_ERROR)
        return STATUS_OK;
    return err_set(err, STATUS_IO, "NOT written: %s: %s", book->path,
                   lxw_strerror(book->error));
}

enum status sheet_xlsx(const struct sheet *sheet, const char *path, struct err *err)
{
    struct book book = {.sheet = sheet, .path = path};
    if (answer_list(sheet->result, sheet->list).left >= LXW_ROW_MAX)
        return err_set(err, STATUS_TOO_LARGE,
                       "a spreadsheet holds at most %d rows; narrow the list or take CSV",
                       LXW_ROW_MAX - 1);
    return saved_file_make(path, write_book, &book, err);
}
