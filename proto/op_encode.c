#include <assert.h>

#include "proto/op.h"
#include "proto/pack.h"

/* An id, or its place in the dictionary of the message. */
static void put_id(struct buf *out, const struct id *id,
                   const struct op_dictionary *dictionary)
{
    if (dictionary != NULL) {
        for (uint32_t i = dictionary->len; i > 0; i--) {
            if (id_equal(&dictionary->ids[i - 1], id)) {
                pack_uint(out, i - 1);
                return;
            }
        }
    }
    pack_bin(out, id->bytes, ID_SIZE);
}

static void put_ids(struct buf *out, const struct id *ids, uint32_t len,
                    const struct op_dictionary *dictionary)
{
    pack_array(out, len);
    for (uint32_t i = 0; i < len; i++)
        put_id(out, &ids[i], dictionary);
}

/* Elements 0 to 8, which header and op bytes share. */
static void put_head(struct buf *out, const struct op *op,
                     const struct op_dictionary *dictionary)
{
    struct id author;
    for (int i = 0; i < ID_SIZE; i++)
        author.bytes[i] = op->author[i];
    pack_uint(out, op->version);
    if (op->is_founding)
        pack_bin(out, NULL, 0);
    else
        put_id(out, &op->scope, dictionary);
    pack_str_bytes(out, op->kind);
    put_id(out, &author, dictionary);
    put_ids(out, op->authority, op->authority_len, dictionary);
    put_ids(out, op->parents, op->parents_len, dictionary);
    pack_uint(out, op->time);
    pack_uint(out, op->wall);
    pack_uint(out, op->quality);
}

void op_encode_header(const struct op *op, struct buf *out)
{
    pack_array(out, 10);
    put_head(out, op, NULL);
    pack_map(out, op->fields_len);
    for (uint32_t i = 0; i < op->fields_len; i++) {
        pack_str_bytes(out, op->fields[i].name);
        pack_bin(out, op->fields[i].commitment, ID_SIZE);
    }
}

static void put_all_fields(struct buf *out, const struct op *op)
{
    pack_array(out, 2);
    pack_bin(out, op->secret, OP_SECRET_SIZE);
    pack_map(out, op->fields_len);
    for (uint32_t i = 0; i < op->fields_len; i++) {
        pack_str_bytes(out, op->fields[i].name);
        buf_add(out, op->fields[i].value.data, op->fields[i].value.len);
    }
}

static void put_some_fields(struct buf *out, const struct op *op, uint32_t show)
{
    pack_map(out, op->fields_len);
    for (uint32_t i = 0; i < op->fields_len; i++) {
        const struct op_field *field = &op->fields[i];
        pack_str_bytes(out, field->name);
        if (!field->is_shown || !(show >> i & 1)) {
            pack_bin(out, field->commitment, ID_SIZE);
            continue;
        }
        pack_array(out, 2);
        pack_bin(out, field->salt, OP_SALT_SIZE);
        buf_add(out, field->value.data, field->value.len);
    }
}

void op_encode_wire(const struct op *op, uint32_t show,
                    const struct op_dictionary *dictionary, struct buf *out)
{
    uint32_t all = op->fields_len == 32 ? ~0u : (1u << op->fields_len) - 1;
    pack_array(out, 11);
    put_head(out, op, dictionary);
    /* The secret would give every salt away: it travels only where nothing is withheld.
     */
    if (op->has_secret && (show & all) == all)
        put_all_fields(out, op);
    else
        put_some_fields(out, op, show);
    pack_bin(out, op->signature, OP_SIGNATURE_SIZE);
}

void op_encode(const struct op *op, uint32_t show, struct buf *out)
{
    op_encode_wire(op, show, NULL, out);
}
