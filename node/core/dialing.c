#include "node/core/dialing.h"

#include <stdio.h>
#include <string.h>

#include "node/core/renewal.h"
#include "node/core/replica.h"
#include "node/core/session.h"

#define PAUSE_AFTER_PAIRING_MS 2000
#define DOUBLINGS_MAX 6      /* of the pause between two dials */
#define HASTE_PAUSE_MS 10000 /* whoever repeats beacons makes nobody dial more often */

/* NULL: nothing is remembered of it. */
static struct dial *find_dial(struct core *core, const uint8_t *key)
{
    for (int i = 0; i < DIALS_MAX; i++)
        if (memcmp(core->dials[i].key, key, 32) == 0)
            return &core->dials[i];
    return NULL;
}

struct dial *dialing_of(struct core *core, const uint8_t key[static 32])
{
    static const uint8_t nobody[32];
    struct dial *place = find_dial(core, key);
    if (place != NULL)
        return place;
    place = &core->dials[0];
    for (int i = 0; i < DIALS_MAX; i++) {
        struct dial *dial = &core->dials[i];
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
    uint32_t doublings = dial->failures < DOUBLINGS_MAX ? dial->failures : DOUBLINGS_MAX;
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
    bool has_failed = session->is_dialer && !was_ready;
    /* It is not there; that tells nothing of the address it was paired at. */
    if (has_failed && dial->was_found && !session->was_ready)
        dial->found[0] = '\0';
    else if (has_failed)
        dial->failures++;
    /* Its copy took the line, and would lose it to the next dial at once. */
    if (session->has_been_told)
        dial->failures = DOUBLINGS_MAX;
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
static bool has_session(const struct core *core, const uint8_t *key)
{
    for (int i = 0; i < SESSIONS_MAX; i++) {
        const struct session *session = core->sessions[i];
        if (session != NULL && !session->is_pairing &&
            memcmp(session->peer_key, key, sizeof(session->peer_key)) == 0)
            return true;
    }
    return false;
}

bool dialing_wants(struct core *core, const struct store_peer *peer)
{
    if (id_equal(&peer->site, &core->site))
        return replica_is_machine(core, peer->node_key); /* else it was revoked */
    return peer->address.len > 0;
}

void dialing_found(struct core *core, const uint8_t key[static 32], const char *address)
{
    struct dial *dial = dialing_of(core, key);
    (void)snprintf(dial->found, sizeof(dial->found), "%s", address);
    if (has_session(core, key))
        return;
    if (core->now_ms >= dial->hasten_ms) {
        core_trace(core, "peer heard address=%s", address);
        dial->hasten_ms = core->now_ms + HASTE_PAUSE_MS;
        dial->at_ms = core->now_ms;
    }
    if (dial->at_ms < core->dial_at_ms)
        core->dial_at_ms = dial->at_ms;
}

/* Where it was heard and where it was paired, in turn. False: nowhere. */
static bool choose_address(struct dial *dial, const struct store_peer *peer,
                           char address[static 128])
{
    bool is_found =
        dial->found[0] != '\0' && (peer->address.len == 0 || !dial->was_found);
    if (!is_found && peer->address.len == 0)
        return false;
    dial->was_found = is_found;
    if (is_found)
        (void)snprintf(address, 128, "%s", dial->found);
    else
        (void)snprintf(address, 128, "%.*s", (int)peer->address.len,
                       (const char *)peer->address.data);
    return true;
}

/* It may know this machine by the key that it had before, or by the new one, from another
 * machine or a stick: they are tried in turn. */
static bool awaits(const struct core *core, const struct store_peer *peer)
{
    struct id who = peer->site;
    if (id_equal(&peer->site, &core->site))
        memcpy(who.bytes, peer->node_key, ID_SIZE);
    return renewal_awaits(core, &who);
}

static enum status dial_peer(void *context, const struct store_peer *peer)
{
    struct core *core = context;
    char address[128];
    if (!dialing_wants(core, peer) || has_session(core, peer->node_key))
        return STATUS_OK;
    if (peer->address.len == 0 && find_dial(core, peer->node_key) == NULL)
        return STATUS_OK; /* it dials us, and was not heard */
    struct dial *dial = dialing_of(core, peer->node_key);
    if (core->now_ms < dial->at_ms) {
        if (dial->at_ms < core->dial_at_ms)
            core->dial_at_ms = dial->at_ms;
        return STATUS_OK;
    }
    if (!choose_address(dial, peer, address))
        return STATUS_OK;
    bool *was_former = dial->was_found ? &dial->was_former_there : &dial->was_former;
    *was_former = !*was_former && awaits(core, peer);
    struct session *session =
        session_dial(core, address, peer->node_key, *was_former, NULL);
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
