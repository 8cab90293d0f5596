/*
 * Which steps of a case have effect, and how far it has come (lifecycle.h). A step is
 * judged by what lies in its past, so every copy judges it alike. Of steps that saw
 * nothing of each other the one counts that leaves more to be done, and a close only
 * where it has seen everything that keeps the case open.
 */
#include <string.h>

#include "node/cases/fold_state.h"

static bool has_effect(const struct fold *fold, uint32_t node)
{
    return fold->ops[node].effect == EFFECT_YES;
}

static bool is_move(const struct fold *fold, uint32_t node)
{
    const struct lifecycle_step *step = fold->ops[node].step;
    return has_effect(fold, node) && (node == 0 || (step != NULL && step->moves));
}

/* In the past of node; of GRAPH_NONE: anywhere. */
static bool is_in_past(struct fold *fold, uint32_t i, uint32_t node)
{
    return node == GRAPH_NONE || graph_is_before(&fold->graph, i, node);
}

/* Seeds are the moves in the past of node that no other of them has seen. */
static void seed_latest(struct fold *fold, uint32_t node)
{
    uint32_t end = node == GRAPH_NONE ? fold->graph.len : node;
    memset(fold->seeds, 0, fold->graph.len * sizeof(*fold->seeds));
    for (uint32_t i = 0; i < end; i++)
        fold->seeds[i] = is_move(fold, i) && is_in_past(fold, i, node);
    graph_mark_before(&fold->graph, fold->seeds, fold->marks);
    for (uint32_t i = 0; i < end; i++)
        fold->seeds[i] = fold->seeds[i] && !fold->marks[i];
}

static bool has_seen_all(struct fold *fold, uint32_t close, uint32_t node)
{
    uint32_t end = node == GRAPH_NONE ? fold->graph.len : node;
    for (uint32_t i = 0; i < end; i++)
        if (i != close && has_effect(fold, i) && fold->ops[i].kind->keeps_open &&
            is_in_past(fold, i, node) && !graph_is_before(&fold->graph, i, close))
            return false;
    return true;
}

static bool is_closed(struct fold *fold, uint32_t node)
{
    for (uint32_t i = 0; i < fold->graph.len; i++)
        if (fold->seeds[i] && fold->ops[i].reached.state == LIFECYCLE_CLOSED &&
            has_seen_all(fold, i, node))
            return true;
    return false;
}

struct case_state case_state_before(struct fold *fold, uint32_t node)
{
    struct case_state past = {LIFECYCLE_CLOSED, LIFECYCLE_CLOSED};
    seed_latest(fold, node);
    for (uint32_t i = 0; i < fold->graph.len; i++)
        if (fold->seeds[i])
            past.open = lifecycle_join(past.open, fold->ops[i].reached.open);
    past.state = is_closed(fold, node) ? LIFECYCLE_CLOSED : past.open;
    return past;
}

enum effect case_step(struct fold *fold, uint32_t node)
{
    struct fold_op *entry = &fold->ops[node];
    if (entry->step == NULL)
        return EFFECT_YES;
    struct case_state past = case_state_before(fold, node);
    const struct lifecycle_move *move = &entry->step->from[past.state];
    if (move->refusal != EFFECT_YES)
        return move->refusal;
    bool closes = move->to == LIFECYCLE_CLOSED;
    entry->reached = (struct case_state){move->to, closes ? past.open : move->to};
    return EFFECT_YES;
}
