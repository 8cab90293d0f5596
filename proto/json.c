#include "proto/json.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "proto/pack.h"

static void add_literal(struct buf *out, const char *text)
{
    buf_add(out, text, strlen(text));
}

static void add_escape(struct buf *out, uint32_t character)
{
    char text[16];
    if (character > 0xffff) {
        character -= 0x10000;
        (void)snprintf(text, sizeof(text), "\\u%04" PRIx32 "\\u%04" PRIx32,
                       0xd800 + (character >> 10), 0xdc00 + (character & 0x3ff));
    } else {
        (void)snprintf(text, sizeof(text), "\\u%04" PRIx32, character);
    }
    add_literal(out, text);
}

void json_add_text(struct buf *out, struct bytes text)
{
    buf_add_u8(out, '"');
    uint32_t character;
    for (struct bytes left = text; utf8_next(&left, &character); text = left) {
        if (character == '"')
            add_literal(out, "\\\"");
        else if (character == '\\')
            add_literal(out, "\\\\");
        else if (character == '\n')
            add_literal(out, "\\n");
        else if (utf8_is_active(character))
            add_escape(out, character);
        else if (character == 0xfffd)
            add_literal(out, "\\ufffd");
        else
            buf_add(out, text.data, (size_t)(left.data - text.data));
    }
    buf_add_u8(out, '"');
}

static void add_hex(struct buf *out, struct bytes bytes)
{
    static const char digits[] = "0123456789abcdef";
    buf_add_u8(out, '"');
    for (size_t i = 0; i < bytes.len; i++) {
        buf_add_u8(out, (uint8_t)digits[bytes.data[i] >> 4]);
        buf_add_u8(out, (uint8_t)digits[bytes.data[i] & 15]);
    }
    buf_add_u8(out, '"');
}

static void add_number(struct buf *out, const struct pack_item *item)
{
    char text[24];
    if (item->type == PACK_UINT) {
        (void)snprintf(text, sizeof(text), "%" PRIu64, item->number);
    } else {
        int64_t number;
        memcpy(&number, &item->number, sizeof(number));
        (void)snprintf(text, sizeof(text), "%" PRId64, number);
    }
    add_literal(out, text);
}

/* A value that the gate has let through, so the depth is bounded. */
static enum status add_value(struct buf *out, struct pack_reader *reader);

static enum status add_group(struct buf *out, struct pack_reader *reader,
                             const struct pack_item *group)
{
    bool is_map = group->type == PACK_MAP;
    buf_add_u8(out, is_map ? '{' : '[');
    for (uint32_t i = 0; i < group->count; i++) {
        if (i > 0)
            buf_add_u8(out, ',');
        if (is_map) {
            struct bytes key;
            enum status status = pack_read_str(reader, &key, NULL);
            if (status != STATUS_OK) /* never: pack_check saw the whole value */
                return status;
            json_add_text(out, key);
            buf_add_u8(out, ':');
        }
        enum status status = add_value(out, reader);
        if (status != STATUS_OK) /* never: the same */
            return status;
    }
    buf_add_u8(out, is_map ? '}' : ']');
    return STATUS_OK;
}

static enum status add_value(struct buf *out, struct pack_reader *reader)
{
    struct pack_item item;
    enum status status = pack_next(reader, &item, NULL);
    if (status != STATUS_OK) /* never: the same */
        return status;
    switch (item.type) { /* never: the enum has no other value */
    case PACK_NIL:
        add_literal(out, "null");
        return STATUS_OK;
    case PACK_BOOL:
        add_literal(out, item.number ? "true" : "false");
        return STATUS_OK;
    case PACK_UINT:
    case PACK_NEGATIVE:
        add_number(out, &item);
        return STATUS_OK;
    case PACK_STR:
        json_add_text(out, item.bytes);
        return STATUS_OK;
    case PACK_BIN:
        add_hex(out, item.bytes);
        return STATUS_OK;
    case PACK_ARRAY:
    case PACK_MAP:
        return add_group(out, reader, &item);
    }
    return STATUS_INVALID;
}

enum status json_add(struct buf *out, struct bytes raw)
{
    enum status status = pack_check(raw, NULL);
    if (status != STATUS_OK)
        return status;
    struct pack_reader reader = pack_reader_of(raw);
    status = add_value(out, &reader);
    return status == STATUS_OK ? buf_status(out) : status; /* never: the same */
}
