/*
 * A section that is whole: does it stand in its place, belong into this file, and had
 * each author the right? Only judged records take part. What is told of it is kept, its
 * records are forgotten; those of a charter stay, folded.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/evidence_parts.h"
#include "node/cases/charter.h"
#include "node/cases/fold.h"

/* ---- its place ---- */

static void check_count(struct evidence *evidence, struct evidence_section *section)
{
    if (section->is_said && section->said != section->entries)
        evidence_fail_section(evidence, section, "it says %llu records and has %llu",
                              (unsigned long long)section->said,
                              (unsigned long long)section->entries);
    else if (section->entries == 0)
        evidence_fail_section(evidence, section, "it has no records");
}

/* Charters first, then all others, both in ascending order: so that none stands twice,
 * though nobody remembers them. */
static bool check_turn(struct evidence *evidence, struct evidence_section *section)
{
    bool is_charter = section->kind == SCOPE_CHARTER;
    bool had = is_charter ? evidence->has_charter : evidence->has_other;
    struct id *last = is_charter ? &evidence->last_charter : &evidence->last_other;
    if (is_charter && evidence->has_other) {
        evidence_fail_section(evidence, section, "a charter stands behind other scopes");
        return false;
    }
    if (had && id_compare(&section->scope, last) <= 0) {
        evidence_fail_section(evidence, section,
                              "a scope stands behind a higher one, or twice");
        return false;
    }
    *last = section->scope;
    if (is_charter)
        evidence->has_charter = true;
    else
        evidence->has_other = true;
    return true;
}

static bool has_room(struct evidence *evidence, struct evidence_section *section)
{
    if (section->kind != SCOPE_CHARTER ||
        (evidence->charters_len < EVIDENCE_SITES_MAX &&
         evidence->charters_ops + section->len <= EVIDENCE_CHARTERS_OPS_MAX))
        return true;
    evidence_fail_section(evidence, section,
                          "there are more charters than %u, or more records in them "
                          "than %u",
                          EVIDENCE_SITES_MAX, EVIDENCE_CHARTERS_OPS_MAX);
    return false;
}

/* ---- its heads ---- */

static int compare_ids(const void *a, const void *b)
{
    return id_compare(a, b);
}

static bool list_heads(const struct evidence_section *section,
                       struct evidence_scope *scope)
{
    uint32_t len = 0;
    for (uint32_t i = 0; i < section->len; i++)
        len += !section->records[i].is_built_on;
    scope->heads = calloc(len, sizeof(*scope->heads));
    if (!scope->heads)
        return false;
    for (uint32_t i = 0; i < section->len; i++) {
        if (!section->records[i].is_built_on)
            scope->heads[scope->heads_len++] = section->records[i].id;
    }
    qsort(scope->heads, len, sizeof(*scope->heads), compare_ids);
    scope_digest(&scope->digest, &scope->id, scope->heads, len);
    if (len > EVIDENCE_HEADS_TOLD) {
        free(scope->heads);
        scope->heads = NULL;
    }
    return true;
}

/* ---- does it belong here? ---- */

static bool belongs(const struct evidence_head *head, const struct evidence_scope *scope)
{
    bool is_named = id_equal(&scope->id, &head->named);
    if (scope->kind == SCOPE_CHARTER)
        return !is_named || head->about == EVIDENCE_SITE ||
               head->about == EVIDENCE_PERIOD;
    switch (head->about) {
    case EVIDENCE_ESCALATION:
        return is_named && scope->kind == SCOPE_ESCALATION;
    case EVIDENCE_CASE:
        return is_named && scope->kind == SCOPE_CASE;
    default:
        return !is_named &&
               (scope->kind == SCOPE_ESCALATION || scope->kind == SCOPE_CASE);
    }
}

static bool check_scope(struct evidence *evidence, struct evidence_section *section,
                        const struct evidence_scope *scope)
{
    bool is_named = id_equal(&scope->id, &evidence->head.named);
    if (belongs(&evidence->head, scope)) {
        evidence->passed[CHECK_SCOPE] += section->len;
        return true;
    }
    evidence_fail_record(
        evidence, CHECK_SCOPE, section, 0,
        is_named ? "what the head names is a scope of another kind"
        : scope->kind == SCOPE_ESCALATION
            ? "it founds another escalation than the one in the file's head"
            : "it founds a scope that does not belong here");
    return false;
}

/* Of evidence about a site: may that site hold this scope? */
static void check_site(struct evidence *evidence, struct evidence_section *section,
                       const struct fold_result *result)
{
    const struct evidence_head *head = &evidence->head;
    bool is_held = result->kind == SCOPE_CASE && id_equal(&result->site, &head->named);
    if (head->about != EVIDENCE_SITE && head->about != EVIDENCE_PERIOD)
        return;
    for (uint32_t i = 0; i < result->held_len; i++)
        is_held = is_held || id_equal(&result->held[i], &head->named);
    if (!is_held)
        evidence_fail_record(evidence, CHECK_SCOPE, section, 0,
                             "the site in the file's head does not hold it");
}

