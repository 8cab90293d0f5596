#include <string.h>

#include "proto/op.h"
#include "proto/pack.h"

#define TRY(call)                                                                        \
    do {                                                                                 \
        enum status try_status = (call);                                                 \
        if (try_status != STATUS_OK)                                                     \
            return try_status;                                                           \
    } while (0)

static enum status invalid(struct err *err, const char *what)
{
    return err_set(err, STATUS_INVALID, "op: %s", what);
}

/* A kind (a-z 0-9 -) or a field's name (with dots too). */
static bool is_name(struct bytes name, bool dots)
{
    if (name.len == 0 || name.len > OP_NAME_MAX)
        return false;
    for (size_t i = 0; i < name.len; i++) {
        uint8_t c = name.data[i];
        bool good = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
                    (dots && c == '.');
        if (!good)
            return false;
    }
    return true;
}

static enum status read_id(struct pack_reader *reader, struct id *id,
                           const struct op_dictionary *dictionary, struct err *err)
{
    struct pack_item item;
    TRY(pack_next(reader, &item, err));
    if (item.type == PACK_BIN && item.bytes.len == ID_SIZE) {
        memcpy(id->bytes, item.bytes.data, ID_SIZE);
        return STATUS_OK;
    }
    if (item.type != PACK_UINT || dictionary == NULL || item.number >= dictionary->len)
        return invalid(err, "an id is not 32 bytes");
    *id = dictionary->ids[item.number];
    return STATUS_OK;
}

static enum status read_ids(struct pack_reader *reader, struct id *ids, uint32_t *len,
                            uint32_t max, const struct op_dictionary *dictionary,
                            struct err *err)
{
    uint32_t count;
    TRY(pack_read_array(reader, &count, err));
    if (count > max)
        return err_set(err, STATUS_TOO_LARGE, "op: more than %u ids in a list", max);
    for (uint32_t i = 0; i < count; i++) {
        TRY(read_id(reader, &ids[i], dictionary, err));
        if (i > 0 && id_compare(&ids[i - 1], &ids[i]) >= 0)
            return invalid(err, "ids are doubled or not sorted");
    }
    *len = count;
    return STATUS_OK;
}

static enum status read_version(struct op *op, struct pack_reader *reader,
                                struct err *err)
{
    TRY(pack_read_uint(reader, &op->version, err));
    if (OP_VERSION_MAJOR(op->version) != OP_VERSION_MAJOR(OP_VERSION))
        return err_set(err, STATUS_UNSUPPORTED, "op: version %llu.%llu is not known here",
                       (unsigned long long)(op->version >> 4),
                       (unsigned long long)(op->version & 15));
    return STATUS_OK;
}

static enum status read_scope(struct op *op, struct pack_reader *reader,
                              const struct op_dictionary *dictionary, struct err *err)
{
    struct pack_reader ahead = *reader;
    struct pack_item item;
    TRY(pack_next(&ahead, &item, err));
    if (item.type == PACK_BIN && item.bytes.len == 0) {
        op->is_founding = true;
        *reader = ahead;
        return STATUS_OK;
    }
    return read_id(reader, &op->scope, dictionary, err);
}

static enum status read_time(struct op *op, struct pack_reader *reader, struct err *err)
{
    uint64_t quality;
    TRY(pack_read_uint(reader, &op->time, err));
    TRY(pack_read_uint(reader, &op->wall, err));
    TRY(pack_read_uint(reader, &quality, err));
    if (op->time == 0 || op->time > INT64_MAX)
        return invalid(err, "the logical time is out of range");
    if (op->wall > INT64_MAX)
        return invalid(err, "the wall clock claim is 2^63 or above");
    if (quality > WALL_NTP)
        return invalid(err, "unknown clock quality");
    op->quality = (enum wall_quality)quality;
    return STATUS_OK;
}

static enum status read_field_name(struct op *op, uint32_t i, struct pack_reader *reader,
                                   struct err *err)
{
    struct op_field *field = &op->fields[i];
    *field = (struct op_field){0};
    TRY(pack_read_str(reader, &field->name, err));
    if (!is_name(field->name, true))
        return invalid(err, "a field's name is not a-z 0-9 - .");
    if (i > 0 && bytes_compare(op->fields[i - 1].name, field->name) >= 0)
        return invalid(err, "fields are doubled or not sorted");
    return STATUS_OK;
}

static enum status read_field_value(struct op_field *field, int depth,
                                    struct pack_reader *reader, struct err *err)
{
    TRY(pack_value(reader, depth, &field->value, err));
    if (field->value.len > OP_VALUE_MAX)
        return err_set(err, STATUS_TOO_LARGE, "op: a value is larger than %u bytes",
                       OP_VALUE_MAX);
    field->is_shown = true;
    return STATUS_OK;
}

static enum status check_fields_len(uint32_t count, struct err *err)
{
    if (count > OP_FIELDS_MAX)
        return err_set(err, STATUS_TOO_LARGE, "op: more than %d fields", OP_FIELDS_MAX);
    return STATUS_OK;
}

