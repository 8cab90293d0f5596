#include "node/core/dialing.h"

#include <stdio.h>
#include <string.h>

#include "node/core/replica.h"
#include "node/core/session.h"

#define PAUSE_AFTER_PAIRING_MS 2000

struct dial *dialing_of(struct core *core, const uint8_t key[static 32])
{
    static const uint8_t nobody[32];
    struct dial *place = &core->dials[0];
    for (int i = 0; i < DIALS_MAX; i++) {
        struct dial *dial = &core->dials[i];
        if (memcmp(dial->key, key, 32) == 0)
            return dial;
        if (memcmp(place->key, nobody, 32) != 0 &&
            (memcmp(dial->key, nobody, 32) == 0 || dial->at_ms < place->at_ms))
            place = dial;
    }
    *place = (struct dial){.failures = 0};
    memcpy(place->key, key, 32);
    return place;
}

/* The longer it fails, the rarer: 1 s doubling to a minute. */
static uint64_t dial_pause_ms(const struct dial *dial)
{
    uint32_t doublings = dial->failures < 6 ? dial->failures : 6;
    return 1000u << doublings;
}

static void dial_later(struct core *core, struct dial *dial)
{
    dial->at_ms = core->now_ms + dial_pause_ms(dial);
    if (dial->at_ms < core->dial_at_ms)
        core->dial_at_ms = dial->at_ms;
}

void dialing_ready(struct core *core, const struct session *session)
{
    if (session->is_dialer)
        dialing_of(core, session->peer_key)->failures = 0;
}

void dialing_ended(struct core *core, const struct session *session)
{
    bool was_ready = session->state == SESSION_READY;
    if (session->is_pairing) { /* it may have come far enough to be a peer */
        uint64_t at_ms = core->now_ms + PAUSE_AFTER_PAIRING_MS;
        core->dial_at_ms = at_ms < core->dial_at_ms ? at_ms : core->dial_at_ms;
        return;
    }
    if (!session->is_dialer && !session->was_ready)
        return; /* nobody whom we would dial */
    struct dial *dial = dialing_of(core, session->peer_key);
    if (session->is_dialer && !was_ready)
        dial->failures++;
    dial_later(core, dial);
}

void dialing_hasten(struct core *core)
{
    for (int i = 0; i < DIALS_MAX; i++) {
        core->dials[i].at_ms = core->now_ms;
        core->dials[i].failures = 0;
    }
    core->dial_at_ms = core->now_ms;
}

/* On its way, open, or not quite closed yet. */
static bool has_session(const struct core *core, const struct store_peer *peer)
{
    for (int i = 0; i < SESSIONS_MAX; i++) {
        const struct session *session = core->sessions[i];
        if (session != NULL && !session->is_pairing &&
            memcmp(session->peer_key, peer->node_key, sizeof(peer->node_key)) == 0)
            return true;
    }
    return false;
}

static enum status dial_peer(void *context, const struct store_peer *peer)
{
    struct core *core = context;
    if (peer->address.len == 0 || has_session(core, peer))
        return STATUS_OK;
    if (id_equal(&peer->site, &core->site) && !replica_is_machine(core, peer->node_key))
        return STATUS_OK; /* it was revoked */
    struct dial *dial = dialing_of(core, peer->node_key);
    if (core->now_ms < dial->at_ms) {
        if (dial->at_ms < core->dial_at_ms)
            core->dial_at_ms = dial->at_ms;
        return STATUS_OK;
    }
    char address[128];
    (void)snprintf(address, sizeof(address), "%.*s", (int)peer->address.len,
                   (const char *)peer->address.data);
    struct session *session = session_dial(core, address, peer->node_key, NULL);
    if (session != NULL)
        session->site = peer->site;
    else
        dial_later(core, dial);
    return STATUS_OK;
}

void dialing_tick(struct core *core)
{
    if (core->now_ms < core->dial_at_ms || core->is_ending)
        return;
    core->dial_at_ms = UINT64_MAX; /* until a session has ended, or one is to be tried */
    (void)core_check(core, store_peers(core->store, dial_peer, core));
}
