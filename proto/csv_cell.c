#include "proto/csv_cell.h"

#include <string.h>

static bool begins_with(struct bytes text, const char *start)
{
    size_t len = strlen(start);
    return text.len >= len && memcmp(text.data, start, len) == 0;
}

/* An empty line is no record, and a mark at the start of a file is none of the field. */
static bool would_be_lost(struct bytes field, unsigned place)
{
    if (field.len == 0)
        return place == (CSV_FIRST | CSV_LAST);
    return (place & CSV_FIRST) != 0 && begins_with(field, CSV_MARK);
}

void csv_cell_add(struct buf *out, struct bytes field, unsigned place)
{
    bool needs_quotes = would_be_lost(field, place);
    for (size_t i = 0; i < field.len; i++)
        needs_quotes = needs_quotes || strchr(",\"\r\n", field.data[i]) != NULL;
    if (needs_quotes)
        buf_add_u8(out, '"');
    if ((place & CSV_APOSTROPHE) != 0)
        buf_add_u8(out, '\'');
    for (size_t i = 0; i < field.len; i++) {
        if (field.data[i] == '"')
            buf_add_u8(out, '"');
        buf_add_u8(out, field.data[i]);
    }
    if (needs_quotes)
        buf_add_u8(out, '"');
    if ((place & CSV_LAST) != 0)
        buf_add(out, "\r\n", 2);
    else
        buf_add_u8(out, ',');
}

void csv_cell_add_text(struct buf *out, struct bytes text, unsigned place)
{
    csv_cell_add(out, text, csv_cell_is_formula(text) ? place | CSV_APOSTROPHE : place);
}

bool csv_cell_is_formula(struct bytes text)
{
    static const char *const starts[] = {"=",  "+",  "-",  "@",  "\t", "\r",
                                         "\n", "＝", "＋", "－", "＠"};
    while (text.len > 0 && text.data[0] == '\'')
        text = bytes_of(text.data + 1, text.len - 1);
    for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
        if (begins_with(text, starts[i]))
            return true;
    return false;
}
