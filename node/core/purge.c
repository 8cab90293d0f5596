#include "node/core/purge.h"

#include <stdio.h>
#include <string.h>

#include "node/cases/charter.h"
#include "node/cases/disclosure.h"
#include "node/cases/fold.h"
#include "node/cases/schema.h"
#include "node/cases/view.h"
#include "node/core/author.h"
#include "node/core/backup_state.h"
#include "node/core/charters.h"
#include "node/core/renewal.h"
#include "node/core/scope_ops.h"
#include "node/core/state.h"
#include "proto/date.h"
#include "storage/store_chunks.h"
#include "storage/store_scrub.h"
#include "storage/store_unshown.h"

/* What no node can know of itself: where its disk was copied to before. */
#define BACKUPS                                                                          \
    "copies of this machine's disk and backups made before this may still hold it "      \
    "(此前的磁盘副本和备份中可能仍有内容)"

#define BACKUPS_SIZE 384

uint32_t purge_keeps(struct core *core, const struct op *op, const struct id *founder)
{
    struct charter *by = charters_of_op(core, op);
    if (op_is_kind(op, "recall") || (by != NULL && !id_equal(charter_site(by), founder)))
        return ~0u;
    return disclosure_mask(op, CLASS_FACT);
}

/* --- is it recalled? --- */

struct recalled {
    struct id founder;
    bool is_recalled;
    bool is_said; /* that this node purged it */
};

static bool has_kind(const struct scope_ops *ops, const char *kind)
{
    for (size_t i = 0; i < ops->len; i++)
        if (op_is_kind(ops->ops[i], kind))
            return true;
    return false;
}

static void look_for_receipt(struct core *core, const struct scope_ops *ops,
                             const struct fold_result *result, struct recalled *recalled)
{
    for (size_t i = 0; i < ops->len; i++)
        if (op_is_kind(ops->ops[i], "purged") &&
            renewal_is_ours(core, ops->ops[i]->author) &&
            fold_effect_of(result, &ops->ops[i]->id) == EFFECT_YES)
            recalled->is_said = true;
}

static enum status look(struct core *core, const struct scope_ops *ops,
                        struct recalled *recalled)
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
    recalled->founder = result.site;
    recalled->is_recalled = result.is_recalled;
    look_for_receipt(core, ops, &result, recalled);
    fold_result_deinit(&result);
    return STATUS_OK;
}

/* --- erasing --- */

/* What goes leaves its commitment. Of an op that the disk spoilt it is a wrong one, which
 * the check tells: a recall does not wait for a disk. */
static enum status encode_kept(const struct op *whole, uint32_t keeps, struct buf *bytes)
{
    struct op op = *whole;
    enum status status = op_rebuild(&op);
    if (status != STATUS_OK)
        return status;
    op_encode(&op, keeps, bytes);
    return buf_status(bytes);
}

static enum status erase_op(struct core *core, const struct op *held,
                            const struct id *founder, uint32_t *erased)
{
    uint32_t keeps = purge_keeps(core, held, founder);
    if (!op_shows_more(held, keeps))
        return STATUS_OK;
    struct buf bytes = {0};
    enum status status = encode_kept(held, keeps, &bytes);
    if (status == STATUS_OK)
        status = store_op_replace(core->store, &held->id, buf_bytes(&bytes));
    if (status == STATUS_OK) /* no other machine of ours shows it again */
        status = store_unshown_close(core->store, &held->id);
    buf_deinit(&bytes);
    ++*erased;
    return status;
}

static enum status erase_all(struct core *core, const struct scope_ops *ops,
                             const struct id *founder, uint32_t *erased)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < ops->len; i++)
        status = erase_op(core, ops->ops[i], founder, erased);
    return status;
}

/* The pieces of its files, at the founder too: nobody is given them any more. */
static enum status drop_files(struct core *core, const struct scope_ops *ops)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < ops->len; i++)
        if (op_is_kind(ops->ops[i], "attached"))
            status = store_chunks_drop(core->store, &ops->ops[i]->id);
    return status;
}

/* What waits has contents as well. */
static enum status erase_waiting(struct core *core, const struct id *scope,
                                 const struct id *founder, uint32_t *erased)
{
    struct scope_ops waiting;
    enum status status = scope_ops_load_waiting(&waiting, core->store, scope);
    if (status != STATUS_OK)
        return status;
    status = erase_all(core, &waiting, founder, erased);
    scope_ops_deinit(&waiting);
    return status;
}

static enum status read_recalled(void *context, const struct store_scope *scope)
{
    struct recalled *recalled = context;
    recalled->founder = scope->site;
    (void)view_map_flag(scope->view, "recalled", &recalled->is_recalled); /* or not */
    return STATUS_OK;
}

/* Ours stays ours, and what is not here was not recalled here. */
static enum status find_recalled(struct core *core, const struct id *scope,
                                 struct recalled *recalled)
{
    *recalled = (struct recalled){.is_recalled = false};
    enum status status = store_scope_get(core->store, scope, read_recalled, recalled);
    if (status == STATUS_OK && id_equal(&recalled->founder, &core->site))
        recalled->is_recalled = false;
    return status == STATUS_NOT_FOUND ? STATUS_OK : core_check(core, status);
}

enum status purge_is_recalled(struct core *core, const struct id *scope,
                              bool *is_recalled)
{
    struct recalled recalled;
    enum status status = find_recalled(core, scope, &recalled);
    *is_recalled = recalled.is_recalled;
    return status;
}

