/*
 * One pass judges the ops in order of (time, id), so that everything beneath an op is
 * judged before it. Where keys were revoked, passes are repeated: each finds the covers
 * with effect, the covered ops only grow, and it ends when a pass adds none.
 */
#include "node/cases/fold.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "node/cases/fold_state.h"

/* --- for the other files of this noun --- */

const struct id *fold_site(const struct fold *fold, uint32_t node)
{
    struct charter *charter = fold->ops[node].charter;
    return charter == NULL ? NULL : charter_site(charter);
}

const struct op *fold_op(const struct fold *fold, uint32_t node)
{
    return op_source_at(&fold->source, fold->graph.nodes[node].source);
}

bool fold_is_kind(const struct fold *fold, uint32_t node, const char *kind)
{
    const struct schema_kind *known = fold->ops[node].kind;
    return known != NULL && strcmp(known->name, kind) == 0;
}

bool fold_value_of(const struct fold *fold, uint32_t node, const struct op_field *field,
                   struct bytes *value)
{
    const struct schema_field *entry = schema_field(fold->ops[node].kind, field->name);
    assert(entry != NULL); /* or the op would be without effect */
    if (field->is_shown && schema_value_fits(entry, field->value)) {
        *value = field->value;
        return true;
    }
    for (uint32_t i = 0; i < fold->openings_len; i++) {
        const struct fold_opening *opening = &fold->openings[i];
        if (opening->node == node && bytes_equal(opening->name, field->name) &&
            schema_value_fits(entry, opening->value)) {
            *value = opening->value;
            return true;
        }
    }
    return false;
}

bool fold_value(const struct fold *fold, uint32_t node, const char *name,
                struct bytes *value)
{
    const struct op_field *field = op_field(fold_op(fold, node), name);
    return field != NULL && fold_value_of(fold, node, field, value);
}

bool fold_is_same(const struct fold *fold, uint32_t a, uint32_t b, const char *name)
{
    struct bytes one = {0}, other = {0};
    bool has_one = fold_value(fold, a, name, &one);
    bool has_other = fold_value(fold, b, name, &other);
    return has_one == has_other && bytes_equal(one, other);
}

bool fold_is_holder(const struct fold *fold, const struct id *site)
{
    for (uint32_t i = 0; i < fold->holders_len; i++)
        if (id_equal(&fold->holders[i].site, site))
            return true;
    return false;
}

void fold_add_holder(struct fold *fold, const struct id *site, uint32_t classes)
{
    uint32_t at = 0;
    while (at < fold->holders_len && id_compare(&fold->holders[at].site, site) < 0)
        at++;
    if (at < fold->holders_len && id_equal(&fold->holders[at].site, site)) {
        fold->holders[at].classes |= classes;
        return;
    }
    if (fold->holders_len == HOLDERS_MAX)
        return;
    memmove(&fold->holders[at + 1], &fold->holders[at],
            (fold->holders_len - at) * sizeof(*fold->holders));
    fold->holders[at] = (struct fold_holder){*site, classes};
    fold->holders_len++;
}

/* --- who wrote it --- */

static void find_author(struct fold *fold, struct fold_op *entry, const struct op *op)
{
    if (op->authority_len == 0)
        return;
    struct charter *charter =
        fold->input->charter_of(fold->input->context, &op->authority[0]);
    if (charter == NULL)
        return;
    struct charter_right right =
        charter_right(charter, op->authority, op->authority_len, op->author);
    if (!right.is_known)
        return;
    entry->charter = charter;
    entry->roles = right.roles;
    entry->roles_unrevoked = right.roles_unrevoked;
    entry->is_frozen = right.is_frozen;
    entry->is_revoked = charter_is_revoked(charter, op->author);
}

static void read_ops(struct fold *fold)
{
    for (uint32_t i = 0; i < fold->graph.len; i++) {
        struct fold_op *entry = &fold->ops[i];
        const struct op *op = fold_op(fold, i);
        entry->kind = schema_kind(op->kind);
        entry->form = schema_check_op(op);
        entry->step = lifecycle_step(op);
        if (entry->form == EFFECT_YES &&
            (!schema_belongs(entry->kind, fold->kind) ||
             !schema_fits_founding(entry->kind, fold->ops[0].kind)))
            entry->form = EFFECT_WRONG_SCOPE;
        find_author(fold, entry, op);
        fold->may_lapse = fold->may_lapse || entry->is_frozen || entry->is_revoked ||
                          entry->roles != entry->roles_unrevoked ||
                          fold_is_kind(fold, i, "recall");
    }
    fold->site = fold_site(fold, 0);
}

/* --- judging --- */

/* The founding op itself may be the one that waits for a cover. */
static bool is_founded(const struct fold *fold, uint32_t node)
{
    enum effect founding = fold->ops[0].effect;
    return node == 0 || founding == EFFECT_YES ||
           (founding == EFFECT_REVOKED && fold_is_kind(fold, node, "cover"));
}

