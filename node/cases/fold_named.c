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