/* [secret, {name: value}] */
static enum status read_all_fields(struct op *op, uint32_t elements,
                                   struct pack_reader *reader, struct err *err)
{
    if (elements != 2)
        return invalid(err, "contents are not [secret, fields]");
    TRY(pack_read_fixed(reader, op->secret, OP_SECRET_SIZE, err));
    TRY(pack_read_map(reader, &op->fields_len, err));
    TRY(check_fields_len(op->fields_len, err));
    if (op->fields_len == 0)
        return invalid(err, "a secret without fields");
    for (uint32_t i = 0; i < op->fields_len; i++) {
        TRY(read_field_name(op, i, reader, err));
        TRY(read_field_value(&op->fields[i], 3, reader, err));
    }
    op->has_secret = true;
    return STATUS_OK;
}

/* {name: [salt, value] or commitment} */
static enum status read_some_fields(struct op *op, uint32_t count,
                                    struct pack_reader *reader, struct err *err)
{
    TRY(check_fields_len(count, err));
    op->fields_len = count;
    for (uint32_t i = 0; i < count; i++) {
        struct op_field *field = &op->fields[i];
        TRY(read_field_name(op, i, reader, err));
        struct pack_item item;
        TRY(pack_next(reader, &item, err));
        if (item.type == PACK_BIN && item.bytes.len == ID_SIZE) {
            memcpy(field->commitment, item.bytes.data, ID_SIZE);
            continue;
        }
        if (item.type != PACK_ARRAY || item.count != 2)
            return invalid(err, "a field is neither [salt, value] nor a commitment");
        TRY(pack_read_fixed(reader, field->salt, OP_SALT_SIZE, err));
        TRY(read_field_value(field, 3, reader, err));
    }
    return STATUS_OK;
}

static enum status read_contents(struct op *op, struct pack_reader *reader,
                                 struct err *err)
{
    struct pack_item item;
    TRY(pack_next(reader, &item, err));
    if (item.type == PACK_ARRAY)
        return read_all_fields(op, item.count, reader, err);
    if (item.type == PACK_MAP)
        return read_some_fields(op, item.count, reader, err);
    return invalid(err, "contents are neither a list nor a map");
}

/* What fits these limits fits OP_SIZE_MAX, in each form: ids, names and salts with two
 * bytes before them, and some hundred bytes for the rest. */
_Static_assert(OP_VALUES_MAX + OP_FIELDS_MAX * (3 + OP_NAME_MAX + 2 + ID_SIZE) +
                       (OP_PARENTS_MAX + OP_AUTHORITY_MAX + 3) * (2 + ID_SIZE) +
                       OP_SIGNATURE_SIZE + 256 <=
                   OP_SIZE_MAX,
               "an op within its limits is too large");

/* What PROTOCOL.md §3 asks of founding and other ops. */
static enum status check_shape(const struct op *op, struct err *err)
{
    if (op->is_founding && op->parents_len > 0)
        return invalid(err, "a founding op has no parents");
    if (!op->is_founding && op->parents_len == 0)
        return invalid(err, "only a founding op is without parents");
    if (op->is_founding && op->time != 1)
        return invalid(err, "a founding op's logical time is 1");
    bool founds_charter = op->is_founding && op_is_kind(op, "found");
    if (founds_charter != (op->authority_len == 0))
        return invalid(err, "the founding op of a charter, and no other, is without "
                            "authority");
    return STATUS_OK;
}

enum status op_decode(struct op *op, struct pack_reader *reader,
                      const struct op_dictionary *dictionary, struct err *err)
{
    /* Everything up to fields_len is set below; the arrays only as far as they count. */
    op->is_founding = false;
    op->has_secret = false;
    op->fields_len = 0;
    uint32_t elements;
    TRY(pack_read_array(reader, &elements, err));
    if (elements != 11)
        return invalid(err, "not a list of 11 elements");
    TRY(read_version(op, reader, err));
    TRY(read_scope(op, reader, dictionary, err));
    TRY(pack_read_str(reader, &op->kind, err));
    if (!is_name(op->kind, false))
        return invalid(err, "a kind is not a-z 0-9 -");
    struct id author;
    TRY(read_id(reader, &author, dictionary, err));
    memcpy(op->author, author.bytes, ID_SIZE);
    TRY(read_ids(reader, op->authority, &op->authority_len, OP_AUTHORITY_MAX, dictionary,
                 err));
    TRY(read_ids(reader, op->parents, &op->parents_len, OP_PARENTS_MAX, dictionary, err));
    TRY(read_time(op, reader, err));
    TRY(read_contents(op, reader, err));
    TRY(pack_read_fixed(reader, op->signature, OP_SIGNATURE_SIZE, err));
    if (!op_values_fit(op))
        return err_set(err, STATUS_TOO_LARGE, "op: the values have more than %u bytes",
                       OP_VALUES_MAX);
    return check_shape(op, err);
}

enum status op_decode_bytes(struct op *op, struct bytes bytes, struct err *err)
{
    if (bytes.len > OP_SIZE_MAX)
        return err_set(err, STATUS_TOO_LARGE, "op: larger than %u bytes", OP_SIZE_MAX);
    struct pack_reader reader = pack_reader_of(bytes);
    TRY(op_decode(op, &reader, NULL, err));
    if (!pack_at_end(&reader))
        return invalid(err, "bytes trail behind it");
    return STATUS_OK;
}
