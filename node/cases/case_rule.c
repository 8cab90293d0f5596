/*
 * What the schema table cannot say about an op of a case. Values that were erased decide
 * nothing, but for one: whose case it is. Where `minor` was erased, it is a minor's.
 */
#include "node/cases/fold_state.h"
#include "node/cases/minor.h"

static bool is_yes(struct bytes value)
{
    return value.data[0] == 0xc3;
}

bool fold_is_minor(const struct fold *fold)
{
    struct bytes value;
    if (op_field(fold_op(fold, 0), "minor") == NULL)
        return false;
    return !fold_value(fold, 0, "minor", &value) || is_yes(value);
}

/* Parties in roles alone. */
static bool names_nobody(const struct fold *fold)
{
    struct pack_reader reader;
    uint32_t count;
    return !schema_list(fold_op(fold, 0), "parties", &reader, &count) ||
           minor_are_parties(&reader, count);
}

/* Whoever it is, refuses as he likes; for a minor a guardian consents. Names stand in
 * neither. */
static enum effect judge_minors_consent(const struct fold *fold, uint32_t node)
{
    struct bytes party, role, manner, given, guardian;
    const struct op *op = fold_op(fold, node);
    if (op_text(op, "party", &party) && !minor_role_of(party, &role))
        return EFFECT_NAMES_MINOR;
    if (op_text(op, "guardian", &guardian) && !minor_is_guardian(guardian))
        return EFFECT_NAMES_GUARDIAN;
    bool is_guardian =
        !op_text(op, "manner", &manner) || bytes_equal_str(manner, "guardian");
    if (is_guardian || !fold_value(fold, node, "given", &given) || !is_yes(given))
        return EFFECT_YES;
    return EFFECT_NO_GUARDIAN;
}

/* Takes away what an `attach` in its past brought. */
static enum effect judge_detach(struct fold *fold, uint32_t node)
{
    struct bytes value;
    struct id attachment;
    if (!fold_value(fold, node, "attachment", &value))
        return EFFECT_YES;
    struct pack_reader reader = pack_reader_of(value);
    (void)schema_next_id(&reader, &attachment); /* it fits */
    uint32_t named = graph_find(&fold->graph, &attachment);
    if (named == GRAPH_NONE || !graph_is_before(&fold->graph, named, node) ||
        !fold_is_kind(fold, named, "attach") || fold->ops[named].effect != EFFECT_YES)
        return EFFECT_NO_SUCH_FILE;
    return EFFECT_YES;
}

static enum effect judge_consent(const struct fold *fold, uint32_t node)
{
    enum effect effect =
        fold_is_minor(fold) ? judge_minors_consent(fold, node) : EFFECT_YES;
    return effect == EFFECT_YES ? consent_judge(fold, node) : effect;
}

/* --- retirement --- */

/* In the past of a node, or, for GRAPH_NONE, anywhere. */
static bool is_beneath(struct fold *fold, uint32_t at, uint32_t node)
{
    return fold->ops[at].effect == EFFECT_YES &&
           (node == GRAPH_NONE || graph_is_before(&fold->graph, at, node));
}

static bool is_answered(struct fold *fold, uint32_t keep, uint32_t node)
{
    for (uint32_t i = keep + 1; i < fold->graph.len; i++)
        if (fold_is_kind(fold, i, "keep") && is_beneath(fold, i, node) &&
            graph_is_before(&fold->graph, keep, i))
            return true;
    return false;
}

uint32_t case_keeper(struct fold *fold, uint32_t node)
{
    uint32_t keeper = GRAPH_NONE, end = node == GRAPH_NONE ? fold->graph.len : node;
    for (uint32_t i = 0; i < end; i++) {
        struct bytes kept;
        if (!fold_is_kind(fold, i, "keep") || !is_beneath(fold, i, node) ||
            is_answered(fold, i, node))
            continue;
        if (!fold_value(fold, i, "kept", &kept) || is_yes(kept))
            keeper = i;
    }
    return keeper;
}

static enum effect judge_retire(struct fold *fold, uint32_t node)
{
    if (case_state_before(fold, node).state != LIFECYCLE_CLOSED)
        return EFFECT_NOT_CLOSED;
    return case_keeper(fold, node) == GRAPH_NONE ? EFFECT_YES : EFFECT_KEPT;
}

enum effect case_judge(struct fold *fold, uint32_t node)
{
    if (fold->ops[node].kind->of == MATTER_ROUND)
        return round_judge(fold, node);
    if (fold->ops[node].kind->of == MATTER_CARD)
        return card_judge(fold, node);
    if (fold->ops[node].kind->of == MATTER_MEETING)
        return meeting_judge(fold, node);
    if (fold_is_kind(fold, node, "detach"))
        return judge_detach(fold, node);
    if (fold_is_kind(fold, node, "agreement"))
        return agreement_judge(fold, node);
    if (fold_is_kind(fold, node, "retire"))
        return judge_retire(fold, node);
    if (fold_is_kind(fold, node, "attach") && fold_is_minor(fold))
        return EFFECT_NAMES_MINOR;
    if (fold_is_kind(fold, node, "identity") && fold_is_minor(fold))
        return EFFECT_NOT_OF_MINOR;
    if (node == 0)
        return fold_is_minor(fold) && !names_nobody(fold) ? EFFECT_NAMES_MINOR
                                                          : EFFECT_YES;
    if (fold_is_kind(fold, node, "consent"))
        return judge_consent(fold, node);
    if (fold_is_kind(fold, node, "sent"))
        return danger_judge_sent(fold, node);
    return EFFECT_YES;
}
