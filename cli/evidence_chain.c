/*
 * What the records of an evidence file say together: the charters, the links between the
 * sites, and whether each author had the right. Only judged records take part.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "cli/evidence_parts.h"
#include "cli/parallel.h"
#include "node/cases/charter.h"
#include "node/cases/fold.h"

/* by_scope. */
static bool sort_by_scope(struct evidence *evidence)
{
    evidence->by_scope =
        calloc((size_t)evidence->records_len + 1, sizeof(*evidence->by_scope));
    if (!evidence->by_scope)
        return false;
    uint32_t first = 0;
    for (uint32_t i = 0; i < evidence->scopes_len; i++) {
        evidence->scopes[i].first = first;
        first += evidence->scopes[i].len;
        evidence->scopes[i].len = 0;
    }
    for (uint32_t i = 0; i < evidence->records_len; i++) {
        if (!evidence->records[i].is_judged)
            continue;
        struct evidence_scope *scope = &evidence->scopes[evidence->records[i].scope];
        evidence->by_scope[scope->first + scope->len++] = i;
    }
    return true;
}

static int compare_ids(const void *a, const void *b)
{
    return id_compare(a, b);
}

static bool list_heads(struct evidence *evidence, struct evidence_scope *scope)
{
    const uint32_t *numbers = evidence->by_scope + scope->first;
    uint32_t len = 0;
    for (uint32_t i = 0; i < scope->len; i++)
        len += !evidence->records[numbers[i]].is_built_on;
    scope->heads = calloc(len, sizeof(*scope->heads));
    if (!scope->heads)
        return false;
    for (uint32_t i = 0; i < scope->len; i++) {
        const struct evidence_record *record = &evidence->records[numbers[i]];
        if (!record->is_built_on)
            scope->heads[scope->heads_len++] = record->id;
    }
    qsort(scope->heads, len, sizeof(*scope->heads), compare_ids);
    scope_digest(&scope->digest, &evidence->records[scope->founding].id, scope->heads,
                 len);
    return true;
}

/* Is this scope one that belongs into this file: a charter, or what the head names? */
static bool belongs(const struct evidence *evidence, const struct evidence_scope *scope)
{
    bool is_ours = id_equal(&evidence->records[scope->founding].id, &evidence->scope);
    return scope->kind == (is_ours ? SCOPE_ESCALATION : SCOPE_CHARTER);
}

static bool check_scope(struct evidence *evidence, const struct evidence_scope *scope)
{
    if (belongs(evidence, scope)) {
        evidence->passed[CHECK_SCOPE] += scope->len;
        return true;
    }
    evidence_fail_record(
        evidence, CHECK_SCOPE, scope->founding,
        scope->kind == SCOPE_ESCALATION
            ? "it founds another escalation than the one in the file's head"
            : "it founds a scope that does not belong here");
    return false;
}

/* The judged ops of one scope, for whoever folds it. */
struct scope_ops {
    const struct evidence *evidence;
    const struct evidence_scope *scope;
    struct evidence_held *held;
};

static const struct op *op_at(void *context, size_t i)
{
    const struct scope_ops *ops = context;
    return evidence_op(ops->evidence, ops->held,
                       ops->evidence->by_scope[ops->scope->first + i]);
}

/* Looks at nothing but this scope: several at a time. */
static void fold_charter(void *context, uint32_t i)
{
    struct evidence *evidence = context;
    struct evidence_scope *scope = &evidence->scopes[i];
    if (scope->kind != SCOPE_CHARTER || !belongs(evidence, scope))
        return;
    struct scope_ops ops = {evidence, scope, evidence_held_new()};
    const struct op_source source = {.len = scope->len, .op_at = op_at, .context = &ops};
    scope->folded =
        ops.held ? charter_new_from(&source, &scope->charter) : STATUS_NO_MEMORY;
    evidence_held_free(ops.held);
}

static void check_charter(struct evidence *evidence, const struct evidence_scope *scope)
{
    enum status status = scope->folded;
    if (status == STATUS_NO_MEMORY) {
        evidence->failed_memory = true;
        return;
    }
    if (status != STATUS_OK) { /* never: order, scope and time of each record hold */
        evidence_fail_record(evidence, CHECK_CHARTER, scope->founding,
                             "the charter cannot be folded: %s", status_text(status));
        return;
    }
    if (!charter_is_sound(scope->charter)) {
        const struct id *founding = &evidence->records[scope->founding].id;
        evidence_fail_record(evidence, CHECK_CHARTER, scope->founding,
                             "the site is not rightly founded: %s",
                             effect_text(charter_effect(scope->charter, founding)));
        return;
    }
    evidence->passed[CHECK_CHARTER]++;
    for (uint32_t i = 0; i < scope->len; i++) {
        uint32_t number = evidence->by_scope[scope->first + i];
        if (charter_effect(scope->charter, &evidence->records[number].id) != EFFECT_YES)
            evidence->without_effect++;
    }
}

static struct evidence_scope *scope_of_site(struct evidence *evidence,
                                            const struct id *site)
{
    uint32_t record = evidence_find(evidence, site);
    if (record == EVIDENCE_NONE || !evidence->records[record].is_judged)
        return NULL;
    struct evidence_scope *scope = &evidence->scopes[evidence->records[record].scope];
    return scope->charter && scope->founding == record ? scope : NULL;
}

/* The other half: who is named here as parent names this site as child, or the other way
 * round. */
static bool is_confirmed(const struct charter *here, const struct charter_link *link,
                         const struct charter *there)
{
    const struct charter_link *back = charter_link(there, charter_site(here));
    return back && back->is_parent != link->is_parent;
}

