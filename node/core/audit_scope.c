#include "node/core/audit_scope.h"

#include "node/core/charters.h"
#include "node/core/scope_ops.h"
#include "node/core/share.h"
#include "node/core/state.h"

struct looking {
    struct core *core;
    const struct id *scope;
    enum scope_kind kind;
    struct audit_list *list;
    struct id_list holders; /* of an escalation, sorted */
    struct scope_ops ops;
    struct scope_ops record; /* of the escalation that a case asked for last */
    enum status status;      /* of reading it */
};

static void find(struct looking *looking, enum audit_word word, const struct id *site)
{
    const struct audit_row row = {
        .word = word, .kind = looking->kind, .scope = looking->scope, .site = site};
    audit_list_add(looking->list, &row);
}

/* --- may it be here, and there? --- */

static enum status push_id(void *context, const struct id *id)
{
    id_list_push(context, id);
    return STATUS_OK;
}

static enum status take_site(void *context, const struct store_scope *scope)
{
    *(struct id *)context = scope->site;
    return STATUS_OK;
}

/* Charters are public. */
static enum status look_at_cover(struct looking *looking)
{
    struct core *core = looking->core;
    struct id site = {{0}};
    enum status status = store_scope_get(core->store, looking->scope, take_site, &site);
    if (status != STATUS_OK)
        return status;
    bool is_covered = looking->kind == SCOPE_CHARTER ||
                      (looking->kind == SCOPE_CASE && id_equal(&site, &core->site)) ||
                      (looking->kind == SCOPE_ESCALATION &&
                       id_list_has(&looking->holders, &core->site));
    if (!is_covered)
        find(looking, AUDIT_NOT_COVERED, &site);
    return STATUS_OK;
}

/* The door is asked, and for a record whether that site is among its holders. */
static enum status look_at_pair(void *context, const struct id *site)
{
    struct looking *looking = context;
    struct share_terms terms;
    if (id_equal(site, &looking->core->site)) /* other machines of our own */
        return STATUS_OK;
    enum status status = share_terms(looking->core, site, looking->scope, &terms);
    bool is_holder =
        looking->kind != SCOPE_ESCALATION || id_list_has(&looking->holders, site);
    if (status == STATUS_DENIED || !is_holder)
        find(looking, AUDIT_SHARED_WIDE, site);
    /* NOT_FOUND: not now, since it may have been recalled. */
    return status == STATUS_DENIED || status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* --- what stands in it --- */

static struct charter *charter_of(void *context, const struct id *head)
{
    struct looking *looking = context;
    return charters_of_head(looking->core, head);
}

static struct charter *charter_of_site(void *context, const struct id *site)
{
    struct looking *looking = context;
    return charters_of_site(looking->core, site);
}

static const struct op *record_of(void *context, const struct id *escalation)
{
    struct looking *looking = context;
    scope_ops_deinit(&looking->record);
    enum status status =
        scope_ops_load(&looking->record, looking->core->store, escalation);
    if (status != STATUS_OK)
        looking->status = status;
    return status == STATUS_OK && looking->record.len > 0 ? looking->record.ops[0] : NULL;
}

static const struct op *op_of(const struct scope_ops *ops, const struct id *id)
{
    for (size_t i = 0; i < ops->len; i++)
        if (id_equal(&ops->ops[i]->id, id))
            return ops->ops[i];
    return NULL; /* never: it was found there */
}

static void take_finding(void *context, const struct audit_finding *finding)
{
    struct looking *looking = context;
    bool has_machine = finding->word == AUDIT_NO_RECEIPT;
    const struct audit_row row = {
        .word = finding->word,
        .kind = looking->kind,
        .scope = looking->scope,
        .op = op_of(&looking->ops, &finding->op),
        .field = finding->field,
        .site = has_machine ? &finding->site : NULL,
        .machine = has_machine ? finding->machine : NULL,
    };
    audit_list_add(looking->list, &row);
}

static enum status look_inside(struct looking *looking)
{
    enum status status =
        scope_ops_load(&looking->ops, looking->core->store, looking->scope);
    if (status != STATUS_OK || looking->ops.len == 0)
        return status;
    const struct audit_input input = {.fold = {.ops = looking->ops.ops,
                                               .len = looking->ops.len,
                                               .charter_of = charter_of,
                                               .context = looking},
                                      .charter_of_site = charter_of_site,
                                      .record_of = record_of};
    status = audit_scope(&input, take_finding, looking);
    return status == STATUS_OK ? looking->status : status;
}

enum status audit_scope_look(struct core *core, const struct id *scope,
                             enum scope_kind kind, struct audit_list *list,
                             uint64_t *ops_len)
{
    struct looking looking = {.core = core, .scope = scope, .kind = kind, .list = list};
    audit_list_begin(list);
    enum status status =
        store_scope_holders(core->store, scope, push_id, &looking.holders);
    if (status == STATUS_OK && looking.holders.failed)
        status = STATUS_NO_MEMORY;
    if (status == STATUS_OK)
        status = look_at_cover(&looking);
    if (status == STATUS_OK)
        status = store_scope_pairs(core->store, scope, look_at_pair, &looking);
    if (status == STATUS_OK && kind != SCOPE_CHARTER)
        status = look_inside(&looking);
    *ops_len = looking.ops.len;
    scope_ops_deinit(&looking.record);
    scope_ops_deinit(&looking.ops);
    id_list_deinit(&looking.holders);
    return status;
}
