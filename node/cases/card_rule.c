/*
 * Plan cards. A step is for somebody: its role stands among those of its version. What is
 * activated is a version that lay there. Of values that were erased nothing is asked.
 * Versions that know nothing of each other are both kept: registers, in conflict where
 * they differ, until a version that has seen both.
 */
#include "node/cases/fold_state.h"

static bool has_role(const struct op *op, struct bytes wanted)
{
    struct pack_reader reader;
    struct bytes role = {0}, who = {0};
    uint32_t count;
    if (!schema_list(op, "roles", &reader, &count))
        return true;
    for (; count > 0; count--) {
        (void)schema_next_role(&reader, &role, &who); /* it fitted */
        if (bytes_equal(role, wanted))
            return true;
    }
    return false;
}

static enum effect judge_version(const struct op *op)
{
    struct pack_reader reader;
    struct bytes role = {0}, text = {0};
    uint64_t days = 0;
    uint32_t count;
    if (!schema_list(op, "steps", &reader, &count))
        return EFFECT_YES;
    for (; count > 0; count--) {
        (void)schema_next_step(&reader, &role, &text, &days); /* it fitted */
        if (!has_role(op, role))
            return EFFECT_NO_ROLE;
    }
    return EFFECT_YES;
}

static bool is_version(const struct fold *fold, uint32_t node)
{
    return fold_is_kind(fold, node, "card") || fold_is_kind(fold, node, "card-text");
}

enum effect card_judge(struct fold *fold, uint32_t node)
{
    uint32_t named;
    if (is_version(fold, node))
        return judge_version(fold_op(fold, node));
    if (!fold_named(fold, node, "version", &named))
        return EFFECT_YES;
    return named != GRAPH_NONE && is_version(fold, named) ? EFFECT_YES
                                                          : EFFECT_NO_VERSION;
}

/* Ascending: the order of the view. */
void card_sum(struct fold *fold)
{
    static const char *const registers[] = {"roles", "steps", "trigger"};
    for (size_t i = 0; i < sizeof(registers) / sizeof(registers[0]); i++) {
        for (uint32_t node = 0; node < fold->graph.len; node++)
            fold->seeds[node] =
                fold->ops[node].effect == EFFECT_YES && is_version(fold, node);
        fold_sum_register(fold, registers[i], registers[i]);
    }
}
