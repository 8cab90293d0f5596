#include "node/core/admit.h"

#include "node/cases/schema.h"
#include "node/core/apart.h"
#include "node/core/charters.h"
#include "node/core/entry.h"
#include "node/core/guest.h"
#include "node/core/notice.h"
#include "node/core/purge.h"
#include "node/core/refold.h"
#include "node/core/state.h"
#include "node/core/unshown.h"
#include "storage/store_sources.h"

#define OTHER_SCOPE "a parent stands in another scope"
#define WRONG_TIME "the logical time is not 1 + its parents'"

/* What keeps an op from its place, as far as it is known. */
struct missing {
    struct id ids[OP_PARENTS_MAX + OP_AUTHORITY_MAX]; /* an entry comes without parents */
    uint32_t len;
    uint64_t time; /* 1 + the highest of the parents that are here */
};

/* A store that fails is no word that it is not. */
static bool is_here(struct core *core, const struct id *id)
{
    struct store_place place;
    enum status status = core_check(core, store_op_find(core->store, id, &place));
    return status == STATUS_OK && !place.waits;
}

static enum status look_for_parents(struct core *core, const struct op *op,
                                    struct missing *missing)
{
    missing->len = 0;
    missing->time = 1;
    for (uint32_t i = 0; i < op->parents_len; i++) {
        struct store_place place;
        enum status status = store_op_find(core->store, &op->parents[i], &place);
        if (status == STATUS_NOT_FOUND || (status == STATUS_OK && place.waits)) {
            missing->ids[missing->len++] = op->parents[i];
            continue;
        }
        if (status != STATUS_OK)
            return status;
        if (!id_equal(&place.scope, &op->scope))
            return STATUS_INVALID;
        if (place.time >= missing->time)
            missing->time = place.time + 1;
    }
    return STATUS_OK;
}

static void look_for_authority(struct core *core, const struct op *op,
                               struct missing *missing)
{
    for (uint32_t i = 0; i < op->authority_len; i++) {
        if (id_equal(&core->last_here, &op->authority[i]))
            continue;
        if (is_here(core, &op->authority[i]))
            core->last_here = op->authority[i];
        else
            missing->ids[missing->len++] = op->authority[i];
    }
}

/* The kind of the scope, 0 while its founding op is not here. */
static enum scope_kind kind_of_scope(struct core *core, const struct op *op)
{
    enum scope_kind kind = 0;
    if (op->is_founding)
        return schema_founds(op);
    /* From the row and not from the fold, which comes at the end of the turn. */
    if (core_check(core, store_scope_kind(core->store, &op->scope, &kind)) != STATUS_OK)
        return 0;
    return kind;
}

/* Does a founding op from elsewhere name our site? */
static bool names_us(const struct core *core, const struct op *op)
{
    const struct op_field *field = op_field(op, "sites");
    if (field == NULL || !field->is_shown)
        return false;
    struct pack_reader reader = pack_reader_of(field->value);
    uint32_t count, pair;
    if (pack_read_array(&reader, &count, NULL) != STATUS_OK)
        return false;
    for (uint32_t i = 0; i < count; i++) {
        struct id site;
        uint64_t classes;
        if (pack_read_array(&reader, &pair, NULL) != STATUS_OK || pair != 2 ||
            pack_read_fixed(&reader, site.bytes, ID_SIZE, NULL) != STATUS_OK ||
            pack_read_uint(&reader, &classes, NULL) != STATUS_OK)
            return false;
        if (id_equal(&site, &core->site))
            return true;
    }
    return false;
}

/* From another machine of our own site, as far as session.c lets one in. */
static bool is_from_us(const struct core *core, const struct id *from)
{
    return from != NULL && id_equal(from, &core->site);
}

/* The ingress rule: what a peer may bring. Cases of ours are closed to every other site,
 * and the answer does not tell whether there is such a case. */
