/* Who we are paired with, what they brought, and how much they may bring. */
#include <stdio.h>
#include <string.h>

#include "crypto/key.h"
#include "node/cases/charter.h"
#include "node/core/alarm.h"
#include "node/core/api.h"
#include "node/core/charters.h"
#include "node/core/session.h"
#include "storage/store_sources.h"

static void pack_number(struct buf *out, const char *name, uint64_t number)
{
    pack_str(out, name);
    pack_uint(out, number);
}

struct peers {
    struct core *core;
    struct buf list;
    uint32_t len;
};

struct unsent {
    struct core *core;
    const struct id *site;
    uint64_t len;
};

/* An escalation that the site holds and has not confirmed to be on its disk. */
static enum status count_unsent(void *context, const struct id *scope)
{
    struct unsent *unsent = context;
    uint64_t wall;
    if (store_delivery_get(unsent->core->store, scope, unsent->site, &wall) ==
        STATUS_NOT_FOUND)
        unsent->len++;
    return STATUS_OK;
}

/* What a site brought, and what of it is not in the graph. */
struct brought {
    struct store_source source;
    uint64_t waiting, apart, apart_bytes;
};

static enum status look_at_source(struct core *core, const struct id *site,
                                  struct brought *brought)
{
    enum status status = store_source_get(core->store, site, &brought->source);
    if (status == STATUS_OK)
        status = store_guests_count(core->store, site, &brought->waiting);
    if (status == STATUS_OK)
        status = store_quarantine_count(core->store, site, &brought->apart,
                                        &brought->apart_bytes);
    return status;
}

static enum status pack_peer(void *context, const struct store_peer *peer)
{
    struct peers *peers = context;
    struct core *core = peers->core;
    if (id_equal(&peer->site, &core->site))
        return STATUS_OK; /* another machine of ours: see api_site */
    struct charter *charter = charters_of_site(core, &peer->site);
    struct unsent unsent = {core, &peer->site, 0};
    struct brought brought;
    enum status status = look_at_source(core, &peer->site, &brought);
    if (status == STATUS_OK && peer->is_parent)
        status = store_scopes_held(core->store, SCOPE_ESCALATION, &core->site,
                                   &peer->site, count_unsent, &unsent);
    if (status != STATUS_OK)
        return status;
    struct buf *out = &peers->list;
    peers->len++;
    pack_map(out, 18);
    pack_number(out, "agreed_at", peer->agreed_at);
    pack_str(out, "alarms");
    status = alarm_pack(core, &peer->site, out);
    pack_number(out, "brought", brought.source.ops);
    pack_number(out, "bytes", brought.source.bytes);
    pack_number(out, "bytes_max", brought.source.bytes_max);
    pack_str(out, "connected");
    pack_bool(out, session_with(core, &peer->site) != NULL);
    pack_number(out, "heard_at", peer->heard_at);
    pack_str(out, "is_parent");
    pack_bool(out, peer->is_parent);
    pack_str(out, "name");
    pack_str(out, charter == NULL ? "" : charter_name(charter));
    pack_number(out, "ops_max", brought.source.ops_max);
    pack_number(out, "refused", brought.source.refused);
    pack_number(out, "refuses",
                peer->address.len > 0 ? dialing_of(core, peer->node_key)->closed_upon_us
                                      : 0);
    pack_number(out, "set_apart", brought.apart);
    pack_str(out, "site");
    pack_bin(out, peer->site.bytes, ID_SIZE);
    pack_str(out, "tier");
    pack_str(out, charter == NULL ? "" : charter_tier_text(charter_tier(charter)));
    pack_number(out, "to_send", unsent.len);
    pack_number(out, "waits", brought.waiting);
    pack_str(out, "words");
    pack_str(out, check_words_find(core, &peer->site));
    return status;
}

enum status api_pack_peers(struct core *core, struct buf *result)
{
    struct peers peers = {.core = core};
    enum status status = store_peers(core->store, pack_peer, &peers);
    pack_array(result, peers.len);
    buf_append(result, &peers.list);
    buf_deinit(&peers.list);
    return core_check(core, status);
}

enum status api_peer_list(struct core *core, struct caller *caller,
                          const struct args *args, struct buf *result, struct err *err)
{
    pack_map(result, 3);
    pack_str(result, "alarms");
    enum status status = alarm_pack(core, &core->site, result);
    pack_str(result, "knocks");
    if (status == STATUS_OK)
        status = unpaired_pack_knocks(core, result);
    if (status != STATUS_OK)
        return status;
    pack_str(result, "peers");
    return api_pack_peers(core, result);
}

