/*
 * fuzz_pack: what the gate lets through has one form, which the writers write again;
 * msgpack-c reads it; no proper prefix of it and nothing behind it is let through.
 *   input  the bytes
 */
#include "fuzz.h"

#include "proto/limits.h"
#include "proto/pack.h"

#include <msgpack.h>

/* There is no writer of negative numbers: this one counts by itself. */
static void write_negative(struct buf *out, uint64_t bits)
{
    int64_t value;
    memcpy(&value, &bits, sizeof(value));
    HOLDS(value < 0);
    int width = value >= -32         ? 0
                : value >= INT8_MIN  ? 1
                : value >= INT16_MIN ? 2
                : value >= INT32_MIN ? 4
                                     : 8;
    static const uint8_t tags[] = {0, 0xd0, 0xd1, 0, 0xd2, 0, 0, 0, 0xd3};
    if (width == 0) {
        buf_add_u8(out, (uint8_t)bits);
        return;
    }
    buf_add_u8(out, tags[width]);
    for (int i = width - 1; i >= 0; i--)
        buf_add_u8(out, (uint8_t)(bits >> (8 * i)));
}

static void write_again(struct pack_reader *reader, struct buf *out, int depth)
{
    struct pack_item item;
    HOLDS(depth <= PACK_DEPTH_MAX);
    HOLDS(pack_next(reader, &item, NULL) == STATUS_OK);
    uint64_t values = 0;
    switch (item.type) {
    case PACK_NIL:
        pack_nil(out);
        break;
    case PACK_BOOL:
        pack_bool(out, item.number != 0);
        break;
    case PACK_UINT:
        pack_uint(out, item.number);
        break;
    case PACK_NEGATIVE:
        write_negative(out, item.number);
        break;
    case PACK_STR:
        HOLDS(utf8_is_valid(item.bytes));
        pack_str_bytes(out, item.bytes);
        break;
    case PACK_BIN:
        pack_bin(out, item.bytes.data, item.bytes.len);
        break;
    case PACK_ARRAY:
        pack_array(out, item.count);
        values = item.count;
        break;
    case PACK_MAP:
        pack_map(out, item.count);
        values = 2 * (uint64_t)item.count;
        break;
    }
    for (uint64_t i = 0; i < values; i++)
        write_again(reader, out, depth + 1);
}

/* The typed reads agree with the type that stands there, whatever follows. */
static void check_typed_reads(struct bytes bytes)
{
    struct pack_reader reader = pack_reader_of(bytes);
    struct pack_item item;
    bool is_item = pack_next(&reader, &item, NULL) == STATUS_OK;
    uint64_t number;
    uint32_t count;
    struct bytes value;
#define CHECK_READ(call, wanted)                                                         \
    do {                                                                                 \
        reader = pack_reader_of(bytes);                                                  \
        HOLDS(((call) == STATUS_OK) == (is_item && item.type == (wanted)));              \
    } while (0)
    CHECK_READ(pack_read_uint(&reader, &number, NULL), PACK_UINT);
    CHECK_READ(pack_read_str(&reader, &value, NULL), PACK_STR);
    CHECK_READ(pack_read_bin(&reader, &value, NULL), PACK_BIN);
    CHECK_READ(pack_read_array(&reader, &count, NULL), PACK_ARRAY);
    CHECK_READ(pack_read_map(&reader, &count, NULL), PACK_MAP);
#undef CHECK_READ
}

static void check_accepted(struct bytes bytes)
{
    struct pack_reader reader = pack_reader_of(bytes);
    struct buf out = {0};
    write_again(&reader, &out, 0);
    HOLDS(pack_at_end(&reader));
    HOLDS(bytes_equal(buf_bytes(&out), bytes));

    HOLDS(pack_check(bytes_of(bytes.data, bytes.len - 1), NULL) == STATUS_INVALID);
    HOLDS(pack_check(bytes_of(bytes.data, bytes.len / 2), NULL) == STATUS_INVALID);
    buf_add_u8(&out, 0xc0);
    HOLDS(pack_check(buf_bytes(&out), NULL) == STATUS_INVALID);
    buf_deinit(&out);

    msgpack_unpacked unpacked;
    msgpack_unpacked_init(&unpacked);
    size_t at = 0;
    HOLDS(msgpack_unpack_next(&unpacked, (const char *)bytes.data, bytes.len, &at) ==
          MSGPACK_UNPACK_SUCCESS);
    HOLDS(at == bytes.len);
    msgpack_unpacked_destroy(&unpacked);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes bytes = bytes_of(data, size);
    struct err err;
    enum status status = pack_check(bytes, &err);
    HOLDS(pack_check(bytes, NULL) == status);
    HOLDS(status == STATUS_OK || (status == STATUS_INVALID && err.text[0] != '\0'));
    check_typed_reads(bytes);
    if (status == STATUS_OK)
        check_accepted(bytes);
    return 0;
}
