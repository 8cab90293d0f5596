#include "node/core/discovery.h"

#include "crypto/secret.h"
#include "node/core/core.h"
#include "node/core/renewal.h"
#include "node/core/state.h"
#include "node/core/waiting.h"
#include "proto/beacon.h"

void core_find_others(struct core *core, uint16_t port)
{
    core->discovery.hears = true;
    core->discovery.port = port;
    core->discovery.next_ms = 0;
}

/* --- being found --- */

/* The same from outside whether there is an invitation or not. */
static void call_invited(struct core *core, uint8_t *beacon)
{
    uint8_t key[BEACON_KEY_SIZE];
    for (uint32_t i = 0; i < INVITES_MAX; i++) {
        const struct invite *invite = &core->invites[i];
        if (!invite->is_open || !invite->is_ready)
            continue;
        beacon_key_of_code(key, invite->psk);
        beacon_call_code(beacon, i, key, core->discovery.port);
    }
    secret_wipe(key, sizeof(key));
}

/* Who has not met its new key finds this machine by the one before: they have every other
 * beacon, for two of them at once would tell everybody that there are two keys. */
static const uint8_t *own_key(struct core *core)
{
    struct discovery *discovery = &core->discovery;
    discovery->was_former = !discovery->was_former && renewal_is_open(core);
    return discovery->was_former ? core->former.noise_key : core->noise_key;
}

void discovery_tick(struct core *core)
{
    struct discovery *discovery = &core->discovery;
    uint8_t beacon[BEACON_SIZE], key[BEACON_KEY_SIZE];
    if (discovery->port == 0 || core->is_ending || core->now_ms < discovery->next_ms)
        return;
    discovery->next_ms = core->now_ms + BEACON_PAUSE_MS;
    rng_fill(&core->rng, "beacon", NULL, beacon, sizeof(beacon));
    beacon_begin(beacon);
    beacon_key_of_machine(key, own_key(core));
    beacon_call(beacon, key, discovery->port);
    call_invited(core, beacon);
    struct action *action = core_act(core, ACTION_BEACON);
    if (action == NULL)
        return;
    buf_add(&action->bytes, beacon, sizeof(beacon));
    (void)core_check(core, buf_status(&action->bytes));
}

uint64_t discovery_deadline(const struct core *core)
{
    const struct discovery *discovery = &core->discovery;
    return discovery->port == 0 || core->is_ending ? UINT64_MAX : discovery->next_ms;
}

/* --- finding --- */

struct heard {
    struct core *core;
    const char *host;
    struct bytes beacon;
};

static enum status look_at_peer(void *context, const struct store_peer *peer)
{
    struct heard *heard = context;
    uint8_t key[BEACON_KEY_SIZE];
    char address[FOUND_SIZE];
    uint16_t port;
    if (!dialing_wants(heard->core, peer))
        return STATUS_OK;
    beacon_key_of_machine(key, peer->node_key);
    if (!beacon_is_of(heard->beacon, key, &port))
        return STATUS_OK;
    beacon_address(address, sizeof(address), heard->host, port);
    dialing_found(heard->core, peer->node_key, address);
    return STATUS_OK;
}

static void look_at_code(struct heard *heard, struct caller *caller)
{
    uint8_t key[BEACON_KEY_SIZE];
    char address[FOUND_SIZE];
    uint16_t port;
    beacon_key_of_code(key, caller->psk);
    if (beacon_is_of_code(heard->beacon, key, &port)) {
        beacon_address(address, sizeof(address), heard->host, port);
        waiting_found(heard->core, caller, address);
    }
    secret_wipe(key, sizeof(key));
}

void discovery_heard(struct core *core, const char *host, struct bytes datagram)
{
    struct heard heard = {.core = core, .host = host, .beacon = datagram};
    if (!core->discovery.hears || core->is_ending || datagram.len != BEACON_SIZE)
        return;
    for (int i = 0; i < CALLERS_MAX; i++)
        if (core->callers[i] != NULL && core->callers[i]->wait == CALLER_SEEKING)
            look_at_code(&heard, core->callers[i]);
    (void)core_check(core, store_peers(core->store, look_at_peer, &heard));
}
