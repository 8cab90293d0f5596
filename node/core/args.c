#include "node/core/args.h"

#include <string.h>

#include "node/cases/date.h"
#include "proto/pack.h"
#include "proto/pack_map.h"

static bool names_have(const char *names, struct bytes name)
{
    while (*names != '\0') {
        size_t len = strcspn(names, " ");
        if (len == name.len && memcmp(names, name.data, len) == 0)
            return true;
        names += len;
        while (*names == ' ')
            names++;
    }
    return false;
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
            return err_set(err, STATUS_INVALID, "unknown argument %.*s; known are: %s",
                           name.len > 40 ? 40 : (int)name.len, (const char *)name.data,
                           args->names);
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
