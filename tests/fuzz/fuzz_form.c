/*
 * fuzz_form: whatever a browser sends as a form is refused or read: fields in their
 * number, names and values of UTF-8 but for files, which lie within the body; and what
 * was read, written as a query, reads as the same again. input  the Content-Type up to
 * the first line end, then the body
 */
#include "fuzz.h"

#include "node/page/form.h"
#include "proto/pack.h"

static void add_escaped(struct buf *out, struct bytes text)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < text.len; i++) {
        buf_add_u8(out, '%');
        buf_add_u8(out, (uint8_t)digits[text.data[i] >> 4]);
        buf_add_u8(out, (uint8_t)digits[text.data[i] & 15]);
    }
}

static bool is_within(struct bytes part, struct bytes whole)
{
    return part.data >= whole.data && part.data + part.len <= whole.data + whole.len;
}

static void check(const struct form *form, struct bytes body)
{
    HOLDS(form->len <= FORM_FIELDS_MAX && form->memory_len <= body.len);
    for (size_t i = 0; i < form->len; i++) {
        const struct form_field *field = &form->fields[i];
        HOLDS(field->name.len <= FORM_FIELD_NAME_MAX && utf8_is_valid(field->name));
        if (field->is_file)
            HOLDS(is_within(field->value, body));
        else
            HOLDS(utf8_is_valid(field->value));
        struct bytes value;
        HOLDS(form_find(form, field->name, 0, &value));
    }
}

/* Fields with a name and no carriage return left, which a query would lose. */
static void read_again(const struct form *form)
{
    struct buf query = {0};
    struct form again = {.len = 0};
    size_t at = 0;
    for (size_t i = 0; i < form->len; i++) {
        if (form->fields[i].is_file || form->fields[i].name.len == 0)
            continue;
        add_escaped(&query, form->fields[i].name);
        buf_add_u8(&query, '=');
        add_escaped(&query, form->fields[i].value);
        buf_add_u8(&query, '&');
    }
    HOLDS(form_read_query(&again, buf_bytes(&query), NULL) == STATUS_OK);
    for (size_t i = 0; i < form->len; i++) {
        struct bytes name = form->fields[i].name, value = form->fields[i].value;
        if (form->fields[i].is_file || name.len == 0)
            continue;
        HOLDS(at < again.len);
        if (memchr(name.data, '\r', name.len) == NULL &&
            (value.len == 0 || memchr(value.data, '\r', value.len) == NULL))
            HOLDS(bytes_equal(again.fields[at].name, name) &&
                  bytes_equal(again.fields[at].value, value));
        at++;
    }
    HOLDS(at == again.len);
    form_deinit(&again);
    buf_deinit(&query);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *end = size == 0 ? NULL : memchr(data, '\n', size);
    if (end == NULL)
        return 0;
    struct bytes type = bytes_of(data, (size_t)(end - data));
    struct bytes body = bytes_of(end + 1, size - type.len - 1);
    struct form form = {.len = 0};
    enum status status = form_read_body(&form, type, body, NULL);
    HOLDS(status == STATUS_OK || status == STATUS_INVALID || status == STATUS_TOO_LARGE ||
          status == STATUS_UNSUPPORTED);
    check(&form, body);
    if (status == STATUS_OK)
        read_again(&form);
    form_deinit(&form);
    return 0;
}
