#include "cli/csv.h"

#include <errno.h>
#include <string.h>

#include "proto/pack.h"

void csv_init(struct csv *csv, FILE *file)
{
    *csv = (struct csv){.file = file, .line_next = 1};
}

void csv_deinit(struct csv *csv)
{
    buf_deinit(&csv->text);
    *csv = (struct csv){0};
}

static int next_byte(struct csv *csv)
{
    return csv->held_len > 0 ? csv->held[--csv->held_len] : getc(csv->file);
}

static void hold(struct csv *csv, int c)
{
    if (c != EOF)
        csv->held[csv->held_len++] = (uint8_t)c;
}

/* The next character; any number of CRs and an LF are one '\n'. */
static int next_character(struct csv *csv)
{
    if (csv->returns > 0) {
        csv->returns--;
        return '\r';
    }
    int c = next_byte(csv);
    if (c == '\r') {
        int after = next_byte(csv);
        for (; after == '\r'; after = next_byte(csv))
            csv->returns++;
        if (after == '\n') {
            csv->returns = 0;
            c = after;
        } else {
            hold(csv, after);
        }
    }
    if (c == '\n')
        csv->line_next++;
    return c;
}

static enum status refuse(const struct csv *csv, enum status status, const char *reason,
                          struct err *err)
{
    return err_set(err, status, "line %llu: %s", (unsigned long long)csv->line, reason);
}

static enum status add_character(struct csv *csv, int c, struct err *err)
{
    if (csv->text.len >= CSV_RECORD_MAX)
        return refuse(csv, STATUS_TOO_LARGE, "a record of more than 1 MiB", err);
    buf_add_u8(&csv->text, (uint8_t)c);
    return buf_status(&csv->text);
}

/* After the opening quote, up to the closing one; the character behind it in *c. */
static enum status read_quoted(struct csv *csv, int *c, struct err *err)
{
    for (;;) {
        *c = next_character(csv);
        if (*c == EOF)
            return refuse(csv, STATUS_INVALID, "a quote is opened and never closed", err);
        if (*c == '"') {
            *c = next_character(csv);
            if (*c != '"')
                break;
        }
        enum status status = add_character(csv, *c, err);
        if (status != STATUS_OK)
            return status;
    }
    if (*c != ',' && *c != '\n' && *c != EOF)
        return refuse(csv, STATUS_INVALID, "text stands behind a closing quote", err);
    return STATUS_OK;
}

static enum status read_plain(struct csv *csv, int *c, struct err *err)
{
    for (; *c != ',' && *c != '\n' && *c != EOF; *c = next_character(csv)) {
        if (*c == '"')
            return refuse(csv, STATUS_INVALID, "a quote stands inside a plain field",
                          err);
        enum status status = add_character(csv, *c, err);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

/* Chinese in two bytes, or four, as programs there save it by default: GB18030. */
static bool is_gb18030(struct bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        const uint8_t *at = text.data + i;
        size_t left = text.len - i;
        if (at[0] < 0x80)
            continue;
        if (at[0] == 0x80 || at[0] == 0xff || left < 2)
            return false;
        if (at[1] >= 0x40 && at[1] != 0x7f && at[1] != 0xff) {
            i++;
            continue;
        }
        if (left < 4 || at[1] < 0x30 || at[1] > 0x39 || at[2] < 0x81 || at[2] > 0xfe ||
            at[3] < 0x30 || at[3] > 0x39)
            return false;
        i += 3;
    }
    return true;
}

static enum status refuse_encoding(const struct csv *csv, struct bytes field,
                                   struct err *err)
{
    if (csv->line == 1 && field.len >= 2 &&
        ((field.data[0] == 0xff && field.data[1] == 0xfe) ||
         (field.data[0] == 0xfe && field.data[1] == 0xff)))
        return refuse(csv, STATUS_INVALID,
                      "the table is UTF-16; save it as \"CSV UTF-8\"", err);
    if (is_gb18030(field))
        return refuse(csv, STATUS_INVALID,
                      "a field is not UTF-8 but GB18030, it seems; save the table as "
                      "\"CSV UTF-8\", or run: iconv -f GB18030 -t UTF-8 FILE",
                      err);
    return refuse(csv, STATUS_INVALID,
                  "a field is not UTF-8; save the table as \"CSV UTF-8\"", err);
}

/* One field that begins with the character *c; the one behind it in *c. */
static enum status read_field(struct csv *csv, int *c, struct err *err)
{
    if (csv->fields_len == CSV_FIELDS_MAX)
        return refuse(csv, STATUS_TOO_LARGE, "more than 64 fields", err);
    size_t at = csv->text.len;
    enum status status = *c == '"' ? read_quoted(csv, c, err) : read_plain(csv, c, err);
    if (status != STATUS_OK)
        return status;
    struct bytes field = bytes_of(csv->text.data + at, csv->text.len - at);
    if (field.len > 0 && !utf8_is_valid(field))
        return refuse_encoding(csv, field, err);
    csv->fields[csv->fields_len].at = at;
    csv->fields[csv->fields_len++].end = csv->text.len;
    return STATUS_OK;
}

static int skip_mark(struct csv *csv, int c)
{
    if (c != 0xef)
        return c;
    int second = next_byte(csv);
    int third = next_byte(csv);
    if (second == 0xbb && third == 0xbf)
        return next_character(csv);
    hold(csv, third);
    hold(csv, second);
    return c;
}

enum status csv_next(struct csv *csv, struct err *err)
{
    bool is_first = csv->line == 0;
    int c;
    do {
        csv->line = csv->line_next;
        c = next_character(csv);
        if (is_first)
            c = skip_mark(csv, c);
        is_first = false;
    } while (c == '\n');
    buf_clear(&csv->text);
    csv->fields_len = 0;
    if (c == EOF)
        goto at_end;
    if (!buf_reserve(&csv->text, 1))
        return STATUS_NO_MEMORY;
    for (;;) {
        enum status status = read_field(csv, &c, err);
        if (status != STATUS_OK)
            return status;
        if (c != ',')
            break;
        c = next_character(csv);
    }
    if (c == EOF && ferror(csv->file))
        goto at_end;
    return STATUS_OK;
at_end:
    if (ferror(csv->file))
        return refuse(csv, STATUS_IO, strerror(errno), err);
    return STATUS_NOT_FOUND;
}

struct bytes csv_field(const struct csv *csv, uint32_t i)
{
    if (i >= csv->fields_len)
        return (struct bytes){0};
    return bytes_of(csv->text.data + csv->fields[i].at,
                    csv->fields[i].end - csv->fields[i].at);
}
