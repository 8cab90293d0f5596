#include "node/core/erasure.h"

#include <stdlib.h>

#include "node/cases/detached.h"
#include "node/cases/fold.h"
#include "node/cases/retire.h"
#include "node/core/purge.h"
#include "node/core/refold.h"
#include "node/core/scope_ops.h"
#include "node/core/state.h"
#include "storage/store_chunks.h"

/* What each op is to lose, in the order of the ops: */
struct losses {
    enum retire_what *what; /* its time has come */
    bool *is_detached;      /* its file was taken away */
};

static uint32_t keeps_of(const struct losses *losses, const struct op *op, size_t i)
{
    uint32_t keeps = retire_mask(op, losses->what[i]);
    return losses->is_detached[i] ? keeps & detached_mask(op) : keeps;
}

static bool erases_anything(const struct scope_ops *ops)
{
    for (size_t i = 0; i < ops->len; i++)
        if (op_is_kind(ops->ops[i], "retire") || op_is_kind(ops->ops[i], "detach"))
            return true;
    return false;
}

/* The ops of kind `retire` that have effect. */
static void list_retirements(const struct scope_ops *ops,
                             const struct fold_result *folded, struct id_list *list)
{
    for (size_t i = 0; i < ops->len; i++)
        if (op_is_kind(ops->ops[i], "retire") &&
            fold_effect_of(folded, &ops->ops[i]->id) == EFFECT_YES)
            id_list_push(list, &ops->ops[i]->id);
}

static enum status plan(const struct scope_ops *ops, const struct fold_result *folded,
                        struct losses *losses)
{
    struct id_list list = {0};
    list_retirements(ops, folded, &list);
    enum status status = list.failed ? STATUS_NO_MEMORY : STATUS_OK;
    if (status == STATUS_OK && list.len > 0)
        status =
            retire_plan(ops->ops, (uint32_t)ops->len, list.ids, list.len, losses->what);
    if (status == STATUS_OK)
        detached_mark(ops->ops, (uint32_t)ops->len, folded, losses->is_detached);
    id_list_deinit(&list);
    return status;
}

/* Whatever an `attach` loses, its key is among it. */
static enum status erase(struct core *core, const struct op *op, uint32_t keeps)
{
    struct op copy = *op;
    struct buf bytes = {0};
    enum status status = retire_erase(&copy, keeps, &bytes);
    if (status == STATUS_OK)
        status = store_op_replace(core->store, &op->id, buf_bytes(&bytes));
    if (status == STATUS_OK && op_is_kind(op, "attach"))
        status = store_chunks_drop(core->store, &op->id);
    buf_deinit(&bytes);
    return status;
}

/* What went up of the case is a copy of what it was: it goes here with the case. */
static enum status erase_own_copy(struct core *core, const struct op *sent)
{
    struct id record;
    bool erased;
    (void)op_id(sent, "escalation", &record); /* it has effect */
    enum status status = purge_own_copy(core, &record, &erased);
    return status == STATUS_OK && erased ? refold_scope(core, &record) : status;
}

static enum status erase_own_copies(struct core *core, const struct scope_ops *ops,
                                    const struct fold_result *folded,
                                    const enum retire_what *what)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < ops->len; i++)
        if (what[i] == RETIRE_CONTENTS && op_is_kind(ops->ops[i], "sent") &&
            fold_effect_of(folded, &ops->ops[i]->id) == EFFECT_YES)
            status = erase_own_copy(core, ops->ops[i]);
    return status;
}

static enum status erase_all(struct core *core, const struct scope_ops *ops,
                             const struct losses *losses, bool *erased, bool *is_retired)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < ops->len; i++) {
        uint32_t keeps = keeps_of(losses, ops->ops[i], i);
        if (!op_shows_more(ops->ops[i], keeps))
            continue;
        status = erase(core, ops->ops[i], keeps);
        *erased = true;
        *is_retired |= losses->what[i] == RETIRE_CONTENTS;
    }
    return status;
}

enum status erasure_apply(struct core *core, const struct scope_ops *ops,
                          const struct fold_result *folded, bool *erased)
{
    bool is_retired = false;
    *erased = false;
    if (!erases_anything(ops))
        return STATUS_OK;
    struct losses losses = {calloc(ops->len, sizeof(*losses.what)),
                            calloc(ops->len, sizeof(*losses.is_detached))};
    enum status status = losses.what == NULL || losses.is_detached == NULL
                             ? STATUS_NO_MEMORY
                             : plan(ops, folded, &losses);
    if (status == STATUS_OK)
        status = erase_all(core, ops, &losses, erased, &is_retired);
    if (status == STATUS_OK && is_retired)
        status = erase_own_copies(core, ops, folded, losses.what);
    free(losses.what);
    free(losses.is_detached);
    return status;
}
