#include "node/page/export.h"

#include <assert.h>
#include <string.h>

#include "node/page/peek.h"
#include "node/web/shape.h"
#include "proto/csv_cell.h"

#define WORD "word "

static unsigned place_of(const struct export *export, size_t i)
{
    return (i == 0 ? CSV_FIRST : CSV_INNER) |
           (i + 1 == export->columns_len ? CSV_LAST : CSV_INNER);
}

static void add_titles(const struct export *export, enum language language,
                       struct buf *out)
{
    buf_add(out, CSV_MARK, strlen(CSV_MARK));
    for (size_t i = 0; i < export->columns_len; i++) {
        struct bytes text;
        const char *title = export->columns[i].title;
        if (!texts_find(bytes_str(title), language, &text)) /* never: it has one */
            text = bytes_str(title);                        /* and a test fails */
        csv_cell_add(out, text, place_of(export, i));
    }
}

/* A word of ours; any other stays as it is. */
static void add_word(const char *family, struct bytes word, enum language language,
                     struct buf *out)
{
    struct bytes text;
    if (!texts_find_word(bytes_str(family), word, language, &text))
        text = word;
    buf_add(out, text.data, text.len);
}

static void add_flag(bool flag, enum language language, struct buf *out)
{
    struct bytes yes;
    if (!flag)
        return;
    if (texts_find(bytes_str("value.yes"), language, &yes)) /* never: it has one */
        buf_add(out, yes.data, yes.len);
}

static void add_cell(const struct export_column *column, struct bytes raw,
                     enum language language, unsigned place, struct buf *out)
{
    struct buf text = {0};
    struct pack_reader reader = pack_reader_of(raw);
    struct pack_item item = {.type = PACK_NIL};
    enum status status = STATUS_OK;
    if (raw.len > 0)
        status = pack_next(&reader, &item, NULL);
    assert(status == STATUS_OK); /* the answer is whole */
    if (item.type == PACK_STR && column->shape[0] == '\0') {
        csv_cell_add_text(out, item.bytes, place);
        return;
    }
    if (strncmp(column->shape, WORD, strlen(WORD)) == 0)
        add_word(column->shape + strlen(WORD), peek_text(raw), language, &text);
    else if (item.type == PACK_BOOL)
        add_flag(item.number != 0, language, &text);
    else if (item.type != PACK_UINT || item.number > 0 || column->shape[0] == '\0')
        (void)shape_add(&text, bytes_str(column->shape), &item); /* a moment: not 1970 */
    csv_cell_add(out, buf_bytes(&text), place);
    out->failed |= text.failed;
    buf_deinit(&text);
}

enum status export_add(const struct export *export, struct bytes result,
                       enum language language, struct buf *out)
{
    struct pack_reader reader;
    if (out->len == 0)
        add_titles(export, language, out);
    for (uint32_t left = peek_list(peek_in(result, export->list), &reader); left > 0;
         left--) {
        struct bytes row = peek_next(&reader);
        for (size_t i = 0; i < export->columns_len; i++)
            add_cell(&export->columns[i], peek_in(row, export->columns[i].name), language,
                     place_of(export, i), out);
        if (out->len > EXPORT_BYTES_MAX)
            return STATUS_TOO_LARGE;
    }
    return buf_status(out);
}
