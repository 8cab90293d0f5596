#include "proto/pack.h"

#include <string.h>

#include <msgpack.h>

#include "proto/limits.h"

struct pack_reader pack_reader_of(struct bytes bytes)
{
    /* No bytes may come with no address; NULL + 0 is not for C to compute. */
    static const uint8_t nothing[1];
    const uint8_t *data = bytes.len > 0 ? bytes.data : nothing;
    return (struct pack_reader){data, data + bytes.len};
}

bool pack_at_end(const struct pack_reader *reader)
{
    return reader->at == reader->end;
}

static size_t reader_left(const struct pack_reader *reader)
{
    return (size_t)(reader->end - reader->at);
}

/* A big-endian number of width bytes behind the tag. */
static enum status take_number(struct pack_reader *reader, int width, uint64_t *value,
                               struct err *err)
{
    if (reader_left(reader) < (size_t)width)
        return err_set(err, STATUS_INVALID, "the bytes end inside a number");
    uint64_t number = 0;
    for (int i = 0; i < width; i++)
        number = number << 8 | *reader->at++;
    *value = number;
    return STATUS_OK;
}

static enum status take_bytes(struct pack_reader *reader, uint64_t len,
                              struct bytes *bytes, struct err *err)
{
    if (len > reader_left(reader))
        return err_set(err, STATUS_INVALID, "a string is longer than the bytes left");
    *bytes = bytes_of(reader->at, (size_t)len);
    reader->at += len;
    return STATUS_OK;
}

static enum status too_long_form(struct err *err)
{
    return err_set(err, STATUS_INVALID, "a value is not in its shortest form");
}

/* The smallest number that needs a given width. */
static uint64_t width_floor(int width, uint64_t one_byte_floor)
{
    switch (width) {
    case 1:
        return one_byte_floor;
    case 2:
        return 1u << 8;
    case 4:
        return 1u << 16;
    default:
        return (uint64_t)1 << 32;
    }
}

static enum status next_uint(struct pack_reader *reader, int width,
                             struct pack_item *item, struct err *err)
{
    item->type = PACK_UINT;
    enum status status = take_number(reader, width, &item->number, err);
    if (status == STATUS_OK && item->number < width_floor(width, 128))
        return too_long_form(err);
    return status;
}

static enum status next_negative(struct pack_reader *reader, int width,
                                 struct pack_item *item, struct err *err)
{
    uint64_t raw = 0;
    enum status status = take_number(reader, width, &raw, err);
    if (status != STATUS_OK)
        return status;
    int shift = 64 - 8 * width;
    uint64_t extended = width == 8 ? raw : (raw << shift);
    int64_t value;
    memcpy(&value, &extended, sizeof(value));
    if (width != 8)
        value /= (int64_t)1 << shift;
    /* A negative number of this width must not fit the next shorter one. */
    int64_t shorter = width == 1   ? -32
                      : width == 2 ? -128
                      : width == 4 ? -32768
                                   : INT32_MIN;
    if (value >= shorter)
        return too_long_form(err);
    item->type = PACK_NEGATIVE;
    memcpy(&item->number, &value, sizeof(value));
    return STATUS_OK;
}

static enum status next_str(struct pack_reader *reader, uint64_t len,
                            struct pack_item *item, struct err *err)
{
    item->type = PACK_STR;
    enum status status = take_bytes(reader, len, &item->bytes, err);
    if (status == STATUS_OK && !utf8_is_valid(item->bytes))
        return err_set(err, STATUS_INVALID, "a text is not UTF-8 without NUL");
    return status;
}

static enum status next_str_sized(struct pack_reader *reader, int width,
                                  struct pack_item *item, struct err *err)
{
    uint64_t len = 0;
    enum status status = take_number(reader, width, &len, err);
    if (status != STATUS_OK)
        return status;
    if (len < width_floor(width, 32))
        return too_long_form(err);
    return next_str(reader, len, item, err);
}

static enum status next_bin_sized(struct pack_reader *reader, int width,
                                  struct pack_item *item, struct err *err)
{
    uint64_t len = 0;
    item->type = PACK_BIN;
    enum status status = take_number(reader, width, &len, err);
    if (status != STATUS_OK)
        return status;
    if (len < width_floor(width, 0))
        return too_long_form(err);
    return take_bytes(reader, len, &item->bytes, err);
}

