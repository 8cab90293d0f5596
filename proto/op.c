#include "proto/op.h"

#include <assert.h>
#include <string.h>

#include "crypto/digest.h"
#include "crypto/secret.h"
#include "crypto/sign.h"
#include "crypto/sshsig.h"

bool id_equal(const struct id *a, const struct id *b)
{
    return memcmp(a->bytes, b->bytes, ID_SIZE) == 0;
}

int id_compare(const struct id *a, const struct id *b)
{
    return memcmp(a->bytes, b->bytes, ID_SIZE);
}

void network_id(struct id *out, const char *name)
{
    digest_of(out->bytes, "fengqiao/1/network", name, strlen(name));
}

void scope_digest(struct id *out, const struct id *scope, const struct id *heads,
                  size_t len)
{
    struct digest digest;
    digest_init(&digest, "fengqiao/1/heads");
    digest_add(&digest, scope->bytes, ID_SIZE);
    for (size_t i = 0; i < len; i++)
        digest_add(&digest, heads[i].bytes, ID_SIZE);
    digest_final(&digest, out->bytes);
}

void op_commitment(uint8_t out[static ID_SIZE], const uint8_t salt[static OP_SALT_SIZE],
                   struct bytes name, struct bytes value)
{
    struct digest digest;
    digest_init(&digest, "fengqiao/1/field");
    digest_add(&digest, salt, OP_SALT_SIZE);
    digest_add_u8(&digest, (uint8_t)name.len);
    digest_add(&digest, name.data, name.len);
    digest_add(&digest, value.data, value.len);
    digest_final(&digest, out);
}

bool op_shows_more(const struct op *op, uint32_t keeps)
{
    for (uint32_t i = 0; i < op->fields_len; i++)
        if (op->fields[i].is_shown && !(keeps >> i & 1))
            return true;
    return false;
}

bool op_values_fit(const struct op *op)
{
    size_t total = 0;
    for (uint32_t i = 0; i < op->fields_len; i++)
        total += op->fields[i].is_shown ? op->fields[i].value.len : 0;
    return total <= OP_VALUES_MAX;
}

enum status op_add_field(struct op *op, const char *name, struct bytes value)
{
    if (op->fields_len == OP_FIELDS_MAX || value.len > OP_VALUE_MAX ||
        strlen(name) > OP_NAME_MAX)
        return STATUS_TOO_LARGE;
    if (op_field(op, name) != NULL)
        return STATUS_EXISTS;
    struct bytes name_bytes = bytes_str(name);
    uint32_t at = op->fields_len++;
    for (; at > 0 && bytes_compare(op->fields[at - 1].name, name_bytes) > 0; at--)
        op->fields[at] = op->fields[at - 1];
    op->fields[at] =
        (struct op_field){.name = name_bytes, .value = value, .is_shown = true};
    return STATUS_OK;
}

/* Keeps ids strictly ascending; one that is there already changes nothing. */
static enum status add_sorted(struct id *ids, uint32_t *len, uint32_t max,
                              const struct id *id)
{
    uint32_t at = 0;
    while (at < *len && id_compare(&ids[at], id) < 0)
        at++;
    if (at < *len && id_equal(&ids[at], id))
        return STATUS_OK;
    if (*len == max)
        return STATUS_TOO_LARGE;
    memmove(&ids[at + 1], &ids[at], (*len - at) * sizeof(*ids));
    ids[at] = *id;
    (*len)++;
    return STATUS_OK;
}

enum status op_add_parent(struct op *op, const struct id *parent)
{
    return add_sorted(op->parents, &op->parents_len, OP_PARENTS_MAX, parent);
}

enum status op_add_authority(struct op *op, const struct id *head)
{
    return add_sorted(op->authority, &op->authority_len, OP_AUTHORITY_MAX, head);
}

static void derive_salts(struct op *op)
{
    for (uint32_t i = 0; i < op->fields_len; i++) {
        struct op_field *field = &op->fields[i];
        digest_keyed(field->salt, OP_SALT_SIZE, op->secret, "fengqiao/1/salt",
                     field->name.data, field->name.len);
    }
}

static void commit_fields(struct op *op)
{
    if (op->has_secret)
        derive_salts(op);
    for (uint32_t i = 0; i < op->fields_len; i++) {
        struct op_field *field = &op->fields[i];
        if (field->is_shown)
            op_commitment(field->commitment, field->salt, field->name, field->value);
    }
}

