/*
 * What the ops of a case add up to: registers, triage, state.
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
            sum->triages[sum->triages_len++] = sum->triage = i;
    for (uint32_t i = 0; i < fold->graph.len; i++)
        for (size_t n = 0; fold->seeds[i] && n < sizeof(names) / sizeof(names[0]); n++)
            if (!fold_is_same(fold, i, sum->triage, names[n]))
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
    sum->triages = calloc(fold->graph.len, sizeof(*sum->triages));
    if (sum->writes == NULL || sum->consents == NULL || sum->triages == NULL)
        return STATUS_NO_MEMORY;
    for (size_t i = 0; i < REGISTERS; i++)
        sum_register(fold, registers[i]);
    if (fold->ops[0].kind->of == MATTER_CARD)
        card_sum(fold);
    consent_sum(fold);
    sum_triage(fold);
    for (uint32_t i = 0; i < fold->graph.len; i++)
        if (is_said(fold, i, "request"))
            sum->request = i;
    sum->state = lifecycle_state_text(case_state_before(fold, GRAPH_NONE).state);
    sum->keeper = case_keeper(fold, GRAPH_NONE);
    fold->holder_states[0] = sum->state;
    return STATUS_OK;
}