/* Each element needs one byte at least: a count beyond the bytes left is a lie. */
static enum status next_group(struct pack_reader *reader, enum pack_type type,
                              uint64_t count, struct pack_item *item, struct err *err)
{
    uint64_t bytes_min = type == PACK_MAP ? 2 * count : count;
    if (bytes_min > reader_left(reader))
        return err_set(err, STATUS_INVALID, "a list is longer than the bytes left");
    item->type = type;
    item->count = (uint32_t)count;
    return STATUS_OK;
}

static enum status next_group_sized(struct pack_reader *reader, enum pack_type type,
                                    int width, struct pack_item *item, struct err *err)
{
    uint64_t count = 0;
    enum status status = take_number(reader, width, &count, err);
    if (status != STATUS_OK)
        return status;
    if (count < (width == 2 ? 16u : 1u << 16))
        return too_long_form(err);
    return next_group(reader, type, count, item, err);
}

enum status pack_next(struct pack_reader *reader, struct pack_item *item, struct err *err)
{
    *item = (struct pack_item){0};
    if (pack_at_end(reader))
        return err_set(err, STATUS_INVALID, "the bytes end where a value should stand");
    uint8_t tag = *reader->at++;
    if (tag <= 0x7f) {
        item->type = PACK_UINT;
        item->number = tag;
        return STATUS_OK;
    }
    if (tag >= 0xe0) {
        item->type = PACK_NEGATIVE;
        item->number = (uint64_t)(int64_t)(int8_t)tag;
        return STATUS_OK;
    }
    if (tag <= 0x8f)
        return next_group(reader, PACK_MAP, tag & 0x0f, item, err);
    if (tag <= 0x9f)
        return next_group(reader, PACK_ARRAY, tag & 0x0f, item, err);
    if (tag <= 0xbf)
        return next_str(reader, tag & 0x1f, item, err);
    switch (tag) {
    case 0xc0:
        item->type = PACK_NIL;
        return STATUS_OK;
    case 0xc2:
    case 0xc3:
        item->type = PACK_BOOL;
        item->number = tag & 1;
        return STATUS_OK;
    case 0xc4:
    case 0xc5:
    case 0xc6:
        return next_bin_sized(reader, 1 << (tag - 0xc4), item, err);
    case 0xcc:
    case 0xcd:
    case 0xce:
    case 0xcf:
        return next_uint(reader, 1 << (tag - 0xcc), item, err);
    case 0xd0:
    case 0xd1:
    case 0xd2:
    case 0xd3:
        return next_negative(reader, 1 << (tag - 0xd0), item, err);
    case 0xd9:
    case 0xda:
    case 0xdb:
        return next_str_sized(reader, 1 << (tag - 0xd9), item, err);
    case 0xdc:
    case 0xdd:
        return next_group_sized(reader, PACK_ARRAY, tag == 0xdc ? 2 : 4, item, err);
    case 0xde:
    case 0xdf:
        return next_group_sized(reader, PACK_MAP, tag == 0xde ? 2 : 4, item, err);
    default:
        return err_set(err, STATUS_INVALID, "0x%02x: floats, ext and 0xc1 are not used",
                       tag);
    }
}

static enum status walk(struct pack_reader *reader, int depth, struct err *err);

