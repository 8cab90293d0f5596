#include "node/page/peek.h"

#include "proto/pack_map.h"

static const struct bytes nothing = {(const uint8_t *)"", 0};

static struct pack_item first_of(struct bytes raw)
{
    struct pack_reader reader = pack_reader_of(raw);
    struct pack_item item;
    if (raw.len == 0 || pack_next(&reader, &item, NULL) != STATUS_OK)
        item = (struct pack_item){.type = PACK_NIL};
    return item;
}

struct bytes peek_text(struct bytes raw)
{
    struct pack_item item = first_of(raw);
    return item.type == PACK_STR ? item.bytes : nothing;
}

struct bytes peek_bin(struct bytes raw)
{
    struct pack_item item = first_of(raw);
    return item.type == PACK_BIN ? item.bytes : nothing;
}

struct bytes peek_in(struct bytes map, const char *name)
{
    struct bytes value;
    return map.len > 0 && pack_map_find(map, name, 1, &value) ? value : nothing;
}

struct bytes peek_text_in(struct bytes map, const char *name)
{
    return peek_text(peek_in(map, name));
}

uint32_t peek_list(struct bytes raw, struct pack_reader *reader)
{
    struct pack_item item = {.type = PACK_NIL};
    *reader = pack_reader_of(raw);
    if (raw.len == 0 || pack_next(reader, &item, NULL) != STATUS_OK)
        return 0;
    return item.type == PACK_ARRAY || item.type == PACK_MAP ? item.count : 0;
}

struct bytes peek_next(struct pack_reader *reader)
{
    struct bytes value;
    return pack_value(reader, 1, &value, NULL) == STATUS_OK ? value : nothing;
}

uint64_t peek_uint_in(struct bytes map, const char *name)
{
    struct pack_item item = first_of(peek_in(map, name));
    return item.type == PACK_UINT ? item.number : 0;
}

bool peek_flag(struct bytes raw)
{
    struct pack_item item = first_of(raw);
    return item.type == PACK_BOOL && item.number != 0;
}

bool peek_has(struct bytes list, const char *text)
{
    struct pack_reader reader;
    for (uint32_t count = peek_list(list, &reader); count > 0; count--)
        if (bytes_equal_str(peek_text(peek_next(&reader)), text))
            return true;
    return false;
}

void peek_copy(struct buf *out, const char *name, struct bytes raw)
{
    pack_str(out, name);
    if (raw.len > 0)
        buf_add(out, raw.data, raw.len);
    else
        pack_nil(out);
}