/* From the trusted site along the links. Every step is a statement of a site that is
 * reached about its neighbour, confirmed by the neighbour. */
static bool reach(struct evidence *evidence, struct evidence_scope *root)
{
    struct evidence_scope **queue =
        calloc((size_t)evidence->scopes_len + 1, sizeof(struct evidence_scope *));
    if (!queue)
        return false;
    uint32_t queued = 0;
    root->is_reached = true;
    queue[queued++] = root;
    for (uint32_t i = 0; i < queued; i++) {
        size_t len;
        const struct charter_link *links = charter_links(queue[i]->charter, &len);
        for (size_t n = 0; n < len; n++) {
            struct evidence_scope *next = scope_of_site(evidence, &links[n].site);
            if (next && !next->is_reached &&
                is_confirmed(queue[i]->charter, &links[n], next->charter)) {
                next->is_reached = true;
                queue[queued++] = next;
            }
        }
    }
    free(queue);
    return true;
}

static const char *why_not_reached(struct evidence *evidence,
                                   const struct evidence_scope *scope)
{
    size_t len;
    const struct charter_link *links = charter_links(scope->charter, &len);
    if (len == 0)
        return "the site is linked to no other";
    for (size_t i = 0; i < len; i++) {
        const struct evidence_scope *next = scope_of_site(evidence, &links[i].site);
        if (next && !is_confirmed(scope->charter, &links[i], next->charter))
            return "the other half of its link is not signed";
    }
    return "its links do not lead to the trusted site";
}

static void check_chain(struct evidence *evidence, const struct id *trust)
{
    struct evidence_culprit whole = {0};
    struct evidence_scope *root = scope_of_site(evidence, trust);
    if (!root) {
        evidence_fail(evidence, CHECK_CHAIN, &whole,
                      "the charter of the trusted site is not in the file, or fails");
        return;
    }
    if (!reach(evidence, root)) {
        evidence->failed_memory = true;
        return;
    }
    for (uint32_t i = 0; i < evidence->scopes_len; i++) {
        const struct evidence_scope *scope = &evidence->scopes[i];
        if (!scope->charter)
            continue;
        if (scope->is_reached) {
            evidence->passed[CHECK_CHAIN]++;
            continue;
        }
        evidence_fail_record(evidence, CHECK_CHAIN, scope->founding, "%s",
                             why_not_reached(evidence, scope));
    }
}

static struct charter *charter_of(void *context, const struct id *head)
{
    const struct evidence *evidence = ((const struct scope_ops *)context)->evidence;
    uint32_t record = evidence_find(evidence, head);
    /* What a judged record names as its authority stands before it and is judged. */
    assert(record != EVIDENCE_NONE);
    assert(evidence->records[record].is_judged);
    return evidence->scopes[evidence->records[record].scope].charter;
}

static void check_effect(struct evidence *evidence, const struct evidence_scope *scope)
{
    struct scope_ops ops = {evidence, scope, evidence->held};
    struct fold_input input = {
        .len = scope->len,
        .charter_of = charter_of,
        .context = &ops,
        .op_at = op_at,
        .is_effects_only = true,
    };
    struct fold_result result = {0};
    enum status status = fold_scope(&input, &result);
    if (status == STATUS_NO_MEMORY)
        evidence->failed_memory = true;
    else if (status != STATUS_OK) /* never: order, scope and time of each record hold */
        evidence_fail_record(evidence, CHECK_EFFECT, scope->founding,
                             "the escalation cannot be folded: %s", status_text(status));
    for (uint32_t i = 0; status == STATUS_OK && i < result.effects_len; i++) {
        const struct fold_effect *effect = &result.effects[i];
        if (effect->effect == EFFECT_YES) {
            evidence->passed[CHECK_EFFECT]++;
            continue;
        }
        if (effect->effect == EFFECT_RECALLED) { /* rightly said, before it was known */
            evidence->without_effect++;
            continue;
        }
        uint32_t record = evidence_find(evidence, &effect->op);
        evidence_fail_record(evidence, CHECK_EFFECT, record, "without effect: %s",
                             effect_text(effect->effect));
    }
    if (status == STATUS_OK)
        evidence_note_exception(evidence, scope, &result);
    fold_result_deinit(&result);
}

void evidence_check_scopes(struct evidence *evidence, const struct id *trust)
{
    struct evidence_culprit whole = {0};
    if (!evidence->has_head)
        return;
    if (!sort_by_scope(evidence)) {
        evidence->failed_memory = true;
        return;
    }
    parallel_each(evidence->scopes_len, fold_charter, evidence);
    for (uint32_t i = 0; i < evidence->scopes_len; i++) {
        struct evidence_scope *scope = &evidence->scopes[i];
        if (!list_heads(evidence, scope)) {
            evidence->failed_memory = true;
            return;
        }
        if (check_scope(evidence, scope) && scope->kind == SCOPE_CHARTER)
            check_charter(evidence, scope);
    }
    if (evidence->failed_memory)
        return;
    check_chain(evidence, trust);
    uint32_t record = evidence_find(evidence, &evidence->scope);
    if (record == EVIDENCE_NONE)
        evidence_fail(evidence, CHECK_SCOPE, &whole,
                      "the escalation that the head names is not in the file");
    else if (evidence->records[record].is_judged &&
             evidence->scopes[evidence->records[record].scope].kind == SCOPE_ESCALATION)
        check_effect(evidence, &evidence->scopes[evidence->records[record].scope]);
    else if (!evidence->records[record].is_judged)
        return; /* it fails and is named, or rests on one that is */
    else
        evidence_fail(evidence, CHECK_SCOPE, &whole,
                      "what the head names is no escalation");
}
