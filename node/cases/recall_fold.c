/*
 * A recall is final: what it has not seen, and what comes after it, has no effect, but
 * for kinds that only say what happened (schema.h: outlives_recall). Which ops those are
 * is a question about the whole scope: it is asked when all else is judged, and then all
 * is judged once more. Recalls themselves, and covers, outlive every recall, so that the
 * answer stays the same.
 */
#include "node/cases/fold_state.h"

bool recall_settle(struct fold *fold)
{
    for (uint32_t i = 0; i < fold->graph.len; i++) {
        fold->seeds[i] =
            fold->ops[i].effect == EFFECT_YES && fold_is_kind(fold, i, "recall");
        fold->is_recalled = fold->is_recalled || fold->seeds[i];
    }
    if (fold->is_recalled)
        graph_mark_before(&fold->graph, fold->seeds, fold->before_recall);
    return fold->is_recalled;
}

bool recall_beats(const struct fold *fold, uint32_t node)
{
    if (fold->ops[node].kind->outlives_recall)
        return false;
    if (fold->pasts[node].is_recalled)
        return true;
    return fold->is_recalled && !fold->before_recall[node];
}
