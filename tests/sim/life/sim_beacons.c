#include "tests/sim/life/sim_beacons.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "node/core/state.h"
#include "proto/beacon.h"
#include "tests/sim/life/sim_host.h"
#include "tests/sim/life/sim_seen.h"
#include "tests/sim/life/sim_wire.h"

#define PORTS 100
#define LATENCY_MS 5
#define MOVING_MS 60000
#define PIECE 8 /* of a key or id that would be told by it */

struct sim_beacons {
    uint8_t first[SIM_HOSTS_MAX][BEACON_SIZE], last[SIM_HOSTS_MAX][BEACON_SIZE];
    bool has_said[SIM_HOSTS_MAX];
    uint32_t moves[SIM_HOSTS_MAX];
};

static uint16_t port_of(const struct sim_host *host)
{
    return (uint16_t)(PORTS * (1 + host->sim->beacons->moves[host->index]) +
                      (uint32_t)host->index);
}

void sim_beacons_start(struct sim_host *host)
{
    if (host->sim->beacons != NULL)
        core_find_others(host->core, port_of(host));
}

void sim_beacons_plan(struct sim *sim)
{
    sim->beacons = calloc(1, sizeof(*sim->beacons));
    assert(sim->beacons != NULL);
    for (int i = 0; i < sim->hosts_len; i++) {
        if (!sim->hosts[i]->is_on)
            continue;
        sim_beacons_start(sim->hosts[i]);
        sim_host_tell(sim->hosts[i], EVENT_TICK, 0, (struct bytes){0}, NULL);
    }
}

/* As it was set up, until it moves; as a beacon says; and the place of a machine as a
 * datagram from there shows it, whatever the port. */
bool sim_beacons_is_at(const struct sim_host *host, const char *address)
{
    char found[32];
    size_t place_len;
    if (host->sim->beacons == NULL || host->sim->beacons->moves[host->index] == 0)
        if (strcmp(host->address, address) == 0)
            return true;
    if (host->sim->beacons == NULL)
        return false;
    (void)snprintf(found, sizeof(found), "%s:%u", host->tier, port_of(host));
    if (strcmp(found, address) == 0)
        return true;
    place_len = (size_t)snprintf(found, sizeof(found), "place-%d:", host->index);
    return strncmp(found, address, place_len) == 0;
}

/* --- saying --- */

static bool shows(struct bytes beacon, const void *what)
{
    return memmem(beacon.data, beacon.len, what, PIECE) != NULL;
}

/* But for its first bytes nothing of it comes again, in the place where it stood. */
static bool comes_again(const uint8_t *a, const uint8_t *b)
{
    for (size_t i = BEACON_MAGIC_SIZE; i + PIECE <= BEACON_SIZE; i++)
        if (memcmp(a + i, b + i, PIECE) == 0)
            return true;
    return false;
}

static void look_at(const struct sim_host *host, struct bytes beacon)
{
    struct sim *sim = host->sim;
    const struct sim_beacons *beacons = sim->beacons;
    if (beacon.len != BEACON_SIZE) {
        sim_fail(sim, "I3", "%s says a beacon of another size", host->address);
        return;
    }
    if (shows(beacon, host->site.bytes) || shows(beacon, host->core->node_key) ||
        shows(beacon, host->core->noise_key) || shows(beacon, host->name) ||
        (host->core->former.is_set && shows(beacon, host->core->former.noise_key)))
        sim_fail(sim, "I3", "a beacon of %s names it", host->address);
    if (beacons->has_said[host->index] &&
        (comes_again(beacons->last[host->index], beacon.data) ||
         comes_again(beacons->first[host->index], beacon.data)))
        sim_fail(sim, "I3", "a beacon of %s is known again", host->address);
}

static void carry(struct sim *sim, const struct sim_host *to, int from, uint64_t place,
                  struct bytes beacon)
{
    struct sim_event event = {.at_ms = sim->now_ms + LATENCY_MS,
                              .type = SIM_BEACON,
                              .host = to->index,
                              .a = (uint64_t)from,
                              .b = place};
    buf_add(&event.bytes, beacon.data, beacon.len);
    sim_queue_add(&sim->queue, &event);
}

void sim_beacons_say(struct sim_host *host, struct bytes beacon)
{
    struct sim *sim = host->sim;
    struct sim_beacons *beacons = sim->beacons;
    look_at(host, beacon);
    if (sim_has_failed(sim))
        return;
    sim_seen_add(&sim->seen, SIGHT_MESSAGE, host->index, sim->now_ms, 0, beacon);
    memcpy(beacons->last[host->index], beacon.data, BEACON_SIZE);
    if (!beacons->has_said[host->index])
        memcpy(beacons->first[host->index], beacon.data, BEACON_SIZE);
    beacons->has_said[host->index] = true;
    for (int i = 0; i < sim->hosts_len; i++)
        if (i != host->index && sim->hosts[i]->is_on &&
            !sim_wire_is_blocked(sim, host->index, i))
            carry(sim, sim->hosts[i], host->index, 0, beacon);
}

void sim_beacons_hear(struct sim_host *host, const struct sim_event *event)
{
    if (!host->is_on || host->core == NULL || host->inbox_len == SIM_INBOX_MAX)
        return;
    sim_host_tell(host, EVENT_BEACON, 0, buf_bytes(&event->bytes), NULL);
    char *place = host->inbox[host->inbox_len - 1].event.host;
    if (event->b == 0)
        (void)snprintf(place, EVENT_HOST_SIZE, "%s", host->sim->hosts[event->a]->tier);
    else
        (void)snprintf(place, EVENT_HOST_SIZE, "place-%d", (int)event->b - 1);
}

/* --- deeds --- */

static void move(struct sim_host *host)
{
    struct sim *sim = host->sim;
    sim->beacons->moves[host->index]++;
    if (host->is_on)
        sim_host_cut(host);
    sim_trace(sim, host, "moves to port %u", port_of(host));
    sim_ever(sim, EVER_BEACON_MOVED);
    struct sim_event event = {
        .at_ms = sim->now_ms + MOVING_MS, .type = SIM_BOOT, .host = host->index};
    sim_queue_add(&sim->queue, &event);
}

/* The first beacon of somebody once more; the last one from another machine's place; or
 * bytes that nobody made. */
static void lie(struct sim_host *host, uint64_t key)
{
    struct sim *sim = host->sim;
    const struct sim_beacons *beacons = sim->beacons;
    int of = (int)sim_choose(sim, "beacon-of", key, (uint64_t)sim->hosts_len);
    uint64_t at = sim_choose(sim, "beacon-at", key, (uint64_t)sim->hosts_len);
    uint64_t way = sim_choose(sim, "beacon-lie", key, 4);
    uint8_t made[BEACON_SIZE];
    if (!beacons->has_said[of])
        return;
    memcpy(made, way == 0 ? beacons->first[of] : beacons->last[of], sizeof(made));
    if (way >= 2)
        made[sim_choose(sim, "beacon-bit", key, sizeof(made))] ^= 1;
    sim_ever(sim, EVER_BEACON_LIE);
    carry(sim, host, of, way == 1 || way == 3 ? at + 1 : 0,
          bytes_of(made, way == 2 ? sizeof(made) - 1 : sizeof(made)));
}

void sim_beacons_do(struct sim_host *host, const struct sim_entry *entry)
{
    if (entry->deed == DEED_MOVE)
        move(host);
    else
        lie(host, entry->key);
}

void sim_beacons_free(struct sim *sim)
{
    free(sim->beacons);
    sim->beacons = NULL;
}