static enum status walk_map(struct pack_reader *reader, uint32_t count, int depth,
                            struct err *err)
{
    struct bytes previous = {0};
    for (uint32_t i = 0; i < count; i++) {
        struct bytes key;
        enum status status = pack_read_str(reader, &key, err);
        if (status != STATUS_OK)
            return status;
        if (i > 0 && bytes_compare(previous, key) >= 0)
            return err_set(err, STATUS_INVALID, "map keys are doubled or not sorted");
        previous = key;
        status = walk(reader, depth + 1, err);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

static enum status walk(struct pack_reader *reader, int depth, struct err *err)
{
    if (depth > PACK_DEPTH_MAX)
        return err_set(err, STATUS_INVALID, "nested deeper than %d", PACK_DEPTH_MAX);
    struct pack_item item;
    enum status status = pack_next(reader, &item, err);
    if (status != STATUS_OK)
        return status;
    if (item.type == PACK_MAP)
        return walk_map(reader, item.count, depth, err);
    if (item.type != PACK_ARRAY)
        return STATUS_OK;
    for (uint32_t i = 0; i < item.count; i++) {
        status = walk(reader, depth + 1, err);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

enum status pack_value(struct pack_reader *reader, int depth, struct bytes *raw,
                       struct err *err)
{
    const uint8_t *start = reader->at;
    enum status status = walk(reader, depth, err);
    if (status == STATUS_OK)
        *raw = bytes_of(start, (size_t)(reader->at - start));
    return status;
}

enum status pack_check(struct bytes bytes, struct err *err)
{
    struct pack_reader reader = pack_reader_of(bytes);
    struct bytes raw;
    enum status status = pack_value(&reader, 0, &raw, err);
    if (status != STATUS_OK)
        return status;
    if (!pack_at_end(&reader))
        return err_set(err, STATUS_INVALID, "bytes trail behind the value");
    return STATUS_OK;
}

static enum status read_type(struct pack_reader *reader, enum pack_type type,
                             struct pack_item *item, struct err *err)
{
    static const char *const names[] = {
        "nil",    "a truth value", "a number", "a negative number",
        "a text", "bytes",         "a list",   "a map"};
    enum status status = pack_next(reader, item, err);
    if (status != STATUS_OK)
        return status;
    if (item->type != type)
        return err_set(err, STATUS_INVALID, "%s stands where %s should",
                       names[item->type], names[type]);
    return STATUS_OK;
}

enum status pack_read_uint(struct pack_reader *reader, uint64_t *value, struct err *err)
{
    struct pack_item item;
    enum status status = read_type(reader, PACK_UINT, &item, err);
    *value = status == STATUS_OK ? item.number : 0;
    return status;
}

enum status pack_read_str(struct pack_reader *reader, struct bytes *value,
                          struct err *err)
{
    struct pack_item item;
    enum status status = read_type(reader, PACK_STR, &item, err);
    *value = item.bytes;
    return status;
}

enum status pack_read_bin(struct pack_reader *reader, struct bytes *value,
                          struct err *err)
{
    struct pack_item item;
    enum status status = read_type(reader, PACK_BIN, &item, err);
    *value = item.bytes;
    return status;
}

enum status pack_read_array(struct pack_reader *reader, uint32_t *count, struct err *err)
{
    struct pack_item item;
    enum status status = read_type(reader, PACK_ARRAY, &item, err);
    *count = item.count;
    return status;
}

enum status pack_read_map(struct pack_reader *reader, uint32_t *count, struct err *err)
{
    struct pack_item item;
    enum status status = read_type(reader, PACK_MAP, &item, err);
    *count = item.count;
    return status;
}

enum status pack_read_fixed(struct pack_reader *reader, void *out, size_t len,
                            struct err *err)
{
    struct bytes value;
    enum status status = pack_read_bin(reader, &value, err);
    if (status != STATUS_OK)
        return status;
    if (value.len != len)
        return err_set(err, STATUS_INVALID, "%zu bytes stand where %zu should", value.len,
                       len);
    memcpy(out, value.data, len);
    return STATUS_OK;
}

static int write_buf(void *context, const char *data, size_t len)
{
    buf_add(context, data, len);
    return 0;
}

static msgpack_packer packer_of(struct buf *buf)
{
    msgpack_packer packer;
    msgpack_packer_init(&packer, buf, write_buf);
    return packer;
}

void pack_nil(struct buf *buf)
{
    msgpack_packer packer = packer_of(buf);
    (void)msgpack_pack_nil(&packer); /* write_buf never fails; buf keeps the failure */
}

void pack_bool(struct buf *buf, bool value)
{
    msgpack_packer packer = packer_of(buf);
    (void)(value ? msgpack_pack_true(&packer) : msgpack_pack_false(&packer));
}

void pack_uint(struct buf *buf, uint64_t value)
{
    msgpack_packer packer = packer_of(buf);
    (void)msgpack_pack_uint64(&packer, value);
}

void pack_str_bytes(struct buf *buf, struct bytes text)
{
    msgpack_packer packer = packer_of(buf);
    (void)msgpack_pack_str(&packer, text.len);
    (void)msgpack_pack_str_body(&packer, text.data, text.len);
}

void pack_str(struct buf *buf, const char *text)
{
    pack_str_bytes(buf, bytes_str(text));
}

void pack_bin(struct buf *buf, const void *data, size_t len)
{
    msgpack_packer packer = packer_of(buf);
    (void)msgpack_pack_bin(&packer, len);
    (void)msgpack_pack_bin_body(&packer, data, len);
}

void pack_array(struct buf *buf, uint32_t count)
{
    msgpack_packer packer = packer_of(buf);
    (void)msgpack_pack_array(&packer, count);
}

void pack_map(struct buf *buf, uint32_t count)
{
    msgpack_packer packer = packer_of(buf);
    (void)msgpack_pack_map(&packer, count);
}
