/*
 * What the ops of a case add up to: registers, consents, triage, state.
 */
#include <stdlib.h>
#include <string.h>

#include "node/cases/fold_state.h"

/* Ascending: the order of the view. */
static const char *const registers[] = {"category", "context", "found-by", "narrative",
                                        "place",    "title",   "wish"};

#define REGISTERS (sizeof(registers) / sizeof(registers[0]))

static bool has_effect(const struct fold *fold, uint32_t node)
{
    return fold->ops[node].effect == EFFECT_YES;
}

static bool is_said(const struct fold *fold, uint32_t node, const char *kind)
{
    return has_effect(fold, node) && fold_is_kind(fold, node, kind);
}

/* --- registers --- */

static void sum_register(struct fold *fold, const char *name)
{
    for (uint32_t i = 0; i < fold->graph.len; i++)
        fold->seeds[i] = (is_said(fold, i, "case-new") || is_said(fold, i, "set")) &&
                         op_field(fold_op(fold, i), name) != NULL;
    fold_sum_register(fold, name, name);
}

/* --- consents: a register for each party --- */

static int compare_consents(const void *a, const void *b)
{
    const struct fold_consent *one = a, *other = b;
    int order = bytes_compare(one->party, other->party);
    if (order != 0)
        return order;
    return (one->node < other->node) - (one->node > other->node); /* newest first */
}

static bool same_value(const struct fold *fold, uint32_t a, uint32_t b, const char *name)
{
    struct bytes one = {0}, other = {0};
    bool has_one = fold_value(fold, a, name, &one);
    bool has_other = fold_value(fold, b, name, &other);
    return has_one == has_other && bytes_equal(one, other);
}

/* Keeps the latest of one party's consents, from first up to end; the new end of what
 * is kept, which began at kept. */
static uint32_t keep_party(struct fold *fold, uint32_t first, uint32_t end, uint32_t kept)
{
    struct fold_consent *consents = fold->sum.consents;
    memset(fold->seeds, 0, fold->graph.len * sizeof(*fold->seeds));
    for (uint32_t i = first; i < end; i++)
        fold->seeds[consents[i].node] = true;
    fold_keep_latest(fold);
    uint32_t shown = kept;
    for (uint32_t i = first; i < end; i++) {
        if (!fold->seeds[consents[i].node])
            continue;
        consents[kept++] = consents[i];
        if (!same_value(fold, consents[kept - 1].node, consents[shown].node, "given") ||
            !same_value(fold, consents[kept - 1].node, consents[shown].node, "fields"))
            fold->sum.has_consent_conflict = true;
    }
    return kept;
}

static void keep_latest_consents(struct fold *fold)
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

static void sum_consents(struct fold *fold)
{
    struct fold_sum *sum = &fold->sum;
    for (uint32_t i = 0; i < fold->graph.len; i++) {
        struct bytes value;
        if (!is_said(fold, i, "consent") || !fold_value(fold, i, "party", &value))
            continue;
        struct fold_consent *consent = &sum->consents[sum->consents_len];
        struct pack_reader reader = pack_reader_of(value);
        enum status status = pack_read_str(&reader, &consent->party, NULL);
        if (status != STATUS_OK) /* never: fold_value saw that it fits */
            continue;
        consent->node = i;
        sum->consents_len++;
    }
    if (sum->consents_len > 1)
        qsort(sum->consents, sum->consents_len, sizeof(*sum->consents), compare_consents);
    keep_latest_consents(fold);
}

/* --- triage, requests --- */

static void sum_triage(struct fold *fold)
{
    static const char *const names[] = {"solvable", "danger", "beyond", "decision",
                                        "reason"};
    struct fold_sum *sum = &fold->sum;
    for (uint32_t i = 0; i < fold->graph.len; i++)
        fold->seeds[i] = is_said(fold, i, "triage");
    fold_keep_latest(fold);
    for (uint32_t i = 0; i < fold->graph.len; i++)
        if (fold->seeds[i])
            sum->triage = i;
    for (uint32_t i = 0; i < fold->graph.len; i++)
        for (size_t n = 0; fold->seeds[i] && n < sizeof(names) / sizeof(names[0]); n++)
            if (!same_value(fold, i, sum->triage, names[n]))
                sum->has_triage_conflict = true;
}

enum status case_sum(struct fold *fold)
{
    struct fold_sum *sum = &fold->sum;
    size_t fields = 0;
    for (uint32_t i = 0; i < fold->graph.len; i++)
        fields += fold_op(fold, i)->fields_len;
    sum->writes = calloc(fields + fold->graph.len + 1, sizeof(*sum->writes));
    sum->consents = calloc(fold->graph.len, sizeof(*sum->consents));
    if (sum->writes == NULL || sum->consents == NULL)
        return STATUS_NO_MEMORY;
    for (size_t i = 0; i < REGISTERS; i++)
        sum_register(fold, registers[i]);
    sum_consents(fold);
    sum_triage(fold);
    for (uint32_t i = 0; i < fold->graph.len; i++)
        if (is_said(fold, i, "request"))
            sum->request = i;
    sum->state = lifecycle_state_text(case_state_before(fold, GRAPH_NONE).state);
    fold->holder_states[0] = sum->state;
    return STATUS_OK;
}