static enum effect judge(struct fold *fold, uint32_t node)
{
    const struct fold_op *entry = &fold->ops[node];
    if (entry->form != EFFECT_YES)
        return entry->form;
    if (!is_founded(fold, node))
        return EFFECT_NOT_FOUNDED;
    if (entry->charter == NULL)
        return EFFECT_NO_AUTHORITY;
    if (entry->is_frozen && !fold->is_unrevoked)
        return EFFECT_FROZEN;
    if (entry->is_revoked && !entry->is_covered && !fold->is_unrevoked)
        return EFFECT_REVOKED;
    bool is_own = id_equal(charter_site(entry->charter), fold->site);
    if (!is_own && (fold->kind != SCOPE_ESCALATION || !escalation_holds(fold, node)))
        return EFFECT_NO_HOLDER;
    uint32_t wanted = is_own ? entry->kind->roles_own : entry->kind->roles_holder;
    uint32_t roles = fold->is_unrevoked ? entry->roles_unrevoked : entry->roles;
    if ((roles & wanted) == 0)
        return EFFECT_NO_RIGHT;
    if (entry->kind->needs_opened && !escalation_has_opened(fold, node))
        return EFFECT_NOT_OPENED;
    if (fold->kind == SCOPE_ESCALATION)
        return escalation_judge(fold, node);
    enum effect effect = case_judge(fold, node);
    if (effect == EFFECT_YES)
        effect = case_step(fold, node);
    return effect == EFFECT_YES ? case_task(fold, node) : effect;
}

static void judge_all(struct fold *fold)
{
    fold->openings_len = fold->holders_len = 0;
    if (fold->site != NULL)
        fold_add_holder(fold, fold->site,
                        fold->kind == SCOPE_CASE ? CLASS_ALL | CLASS_OWN : CLASS_ALL);
    for (uint32_t i = 0; i < fold->graph.len; i++) {
        if (fold->kind == SCOPE_ESCALATION)
            escalation_begin(fold, i);
        fold->ops[i].effect = judge(fold, i);
        if (fold->kind == SCOPE_ESCALATION)
            escalation_end(fold, i);
        if (fold->is_unrevoked)
            escalation_held_note(fold, i);
    }
}

/* Who may hold an escalation for good is judged first; what has effect overwrites it. */
static void judge_unrevoked(struct fold *fold)
{
    if (fold->kind != SCOPE_ESCALATION || !fold->may_lapse)
        return;
    fold->is_unrevoked = true;
    judge_all(fold);
    fold->is_unrevoked = false;
}

/* A cover by somebody who is revoked himself has effect where another stands by it. */
static void judge_until_settled(struct fold *fold)
{
    judge_all(fold);
    while (fold_cover_more(fold))
        judge_all(fold);
    if (recall_settle(fold))
        judge_all(fold);
    if (fold->ops[0].effect == EFFECT_YES)
        return;
    for (uint32_t i = 1; i < fold->graph.len; i++)
        if (fold->ops[i].effect == EFFECT_YES)
            fold->ops[i].effect = EFFECT_NOT_FOUNDED;
}

/* --- the result --- */

static int compare_heads(const void *a, const void *b)
{
    return id_compare(a, b);
}

static enum status list_heads(const struct graph *graph, struct fold_result *out)
{
    out->heads = calloc(graph->len, sizeof(*out->heads));
    if (out->heads == NULL)
        return STATUS_NO_MEMORY;
    for (uint32_t i = 0; i < graph->len; i++)
        if (graph->nodes[i].is_head)
            out->heads[out->heads_len++] = graph->nodes[i].id;
    qsort(out->heads, out->heads_len, sizeof(*out->heads), compare_heads);
    return STATUS_OK;
}

static enum status list_effects(const struct fold *fold, struct fold_result *out)
{
    out->effects = calloc(fold->graph.len, sizeof(*out->effects));
    if (out->effects == NULL)
        return STATUS_NO_MEMORY;
    for (uint32_t i = 0; i < fold->graph.len; i++)
        out->effects[i] =
            (struct fold_effect){fold->graph.nodes[i].id, fold->ops[i].effect};
    out->effects_len = fold->graph.len;
    return STATUS_OK;
}

static enum status sum_up(struct fold *fold)
{
    fold->sum = (struct fold_sum){
        .triage = GRAPH_NONE, .request = GRAPH_NONE, .keeper = GRAPH_NONE};
    if (fold->ops[0].effect != EFFECT_YES) {
        fold->sum.state = "refused";
        return STATUS_OK;
    }
    return fold->kind == SCOPE_CASE ? case_sum(fold) : escalation_sum(fold);
}

static enum status write_result(struct fold *fold, struct fold_result *out)
{
    enum status status = list_heads(&fold->graph, out);
    if (status != STATUS_OK)
        return status;
    status = list_effects(fold, out);
    if (status != STATUS_OK)
        return status;
    status = fold->input->is_effects_only ? STATUS_OK : sum_up(fold);
    if (status != STATUS_OK)
        return status;
    out->kind = fold->kind;
    out->is_recalled = fold->is_recalled;
    if (fold->site != NULL)
        out->site = *fold->site;
    memcpy(out->holders, fold->holders, sizeof(out->holders));
    out->holders_len = fold->holders_len;
    if (!fold->input->is_effects_only)
        view_write(fold, out->heads, out->heads_len, &out->view);
    out->held = fold->held;
    out->held_len = fold->held_len;
    fold->held = NULL;
    return buf_status(&out->view);
}

