#include "node/core/args.h"

#include <assert.h>
#include <string.h>

#include "proto/date.h"
#include "proto/pack.h"
#include "proto/pack_map.h"

bool args_next_known(const char **names, struct args_known *known)
{
    const char *at = *names + strspn(*names, " ");
    size_t len = strcspn(at, " "), name_len = strcspn(at, " ?:");
    if (len == 0)
        return false;
    known->name = bytes_of(at, name_len);
    known->is_optional = at[name_len] == '?';
    size_t before_type = name_len + known->is_optional;
    known->type = before_type == len
                      ? bytes_of(at + len, 0)
                      : bytes_of(at + before_type + 1, len - before_type - 1);
    *names = at + len;
    return true;
}

static bool names_have(const char *names, struct bytes name)
{
    struct args_known known;
    while (args_next_known(&names, &known))
        if (bytes_equal(known.name, name))
            return true;
    return false;
}

static enum status refuse_name(const struct args *args, struct bytes name,
                               struct err *err)
{
    struct args_known known;
    char text[200] = "";
    size_t len = 0;
    for (const char *names = args->names; args_next_known(&names, &known);) {
        assert(len + known.name.len + 2 <= sizeof(text)); /* those of a method fit */
        text[len] = ' ';
        memcpy(text + len + 1, known.name.data, known.name.len);
        len += known.name.len + 1;
    }
    return err_set(err, STATUS_INVALID, "unknown argument %.*s; known are:%.*s",
                   name.len > 40 ? 40 : (int)name.len, (const char *)name.data, (int)len,
                   text);
}

enum status args_check(const struct args *args, struct err *err)
{
    struct pack_reader reader = pack_reader_of(args->map);
    uint32_t count;
    enum status status = pack_read_map(&reader, &count, err);
    for (uint32_t i = 0; status == STATUS_OK && i < count; i++) {
        struct bytes name, value;
        status = pack_read_str(&reader, &name, err);
        if (status != STATUS_OK) /* never: pack_check let it through */
            return status;
        if (!names_have(args->names, name))
            return refuse_name(args, name, err);
        status = pack_value(&reader, 1, &value, err);
    }
    return status;
}

bool args_raw(const struct args *args, const char *name, struct bytes *value)
{
    if (!pack_map_find(args->map, name, 1, value))
        return false;
    return value->len != 1 || value->data[0] != 0xc0;
}

enum status args_text_optional(const struct args *args, const char *name, size_t max,
                               struct bytes *text, struct err *err)
{
    struct bytes raw;
    *text = (struct bytes){0};
    if (!args_raw(args, name, &raw))
        return STATUS_OK;
    struct pack_reader reader = pack_reader_of(raw);
    if (pack_read_str(&reader, text, NULL) != STATUS_OK)
        return err_set(err, STATUS_INVALID, "%s must be a text", name);
    if (text->len > max)
        return err_set(err, STATUS_TOO_LARGE,
                       "%s has %zu bytes; at most %zu can be kept (a Chinese character "
                       "takes 3)",
                       name, text->len, max);
    return STATUS_OK;
}

enum status args_text(const struct args *args, const char *name, size_t max,
                      struct bytes *text, struct err *err)
{
    enum status status = args_text_optional(args, name, max, text, err);
    if (status == STATUS_OK && text->len == 0)
        return err_set(err, STATUS_INVALID, "%s is missing", name);
    return status;
}

enum status args_day(const struct args *args, const char *name, struct bytes *text,
                     struct err *err)
{
    int64_t day;
    enum status status = args_text_optional(args, name, 64, text, err);
    if (status == STATUS_OK && text->len > 0 && !date_parse(*text, &day))
        return err_set(err, STATUS_INVALID, "%s is a day such as 2026-12-31, not %.*s",
                       name, (int)text->len, (const char *)text->data);
    return status;
}

bool args_flag(const struct args *args, const char *name)
{
    struct bytes raw;
    return args_raw(args, name, &raw) && raw.len == 1 && raw.data[0] == 0xc3;
}

uint64_t args_number(const struct args *args, const char *name, uint64_t otherwise)
{
    struct bytes raw;
    uint64_t number;
    if (!args_raw(args, name, &raw))
        return otherwise;
    struct pack_reader reader = pack_reader_of(raw);
    return pack_read_uint(&reader, &number, NULL) == STATUS_OK ? number : otherwise;
}
