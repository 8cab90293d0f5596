#include "node/core/erasure.h"

#include <stdlib.h>

#include "node/cases/fold.h"
#include "node/cases/retire.h"
#include "node/core/purge.h"
#include "node/core/refold.h"
#include "node/core/scope_ops.h"
#include "node/core/state.h"
#include "storage/store_chunks.h"

/* The ops of kind `retire` that have effect. */
static void list_retirements(const struct scope_ops *ops,
                             const struct fold_result *folded, struct id_list *list)
{
    for (size_t i = 0; i < ops->len; i++)
        if (op_is_kind(ops->ops[i], "retire") &&
            fold_effect_of(folded, &ops->ops[i]->id) == EFFECT_YES)
            id_list_push(list, &ops->ops[i]->id);
}

static enum status erase(struct core *core, const struct op *op, enum retire_what what)
{
    struct op copy = *op;
    struct buf bytes = {0};
    enum status status = retire_erase(&copy, what, &bytes);
    if (status == STATUS_OK)
        status = store_op_replace(core->store, &op->id, buf_bytes(&bytes));
    if (status == STATUS_OK && op_is_kind(op, "attach") && what == RETIRE_CONTENTS)
        status = store_chunks_drop(core->store, &op->id);
    buf_deinit(&bytes);
    return status;
}

/* What went up of the case is a copy of what it was: it goes here with the case. */
static enum status erase_own_copy(struct core *core, const struct op *sent)
{
    struct id record;
    bool erased;
    if (!op_id(sent, "escalation", &record))
        return STATUS_OK;
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

enum status erasure_apply(struct core *core, const struct scope_ops *ops,
                          const struct fold_result *folded, bool *erased)
{
    struct id_list list = {0};
    enum status status = STATUS_OK;
    bool is_retired = false;
    *erased = false;
    list_retirements(ops, folded, &list);
    if (list.len == 0 && !list.failed)
        return STATUS_OK;
    enum retire_what *what = calloc(ops->len, sizeof(*what));
    if (what == NULL || list.failed)
        status = STATUS_NO_MEMORY;
    if (status == STATUS_OK)
        status = retire_plan(ops->ops, (uint32_t)ops->len, list.ids, list.len, what);
    for (size_t i = 0; status == STATUS_OK && i < ops->len; i++) {
        if (!retire_is_due(ops->ops[i], what[i]))
            continue;
        status = erase(core, ops->ops[i], what[i]);
        *erased = true;
        is_retired |= what[i] == RETIRE_CONTENTS;
    }
    if (status == STATUS_OK && is_retired)
        status = erase_own_copies(core, ops, folded, what);
    free(what);
    id_list_deinit(&list);
    return status;
}
