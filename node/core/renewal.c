#include "node/core/renewal.h"

#include <string.h>

#include "crypto/key.h"
#include "crypto/secret.h"
#include "node/cases/charter.h"
#include "node/core/charters.h"
#include "node/core/replica.h"
#include "node/core/session.h"
#include "storage/store_scrub.h"

#define KEYS "machine-keys"  /* [seed, noise secret]: until they stand in the file */
#define FORMER "former-keys" /* [seed, noise secret, [who was told …]] */

/* --- kept --- */

static enum status keep(struct core *core, const char *name, const uint8_t *seed,
                        const uint8_t *noise_secret, const struct id_list *told)
{
    struct buf value = {0};
    /* It must not grow: what is left behind is not wiped. */
    (void)buf_reserve(&value, 128 + (told == NULL ? 0 : told->len * (ID_SIZE + 2)));
    pack_array(&value, told == NULL ? 2 : 3);
    pack_bin(&value, seed, 32);
    pack_bin(&value, noise_secret, 32);
    if (told != NULL)
        pack_array(&value, told->len);
    for (uint32_t i = 0; told != NULL && i < told->len; i++)
        pack_bin(&value, told->ids[i].bytes, ID_SIZE);
    enum status status = buf_status(&value);
    if (status == STATUS_OK)
        status = store_meta_put(core->store, name, buf_bytes(&value));
    buf_wipe(&value);
    return status;
}

static enum status keep_former(struct core *core)
{
    const struct former_keys *former = &core->former;
    return keep(core, FORMER, former->pair.seed_and_key, former->noise_secret,
                &former->told);
}

static enum status read_told(struct pack_reader *reader, struct id_list *told)
{
    uint32_t count = 0;
    enum status status = pack_read_array(reader, &count, NULL);
    for (uint32_t i = 0; status == STATUS_OK && i < count; i++) {
        struct id who;
        status = pack_read_fixed(reader, who.bytes, ID_SIZE, NULL);
        if (status == STATUS_OK)
            id_list_push(told, &who);
    }
    id_list_sort(told);
    return status == STATUS_OK && told->failed ? STATUS_NO_MEMORY : status;
}

/* NOT_FOUND: there are none. told: NULL where none is kept with them. */
static enum status look_up(struct core *core, const char *name, uint8_t seed[static 32],
                           uint8_t noise_secret[static 32], struct id_list *told)
{
    struct buf value = {0};
    uint32_t elements;
    enum status status = store_meta_get(core->store, name, &value);
    if (status != STATUS_OK) {
        buf_deinit(&value);
        return status;
    }
    struct pack_reader reader = pack_reader_of(buf_bytes(&value));
    status = pack_read_array(&reader, &elements, NULL);
    if (status == STATUS_OK)
        status = pack_read_fixed(&reader, seed, 32, NULL);
    if (status == STATUS_OK)
        status = pack_read_fixed(&reader, noise_secret, 32, NULL);
    if (status == STATUS_OK && told != NULL)
        status = read_told(&reader, told);
    buf_wipe(&value);
    return status == STATUS_OK || status == STATUS_NO_MEMORY ? status : STATUS_CORRUPT;
}

/* A secret that goes is in no gap of the file any more. */
static enum status forget(struct core *core, const char *name)
{
    store_scrub(core->store);
    return store_meta_remove(core->store, name);
}

/* --- in memory --- */

static void take_former(struct core *core, const uint8_t *seed,
                        const uint8_t *noise_secret)
{
    struct former_keys *former = &core->former;
    former->is_set = true;
    sign_pair_init(&former->pair, seed);
    memcpy(former->key, sign_pair_key(&former->pair), sizeof(former->key));
    memcpy(former->noise_secret, noise_secret, sizeof(former->noise_secret));
    key_dh_public(former->noise_key, noise_secret);
}

static void drop_former(struct core *core)
{
    id_list_deinit(&core->former.told);
    secret_wipe(&core->former, sizeof(core->former));
    core->former = (struct former_keys){.is_set = false};
}

/* The file has them, which the opening was given: then the store need not. */
static enum status settle_keys(struct core *core)
{
    uint8_t seed[32], noise_secret[32];
    enum status status = look_up(core, KEYS, seed, noise_secret, NULL);
    if (status != STATUS_OK)
        return status == STATUS_NOT_FOUND ? STATUS_OK : status;
    bool is_filed = secret_equal(seed, core->node_pair.seed_and_key, 32) &&
                    secret_equal(noise_secret, core->noise_secret, 32);
    core_take_keys(core, seed, noise_secret);
    secret_wipe(seed, sizeof(seed));
    secret_wipe(noise_secret, sizeof(noise_secret));
    if (!is_filed)
        return STATUS_OK;
    status = store_begin(core->store);
    if (status == STATUS_OK)
        status = forget(core, KEYS);
    if (status == STATUS_OK)
        return store_commit(core->store);
    store_roll_back(core->store);
    return status;
}

