#include "node/page/form.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/secret.h"
#include "proto/pack.h"

/* ---- fields ---- */

static enum status add_field(struct form *form, struct bytes name, struct bytes value,
                             bool is_file, struct err *err)
{
    if (form->len == FORM_FIELDS_MAX || name.len > FORM_FIELD_NAME_MAX)
        return err_set(err, STATUS_TOO_LARGE, "a form has at most %d fields",
                       FORM_FIELDS_MAX);
    if (!utf8_is_valid(name) || (!is_file && !utf8_is_valid(value)))
        return err_set(err, STATUS_INVALID, "the form is not written in UTF-8");
    form->fields[form->len++] = (struct form_field){name, value, is_file};
    return STATUS_OK;
}

/* Memory for what is decoded: never more than what came. A form is read once. */
static enum status reserve(struct form *form, size_t len)
{
    if (form->memory != NULL)
        return STATUS_INVALID;
    form->memory = malloc(len);
    form->memory_size = len;
    return form->memory == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

/* ---- a=1&b=2 ---- */

static int digit_of(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void put(struct form *form, uint8_t c)
{
    form->memory[form->memory_len++] = c;
}

/* Browsers end lines with CR LF, whatever the person's machine does. */
static void drop_returns(uint8_t *text, size_t *len)
{
    size_t kept = 0;
    for (size_t i = 0; i < *len; i++)
        if (text[i] != '\r')
            text[kept++] = text[i];
    *len = kept;
}

static struct bytes decode(struct form *form, struct bytes text)
{
    uint8_t *begin = form->memory + form->memory_len;
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.data[i];
        int high = -1, low = -1;
        if (c == '%' && text.len - i > 2) {
            high = digit_of(text.data[i + 1]);
            low = digit_of(text.data[i + 2]);
        }
        if (high >= 0 && low >= 0) {
            put(form, (uint8_t)(high << 4 | low));
            i += 2;
        } else {
            put(form, c == '+' ? ' ' : c);
        }
    }
    size_t len = (size_t)(form->memory + form->memory_len - begin);
    drop_returns(begin, &len);
    form->memory_len = (size_t)(begin - form->memory) + len;
    return bytes_of(begin, len);
}

static enum status read_pairs(struct form *form, struct bytes query, struct err *err)
{
    enum status status = STATUS_OK;
    while (status == STATUS_OK && query.len > 0) {
        struct bytes value = bytes_take(&query, "&");
        struct bytes name = bytes_take(&value, "=");
        if (name.len == 0)
            continue;
        struct bytes decoded = decode(form, name);
        status = add_field(form, decoded, decode(form, value), false, err);
    }
    return status;
}

enum status form_read_query(struct form *form, struct bytes query, struct err *err)
{
    if (query.len == 0)
        return STATUS_OK;
    enum status status = reserve(form, query.len);
    return status == STATUS_OK ? read_pairs(form, query, err) : status;
}

/* ---- multipart/form-data ---- */

static bool starts(struct bytes text, const char *with)
{
    return text.len >= strlen(with) && memcmp(text.data, with, strlen(with)) == 0;
}

/* The value of name="..." in a header; false: it has none. */
static bool parameter(struct bytes header, const char *name, struct bytes *value)
{
    const uint8_t *found = memmem(header.data, header.len, name, strlen(name));
    if (found == NULL)
        return false;
    size_t at = (size_t)(found - header.data) + strlen(name);
    *value = bytes_of(header.data + at, header.len - at);
    *value = bytes_take(value, "\"");
    return true;
}

static enum status read_part(struct form *form, struct bytes part, struct err *err)
{
    struct bytes name, file;
    const uint8_t *end = memmem(part.data, part.len, "\r\n\r\n", 4);
    if (end == NULL)
        return err_set(err, STATUS_INVALID, "the form is cut off");
    struct bytes head = bytes_of(part.data, (size_t)(end - part.data));
    struct bytes body = bytes_of(end + 4, part.len - head.len - 4);
    if (!parameter(head, " name=\"", &name))
        return err_set(err, STATUS_INVALID, "a part of the form has no name");
    bool is_file = parameter(head, " filename=\"", &file);
    if (is_file) {
        if (file.len == 0 && body.len == 0)
            return STATUS_OK; /* no file was chosen */
        enum status status = add_field(form, name, body, true, err);
        if (status == STATUS_OK)
            status = add_field(form, bytes_str("filename"), file, false, err);
        return status;
    }
    uint8_t *begin = form->memory + form->memory_len;
    memcpy(begin, body.data, body.len);
    size_t len = body.len;
    drop_returns(begin, &len);
    form->memory_len += len;
    return add_field(form, name, bytes_of(begin, len), false, err);
}

static enum status read_parts(struct form *form, struct bytes type, struct bytes body,
                              struct err *err)
{
    char mark[80];
    const uint8_t *found = memmem(type.data, type.len, "boundary=", 9);
    if (found == NULL)
        return err_set(err, STATUS_INVALID, "the form says no boundary");
    size_t at = (size_t)(found - type.data) + 9;
    struct bytes boundary = bytes_of(type.data + at, type.len - at);
    if (boundary.len > 1 && boundary.data[0] == '"')
        boundary = bytes_of(boundary.data + 1, boundary.len - 2);
    if (boundary.len == 0 || boundary.len > 70)
        return err_set(err, STATUS_INVALID, "the form says no boundary");
    memcpy(mark, "\r\n--", 4);
    memcpy(mark + 4, boundary.data, boundary.len);
    size_t mark_len = boundary.len + 4;
    /* The first boundary has no line before it. */
    if (body.len < mark_len - 2 || memcmp(body.data, mark + 2, mark_len - 2) != 0)
        return err_set(err, STATUS_INVALID, "the form is cut off");
    body = bytes_of(body.data + mark_len - 2, body.len - (mark_len - 2));
    while (!starts(body, "--")) {
        if (!starts(body, "\r\n"))
            return err_set(err, STATUS_INVALID, "the form is cut off");
        body = bytes_of(body.data + 2, body.len - 2);
        found = memmem(body.data, body.len, mark, mark_len);
        if (found == NULL)
            return err_set(err, STATUS_INVALID, "the form is cut off");
        size_t len = (size_t)(found - body.data);
        enum status status = read_part(form, bytes_of(body.data, len), err);
        if (status != STATUS_OK)
            return status;
        body = bytes_of(found + mark_len, body.len - len - mark_len);
    }
    return STATUS_OK;
}

enum status form_read_body(struct form *form, struct bytes type, struct bytes body,
                           struct err *err)
{
    if (body.len == 0)
        return STATUS_OK;
    enum status status = reserve(form, body.len);
    if (status != STATUS_OK)
        return status;
    if (starts(type, "application/x-www-form-urlencoded"))
        return read_pairs(form, body, err);
    if (starts(type, "multipart/form-data"))
        return read_parts(form, type, body, err);
    return err_set(err, STATUS_UNSUPPORTED, "this is no form");
}

/* ---- looking ---- */

bool form_find(const struct form *form, struct bytes name, size_t number,
               struct bytes *value)
{
    for (size_t i = 0; i < form->len; i++) {
        if (!bytes_equal(form->fields[i].name, name) || number-- > 0)
            continue;
        *value = form->fields[i].value;
        return true;
    }
    return false;
}

struct bytes form_text(const struct form *form, const char *name)
{
    struct bytes value = {(const uint8_t *)"", 0};
    (void)form_find(form, bytes_str(name), 0, &value);
    return value;
}

bool form_number(struct bytes text, uint64_t *number)
{
    bool is_one = text.len > 0 && text.len <= 18;
    *number = 0;
    for (size_t i = 0; is_one && i < text.len; i++) {
        is_one = text.data[i] >= '0' && text.data[i] <= '9';
        *number = *number * 10 + (uint64_t)(text.data[i] - '0');
    }
    if (!is_one)
        *number = 0;
    return is_one;
}

void form_deinit(struct form *form)
{
    if (form->memory != NULL)
        secret_wipe(form->memory, form->memory_size);
    free(form->memory);
    *form = (struct form){0};
}
