/*
 * Consents of a case: who may consent, what proves it, and which statements of a party
 * count. A yes says anew what may leave, so it replaces whatever it has seen; a no takes
 * away the fields that it names and leaves the rest. Statements made side by side all
 * count: what may leave is what every yes names and no no does (escalation.c).
 */
#include <stdlib.h>
#include <string.h>

#include "node/cases/fold_state.h"

/* --- what has effect --- */

/* Only parties have something to consent to; and whoever refuses in the name of nobody
 * would be believed by the people, not by the release. Erased parties are not judged. */
static bool is_party(const struct fold *fold, struct bytes name)
{
    struct pack_reader reader;
    uint32_t count;
    const struct op *founding = fold_op(fold, 0);
    if (op_field(founding, "parties") == NULL)
        return false;
    if (!schema_list(founding, "parties", &reader, &count))
        return true;
    for (uint32_t i = 0; i < count; i++) {
        struct bytes alias = {0}, role;
        (void)schema_next_party(&reader, &alias, &role); /* it fits */
        if (bytes_equal(alias, name))
            return true;
    }
    return false;
}

static bool is_given(const struct op *op)
{
    const struct op_field *field = op_field(op, "given");   /* the schema demands it */
    return field->is_shown && field->value.data[0] == 0xc3; /* true */
}

/* A yes has to be proven, each manner in its own way. A no needs no proof: taking back
 * must never be harder than giving. Names of fields stay when their contents go. */
static bool is_proven(const struct fold *fold, uint32_t node)
{
    static const struct {
        const char *manner, *proof;
    } proofs[] = {{"guardian", "guardian"}, {"oral", "witness"}, {"signed", "paper"}};
    const struct op *op = fold_op(fold, node);
    struct bytes manner = {0};
    if (!is_given(op))
        return true;
    (void)op_text(op, "manner", &manner); /* erased: none of them */
    for (size_t i = 0; i < sizeof(proofs) / sizeof(proofs[0]); i++)
        if (bytes_equal_str(manner, proofs[i].manner))
            return op_field(op, proofs[i].proof) != NULL;
    return true;
}

enum effect consent_judge(const struct fold *fold, uint32_t node)
{
    struct bytes party;
    if (op_text(fold_op(fold, node), "party", &party) && !is_party(fold, party))
        return EFFECT_NO_PARTY;
    return is_proven(fold, node) ? EFFECT_YES : EFFECT_UNPROVEN;
}

/* --- which count --- */

static int compare_consents(const void *a, const void *b)
{
    const struct fold_consent *one = a, *other = b;
    int order = bytes_compare(one->party, other->party);
    if (order != 0)
        return order;
    return (one->node < other->node) - (one->node > other->node); /* newest first */
}

/* Where the latest words of a party, said side by side, are not the same. */
static bool is_conflict(struct fold *fold, uint32_t first, uint32_t end)
{
    const struct fold_consent *consents = fold->sum.consents;
    uint32_t latest = consents[first].node; /* nobody has seen the newest */
    memset(fold->seeds, 0, fold->graph.len * sizeof(*fold->seeds));
    for (uint32_t i = first; i < end; i++)
        fold->seeds[consents[i].node] = true;
    fold_keep_latest(fold);
    for (uint32_t i = first; i < end; i++)
        if (fold->seeds[consents[i].node] &&
            (!fold_is_same(fold, consents[i].node, latest, "given") ||
             !fold_is_same(fold, consents[i].node, latest, "fields")))
            return true;
    return false;
}

/* Keeps what no later yes of the party has seen, of its consents from first up to end;
 * the new end of what is kept, which began at kept. */
static uint32_t keep_party(struct fold *fold, uint32_t first, uint32_t end, uint32_t kept)
{
    struct fold_consent *consents = fold->sum.consents;
    if (is_conflict(fold, first, end)) {
        fold->sum.has_consent_conflict = true;
        for (uint32_t i = first; i < end; i++)
            consents[i].is_open = fold->seeds[consents[i].node]; /* the latest */
    }
    memset(fold->seeds, 0, fold->graph.len * sizeof(*fold->seeds));
    for (uint32_t i = first; i < end; i++)
        fold->seeds[consents[i].node] = is_given(fold_op(fold, consents[i].node));
    graph_mark_before(&fold->graph, fold->seeds, fold->marks);
    for (uint32_t i = first; i < end; i++)
        if (!fold->marks[consents[i].node])
            consents[kept++] = consents[i];
    return kept;
}

static void keep_those_that_count(struct fold *fold)
{
    struct fold_sum *sum = &fold->sum;
    uint32_t first = 0, kept = 0;
    while (first < sum->consents_len) {
        uint32_t end = first + 1;
        while (end < sum->consents_len &&
               bytes_equal(sum->consents[end].party, sum->consents[first].party))
            end++;
        kept = keep_party(fold, first, end, kept);
        first = end;
    }
    sum->consents_len = kept;
}

void consent_sum(struct fold *fold)
{
    struct fold_sum *sum = &fold->sum;
    for (uint32_t i = 0; i < fold->graph.len; i++)
        if (fold->ops[i].effect == EFFECT_YES && fold_is_kind(fold, i, "consent") &&
            op_text(fold_op(fold, i), "party", &sum->consents[sum->consents_len].party))
            sum->consents[sum->consents_len++].node = i;
    if (sum->consents_len > 1)
        qsort(sum->consents, sum->consents_len, sizeof(*sum->consents), compare_consents);
    keep_those_that_count(fold);
}
