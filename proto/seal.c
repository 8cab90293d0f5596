#include "proto/seal.h"

#include <stdio.h>
#include <string.h>

#include "crypto/digest.h"
#include "proto/pack.h"

#define VERSION 1
#define ELEMENTS 8
#define PREFIX "fengqiao/"
#define PREFIX_LEN (sizeof(PREFIX) - 1)

/* --- origins --- */

void seal_origin(char out[static SEAL_ORIGIN_SIZE], const uint8_t key[static KEY_SIZE],
                 const uint8_t life[static SEAL_LIFE_SIZE])
{
    char text[KEY_TEXT_SIZE], hex[2 * SEAL_LIFE_SIZE + 1];
    key_to_text(text, "fqk1", key);
    hex_encode(hex, life, SEAL_LIFE_SIZE);
    (void)snprintf(out, SEAL_ORIGIN_SIZE, PREFIX "%s/%s", text, hex);
}

bool seal_origin_key(const char *origin, uint8_t key[static KEY_SIZE])
{
    char text[KEY_TEXT_SIZE], again[SEAL_ORIGIN_SIZE];
    uint8_t life[SEAL_LIFE_SIZE];
    if (strlen(origin) != SEAL_ORIGIN_SIZE - 1)
        return false;
    (void)snprintf(text, sizeof(text), "%s", origin + PREFIX_LEN);
    if (!key_from_text(key, "fqk1", text) ||
        !hex_decode(life, SEAL_LIFE_SIZE, origin + PREFIX_LEN + KEY_TEXT_SIZE))
        return false;
    seal_origin(again, key, life); /* one log has one name */
    return strcmp(again, origin) == 0;
}

/* --- commitments --- */

static bool is_size(enum seal_part part)
{
    return part == SEAL_PRIVATE_SIZE || part == SEAL_SHARED_SIZE;
}

static void commitment_of(struct id *out, const struct seal_opening *opening)
{
    struct digest digest;
    digest_init(&digest, "fengqiao/1/seal");
    digest_add(&digest, opening->salt, SEAL_SALT_SIZE);
    digest_add_u8(&digest, (uint8_t)opening->part);
    if (is_size(opening->part))
        digest_add_u64(&digest, opening->size);
    else
        digest_add(&digest, opening->root.bytes, MERKLE_HASH_SIZE);
    digest_final(&digest, out->bytes);
}

void seal_open(struct seal_opening *opening, enum seal_part part,
               const uint8_t secret[static SEAL_SECRET_SIZE],
               const struct seal_trees *trees)
{
    bool is_private = part == SEAL_PRIVATE_ROOT || part == SEAL_PRIVATE_SIZE;
    uint8_t number = (uint8_t)part;
    *opening = (struct seal_opening){.part = part};
    digest_keyed(opening->salt, SEAL_SALT_SIZE, secret, "fengqiao/1/seal-salt", &number,
                 1);
    if (is_size(part))
        opening->size = is_private ? trees->private_size : trees->shared_size;
    else
        opening->root = is_private ? trees->private_root : trees->shared_root;
}

void seal_commit(struct seal *seal, const uint8_t secret[static SEAL_SECRET_SIZE],
                 const struct seal_trees *trees)
{
    for (int part = 0; part < SEAL_PARTS; part++) {
        struct seal_opening opening;
        seal_open(&opening, (enum seal_part)part, secret, trees);
        commitment_of(&seal->commitments[part], &opening);
    }
}

bool seal_is_opened(const struct seal *seal, const struct seal_opening *opening)
{
    struct id commitment;
    commitment_of(&commitment, opening);
    return id_equal(&commitment, &seal->commitments[opening->part]);
}

/* --- leaves --- */

static void write_former(const struct seal_head *former, struct buf *out)
{
    pack_array(out, 3);
    pack_str(out, former->origin);
    pack_uint(out, former->size);
    pack_bin(out, former->root.bytes, MERKLE_HASH_SIZE);
}

void seal_write(const struct seal *seal, struct buf *out)
{
    pack_array(out, ELEMENTS);
    pack_uint(out, VERSION);
    pack_uint(out, seal->kind);
    pack_uint(out, seal->wall);
    if (seal->kind == SEAL_BEGIN && seal->has_former)
        write_former(&seal->former, out);
    else
        pack_array(out, seal->kind == SEAL_GAP);
    if (seal->kind == SEAL_GAP)
        pack_uint(out, seal->gap_s);
    for (int part = 0; part < SEAL_PARTS; part++)
        pack_bin(out, seal->commitments[part].bytes, ID_SIZE);
}

static enum status read_former(struct pack_reader *reader, struct seal_head *former,
                               struct err *err)
{
    struct bytes origin;
    uint8_t key[KEY_SIZE];
    enum status status = pack_read_str(reader, &origin, err);
    if (status != STATUS_OK)
        return status;
    if (origin.len != SEAL_ORIGIN_SIZE - 1)
        return err_set(err, STATUS_INVALID, "the former log has no proper name");
    memcpy(former->origin, origin.data, origin.len); /* a str has no NUL */
    former->origin[origin.len] = '\0';
    if (!seal_origin_key(former->origin, key))
        return err_set(err, STATUS_INVALID, "the former log has no proper name");
    status = pack_read_uint(reader, &former->size, err);
    if (status == STATUS_OK)
        status = pack_read_fixed(reader, former->root.bytes, MERKLE_HASH_SIZE, err);
    return status;
}

/* What stands there of the kind. */
static enum status read_own(struct pack_reader *reader, struct seal *seal,
                            struct err *err)
{
    uint32_t count = 0;
    enum status status = pack_read_array(reader, &count, err);
    if (status != STATUS_OK)
        return status;
    seal->has_former = seal->kind == SEAL_BEGIN && count == 3;
    if (seal->has_former)
        return read_former(reader, &seal->former, err);
    if (count != (seal->kind == SEAL_GAP))
        return err_set(err, STATUS_INVALID, "a seal of its kind says something else");
    return count == 1 ? pack_read_uint(reader, &seal->gap_s, err) : STATUS_OK;
}

enum status seal_read(struct seal *seal, struct bytes leaf, struct err *err)
{
    struct pack_reader reader = pack_reader_of(leaf);
    uint32_t count = 0;
    uint64_t version = 0, kind = 0;
    *seal = (struct seal){.kind = SEAL_KINDS};
    enum status status = pack_read_array(&reader, &count, err);
    if (status == STATUS_OK && count != ELEMENTS)
        status = err_set(err, STATUS_INVALID, "a seal has %d elements", ELEMENTS);
    if (status == STATUS_OK)
        status = pack_read_uint(&reader, &version, err);
    if (status == STATUS_OK && version != VERSION)
        status = err_set(err, STATUS_INVALID, "a seal of an unknown version");
    if (status == STATUS_OK)
        status = pack_read_uint(&reader, &kind, err);
    if (status == STATUS_OK && kind >= SEAL_KINDS)
        status = err_set(err, STATUS_INVALID, "a seal of an unknown kind");
    if (status == STATUS_OK)
        status = pack_read_uint(&reader, &seal->wall, err);
    if (status != STATUS_OK)
        return status;
    seal->kind = (enum seal_kind)kind;
    status = read_own(&reader, seal, err);
    for (int part = 0; status == STATUS_OK && part < SEAL_PARTS; part++)
        status = pack_read_fixed(&reader, seal->commitments[part].bytes, ID_SIZE, err);
    if (status == STATUS_OK && !pack_at_end(&reader))
        status = err_set(err, STATUS_INVALID, "something stands behind a seal");
    return status;
}
