/*
 * Covers: a site stands by ops of a key that it revoked (docs/PROTOCOL.md §7).
 */
#include <string.h>

#include "node/cases/fold_state.h"

/* Does this cover (which has effect) stand by the op? */
static bool is_covered_by(struct fold *fold, uint32_t node, uint32_t cover)
{
    const struct fold_op *entry = &fold->ops[node];
    const struct op *op = fold->ops[cover].op;
    struct id key;
    struct bytes heads;
    uint32_t count;
    if (fold->ops[cover].charter != entry->charter || !op_id(op, "key", &key) ||
        memcmp(key.bytes, entry->op->author, ID_SIZE) != 0 ||
        !schema_value(op, "heads", &heads))
        return false;
    struct pack_reader reader = pack_reader_of(heads);
    if (pack_read_array(&reader, &count, NULL) != STATUS_OK)
        return false;
    for (uint32_t i = 0; i < count; i++) {
        struct id head;
        if (pack_read_fixed(&reader, head.bytes, ID_SIZE, NULL) != STATUS_OK)
            return false;
        if (graph_is_past_of(&fold->graph, node, &head, 1))
            return true;
    }
    return false;
}

bool fold_cover_more(struct fold *fold)
{
    bool is_more = false;
    for (uint32_t cover = 0; cover < fold->graph.len; cover++) {
        if (fold->ops[cover].effect != EFFECT_YES || !fold_is_kind(fold, cover, "cover"))
            continue;
        for (uint32_t i = 0; i < fold->graph.len; i++) {
            struct fold_op *entry = &fold->ops[i];
            if (!entry->is_revoked || entry->is_covered || !is_covered_by(fold, i, cover))
                continue;
            entry->is_covered = true;
            is_more = true;
        }
    }
    return is_more;
}