/* ---- the rights ---- */

struct judging {
    const struct evidence *evidence;
    struct evidence_section *section;
};

static const struct op *op_at(void *context, size_t i)
{
    const struct judging *judging = context;
    return evidence_section_op(judging->section, (uint32_t)i);
}

static struct charter *charter_of(void *context, const struct id *head)
{
    const struct judging *judging = context;
    return evidence_charter_of(judging->evidence, head);
}

static void check_effects(struct evidence *evidence, struct evidence_section *section,
                          const struct fold_result *result)
{
    for (uint32_t i = 0; i < result->effects_len; i++) {
        const struct fold_effect *effect = &result->effects[i];
        if (effect->effect == EFFECT_YES)
            evidence->passed[CHECK_EFFECT]++;
        else if (effect->effect == EFFECT_RECALLED)
            evidence->without_effect++; /* rightly said, before it was known */
        else
            evidence_fail_record(evidence, CHECK_EFFECT, section,
                                 evidence_find(&section->index, &effect->op),
                                 "without effect: %s", effect_text(effect->effect));
    }
}

static void judge_rights(struct evidence *evidence, struct evidence_section *section,
                         struct evidence_scope *scope)
{
    struct judging judging = {evidence, section};
    struct fold_input input = {
        .len = section->len,
        .charter_of = charter_of,
        .context = &judging,
        .op_at = op_at,
        .is_effects_only = true,
    };
    struct fold_result result = {0};
    enum status status = fold_scope(&input, &result);
    if (status == STATUS_NO_MEMORY) {
        evidence->failed_memory = true;
    } else if (status != STATUS_OK) { /* never: order, scope and time of each hold */
        evidence_fail_record(evidence, CHECK_EFFECT, section, 0,
                             "the scope cannot be folded: %s", status_text(status));
    } else {
        check_effects(evidence, section, &result);
        check_site(evidence, section, &result);
        if (scope->kind == SCOPE_ESCALATION)
            evidence_note_exception(evidence, section, &result, &scope->exception);
        if (evidence->looker)
            evidence->looker->look(evidence->looker->context, evidence, section, scope);
    }
    fold_result_deinit(&result);
}

/* ---- the whole ---- */

/* Takes what scope owns. */
static void tell(struct evidence *evidence, struct evidence_scope *scope)
{
    void *items = evidence->scopes;
    bool is_told = scope->charter ||
                   evidence->scopes_len - evidence->charters_len < EVIDENCE_SCOPES_TOLD;
    if (is_told && !evidence_grow(&items, sizeof(*evidence->scopes), evidence->scopes_len,
                                  &evidence->scopes_capacity)) {
        evidence->failed_memory = true;
        is_told = false;
    }
    if (is_told) {
        evidence->scopes = items;
        evidence->scopes[evidence->scopes_len++] = *scope;
        evidence->charters_len += scope->kind == SCOPE_CHARTER;
        return;
    }
    evidence->scopes_untold++;
    charter_free(scope->charter);
    free(scope->heads);
    free(scope->exception.reason);
}

static void judge_scope(struct evidence *evidence, struct evidence_section *section)
{
    struct evidence_scope scope = {.id = section->scope,
                                   .kind = section->kind,
                                   .len = section->len,
                                   .offset = section->records[0].offset};
    memcpy(scope.author, evidence_section_op(section, 0)->author, sizeof(scope.author));
    if (!list_heads(section, &scope)) {
        evidence->failed_memory = true;
        return;
    }
    bool does_belong = check_scope(evidence, section, &scope);
    if (does_belong && scope.kind == SCOPE_CHARTER)
        evidence_judge_charter(evidence, section, &scope);
    else if (does_belong)
        judge_rights(evidence, section, &scope);
    else if (scope.kind == SCOPE_CHARTER)
        evidence_pass_charter(evidence, section);
    tell(evidence, &scope);
}

void evidence_judge(struct evidence *evidence, struct evidence_section *section)
{
    if (!section->is_open || evidence->failed_memory)
        return;
    evidence->is_named_here =
        evidence->is_named_here || id_equal(&section->scope, &evidence->head.named);
    check_count(evidence, section);
    bool is_in_turn = section->is_founded && check_turn(evidence, section);
    section->is_open = false;
    if (section->len == 0) /* what it has fails, and is named */
        return;
    if (!section->is_too_large && is_in_turn && has_room(evidence, section)) {
        judge_scope(evidence, section);
    } else {
        evidence->not_judged += section->len;
        if (section->kind == SCOPE_CHARTER)
            evidence_pass_charter(evidence, section);
    }
    evidence->passed[CHECK_SECTION] += !section->has_failed;
}
