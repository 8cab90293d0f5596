/*
 * What an op of an escalation says about another one, or about the record: whether there
 * is anything beneath it that it can be about.
 */
#include "node/cases/fold_state.h"

/* The op that it names; GRAPH_NONE where that is not beneath it with effect. */
static uint32_t find_target(struct fold *fold, uint32_t node)
{
    struct id id;
    (void)op_id(fold_op(fold, node), "op", &id); /* the schema check saw to it */
    uint32_t target = graph_find(&fold->graph, &id);
    if (target == GRAPH_NONE || !graph_is_before(&fold->graph, target, node) ||
        fold->ops[target].effect != EFFECT_YES)
        return GRAPH_NONE;
    return target;
}

static bool invites(const struct fold *fold, uint32_t node, const struct id *site)
{
    struct id invited;
    if (!fold_is_kind(fold, node, "invite"))
        return false;
    (void)op_id(fold_op(fold, node), "site", &invited); /* the schema check saw to it */
    return id_equal(&invited, site);
}

/* The founder's site declines advice, every other one that it was invited. */
static enum effect judge_decline(struct fold *fold, uint32_t node)
{
    uint32_t target = find_target(fold, node);
    const struct id *site = fold_site(fold, node);
    if (target == GRAPH_NONE)
        return EFFECT_NO_TARGET;
    bool fits = id_equal(site, fold->site) ? fold_is_kind(fold, target, "advise")
                                           : invites(fold, target, site);
    return fits ? EFFECT_YES : EFFECT_NO_TARGET;
}

static enum effect judge_done(struct fold *fold, uint32_t node)
{
    uint32_t target = find_target(fold, node);
    return target != GRAPH_NONE && fold_is_kind(fold, target, "assign")
               ? EFFECT_YES
               : EFFECT_NO_TARGET;
}

/* What the parties consented to is what the founding op carries. */
static enum effect judge_update(struct fold *fold, uint32_t node)
{
    for (uint32_t i = 0; i < fold_op(fold, node)->fields_len; i++) {
        char name[OP_NAME_MAX + 1] = "";
        struct bytes field = fold_op(fold, node)->fields[i].name;
        for (size_t n = 0; n < field.len; n++)
            name[n] = (char)field.data[n];
        if (op_field(fold_op(fold, 0), name) == NULL)
            return EFFECT_NOT_RELEASED;
    }
    return EFFECT_YES;
}

enum effect escalation_talk_judge(struct fold *fold, uint32_t node)
{
    if (fold_is_kind(fold, node, "decline"))
        return judge_decline(fold, node);
    if (fold_is_kind(fold, node, "assign-done"))
        return judge_done(fold, node);
    if (fold_is_kind(fold, node, "update"))
        return judge_update(fold, node);
    return EFFECT_YES;
}