enum status purge_arriving(struct core *core, const struct op *op, struct bytes *bytes,
                           struct buf *kept)
{
    struct recalled recalled;
    enum status status = find_recalled(core, &op->scope, &recalled);
    if (status != STATUS_OK || !recalled.is_recalled)
        return status;
    uint32_t keeps = purge_keeps(core, op, &recalled.founder);
    if (!op_shows_more(op, keeps))
        return STATUS_OK;
    status = encode_kept(op, keeps, kept);
    *bytes = buf_bytes(kept);
    return core_check(core, status);
}

/* --- what was set apart --- */

struct apart {
    const struct id *scope;
    int64_t number; /* of the first of that scope; 0: none is left */
};

static enum status find_apart(void *context, const struct store_quarantine *row)
{
    struct apart *apart = context;
    struct op op;
    if (apart->number != 0 || op_decode_bytes(&op, row->bytes, NULL) != STATUS_OK)
        return STATUS_OK;
    if (op.is_founding ? id_equal(&row->op, apart->scope)
                       : id_equal(&op.scope, apart->scope))
        apart->number = row->number;
    return STATUS_OK;
}

/* Damaged copies of its ops are contents too, as far as anybody can tell whose they are.
 */
static enum status drop_apart(struct core *core, const struct id *scope)
{
    struct apart apart;
    enum status status;
    do {
        apart = (struct apart){.scope = scope};
        status = store_quarantine_list(core->store, find_apart, &apart);
        if (status == STATUS_OK && apart.number != 0) {
            status = store_quarantine_remove(core->store, apart.number);
            store_scrub(core->store);
        }
    } while (status == STATUS_OK && apart.number != 0);
    return status;
}

/* --- the receipt --- */

/* And of the backups that this machine wrote, the last one by its day. */
static enum status name_backups(struct core *core, char out[static BACKUPS_SIZE])
{
    struct backup_state state;
    char day[DATE_TEXT_SIZE];
    enum status status = backup_state_get(core, &state);
    if (status != STATUS_OK)
        return status;
    (void)snprintf(out, BACKUPS_SIZE, BACKUPS); /* fits */
    if (state.written.wall == 0)
        return STATUS_OK;
    date_text(day, date_of_seconds(state.written.wall, SITE_MINUTES_EAST));
    (void)snprintf(out, BACKUPS_SIZE,
                   BACKUPS "; last backup, which can be restored by the recovery key "
                           "alone: %s (最近一次备份，只有恢复密钥能打开)",
                   day); /* fits */
    return STATUS_OK;
}

static enum status say(struct core *core, const struct id *scope, struct scope_ops *ops)
{
    struct draft draft;
    char backups[BACKUPS_SIZE];
    enum status status = name_backups(core, backups);
    if (status != STATUS_OK)
        return status;
    draft_init(&draft, "purged", scope);
    draft_text(&draft, "backups", bytes_str(backups));
    status = author_write_onto(core, &draft, &core->node_pair, ops, NULL, NULL);
    draft_deinit(&draft);
    /* Who held it without right, or does not know its own right yet, erases and is
     * silent.
     */
    if (status == STATUS_DENIED || status == STATUS_INVALID) /* never: INVALID */
        return STATUS_OK;
    return status;
}

/* --- at home --- */

static bool is_founded_here(struct core *core, const struct scope_ops *ops)
{
    return ops->len > 0 && schema_founds(ops->ops[0]) == SCOPE_ESCALATION &&
           charters_is_own(core, ops->ops[0]);
}

enum status purge_own_copy(struct core *core, const struct id *scope, bool *erased)
{
    struct scope_ops ops;
    uint32_t erased_len = 0;
    *erased = false;
    enum status status = scope_ops_load(&ops, core->store, scope);
    if (status != STATUS_OK)
        return core_check(core, status);
    if (is_founded_here(core, &ops)) {
        status = erase_all(core, &ops, &core->site, &erased_len);
        if (status == STATUS_OK)
            status = erase_waiting(core, scope, &core->site, &erased_len);
        if (status == STATUS_OK)
            status = drop_files(core, &ops);
        if (status == STATUS_OK)
            status = drop_apart(core, scope);
    }
    scope_ops_deinit(&ops);
    *erased = erased_len > 0;
    return core_check(core, status);
}

/* --- a recall --- */

enum status purge_recalled(struct core *core, const struct id *scope,
                           struct scope_ops *ops)
{
    struct recalled recalled = {0};
    uint32_t erased = 0;
    if (!has_kind(ops, "recall") || schema_founds(ops->ops[0]) != SCOPE_ESCALATION)
        return STATUS_OK;
    enum status status = look(core, ops, &recalled);
    if (status == STATUS_OK && recalled.is_recalled)
        status = drop_files(core, ops);
    if (status != STATUS_OK || !recalled.is_recalled ||
        id_equal(&recalled.founder, &core->site))
        return core_check(core, status);
    status = erase_all(core, ops, &recalled.founder, &erased);
    if (status == STATUS_OK)
        status = erase_waiting(core, scope, &recalled.founder, &erased);
    if (status == STATUS_OK && !recalled.is_said)
        status = drop_apart(core, scope);
    if (status == STATUS_OK && erased > 0) {
        core_trace(core, "purged ops=%u of a record that was recalled", erased);
        scope_ops_deinit(ops);
        status = scope_ops_load(ops, core->store, scope);
    }
    if (status == STATUS_OK && !recalled.is_said)
        status = say(core, scope, ops);
    return core_check(core, status);
}
