/*
 * Tasks of a case. Who finishes one has seen it: a task that did not count, or that
 * stands beside the op and not beneath it, is none. Where the name of the task was erased
 * later, the op stands as it stood.
 */
#include "node/cases/fold_state.h"

enum effect case_task(struct fold *fold, uint32_t node)
{
    struct id task;
    if (!fold_is_kind(fold, node, "task-done") ||
        !op_id(fold_op(fold, node), "task", &task))
        return EFFECT_YES;
    uint32_t at = graph_find(&fold->graph, &task);
    bool is_task = at != GRAPH_NONE && fold_is_kind(fold, at, "task") &&
                   fold->ops[at].effect == EFFECT_YES &&
                   graph_is_before(&fold->graph, at, node);
    return is_task ? EFFECT_YES : EFFECT_NO_TASK;
}
