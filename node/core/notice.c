#include "node/core/notice.h"

#include <string.h>

#include "node/cases/charter.h"
#include "node/cases/fold.h"
#include "node/cases/schema.h"
#include "node/cases/view.h"
#include "node/core/author.h"
#include "node/core/charters.h"
#include "node/core/renewal.h"
#include "node/core/scope_ops.h"
#include "node/core/state.h"

struct arrival {
    struct core *core;
    bool is_ours, is_received;
};

static bool find_own_state(void *context, struct bytes element)
{
    struct arrival *arrival = context;
    struct bytes state = {0};
    if (!view_map_has_id(element, "site", &arrival->core->site))
        return true;
    /* Our own state begins with what we said; before that it is "sent". */
    (void)view_map_text(element, "state", &state); /* each holder has one */
    arrival->is_received = !bytes_equal_str(state, "sent");
    return false;
}

static enum status look_at_fold(void *context, const struct store_scope *scope)
{
    struct arrival *arrival = context;
    arrival->is_ours = id_equal(&scope->site, &arrival->core->site);
    view_map_each(scope->view, "holders", find_own_state, arrival);
    return STATUS_OK;
}

/* Did what a key before the present one said keep its effect, or lose it for a reason
 * that the key has no part in? A renewal covers what is there; what comes back to a
 * restored machine behind it is revoked with the key. */
static enum status look_at_former(struct core *core, const struct scope_ops *ops,
                                  bool *stands)
{
    struct fold_input input = {.ops = ops->ops,
                               .len = ops->len,
                               .charter_of = charters_of_head,
                               .context = core,
                               .is_effects_only = true};
    struct fold_result result;
    enum status status = fold_scope(&input, &result);
    if (status != STATUS_OK)
        return status;
    for (size_t i = 0; i < ops->len; i++)
        if (op_is_kind(ops->ops[i], "received") &&
            renewal_is_ours(core, ops->ops[i]->author) &&
            fold_effect_of(&result, &ops->ops[i]->id) != EFFECT_REVOKED)
            *stands = true;
    fold_result_deinit(&result);
    return STATUS_OK;
}

/* By this machine, even where it has no effect: a recall came beside it, who handed the
 * record on had no right to or was not covered yet, or the fold of a store that was
 * restored has yet to see it. Said again it would have none either. */
static enum status has_said(struct core *core, const struct scope_ops *ops, bool *said)
{
    bool is_former = false;
    *said = false;
    for (size_t i = 0; i < ops->len; i++) {
        const struct op *op = ops->ops[i];
        if (!op_is_kind(op, "received"))
            continue;
        *said |= memcmp(op->author, core->node_key, sizeof(core->node_key)) == 0;
        is_former |= renewal_is_ours(core, op->author);
    }
    return *said || !is_former ? STATUS_OK : look_at_former(core, ops, said);
}

/* A record from elsewhere to which we have not said "received" yet? The fold of earlier
 * turns tells what we said; one that is new is known by its founding op. */
static enum status is_due(struct core *core, const struct id *scope,
                          const struct scope_ops *ops, bool *due)
{
    struct arrival arrival = {.core = core};
    *due = false;
    if (ops->len == 0) /* never: what is touched has come */
        return STATUS_OK;
    if (schema_founds(ops->ops[0]) != SCOPE_ESCALATION)
        return STATUS_OK;
    enum status status = store_scope_get(core->store, scope, look_at_fold, &arrival);
    if (status == STATUS_NOT_FOUND) {
        arrival.is_ours = charters_is_own(core, ops->ops[0]);
        status = STATUS_OK;
    }
    if (status != STATUS_OK || arrival.is_ours || arrival.is_received)
        return status;
    bool said;
    status = has_said(core, ops, &said);
    *due = status == STATUS_OK && !said;
    return status;
}

void notice_from_us(struct core *core, const struct id *scope)
{
    struct id_list *list = &core->from_us;
    if (list->len == 0 || !id_equal(&list->ids[list->len - 1], scope))
        id_list_push(list, scope);
}

enum status notice_arrival(struct core *core, const struct id *scope,
                           struct scope_ops *ops)
{
    bool due;
    if (id_list_has(&core->from_us, scope))
        return STATUS_OK;
    enum status status = core_check(core, is_due(core, scope, ops, &due));
    if (status != STATUS_OK || !due)
        return status;
    struct draft draft;
    draft_init(&draft, "received", scope);
    status = author_write_onto(core, &draft, &core->node_pair, ops, NULL, NULL);
    draft_deinit(&draft);
    /* Not ours to say after all (a charter is missing yet): say nothing. */
    return status == STATUS_DENIED || status == STATUS_INVALID ? STATUS_OK : status;
}