enum status renewal_open(struct core *core)
{
    uint8_t seed[32], noise_secret[32];
    enum status status = settle_keys(core);
    if (status != STATUS_OK)
        return status;
    status = look_up(core, FORMER, seed, noise_secret, &core->former.told);
    if (status == STATUS_OK)
        take_former(core, seed, noise_secret);
    secret_wipe(seed, sizeof(seed));
    secret_wipe(noise_secret, sizeof(noise_secret));
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* --- the switch --- */

/* Connections that are there were made under the key before. */
static void mark_sessions(struct core *core)
{
    for (int i = 0; i < SESSIONS_MAX; i++)
        if (core->sessions[i] != NULL)
            core->sessions[i]->is_former = true;
}

enum status renewal_switch(struct core *core, const uint8_t seed[static 32],
                           const uint8_t noise_secret[static 32])
{
    uint64_t count;
    drop_former(core);
    take_former(core, core->node_pair.seed_and_key, core->noise_secret);
    core_take_keys(core, seed, noise_secret);
    mark_sessions(core);
    enum status status = keep(core, KEYS, seed, noise_secret, NULL);
    if (status == STATUS_OK)
        status = keep_former(core);
    if (status == STATUS_OK)
        status = renewal_count(core, &count);
    (void)core_act(core, ACTION_KEYS); /* without memory the turn fails */
    return core_check(core, status);
}

/* --- who has met them --- */

bool renewal_is_open(const struct core *core)
{
    return core->former.is_set;
}

bool renewal_awaits(const struct core *core, const struct id *who)
{
    return core->former.is_set && !id_list_has(&core->former.told, who);
}

static struct id machine_id(const uint8_t noise_key[static 32])
{
    struct id id;
    memcpy(id.bytes, noise_key, ID_SIZE);
    return id;
}

static uint64_t count_awaited(struct core *core, const struct charter *own)
{
    size_t len;
    uint64_t count = 0;
    const struct charter_link *links = charter_links(own, &len);
    for (size_t i = 0; i < len; i++)
        count += renewal_awaits(core, &links[i].site);
    const struct charter_node *nodes = charter_nodes(own, &len);
    for (size_t i = 0; i < len; i++) {
        struct id machine = machine_id(nodes[i].noise_key);
        count += replica_is_machine(core, nodes[i].noise_key) &&
                 renewal_awaits(core, &machine);
    }
    return count;
}

/* Where nobody is left who knows the former keys alone, they go. */
enum status renewal_count(struct core *core, uint64_t *count)
{
    struct charter *own;
    *count = 0;
    if (!core->former.is_set)
        return STATUS_OK;
    enum status status = charters_own(core, &own);
    if (status != STATUS_OK)
        return status;
    *count = count_awaited(core, own);
    if (*count > 0)
        return STATUS_OK;
    drop_former(core);
    core_trace(core, "renewal done");
    return core_check(core, forget(core, FORMER));
}

enum status renewal_told(struct core *core, const struct id *who)
{
    uint64_t count;
    if (!renewal_awaits(core, who))
        return STATUS_OK;
    id_list_push(&core->former.told, who);
    id_list_sort(&core->former.told);
    enum status status = core->former.told.failed ? STATUS_NO_MEMORY : keep_former(core);
    core->changes++;
    return status == STATUS_OK ? renewal_count(core, &count) : core_check(core, status);
}

void renewal_ready(struct core *core, struct session *session)
{
    struct id who = session->site;
    if (session->is_former)
        return;
    if (replica_has(core, session))
        who = machine_id(session->channel.remote_static);
    (void)renewal_told(core, &who);
}

bool renewal_is_ours(struct core *core, const uint8_t author[static 32])
{
    const struct charter *own = charters_of_site(core, &core->site);
    if (own == NULL) /* never: who judges what came has read it in this turn */
        return memcmp(author, core->node_key, 32) == 0;
    return charter_is_same_machine(own, core->node_key, author);
}

/* --- others' --- */

static enum status follow_in(struct core *core, const struct id *site)
{
    const struct charter *charter = charters_of_site(core, site);
    size_t len = 0;
    enum status status = STATUS_OK;
    if (charter == NULL) /* never: it was folded in this turn */
        return STATUS_OK;
    const struct charter_node *nodes = charter_nodes(charter, &len);
    for (size_t i = 0; status == STATUS_OK && i < len; i++) {
        const struct charter_node *former = charter_node_of(charter, nodes[i].replaced);
        if (former == NULL || !former->is_revoked)
            continue;
        status =
            store_peer_rename(core->store, site, former->noise_key, nodes[i].noise_key);
        core->dial_at_ms = core->now_ms;
    }
    return status;
}

/* The fold tells of charters that changed before it changes peers: a walk over these is
 * none over what it writes. */
enum status renewal_follow(struct core *core)
{
    enum scope_kind kind;
    enum status status = STATUS_OK;
    for (uint32_t i = 0; status == STATUS_OK && i < core->changed.len; i++) {
        status = store_scope_kind(core->store, &core->changed.ids[i], &kind);
        if (status == STATUS_OK && kind == SCOPE_CHARTER)
            status = follow_in(core, &core->changed.ids[i]);
        if (status == STATUS_NOT_FOUND) /* never: what changed has come */
            status = STATUS_OK;
    }
    return core_check(core, status);
}