static void compute_id(struct op *op, struct bytes header)
{
    struct digest digest;
    digest_init(&digest, "fengqiao/1/op");
    digest_add(&digest, header.data, header.len);
    digest_add(&digest, op->signature, OP_SIGNATURE_SIZE);
    digest_final(&digest, op->id.bytes);
    if (op->is_founding)
        op->scope = op->id;
}

static size_t preimage(uint8_t out[static SSHSIG_PREIMAGE_MAX], const struct id *network,
                       struct bytes header)
{
    return sshsig_preimage(out, OP_NAMESPACE, network->bytes, ID_SIZE, header.data,
                           header.len);
}

enum status op_seal_with(struct op *op, const struct id *network,
                         const struct sign_pair *pair, const struct rng *rng)
{
    op->version = OP_VERSION;
    if (!op_values_fit(op))
        return STATUS_TOO_LARGE;
    op->has_secret = op->fields_len > 0;
    rng_fill(rng, "op-secret", op->is_founding ? NULL : op->scope.bytes, op->secret,
             OP_SECRET_SIZE);
    memcpy(op->author, sign_pair_key(pair), sizeof(op->author));
    commit_fields(op);
    struct buf header = {0};
    op_encode_header(op, &header);
    enum status status = buf_status(&header);
    if (status != STATUS_OK)
        goto free_header;
    uint8_t message[SSHSIG_PREIMAGE_MAX];
    size_t message_len = preimage(message, network, buf_bytes(&header));
    sign_pair_sign(pair, op->signature, message, message_len);
    compute_id(op, buf_bytes(&header));
free_header:
    buf_deinit(&header);
    return status;
}

enum status op_seal(struct op *op, const struct id *network,
                    const uint8_t seed[static 32], const struct rng *rng)
{
    struct sign_pair pair;
    sign_pair_init(&pair, seed);
    enum status status = op_seal_with(op, network, &pair, rng);
    secret_wipe(&pair, sizeof(pair));
    return status;
}

enum status op_rebuild(struct op *op)
{
    commit_fields(op);
    struct buf header = {0};
    op_encode_header(op, &header);
    enum status status = buf_status(&header);
    if (status == STATUS_OK)
        compute_id(op, buf_bytes(&header));
    buf_deinit(&header);
    return status;
}

void op_trust(struct op *op, const struct id *id)
{
    op->id = *id;
    if (op->is_founding)
        op->scope = *id;
    if (op->has_secret)
        derive_salts(op);
}

enum status op_check_signature(const struct op *op, const struct id *network)
{
    struct buf header = {0};
    op_encode_header(op, &header);
    enum status status = buf_status(&header);
    if (status == STATUS_OK) {
        uint8_t message[SSHSIG_PREIMAGE_MAX];
        size_t message_len = preimage(message, network, buf_bytes(&header));
        if (!sign_verify_known(op->signature, op->author, message, message_len))
            status = STATUS_UNVERIFIED;
    }
    buf_deinit(&header);
    return status;
}

bool op_verify(const struct op *op, const struct id *network)
{
    return op_check_signature(op, network) == STATUS_OK;
}

const struct op_field *op_field(const struct op *op, const char *name)
{
    for (uint32_t i = 0; i < op->fields_len; i++)
        if (bytes_equal_str(op->fields[i].name, name))
            return &op->fields[i];
    return NULL;
}

static bool shown_reader(const struct op *op, const char *name,
                         struct pack_reader *reader)
{
    const struct op_field *field = op_field(op, name);
    if (field == NULL || !field->is_shown)
        return false;
    *reader = pack_reader_of(field->value);
    return true;
}

bool op_text(const struct op *op, const char *name, struct bytes *text)
{
    struct pack_reader reader;
    return shown_reader(op, name, &reader) &&
           pack_read_str(&reader, text, NULL) == STATUS_OK;
}

bool op_uint(const struct op *op, const char *name, uint64_t *number)
{
    struct pack_reader reader;
    return shown_reader(op, name, &reader) &&
           pack_read_uint(&reader, number, NULL) == STATUS_OK;
}

bool op_id(const struct op *op, const char *name, struct id *id)
{
    struct pack_reader reader;
    return shown_reader(op, name, &reader) &&
           pack_read_fixed(&reader, id->bytes, ID_SIZE, NULL) == STATUS_OK;
}

bool op_is_kind(const struct op *op, const char *kind)
{
    return bytes_equal_str(op->kind, kind);
}
