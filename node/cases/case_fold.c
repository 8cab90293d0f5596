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

/* --- registers
 * ------------------------------------------------------------------------------ */

static bool writes_differ(const struct fold_write *writes, uint32_t len)
{
    for (uint32_t i = 1; i < len; i++)
        if (writes[i].is_shown != writes[0].is_shown ||
            !bytes_equal(writes[i].value, writes[0].value))
            return true;
    return false;
}

static void sum_register(struct fold *fold, const char *name)
{
    struct fold_sum *sum = &fold->sum;
    struct fold_register entry = {.name = name, .first = sum->writes_len};
    struct fold_write *writes = &sum->writes[entry.first];
    for (uint32_t i = 0; i < fold->graph.len; i++) {
        if (!is_said(fold, i, "case-new") && !is_said(fold, i, "set"))
            continue;
        if (op_field(fold->ops[i].op, name) == NULL)
            continue;
        struct fold_write write = {.node = i};
        write.is_shown = fold_value(fold, i, name, &write.value);
        fold_add_write(fold, writes, &entry.len, &write);
    }
    if (entry.len == 0)
        return;
    entry.is_conflict = writes_differ(writes, entry.len);
    sum->writes_len += entry.len;
    sum->registers[sum->registers_len++] = entry;
}

/* --- consents: a register for each party
 * ------------------------------------------------------ */

static int compare_consents(const void *a, const void *b)
{
    const struct fold_consent *one = a, *other = b;
    int order = bytes_compare(one->party, other->party);
    if (order != 0)
        return order;
    return one->node < other->node ? 1 : -1; /* newest first */
}

static bool same_value(const struct fold *fold, uint32_t a, uint32_t b, const char *name)
{
    struct bytes one = {0}, other = {0};
    bool has_one = fold_value(fold, a, name, &one);
    bool has_other = fold_value(fold, b, name, &other);
    return has_one == has_other && bytes_equal(one, other);
}

/* Newest first: what supersedes an entry was kept, or is superseded itself by one that
 * was kept. */
static bool is_superseded(struct fold *fold, uint32_t kept,
                          const struct fold_consent *consent)
{
    const struct fold_consent *consents = fold->sum.consents;
    for (; kept > 0 && bytes_equal(consents[kept - 1].party, consent->party); kept--)
        if (graph_is_before(&fold->graph, consent->node, consents[kept - 1].node))
            return true;
    return false;
}

static void keep_newest(struct fold *fold)
{
    struct fold_sum *sum = &fold->sum;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < sum->consents_len; i++)
        if (!is_superseded(fold, kept, &sum->consents[i]))
            sum->consents[kept++] = sum->consents[i];
    sum->consents_len = kept;
    for (uint32_t i = 1; i < kept; i++) {
        const struct fold_consent *consent = &sum->consents[i], *shown = consent - 1;
        if (bytes_equal(consent->party, shown->party) &&
            (!same_value(fold, consent->node, shown->node, "given") ||
             !same_value(fold, consent->node, shown->node, "fields")))
            sum->has_consent_conflict = true;
    }
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
        if (pack_read_str(&reader, &consent->party, NULL) != STATUS_OK)
            continue;
        consent->node = i;
        sum->consents_len++;
    }
    if (sum->consents_len > 1)
        qsort(sum->consents, sum->consents_len, sizeof(*sum->consents), compare_consents);
    keep_newest(fold);
}

/* --- triage, requests, state
 * ------------------------------------------------------------------ */

static void sum_triage(struct fold *fold)
{
    static const char *const names[] = {"solvable", "danger", "beyond", "decision",
                                        "reason"};
    struct fold_sum *sum = &fold->sum;
    struct fold_write *writes = &sum->writes[sum->writes_len];
    uint32_t len = 0;
    for (uint32_t i = 0; i < fold->graph.len; i++)
        if (is_said(fold, i, "triage"))
            fold_add_write(fold, writes, &len, &(struct fold_write){.node = i});
    if (len == 0)
        return;
    sum->triage = writes[len - 1].node;
    for (uint32_t i = 0; i + 1 < len; i++)
        for (size_t n = 0; n < sizeof(names) / sizeof(names[0]); n++)
            if (!same_value(fold, writes[i].node, sum->triage, names[n]))
                sum->has_triage_conflict = true;
}

/* Closed by an op that has seen everything that keeps the case open. */
static bool is_closed_by(struct fold *fold, uint32_t close)
{
    for (uint32_t i = 0; i < fold->graph.len; i++)
        if (has_effect(fold, i) && fold->ops[i].kind->keeps_open &&
            !graph_is_past(&fold->graph, i, close))
            return false;
    return true;
}

static void sum_state(struct fold *fold)
{
    const struct schema_kind *open = fold->ops[0].kind;
    for (uint32_t i = 0; i < fold->graph.len; i++) {
        const struct schema_kind *kind = fold->ops[i].kind;
        if (!has_effect(fold, i) || kind->state == NULL)
            continue;
        if (op_is_kind(fold->ops[i].op, "close")) {
            if (!is_closed_by(fold, i))
                continue;
            fold->sum.state = kind->state;
            return;
        }
        if (kind->state_rank > open->state_rank)
            open = kind;
    }
    fold->sum.state = open->state;
}

enum status case_sum(struct fold *fold)
{
    struct fold_sum *sum = &fold->sum;
    size_t fields = 0;
    for (uint32_t i = 0; i < fold->graph.len; i++)
        fields += fold->ops[i].op->fields_len;
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
    sum_state(fold);
    fold->holder_states[0] = sum->state;
    return STATUS_OK;
}
