#include "node/core/pair.h"

#include "crypto/digest.h"
#include "node/core/replica.h"
#include "node/core/session.h"
#include "node/core/share.h"
#include "storage/store_bundles.h"

static enum status push_id(void *context, const struct id *id)
{
    id_list_push(context, id);
    return STATUS_OK;
}

/* EXISTS and NOT_FOUND tell the caller nothing new: a scope that is not folded yet comes
 * with the fold at the end of the turn. */
static enum status passed_over(enum status status)
{
    return status == STATUS_EXISTS || status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* Who writes bundles for that site has not said there what is here of it. */
static enum status tell_in_bundles(struct core *core, const struct id *other,
                                   const struct id *scope)
{
    struct store_bundle_site of;
    enum status status = store_bundle_site(core->store, other, &of);
    return status == STATUS_OK && of.written > 0
               ? store_bundle_tell(core->store, other, scope)
               : status;
}

/* What enters a pair may come without an op, as charters do: a session that has agreed
 * already has not agreed on that. */
static enum status put(struct core *core, const struct id *other, const struct id *scope)
{
    enum status status = store_pair_put(core->store, other, scope);
    if (status == STATUS_OK)
        status = tell_in_bundles(core, other, scope);
    for (int i = 0; status == STATUS_OK && i < SESSIONS_MAX; i++) {
        struct session *session = core->sessions[i];
        if (session != NULL && id_equal(&session->site, other))
            confirm_begin_anew(&session->sync.confirm);
    }
    return status;
}

/* Both lists are sorted: puts what is wanted and not there, drops what is not wanted. */
static enum status make_equal(struct core *core, const struct id *other,
                              const struct id_list *wanted, const struct id_list *have)
{
    enum status status = STATUS_OK;
    for (uint32_t i = 0; status == STATUS_OK && i < have->len; i++)
        if (!id_list_has(wanted, &have->ids[i]))
            status = passed_over(store_pair_drop(core->store, other, &have->ids[i]));
    for (uint32_t i = 0; status == STATUS_OK && i < wanted->len; i++)
        if (!id_list_has(have, &wanted->ids[i]))
            status = passed_over(put(core, other, &wanted->ids[i]));
    return status;
}

/* The rule, applied from the beginning. */
static enum status fill(struct core *core, const struct id *other)
{
    struct id_list wanted = {0}, have = {0};
    bool is_own = id_equal(other, &core->site);
    enum status status =
        is_own ? replica_scopes(core, &wanted) : share_scopes(core, other, &wanted);
    if (status == STATUS_OK)
        status = store_pair_scopes(core->store, other, push_id, &have);
    id_list_sort(&have);
    if (status == STATUS_OK && have.failed)
        status = STATUS_NO_MEMORY;
    if (status == STATUS_OK)
        status = make_equal(core, other, &wanted, &have);
    id_list_deinit(&wanted);
    id_list_deinit(&have);
    return status;
}

/* Where one of our machines was ever here. */
static enum status fill_own(struct core *core)
{
    struct lattice lattice;
    uint64_t scopes_len;
    enum status status =
        store_pair_lattice(core->store, &core->site, &lattice, &scopes_len);
    if (status == STATUS_NOT_FOUND)
        return STATUS_OK;
    return status == STATUS_OK ? fill(core, &core->site) : status;
}

enum status pair_open(struct core *core, const struct id *other)
{
    enum status status = store_pair_add(core->store, other);
    if (status == STATUS_OK)
        status = fill(core, other);
    return core_check(core, status == STATUS_EXISTS ? STATUS_OK : status);
}

enum status pair_note_holders(struct core *core, const struct id *scope,
                              const struct id *held, uint32_t held_len)
{
    struct id_list before = {0};
    enum status status = store_scope_holders(core->store, scope, push_id, &before);
    bool is_same = before.len == held_len;
    for (uint32_t i = 0; is_same && i < held_len; i++)
        is_same = id_equal(&before.ids[i], &held[i]);
    if (!is_same)
        id_list_push(&core->regrouped, scope);
    if (before.failed || core->regrouped.failed)
        status = STATUS_NO_MEMORY;
    id_list_deinit(&before);
    return status;
}

/* An escalation whose holders changed. */
struct regrouped {
    const struct id *scope;
    struct id_list holders;  /* sorted */
    struct id_list pairs;    /* the sites with which it is shared so far */
    struct id_list charters; /* of the holders and their ancestors */
};

static enum status load(struct core *core, struct regrouped *of)
{
    enum status status =
        store_scope_holders(core->store, of->scope, push_id, &of->holders);
    if (status == STATUS_OK)
        status = store_scope_pairs(core->store, of->scope, push_id, &of->pairs);
    for (uint32_t i = 0; i < of->holders.len; i++)
        share_charters(core, &of->holders.ids[i], &of->charters);
    id_list_sort(&of->charters);
    if (of->holders.failed || of->pairs.failed || of->charters.failed)
        status = STATUS_NO_MEMORY;
    return status;
}

/* What leaves a pair may take charters with it, that nothing else keeps there: such a
 * pair is filled anew. */
static enum status leave(struct core *core, const struct regrouped *of,
                         struct id_list *to_fill)
{
    bool is_ours = id_list_has(&of->holders, &core->site);
    enum status status = STATUS_OK;
    for (uint32_t i = 0; status == STATUS_OK && i < of->pairs.len; i++) {
        if (is_ours && id_list_has(&of->holders, &of->pairs.ids[i]))
            continue;
        if (id_equal(&of->pairs.ids[i], &core->site))
            continue; /* our machines hold what we hold, whoever may */
        status = store_pair_drop(core->store, &of->pairs.ids[i], of->scope);
        id_list_push(to_fill, &of->pairs.ids[i]);
    }
    return status;
}

static enum status enter(struct core *core, const struct regrouped *of)
{
    if (!id_list_has(&of->holders, &core->site))
        return STATUS_OK;
    for (uint32_t i = 0; i < of->holders.len; i++) {
        const struct id *other = &of->holders.ids[i];
        enum status status = store_pair_put(core->store, other, of->scope);
        if (status == STATUS_NOT_FOUND)
            continue; /* we do not reconcile with that site, or it is ourselves */
        status = passed_over(status);
        for (uint32_t j = 0; status == STATUS_OK && j < of->charters.len; j++)
            status = passed_over(put(core, other, &of->charters.ids[j]));
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

static enum status regroup(struct core *core, const struct id *scope,
                           struct id_list *to_fill)
{
    struct regrouped of = {.scope = scope};
    enum scope_kind kind;
    enum status status = store_scope_kind(core->store, scope, &kind);
    if (status != STATUS_OK || kind != SCOPE_ESCALATION)
        return status;
    status = load(core, &of);
    if (status == STATUS_OK)
        status = leave(core, &of, to_fill);
    if (status == STATUS_OK)
        status = enter(core, &of);
    id_list_deinit(&of.holders);
    id_list_deinit(&of.pairs);
    id_list_deinit(&of.charters);
    return status;
}

/* Whatever was folded is there for the other machines of our site. */
static enum status share_own(struct core *core)
{
    enum status status = STATUS_OK;
    for (uint32_t i = 0; status == STATUS_OK && i < core->changed.len; i++)
        status =
            passed_over(store_pair_put(core->store, &core->site, &core->changed.ids[i]));
    return status;
}

enum status pair_settle(struct core *core)
{
    struct id_list to_fill = {0};
    enum status status = share_own(core);
    id_list_sort(&core->regrouped);
    for (uint32_t i = 0; status == STATUS_OK && i < core->regrouped.len; i++)
        status = regroup(core, &core->regrouped.ids[i], &to_fill);
    id_list_clear(&core->regrouped);
    /* A charter that came, or that names another parent, may stand above anybody's. */
    if (status == STATUS_OK && core->charters_changed)
        status = store_pairs(core->store, push_id, &to_fill);
    core->charters_changed = false;
    id_list_sort(&to_fill);
    if (to_fill.failed)
        status = STATUS_NO_MEMORY;
    for (uint32_t i = 0; status == STATUS_OK && i < to_fill.len; i++)
        if (!id_equal(&to_fill.ids[i], &core->site)) /* that hangs on no charter */
            status = fill(core, &to_fill.ids[i]);
    id_list_deinit(&to_fill);
    return core_check(core, status);
}

enum status pair_fill_all(struct core *core)
{
    id_list_clear(&core->regrouped);
    core->charters_changed = true;
    enum status status = pair_settle(core);
    if (status == STATUS_OK)
        status = core_check(core, fill_own(core));
    return status;
}

enum status pair_has(struct core *core, const struct id *other, const struct id *scope)
{
    return core_check(core, store_pair_has(core->store, other, scope));
}

enum status pair_digest(struct core *core, const struct id *other, struct id *digest,
                        uint64_t *scopes_len)
{
    struct lattice lattice;
    enum status status = store_pair_lattice(core->store, other, &lattice, scopes_len);
    if (status == STATUS_OK)
        digest_of(digest->bytes, "fengqiao/1/pair", lattice.bytes, LATTICE_SIZE);
    return core_check(core, status);
}
