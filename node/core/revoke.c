/*
 * Taking a key's rights away. Happy path: cover, scope by scope, what the key signed so
 * far, in this turn as well, then revoke it in the charter, all in the transaction of the
 * turn. Who is no steward is refused before the first cover.
 */
#include "node/core/revoke.h"

#include <stdio.h>
#include <string.h>

#include "node/cases/charter.h"
#include "node/core/api.h"
#include "node/core/author.h"
#include "node/core/charters.h"
#include "node/core/people.h"
#include "node/core/refold.h"
#include "storage/store_confirmed.h"

struct covering {
    struct core *core;
    const uint8_t *key;
    struct caller *caller;
    struct id_list scopes;
};

static enum status collect(void *scopes, const struct store_scope *scope)
{
    id_list_push(scopes, &scope->id);
    return STATUS_OK;
}

struct authored {
    const uint8_t *key;
    bool has;
};

static enum status look_for_author(void *context, const struct store_op *row)
{
    struct authored *authored = context;
    struct op op;
    if (op_decode_bytes(&op, row->bytes, NULL) != STATUS_OK)
        return STATUS_CORRUPT;
    authored->has |= memcmp(op.author, authored->key, 32) == 0;
    return STATUS_OK;
}

static enum status collect_head(void *context, const struct id *id)
{
    struct id_list *heads = context;
    id_list_push(heads, id);
    return heads->failed ? STATUS_NO_MEMORY : STATUS_OK;
}

/* Stands by what the key wrote in one scope so far. */
static enum status cover(struct covering *covering, const struct id *scope, bool *covered)
{
    struct core *core = covering->core;
    struct authored authored = {covering->key, false};
    enum status status =
        store_ops_of_scope(core->store, scope, look_for_author, &authored);
    *covered = authored.has;
    if (status != STATUS_OK || !authored.has)
        return status;
    struct id_list heads = {0};
    struct draft draft;
    status = store_scope_heads(core->store, scope, collect_head, &heads);
    draft_init(&draft, "cover", scope);
    draft_ids(&draft, "heads", heads.ids, heads.len);
    draft_bin(&draft, "key", covering->key, 32);
    if (status == STATUS_OK)
        status = author_write(core, &draft, covering->caller->signer.pair, NULL, NULL);
    draft_deinit(&draft);
    id_list_deinit(&heads);
    return status;
}

/* What was written in this turn is not folded yet: its scopes may not be listed, and the
 * heads that are known lie beneath it. */
static enum status fold_turn(struct core *core)
{
    enum status status = core->touched.failed ? STATUS_NO_MEMORY : STATUS_OK;
    id_list_sort(&core->touched); /* each scope once */
    for (uint32_t i = 0; status == STATUS_OK && i < core->touched.len; i++)
        status = refold_scope(core, &core->touched.ids[i]);
    return core_check(core, status);
}

static enum status cover_all(struct covering *covering, uint64_t *covers)
{
    struct store *store = covering->core->store;
    enum status status =
        store_scopes_of_kind(store, SCOPE_CASE, 0, collect, &covering->scopes);
    if (status == STATUS_OK)
        status =
            store_scopes_of_kind(store, SCOPE_ESCALATION, 0, collect, &covering->scopes);
    if (status == STATUS_OK && covering->scopes.failed)
        status = STATUS_NO_MEMORY;
    for (uint32_t i = 0; status == STATUS_OK && i < covering->scopes.len; i++) {
        bool covered;
        status = cover(covering, &covering->scopes.ids[i], &covered);
        *covers += covered;
    }
    id_list_deinit(&covering->scopes);
    return core_check(covering->core, status);
}

