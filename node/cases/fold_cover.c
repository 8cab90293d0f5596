/*
 * Covers: a site stands by ops of a key that it revoked (docs/PROTOCOL.md §7).
 */
#include <string.h>

#include "node/cases/fold_state.h"

/* Seeds the heads that the cover names; false: it names none that is here. */
static bool seed_heads(struct fold *fold, const struct op *cover)
{
    struct pack_reader reader = {0};
    uint32_t count = 0;
    bool is_any = false;
    memset(fold->seeds, 0, fold->graph.len * sizeof(*fold->seeds));
    (void)schema_list(cover, "heads", &reader, &count); /* the schema check saw to it */
    for (uint32_t i = 0; i < count; i++) {
        struct id head;
        (void)schema_next_id(&reader, &head); /* the same */
        uint32_t node = graph_find(&fold->graph, &head);
        if (node == GRAPH_NONE)
            continue;
        fold->seeds[node] = true;
        is_any = true;
    }
    return is_any;
}

/* Ops of the key that lie at or beneath the heads, where the cover comes from the key's
 * own site. */
static bool mark_covered(struct fold *fold, uint32_t cover)
{
    const struct op *op = fold_op(fold, cover);
    struct id key;
    bool is_more = false;
    (void)op_id(op, "key", &key); /* the schema check saw to it */
    if (!seed_heads(fold, op))
        return false;
    graph_mark_before(&fold->graph, fold->seeds, fold->marks);
    for (uint32_t i = 0; i < fold->graph.len; i++) {
        struct fold_op *entry = &fold->ops[i];
        if (!entry->is_revoked || entry->is_covered ||
            !id_equal(fold_site(fold, i), fold_site(fold, cover)) ||
            memcmp(fold_op(fold, i)->author, key.bytes, ID_SIZE) != 0 ||
            !(fold->seeds[i] || fold->marks[i]))
            continue;
        entry->is_covered = true;
        is_more = true;
    }
    return is_more;
}

bool fold_cover_more(struct fold *fold)
{
    bool is_any = false, is_more = false;
    for (uint32_t i = 0; i < fold->graph.len && !is_any; i++)
        is_any = fold->ops[i].is_revoked && !fold->ops[i].is_covered;
    for (uint32_t i = 0; i < fold->graph.len && is_any; i++)
        if (fold->ops[i].effect == EFFECT_YES && fold_is_kind(fold, i, "cover") &&
            mark_covered(fold, i))
            is_more = true;
    return is_more;
}
