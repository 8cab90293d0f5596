/*
 * What an op names: only what it has seen, and what counts.
 */
#include "node/cases/fold_state.h"

bool fold_named(struct fold *fold, uint32_t node, const char *field, uint32_t *named)
{
    struct id id;
    if (!op_id(fold_op(fold, node), field, &id))
        return false;
    *named = graph_find(&fold->graph, &id);
    if (*named != GRAPH_NONE && (fold->ops[*named].effect != EFFECT_YES ||
                                 !graph_is_before(&fold->graph, *named, node)))
        *named = GRAPH_NONE;
    return true;
}

bool fold_is_first(const struct fold *fold, uint32_t node, const char *field)
{
    struct id id, other;
    (void)op_id(fold_op(fold, node), field, &id); /* who asks has read it */
    for (uint32_t i = 1; i < node; i++)
        if (fold->ops[i].effect == EFFECT_YES &&
            fold->ops[i].kind == fold->ops[node].kind &&
            op_id(fold_op(fold, i), field, &other) && id_equal(&other, &id))
            return false;
    return true;
}