static enum status may_enter(struct core *core, const struct op *op, enum scope_kind kind,
                             const struct id *from, struct err *err)
{
    if (from == NULL || (kind == SCOPE_CASE && is_from_us(core, from)))
        return STATUS_OK;
    if (kind == SCOPE_CASE)
        return err_set(err, STATUS_DENIED, "this scope is not shared");
    if (op->is_founding && kind == 0)
        return err_set(err, STATUS_UNSUPPORTED, "a scope of an unknown kind");
    return STATUS_OK;
}

/* A peer brings an escalation that names others: by an `onward` it may be ours, but the
 * founding op alone does not say so. Until it is, its scope has no kind. What another
 * machine of our site holds is ours. */
static void look_for_entry(struct core *core, const struct op *op, const struct id *from,
                           enum scope_kind *kind, struct missing *missing)
{
    if (from == NULL || is_from_us(core, from) || !op->is_founding ||
        *kind != SCOPE_ESCALATION || names_us(core, op))
        return;
    entry_token(&missing->ids[missing->len++], &op->id);
    *kind = 0;
}

static enum status put_waiting(struct core *core, const struct op *op, struct bytes bytes,
                               enum scope_kind kind, const struct missing *missing,
                               const struct id *from, struct err *err)
{
    struct store_place place;
    enum status status = store_op_find(core->store, &op->id, &place);
    if (status == STATUS_OK)
        return STATUS_EXISTS; /* and nobody has to make room for it */
    if (status != STATUS_NOT_FOUND)
        return core_check(core, status);
    status = guest_make_room(core, from, err);
    if (status != STATUS_OK)
        return status;
    status = store_op_add(core->store, op, bytes, kind, TREE_WAITING);
    if (status == STATUS_OK && from != NULL)
        status = store_guest_add(core->store, &op->id, from, bytes.len);
    for (uint32_t i = 0; status == STATUS_OK && i < missing->len; i++)
        status = store_wait_add(core->store, &op->id, &missing->ids[i]);
    return core_check(core, status);
}

static enum ledger_tree tree_of(enum scope_kind kind)
{
    return kind == SCOPE_CASE ? TREE_PRIVATE : TREE_SHARED;
}

/* May it take the effect of what somebody wrote elsewhere? */
static bool takes_rights(const struct op *op)
{
    static const char *const kinds[] = {"revoke", "quorum", "approve", "withdraw",
                                        "recovery"};
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (op_is_kind(op, kinds[i]))
            return true;
    return false;
}

static enum status note_arrival(struct core *core, const struct op *op,
                                enum scope_kind kind)
{
    refold_touch(core, &op->scope);
    if (kind == SCOPE_CHARTER) {
        charters_forget(core, &op->scope);
        core->charters_changed = true;
        if (takes_rights(op))
            core->rights_changed = true;
    }
    return kind == SCOPE_CASE ? STATUS_OK : unshown_note(core, op);
}

static enum status push_ready(void *context, const struct id *id)
{
    buf_add(context, id->bytes, ID_SIZE);
    return STATUS_OK;
}

struct promotion {
    struct core *core;
    struct missing missing;
    bool is_bad;
};

/* What it waited for shows that it may never enter: it is set apart like any other bad
 * op, under the site that brought it, or ours where a copy of us did. */
static enum status set_apart(struct core *core, const struct store_op *row,
                             const char *reason)
{
    struct id from;
    enum status status = store_guest_site(core->store, &row->id, &from);
    if (status == STATUS_NOT_FOUND) {
        from = core->site;
        status = STATUS_OK;
    }
    if (status != STATUS_OK)
        return status;
    core_trace(core, "refused ops=1 that had waited: %s", reason);
    return apart_put(core, &from, &row->id, row->bytes, reason);
}