static enum status allocate(struct fold *fold)
{
    size_t len = fold->graph.len;
    fold->ops = calloc(len, sizeof(*fold->ops));
    fold->pasts = calloc(fold->kind == SCOPE_ESCALATION ? len : 1, sizeof(*fold->pasts));
    fold->openings = calloc(len, sizeof(*fold->openings));
    fold->seeds = calloc(len, sizeof(*fold->seeds));
    fold->marks = calloc(len, sizeof(*fold->marks));
    fold->before_recall = calloc(len, sizeof(*fold->before_recall));
    bool is_full = fold->ops != NULL && fold->pasts != NULL && fold->openings != NULL &&
                   fold->seeds != NULL && fold->marks != NULL &&
                   fold->before_recall != NULL;
    return is_full ? STATUS_OK : STATUS_NO_MEMORY;
}

static void fold_deinit(struct fold *fold)
{
    graph_deinit(&fold->graph);
    free(fold->ops);
    free(fold->pasts);
    free(fold->named);
    free(fold->spoke);
    free(fold->held);
    free(fold->openings);
    free(fold->seeds);
    free(fold->marks);
    free(fold->before_recall);
    free(fold->sum.writes);
    free(fold->sum.consents);
    free(fold->sum.grades);
    free(fold->sum.joints);
    free(fold->sum.triages);
}

static enum status fold_shared(const struct fold_input *input,
                               const struct op_source *source, enum scope_kind kind,
                               struct fold_result *out)
{
    struct fold fold = {.input = input, .source = *source, .kind = kind};
    enum status status = graph_init_from(&fold.graph, source);
    if (status != STATUS_OK)
        return status;
    status = allocate(&fold);
    if (status == STATUS_OK) {
        read_ops(&fold);
        status = escalation_held_begin(&fold);
    }
    if (status == STATUS_OK) {
        judge_unrevoked(&fold);
        judge_until_settled(&fold);
        status = escalation_held_end(&fold);
    }
    /* All is judged: given back before the result is made, for the sake of large scopes.
     */
    free(fold.pasts);
    fold.pasts = NULL;
    if (status == STATUS_OK)
        status = write_result(&fold, out);
    fold_deinit(&fold);
    return status;
}

/* A charter is judged by itself (charter.h). */
static enum status fold_charter(const struct fold_input *input,
                                const struct op_source *source, struct fold_result *out)
{
    struct graph graph;
    enum status status = graph_init_from(&graph, source);
    if (status != STATUS_OK)
        return status;
    struct charter *charter = NULL;
    status = charter_new_from(source, &charter);
    if (status != STATUS_OK)
        goto free_graph;
    out->kind = SCOPE_CHARTER;
    out->site = *charter_site(charter);
    out->holders[0] = (struct fold_holder){out->site, CLASS_ALL};
    out->holders_len = 1;
    status = list_heads(&graph, out);
    if (status != STATUS_OK)
        goto free_charter;
    out->effects = calloc(graph.len, sizeof(*out->effects));
    out->held = malloc(sizeof(*out->held));
    if (out->effects == NULL || out->held == NULL) {
        status = STATUS_NO_MEMORY;
        goto free_charter;
    }
    out->held[out->held_len++] = out->site;
    out->effects_len = graph.len;
    for (uint32_t i = 0; i < graph.len; i++)
        out->effects[i] = (struct fold_effect){
            graph.nodes[i].id, charter_effect(charter, &graph.nodes[i].id)};
    if (!input->is_effects_only)
        charter_view(charter, &out->view);
    status = buf_status(&out->view);
free_charter:
    charter_free(charter);
free_graph:
    graph_deinit(&graph);
    return status;
}

static enum scope_kind kind_of(const struct op_source *source)
{
    for (size_t i = 0; i < source->len; i++) {
        const struct op *op = op_source_at(source, i);
        if (op->is_founding)
            return schema_founds(op);
    }
    return 0;
}

enum status fold_scope(const struct fold_input *input, struct fold_result *out)
{
    *out = (struct fold_result){0};
    const struct op_source source = {input->len, input->ops, input->op_at,
                                     input->context};
    enum scope_kind kind = kind_of(&source);
    enum status status = kind == SCOPE_CHARTER ? fold_charter(input, &source, out)
                                               : fold_shared(input, &source, kind, out);
    if (status != STATUS_OK)
        fold_result_deinit(out);
    return status;
}

void fold_result_deinit(struct fold_result *result)
{
    free(result->heads);
    free(result->effects);
    free(result->held);
    buf_deinit(&result->view);
    *result = (struct fold_result){0};
}

enum effect fold_effect_of(const struct fold_result *result, const struct id *op)
{
    for (uint32_t i = 0; i < result->effects_len; i++)
        if (id_equal(&result->effects[i].op, op))
            return result->effects[i].effect;
    return EFFECT_NO_AUTHORITY;
}
