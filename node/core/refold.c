#include "node/core/refold.h"

#include <string.h>

#include "node/cases/fold.h"
#include "node/cases/schema.h"
#include "node/cases/view.h"
#include "node/core/charters.h"
#include "node/core/erasure.h"
#include "node/core/indexed.h"
#include "node/core/listing.h"
#include "node/core/notice.h"
#include "node/core/pair.h"
#include "node/core/pieces.h"
#include "node/core/purge.h"
#include "node/core/retention.h"
#include "node/core/scope_ops.h"
#include "node/core/shelf.h"
#include "node/core/state.h"

void refold_touch(struct core *core, const struct id *scope)
{
    if (core->touched.len > 0 &&
        id_equal(&core->touched.ids[core->touched.len - 1], scope))
        return;
    id_list_push(&core->touched, scope);
}

static enum status put_charter(struct core *core, const struct id *scope,
                               const struct scope_ops *ops)
{
    charters_forget(core, scope);
    struct charter *charter = charters_of_site(core, scope);
    if (charter == NULL)
        return core->store_status;
    struct buf view = {0};
    size_t heads_len;
    const struct id *heads = charter_heads(charter, &heads_len);
    charter_view(charter, &view);
    struct store_scope row = {
        .id = *scope,
        .kind = SCOPE_CHARTER,
        .site = *scope,
        .view = buf_bytes(&view),
        .ops_len = ops->len,
        .founded_seq = (uint64_t)ops->seq_first,
        .touched_seq = (uint64_t)ops->seq_last,
    };
    scope_digest(&row.digest, scope, heads, heads_len);
    enum status status = buf_status(&view);
    if (status == STATUS_OK)
        status = store_scope_put(core->store, &row, heads, (uint32_t)heads_len, scope, 1);
    buf_deinit(&view);
    return status;
}

static enum status put_number(struct core *core, const struct id *scope,
                              const struct op *founding)
{
    const struct schema_kind *kind = schema_kind(founding->kind);
    struct bytes number;
    if (kind->of != MATTER_CASE) /* the fold knew the kind: it is a case's scope */
        return shelf_put(core, scope, kind->of);
    if (!op_text(founding, "number", &number))
        return STATUS_OK;
    return store_number_put(core->store, scope, number);
}

static enum status put_folded(struct core *core, const struct id *scope,
                              const struct scope_ops *ops)
{
    struct fold_input input = {.ops = ops->ops,
                               .len = ops->len,
                               .charter_of = charters_of_head,
                               .context = core};
    struct fold_result result;
    enum status status = fold_scope(&input, &result);
    if (status != STATUS_OK)
        return status;
    struct store_scope row = {
        .id = *scope,
        .kind = result.kind,
        .site = result.site,
        .view = buf_bytes(&result.view),
        .ops_len = ops->len,
        .founded_seq = (uint64_t)ops->seq_first,
        .touched_seq = (uint64_t)ops->seq_last,
    };
    if (result.kind == SCOPE_CASE) {
        bool erased;
        status = erasure_apply(core, ops, &result, &erased);
        if (status != STATUS_OK || erased) {
            fold_result_deinit(&result);
            return status == STATUS_OK ? refold_scope(core, scope) : status;
        }
    }
    scope_digest(&row.digest, scope, result.heads, result.heads_len);
    status = pair_note_holders(core, scope, result.held, result.held_len);
    if (status == STATUS_OK)
        status = store_scope_put(core->store, &row, result.heads, result.heads_len,
                                 result.held, result.held_len);
    if (status == STATUS_OK)
        status = indexed_put(core, scope, row.view);
    if (status == STATUS_OK && result.kind == SCOPE_CASE)
        status = put_number(core, scope, ops->ops[0]);
    if (status == STATUS_OK)
        status = listing_put(core, ops->ops[0], buf_bytes(&result.view));
    if (status == STATUS_OK)
        status = pieces_note(core, ops, &result);
    if (status == STATUS_OK && result.kind == SCOPE_CASE)
        status = retention_note(core, scope, buf_bytes(&result.view), ops);
    fold_result_deinit(&result);
    return status;
}

static enum status put(struct core *core, const struct id *scope,
                       const struct scope_ops *ops)
{
    if (ops->len == 0)
        return STATUS_OK;
    return op_is_kind(ops->ops[0], "found") ? put_charter(core, scope, ops)
                                            : put_folded(core, scope, ops);
}

enum status refold_scope(struct core *core, const struct id *scope)
{
    struct scope_ops ops;
    enum status status = scope_ops_load(&ops, core->store, scope);
    if (status != STATUS_OK)
        return status;
    status = put(core, scope, &ops);
    scope_ops_deinit(&ops);
    return status;
}

enum status refold_if_touched(struct core *core, const struct id *scope)
{
    for (uint32_t i = 0; i < core->touched.len; i++)
        if (id_equal(&core->touched.ids[i], scope))
            return refold_scope(core, scope);
    return STATUS_OK;
}

/* What came is answered first, so that the answer is folded with it. */
static enum status refold_arrival(struct core *core, const struct id *scope)
{
    struct scope_ops ops;
    enum status status = scope_ops_load(&ops, core->store, scope);
    if (status != STATUS_OK)
        return status;
    status = notice_arrival(core, scope, &ops);
    if (status == STATUS_OK)
        status = purge_recalled(core, scope, &ops);
    if (status == STATUS_OK)
        status = put(core, scope, &ops);
    scope_ops_deinit(&ops);
    return status;
}

static enum status collect(void *context, const struct store_scope *scope)
{
    id_list_push(context, &scope->id);
    return STATUS_OK;
}

static enum status touch_all(struct core *core)
{
    enum status status =
        store_scopes_of_kind(core->store, SCOPE_CASE, 0, collect, &core->touched);
    if (status == STATUS_OK)
        status = store_scopes_of_kind(core->store, SCOPE_ESCALATION, 0, collect,
                                      &core->touched);
    return status;
}

enum status refold_touched(struct core *core)
{
    enum status status = STATUS_OK;
    if (core->rights_changed)
        status = touch_all(core);
    core->rights_changed = false;
    id_list_sort(&core->touched);
    id_list_sort(&core->from_us);
    if (core->touched.failed || core->from_us.failed)
        return STATUS_NO_MEMORY;
    /* Two passes: what a charter says decides about ops in the other scopes. What the
     * node says itself touches a scope again, at the end of the list. */
    uint32_t touched_len = core->touched.len;
    for (int charters = 1; charters >= 0; charters--) {
        for (uint32_t i = 0; status == STATUS_OK && i < touched_len; i++) {
            struct id scope = core->touched.ids[i];
            bool is_charter = charters_of_site(core, &scope) != NULL;
            if (is_charter == (charters == 1))
                status = refold_arrival(core, &scope);
        }
    }
    for (uint32_t i = 0; i < touched_len; i++)
        id_list_push(&core->changed, &core->touched.ids[i]);
    id_list_clear(&core->touched);
    if (status == STATUS_OK && core->changed.failed)
        status = STATUS_NO_MEMORY; /* a peer would not hear of it */
    return core_check(core, status);
}
