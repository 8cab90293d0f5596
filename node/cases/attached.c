#include "node/cases/attached.h"

#include "crypto/digest.h"
#include "node/cases/fold_state.h"
#include "proto/pack.h"

void attached_digest(struct id *out, const struct id *pieces, uint32_t len)
{
    struct digest digest;
    digest_init(&digest, "fengqiao/1/file");
    for (uint32_t i = 0; i < len; i++)
        digest_add(&digest, pieces[i].bytes, ID_SIZE);
    digest_final(&digest, out->bytes);
}

bool attached_read(const struct op *op, struct attached *out)
{
    struct pack_reader pieces;
    struct bytes key;
    *out = (struct attached){.len = 0};
    if (!schema_list(op, "chunks", &pieces, &out->len) || !schema_value(op, "key", &key))
        return false;
    for (uint32_t i = 0; i < out->len; i++)
        (void)schema_next_id(&pieces, &out->pieces[i]); /* the list fits */
    struct pack_reader reader = pack_reader_of(key);
    return pack_read_fixed(&reader, out->key, sizeof(out->key), NULL) == STATUS_OK;
}

bool attached_read_released(const struct op *op, struct attached *out)
{
    struct id released, digest;
    if (!op_is_kind(op, "attached") || !op_id(op, "file", &released) ||
        !attached_read(op, out))
        return false;
    attached_digest(&digest, out->pieces, out->len);
    return id_equal(&digest, &released);
}

/* --- rules of the fold --- */

/* Of a minor no picture exists, and nobody can tell what a file shows. */
enum effect attached_judge_founding(const struct fold *fold)
{
    return fold_is_minor(fold) && op_field(fold_op(fold, 0), "files") != NULL
               ? EFFECT_NOT_OF_MINOR
               : EFFECT_YES;
}

/* What the parties consented to is what the founding op names. */
static bool is_released(const struct fold *fold, const struct id *file)
{
    struct pack_reader reader;
    struct id named;
    uint32_t count;
    if (!schema_list(fold_op(fold, 0), "files", &reader, &count))
        return false;
    for (uint32_t i = 0; i < count; i++) {
        (void)schema_next_id(&reader, &named); /* the list fits */
        if (id_equal(&named, file))
            return true;
    }
    return false;
}

enum effect attached_judge(const struct fold *fold, uint32_t node)
{
    struct id file;
    (void)op_id(fold_op(fold, node), "file", &file); /* the schema check saw to it */
    if (!is_released(fold, &file))
        return EFFECT_NOT_RELEASED;
    return fold_is_first(fold, node, "file") ? EFFECT_YES : EFFECT_FILE_TWICE;
}