enum status revoke_key(struct core *core, struct caller *caller,
                       const uint8_t key[static 32], struct revoked *revoked,
                       struct err *err)
{
    struct charter *charter;
    enum status status = charters_own(core, &charter);
    if (status != STATUS_OK) /* never: the key was found in it */
        return status;
    if (!(charter_roles_now(charter, caller->signer.key) & ROLE_STEWARD))
        return err_set(err, STATUS_DENIED, "only a steward revokes keys");
    struct covering covering = {.core = core, .key = key, .caller = caller};
    uint64_t covers = 0;
    struct id_list heads = {0};
    struct draft draft;
    status = fold_turn(core);
    if (status == STATUS_OK)
        status = cover_all(&covering, &covers);
    if (status == STATUS_OK)
        status = store_scope_heads(core->store, &core->site, collect_head, &heads);
    draft_init(&draft, "revoke", &core->site);
    draft_ids(&draft, "covers", heads.ids, heads.len);
    draft_bin(&draft, "key", key, 32);
    if (status == STATUS_OK)
        status = author_write(core, &draft, caller->signer.pair, &revoked->op, err);
    draft_deinit(&draft);
    id_list_deinit(&heads);
    revoked->covers = covers;
    return status;
}

enum status api_person_revoke(struct core *core, struct caller *caller,
                              const struct args *args, struct buf *result,
                              struct err *err)
{
    struct bytes who;
    const struct charter_person *person;
    enum status status = args_text(args, "person", 120, &who, err);
    if (status == STATUS_OK)
        status = people_find(core, who, &person, err);
    if (status != STATUS_OK)
        return status;
    uint8_t key[32]; /* the charter that lends it is folded anew on the way */
    memcpy(key, person->key, 32);
    if (memcmp(key, caller->signer.key, 32) == 0)
        return err_set(err, STATUS_INVALID,
                       "nobody revokes the own key; ask another "
                       "steward, or use the recovery key");
    struct revoked revoked;
    status = revoke_key(core, caller, key, &revoked, err);
    if (status != STATUS_OK)
        return status;
    pack_map(result, 2);
    pack_str(result, "covered");
    pack_uint(result, revoked.covers);
    pack_str(result, "op");
    pack_bin(result, revoked.op.bytes, ID_SIZE);
    return STATUS_OK;
}

/* What a machine holds of the site: what it said, or where it never told us, all. */
struct held {
    struct core *core;
    const uint8_t *noise_key;
    uint64_t agreed_at; /* wall seconds, 0: not with this machine */
    uint64_t cases, records;
};

static enum status find_agreed(void *context, const struct store_peer *peer)
{
    struct held *held = context;
    if (id_equal(&peer->site, &held->core->site) &&
        memcmp(peer->node_key, held->noise_key, sizeof(peer->node_key)) == 0)
        held->agreed_at = peer->agreed_at;
    return STATUS_OK;
}

static enum status count_scopes(const struct held *held, enum scope_kind kind,
                                uint64_t *count)
{
    struct store *store = held->core->store;
    return held->agreed_at == 0
               ? store_scopes_count(store, kind, count)
               : store_confirmed_count(store, held->noise_key, kind, count);
}

static enum status count_held(struct held *held)
{
    enum status status = store_peers(held->core->store, find_agreed, held);
    if (status == STATUS_OK)
        status = count_scopes(held, SCOPE_CASE, &held->cases);
    if (status == STATUS_OK)
        status = count_scopes(held, SCOPE_ESCALATION, &held->records);
    return status;
}

enum status api_node_revoke(struct core *core, struct caller *caller,
                            const struct args *args, struct buf *result, struct err *err)
{
    struct bytes which;
    struct charter_node node;
    struct held held = {.core = core};
    struct revoked revoked;
    enum status status = args_text(args, "node", 120, &which, err);
    if (status == STATUS_OK)
        status = api_find_node(core, which, &node, err);
    held.noise_key = node.noise_key;
    if (status == STATUS_OK)
        status = core_check(core, count_held(&held));
    if (status == STATUS_OK)
        status = revoke_key(core, caller, node.key, &revoked, err);
    if (status != STATUS_OK)
        return status;
    pack_map(result, 5);
    pack_str(result, "agreed_at");
    pack_uint(result, held.agreed_at);
    pack_str(result, "cases");
    pack_uint(result, held.cases);
    pack_str(result, "covered");
    pack_uint(result, revoked.covers);
    pack_str(result, "op");
    pack_bin(result, revoked.op.bytes, ID_SIZE);
    pack_str(result, "records");
    pack_uint(result, held.records);
    return STATUS_OK;
}
