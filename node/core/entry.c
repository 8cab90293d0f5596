#include "node/core/entry.h"

#include <stdlib.h>

#include "crypto/digest.h"
#include "node/cases/fold.h"
#include "node/core/admit.h"
#include "node/core/charters.h"
#include "node/core/scope_ops.h"
#include "node/core/state.h"

void entry_token(struct id *out, const struct id *scope)
{
    digest_of(out->bytes, "fengqiao/1/entry", scope->bytes, ID_SIZE);
}

/* --- is it ours? --- */

struct piece {
    struct id id;
    uint64_t time;
    bool is_whole; /* and so is everything beneath it */
};

static int compare_pieces(const void *a, const void *b)
{
    return id_compare(&((const struct piece *)a)->id, &((const struct piece *)b)->id);
}

static struct piece *find_piece(struct piece *pieces, size_t len, const struct id *id)
{
    const struct piece key = {.id = *id};
    return bsearch(&key, pieces, len, sizeof(*pieces), compare_pieces);
}

static bool is_whole(struct piece *pieces, size_t len, const struct op *op)
{
    uint64_t time = 1;
    if (op->is_founding)
        return true; /* nothing is beneath it, and its time is 1 or it is no op */
    for (uint32_t i = 0; i < op->parents_len; i++) {
        const struct piece *parent = find_piece(pieces, len, &op->parents[i]);
        if (parent == NULL || !parent->is_whole)
            return false;
        if (parent->time >= time)
            time = parent->time + 1;
    }
    return op->time == time;
}

/* Fills whole with the ops that lack nothing beneath, which is what a fold takes: so a
 * stray op that somebody adds keeps nobody out. Ops come in order of time. */
static size_t keep_whole(const struct scope_ops *ops, struct piece *pieces,
                         const struct op **whole)
{
    size_t len = 0;
    for (size_t i = 0; i < ops->len; i++)
        pieces[i] = (struct piece){.id = ops->ops[i]->id, .time = ops->ops[i]->time};
    qsort(pieces, ops->len, sizeof(*pieces), compare_pieces);
    for (size_t i = 0; i < ops->len; i++) {
        if (!is_whole(pieces, ops->len, ops->ops[i]))
            continue;
        find_piece(pieces, ops->len, &ops->ops[i]->id)->is_whole = true;
        whole[len++] = ops->ops[i];
    }
    return len;
}

static bool holds(const struct fold_result *result, const struct id *site)
{
    for (uint32_t i = 0; i < result->held_len; i++)
        if (id_equal(&result->held[i], site))
            return true;
    return false;
}

/* The same fold that judges the graph says whether our site may hold what waits. */
static enum status is_ours(struct core *core, const struct id *scope, bool *ours)
{
    struct scope_ops ops;
    *ours = false;
    enum status status = scope_ops_load_waiting(&ops, core->store, scope);
    if (status != STATUS_OK)
        return status;
    struct piece *pieces = calloc(ops.len + 1, sizeof(*pieces));
    const struct op **whole = calloc(ops.len + 1, sizeof(*whole));
    if (pieces == NULL || whole == NULL) {
        status = STATUS_NO_MEMORY;
        goto free_all;
    }
    struct fold_input input = {.ops = whole,
                               .len = keep_whole(&ops, pieces, whole),
                               .charter_of = charters_of_head,
                               .context = core,
                               .is_effects_only = true};
    struct fold_result result;
    if (input.len == 0) /* never: the founding op is there, and whole */
        goto free_all;
    status = fold_scope(&input, &result);
    if (status == STATUS_OK) {
        *ours = holds(&result, &core->site);
        fold_result_deinit(&result);
    }
free_all:
    free(pieces);
    free(whole);
    scope_ops_deinit(&ops);
    return status;
}

/* --- the end of a round --- */

static enum status collect_id(void *context, const struct id *id)
{
    id_list_push(context, id);
    return STATUS_OK;
}

static enum status collect_op(void *context, const struct store_op *row)
{
    return collect_id(context, &row->id);
}

static enum status forget(struct core *core, const struct id *scope)
{
    struct id_list ops = {0};
    enum status status = store_ops_waiting(core->store, scope, collect_op, &ops);
    for (uint32_t i = 0; status == STATUS_OK && i < ops.len; i++)
        status = store_op_remove_waiting(core->store, &ops.ids[i]);
    core_trace(core, "forgot ops=%u of a scope that is not ours", ops.len);
    if (ops.failed)
        status = STATUS_NO_MEMORY;
    id_list_deinit(&ops);
    return status;
}

static enum status settle_scope(struct core *core, const struct id *scope)
{
    bool ours = false;
    struct store_place place;
    enum status status = store_op_find(core->store, scope, &place);
    bool is_placed = status == STATUS_OK && !place.waits; /* never: it has a kind then */
    if (is_placed) /* never: what has a place has a kind */
        return STATUS_OK;
    if (status == STATUS_OK)
        status = is_ours(core, scope, &ours);
    if (status != STATUS_OK && status != STATUS_NOT_FOUND)
        return status;
    if (!ours)
        return forget(core, scope);
    struct id token;
    entry_token(&token, scope);
    return admit_settle(core, &token);
}

enum status entry_settle(struct core *core)
{
    struct id_list scopes = {0};
    enum status status = store_scopes_unfounded(core->store, collect_id, &scopes);
    if (status == STATUS_OK && scopes.failed)
        status = STATUS_NO_MEMORY;
    for (uint32_t i = 0; status == STATUS_OK && i < scopes.len; i++)
        status = settle_scope(core, &scopes.ids[i]);
    id_list_deinit(&scopes);
    return core_check(core, status);
}
