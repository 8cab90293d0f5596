#include "node/core/unpaired.h"

#include <string.h>

#include "node/cases/charter.h"
#include "node/core/charters.h"
#include "node/core/session.h"

/* An unknown key and a revoked one take the same way. */
static struct knock *place_of(struct core *core, const uint8_t *key)
{
    struct knock *place = &core->knocks[0];
    for (int i = 0; i < KNOCKS_MAX; i++) {
        struct knock *knock = &core->knocks[i];
        if (knock->times > 0 && memcmp(knock->key, key, 32) == 0)
            return knock;
        if (knock->times == 0 || (place->times > 0 && knock->wall < place->wall))
            place = knock;
    }
    *place = (struct knock){.times = 0};
    return place;
}

void unpaired_knocked(struct core *core, const uint8_t key[static 32])
{
    struct knock *knock = place_of(core, key);
    memcpy(knock->key, key, 32);
    knock->times++;
    knock->wall = core->wall;
}

void unpaired_closed(struct core *core, const struct session *session)
{
    if (session->state != SESSION_GREETING || session->is_pairing)
        return;
    struct dial *dial = dialing_of(core, session->peer_key);
    if (++dial->closed_upon_us == UNPAIRED_TIMES_MIN)
        core_trace(core,
                   "peer closes on us times=%u: it has lost this pairing, or this "
                   "machine was revoked; to go on, pair again",
                   dial->closed_upon_us);
}

void unpaired_ready(struct core *core, const struct session *session)
{
    if (session->is_dialer)
        dialing_of(core, session->peer_key)->closed_upon_us = 0;
    for (int i = 0; i < KNOCKS_MAX; i++)
        if (memcmp(core->knocks[i].key, session->channel.remote_static, 32) == 0)
            core->knocks[i] = (struct knock){.times = 0};
}

/* --- whose key it is --- */

struct search {
    struct core *core;
    const uint8_t *key;
    struct id site;
    bool is_found, is_revoked;
};

static enum status look_into(void *context, const struct store_scope *scope)
{
    struct search *search = context;
    struct charter *charter = charters_of_site(search->core, &scope->id);
    if (charter == NULL)
        return STATUS_OK;
    size_t len;
    const struct charter_node *nodes = charter_nodes(charter, &len);
    for (size_t i = 0; i < len; i++) {
        if (memcmp(nodes[i].noise_key, search->key, 32) != 0)
            continue;
        search->site = scope->id;
        search->is_found = true;
        search->is_revoked = nodes[i].is_revoked;
    }
    return STATUS_OK;
}

static enum status pack_knock(struct core *core, const struct knock *knock,
                              struct buf *out)
{
    struct search search = {.core = core, .key = knock->key};
    enum status status =
        store_scopes_of_kind(core->store, SCOPE_CHARTER, 0, look_into, &search);
    struct charter *charter =
        search.is_found ? charters_of_site(core, &search.site) : NULL;
    pack_map(out, 5);
    pack_str(out, "key");
    pack_bin(out, knock->key, 32);
    pack_str(out, "name");
    pack_str(out, charter == NULL ? "" : charter_name(charter));
    pack_str(out, "revoked");
    pack_bool(out, search.is_revoked);
    pack_str(out, "times");
    pack_uint(out, knock->times);
    pack_str(out, "wall");
    pack_uint(out, knock->wall);
    return core_check(core, status);
}

enum status unpaired_pack_knocks(struct core *core, struct buf *out)
{
    enum status status = STATUS_OK;
    uint32_t len = 0;
    for (int i = 0; i < KNOCKS_MAX; i++)
        len += core->knocks[i].times > 0;
    pack_array(out, len);
    for (int i = 0; status == STATUS_OK && i < KNOCKS_MAX; i++)
        if (core->knocks[i].times > 0)
            status = pack_knock(core, &core->knocks[i], out);
    return status;
}