/* --- which one --- */

struct search {
    struct core *core;
    bool with_own;
    struct bytes who;
    bool is_id;
    struct id id;
    uint32_t found;
    struct id site;
};

static enum status compare_peer(void *context, const struct store_peer *peer)
{
    struct search *search = context;
    struct charter *charter = charters_of_site(search->core, &peer->site);
    bool fits = search->is_id ? id_equal(&peer->site, &search->id)
                              : charter != NULL &&
                                    bytes_equal_str(search->who, charter_name(charter));
    if (!search->with_own && id_equal(&peer->site, &search->core->site))
        return STATUS_OK;
    /* A site may have several machines. */
    if (!fits || (search->found > 0 && id_equal(&peer->site, &search->site)))
        return STATUS_OK;
    search->site = peer->site;
    search->found++;
    return STATUS_OK;
}

/* with_own: other machines of our own site are peers too. */
static enum status find_peer(struct core *core, const struct args *args, bool with_own,
                             struct id *site, struct err *err)
{
    struct search search = {.core = core, .with_own = with_own};
    char text[SITE_NAME_MAX + 1];
    enum status status = args_text(args, "site", SITE_NAME_MAX, &search.who, err);
    if (status != STATUS_OK)
        return status;
    (void)snprintf(text, sizeof(text), "%.*s", (int)search.who.len,
                   (const char *)search.who.data);
    search.is_id = key_from_text(search.id.bytes, "fqs1", text);
    status = store_peers(core->store, compare_peer, &search);
    if (status != STATUS_OK)
        return core_check(core, status);
    if (search.found == 0)
        return err_set(err, STATUS_NOT_FOUND,
                       "no peer has that name or id; see: fengqiao peer list");
    if (search.found > 1)
        return err_set(err, STATUS_CONFLICT,
                       "two peers have that name; say which by its id");
    *site = search.site;
    return STATUS_OK;
}

enum status api_find_peer(struct core *core, const struct args *args, struct id *site,
                          struct err *err)
{
    return find_peer(core, args, false, site, err);
}

/* --- how much it may bring --- */

/* What was refused may come now: the session begins anew, and with it what was tried. */
static void begin_anew(struct core *core, const struct id *site)
{
    struct session *session;
    while ((session = session_with(core, site)) != NULL) /* each of its machines */
        session_end(core, session, true, "quota");
}

enum status api_peer_quota(struct core *core, struct caller *caller,
                           const struct args *args, struct buf *result, struct err *err)
{
    struct id site;
    struct store_source source;
    enum status status = api_find_peer(core, args, &site, err);
    if (status == STATUS_OK)
        status = core_check(core, store_source_get(core->store, &site, &source));
    if (status != STATUS_OK)
        return status;
    uint64_t ops_max = args_number(args, "ops", source.ops_max);
    uint64_t bytes_max = args_number(args, "bytes", source.bytes_max);
    if (ops_max > QUOTA_HIGHEST || bytes_max > QUOTA_HIGHEST)
        return err_set(err, STATUS_TOO_LARGE, "a quota is at most %llu",
                       (unsigned long long)QUOTA_HIGHEST);
    status = store_source_limit(core->store, &site, ops_max, bytes_max);
    if (status != STATUS_OK)
        return core_check(core, status);
    if (ops_max > source.ops_max || bytes_max > source.bytes_max)
        begin_anew(core, &site);
    pack_map(result, 5);
    pack_number(result, "bytes", source.bytes);
    pack_number(result, "bytes_max", bytes_max);
    pack_number(result, "ops", source.ops);
    pack_number(result, "ops_max", ops_max);
    pack_str(result, "site");
    pack_bin(result, site.bytes, ID_SIZE);
    return STATUS_OK;
}

/* --- what was seen, and looked into --- */

enum status api_peer_clear(struct core *core, struct caller *caller,
                           const struct args *args, struct buf *result, struct err *err)
{
    struct id site;
    uint64_t cleared;
    enum status status = find_peer(core, args, true, &site, err);
    if (status == STATUS_OK)
        status = alarm_clear(core, &site, &cleared);
    if (status != STATUS_OK)
        return status;
    pack_map(result, 2);
    pack_str(result, "cleared");
    pack_uint(result, cleared);
    pack_str(result, "site");
    pack_bin(result, site.bytes, ID_SIZE);
    return STATUS_OK;
}
