/*
 * Danger to life: the one release that is not a steward's and needs no consent. A flag
 * that every holder sees says so, so that all judge alike; the reason beside it is shown
 * as consents are, in whose place it stands. A steward confirms it, or recalls.
 */
#include "node/cases/fold_state.h"

static bool is_steward(const struct fold *fold, uint32_t node)
{
    const struct fold_op *entry = &fold->ops[node];
    uint32_t roles = fold->is_unrevoked ? entry->roles_unrevoked : entry->roles;
    return (roles & ROLE_STEWARD) != 0;
}

bool danger_is_said(const struct fold *fold)
{
    struct bytes value = {0};
    return schema_value(fold_op(fold, 0), "danger", &value) &&
           value.data[0] == 0xc3; /* true */
}

/* Of the founding op of an escalation. */
enum effect danger_judge_founding(const struct fold *fold)
{
    bool is_danger = danger_is_said(fold);
    if (is_danger && op_field(fold_op(fold, 0), "danger-reason") == NULL)
        return EFFECT_MISSING_FIELD;
    return is_danger || is_steward(fold, 0) ? EFFECT_YES : EFFECT_NO_RIGHT;
}

enum effect danger_judge_confirm(const struct fold *fold)
{
    return danger_is_said(fold) ? EFFECT_YES : EFFECT_NO_DANGER;
}

/* The case's own word of what left: a mediator's names the reason, and a triage beneath
 * it says that somebody is in danger. One whose word was erased may have said so. */
enum effect danger_judge_sent(struct fold *fold, uint32_t node)
{
    struct bytes value;
    if (is_steward(fold, node))
        return EFFECT_YES;
    if (op_field(fold_op(fold, node), "danger") == NULL)
        return EFFECT_NO_RIGHT;
    for (uint32_t i = 0; i < node; i++)
        if (fold->ops[i].effect == EFFECT_YES && fold_is_kind(fold, i, "triage") &&
            (!fold_value(fold, i, "danger", &value) || value.data[0] == 0xc3) &&
            graph_is_before(&fold->graph, i, node))
            return EFFECT_YES;
    return EFFECT_NO_DANGER;
}

bool danger_is_confirmed(const struct fold *fold)
{
    bool is_confirmed = is_steward(fold, 0);
    for (uint32_t i = 0; i < fold->graph.len && !is_confirmed; i++)
        is_confirmed =
            fold->ops[i].effect == EFFECT_YES && fold_is_kind(fold, i, "confirm");
    return is_confirmed;
}
