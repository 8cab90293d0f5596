/*
 * Rounds over places and topics. What is looked at stands on the list of its round: a
 * place that is not there, be it somebody's home, has no effect. A finding becomes a case
 * once: of two who say so without having seen each other, by the earlier op. Of values
 * that were erased nothing is asked.
 */
#include "node/cases/fold_state.h"

static bool has_name(const struct op *op, const char *field, struct bytes name)
{
    struct pack_reader reader;
    struct bytes one = {0};
    uint32_t count;
    if (!schema_list(op, field, &reader, &count))
        return true;
    for (; count > 0; count--) {
        (void)schema_next_name(&reader, &one); /* it fitted */
        if (bytes_equal(one, name))
            return true;
    }
    return false;
}

static enum effect judge_look(const struct fold *fold, uint32_t node)
{
    static const char *const fields[][2] = {{"place", "places"}, {"topic", "topics"}};
    for (size_t i = 0; i < 2; i++) {
        struct bytes name;
        if (op_text(fold_op(fold, node), fields[i][0], &name) &&
            !has_name(fold_op(fold, 0), fields[i][1], name))
            return EFFECT_NOT_ON_LIST;
    }
    return EFFECT_YES;
}

static enum effect judge_case(struct fold *fold, uint32_t node)
{
    uint32_t named;
    if (!fold_named(fold, node, "finding", &named))
        return EFFECT_YES;
    if (named == GRAPH_NONE || !fold_is_kind(fold, named, "finding"))
        return EFFECT_NO_FINDING;
    return fold_is_first(fold, node, "finding") ? EFFECT_YES : EFFECT_CASE_BEFORE;
}

enum effect round_judge(struct fold *fold, uint32_t node)
{
    if (fold_is_kind(fold, node, "looked") || fold_is_kind(fold, node, "finding"))
        return judge_look(fold, node);
    return fold_is_kind(fold, node, "finding-case") ? judge_case(fold, node) : EFFECT_YES;
}
