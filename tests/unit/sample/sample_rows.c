#include "tests/unit/sample/sample_rows.h"

void sample_rows_init(struct sample_rows *rows, const char *text, size_t len)
{
    rows->at = text;
    rows->end = text + len;
    rows->failed = false;
}

static bool put(struct sample_row *row, size_t *len, char byte)
{
    if (*len == sizeof(row->bytes))
        return false;
    row->bytes[(*len)++] = byte;
    return true;
}

/* Quoted: up to the closing quote, two quotes being one. */
static bool read_quoted(struct sample_rows *rows, struct sample_row *row, size_t *len)
{
    rows->at++;
    while (rows->at < rows->end) {
        char byte = *rows->at++;

        if (byte == '"') {
            if (rows->at == rows->end || *rows->at != '"')
                return true;
            rows->at++;
        }
        if (!put(row, len, byte))
            return false;
    }
    return false;
}

/* Bare: up to the comma or the line feed; a quote inside breaks the rules. */
static bool read_bare(struct sample_rows *rows, struct sample_row *row, size_t *len)
{
    while (rows->at < rows->end && *rows->at != ',' && *rows->at != '\n') {
        if (*rows->at == '"' || *rows->at == '\r')
            return false;
        if (!put(row, len, *rows->at++))
            return false;
    }
    return true;
}

static bool read_row(struct sample_rows *rows, struct sample_row *row)
{
    size_t len = 0;

    row->count = 0;
    for (;;) {
        bool ok;

        if (row->count == SAMPLE_ROW_FIELDS_MAX)
            return false;
        row->fields[row->count++] = row->bytes + len;
        if (rows->at < rows->end && *rows->at == '"')
            ok = read_quoted(rows, row, &len);
        else
            ok = read_bare(rows, row, &len);
        if (!ok || !put(row, &len, '\0') || rows->at == rows->end)
            return false;
        if (*rows->at == '\n') {
            rows->at++;
            return true;
        }
        if (*rows->at++ != ',')
            return false;
    }
}

bool sample_rows_next(struct sample_rows *rows, struct sample_row *row)
{
    if (rows->failed || rows->at == rows->end)
        return false;
    if (!read_row(rows, row))
        rows->failed = true;
    return !rows->failed;
}