static enum status promote_one(void *context, const struct store_op *row)
{
    struct promotion *promotion = context;
    struct core *core = promotion->core;
    struct op op;
    if (op_decode_bytes(&op, row->bytes, NULL) != STATUS_OK)
        return STATUS_CORRUPT;
    op_trust(&op, &row->id);
    op.scope = op.is_founding ? row->id : op.scope;
    enum status status = look_for_parents(core, &op, &promotion->missing);
    if (promotion->missing.len > 0) /* never: what is ready lacks nothing */
        return status;
    const char *reason = status == STATUS_INVALID ? OTHER_SCOPE : NULL;
    if (status == STATUS_OK && promotion->missing.time != op.time)
        reason = WRONG_TIME;
    promotion->is_bad = reason != NULL;
    if (promotion->is_bad)
        return set_apart(core, row, reason);
    if (status != STATUS_OK)
        return status;
    enum scope_kind kind = kind_of_scope(core, &op);
    status = store_op_promote(core->store, &row->id, kind, tree_of(kind));
    return status == STATUS_OK ? note_arrival(core, &op, kind) : status;
}

enum status admit_settle(struct core *core, const struct id *arrived)
{
    struct buf ready = {0};
    buf_add(&ready, arrived->bytes, ID_SIZE);
    enum status status = STATUS_OK;
    for (size_t at = 0; status == STATUS_OK && at < ready.len; at += ID_SIZE) {
        struct id id;
        for (int i = 0; i < ID_SIZE; i++)
            id.bytes[i] = ready.data[at + (size_t)i];
        if (at > 0) {
            struct promotion promotion = {.core = core};
            status = store_op_get(core->store, &id, promote_one, &promotion);
            if (status == STATUS_OK && promotion.is_bad) {
                status = store_op_remove_waiting(core->store, &id);
                continue;
            }
        }
        if (status == STATUS_OK)
            status = store_wait_settle(core->store, &id, push_ready, &ready);
    }
    if (status == STATUS_OK)
        status = buf_status(&ready);
    buf_deinit(&ready);
    return status;
}

/* Another site brought that record as well, and whether it is ours would show at the end
 * of its round: what a machine of ours holds waits for that no longer. */
static enum status vouch(struct core *core, const struct op *op)
{
    struct id token;
    if (!op->is_founding || schema_founds(op) != SCOPE_ESCALATION)
        return STATUS_EXISTS;
    entry_token(&token, &op->id);
    notice_from_us(core, &op->id);
    enum status status = admit_settle(core, &token);
    return status == STATUS_OK ? STATUS_EXISTS : status;
}

enum status admit_op(struct core *core, const struct op *op, struct bytes bytes,
                     const struct id *from, struct err *err)
{
    enum scope_kind kind = kind_of_scope(core, op);
    enum status status = may_enter(core, op, kind, from, err);
    if (status != STATUS_OK)
        return status;
    struct missing missing;
    status = look_for_parents(core, op, &missing);
    if (status == STATUS_INVALID)
        return err_set(err, status, OTHER_SCOPE);
    if (status != STATUS_OK)
        return core_check(core, status);
    look_for_authority(core, op, &missing);
    look_for_entry(core, op, from, &kind, &missing);
    if (kind == 0 && missing.len == 0)
        return err_set(err, STATUS_DENIED, "this scope is not shared");
    if (missing.len == 0 && op->time != missing.time)
        return err_set(err, STATUS_INVALID, WRONG_TIME);
    struct buf kept = {0};
    if (from != NULL && kind == SCOPE_ESCALATION && !op->is_founding)
        status = purge_arriving(core, op, &bytes, &kept);
    /* EXISTS: it is here already, and the rest was done then. */
    if (status == STATUS_OK && missing.len > 0)
        status = put_waiting(core, op, bytes, kind, &missing, from, err);
    else if (status == STATUS_OK)
        status = store_op_add(core->store, op, bytes, kind, tree_of(kind));
    buf_deinit(&kept);
    if (status == STATUS_EXISTS && is_from_us(core, from))
        status = vouch(core, op);
    if (status != STATUS_OK || missing.len > 0)
        return core_check(core, status);
    status = note_arrival(core, op, kind);
    if (status != STATUS_OK)
        return status;
    if (is_from_us(core, from) && kind == SCOPE_ESCALATION)
        notice_from_us(core, &op->scope);
    return core_check(core, admit_settle(core, &op->id));
}
