#include "tests/sim/life/sim_wire.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/life/sim_beacons.h"
#include "tests/sim/life/sim_host.h"
#include "tests/sim/life/watch_files.h"

#define LATENCY_MIN_MS 2
#define LATENCY_SPREAD_MS 400
#define SLOW_MS_PER_BYTE 1
#define HANDSHAKE_BYTES 200 /* both ways together */
#define NOTICE_MS 20000     /* at most, until the other end of a dead line notices */

static uint64_t latency(const struct sim *sim, uint64_t wire, uint64_t chunk)
{
    return LATENCY_MIN_MS + sim_dice(sim, "latency", wire, chunk) % LATENCY_SPREAD_MS;
}

bool sim_wire_is_blocked(const struct sim *sim, int from, int to)
{
    return sim->blocked_until_ms[from][to] > sim->now_ms;
}

static bool is_slow(const struct sim *sim, const struct sim_wire *wire)
{
    return sim->hosts[wire->host[0]]->slow_until_ms > sim->now_ms ||
           sim->hosts[wire->host[1]]->slow_until_ms > sim->now_ms;
}

static struct sim_wire *find(const struct sim_host *host, uint64_t conn, int *side)
{
    struct sim *sim = host->sim;
    for (int i = 0; i < SIM_WIRES_MAX; i++) {
        struct sim_wire *wire = &sim->wires[i];
        for (*side = 0; wire->is_used && *side < 2; (*side)++)
            if (wire->is_open[*side] && wire->host[*side] == host->index &&
                wire->conn[*side] == conn)
                return wire;
    }
    return NULL;
}

static void add(struct sim *sim, enum sim_happening type, uint64_t at_ms,
                const struct sim_wire *wire, int side, struct bytes bytes)
{
    struct sim_event event = {.at_ms = at_ms,
                              .type = type,
                              .host = wire->host[side],
                              .boot = sim->hosts[wire->host[side]]->boots,
                              .a = (uint64_t)(wire - sim->wires),
                              .b = wire->number * 2 + (uint64_t)side};
    buf_add(&event.bytes, bytes.data, bytes.len);
    sim_queue_add(&sim->queue, &event);
}

/* The wire of an event, unless it is another one by now or that side is done with it. */
static struct sim_wire *wire_of(struct sim *sim, const struct sim_event *event, int *side)
{
    struct sim_wire *wire = &sim->wires[event->a];
    *side = (int)(event->b % 2);
    if (!wire->is_used || wire->number != event->b / 2 || !wire->is_open[*side] ||
        sim->hosts[wire->host[*side]]->boots != event->boot)
        return NULL;
    return wire;
}

static void release(struct sim_wire *wire)
{
    if (!wire->is_open[0] && !wire->is_open[1])
        wire->is_used = false;
}

/* One side learns of the end, now. */
static void end_side(struct sim *sim, struct sim_wire *wire, int side)
{
    struct sim_host *host = sim->hosts[wire->host[side]];
    wire->is_open[side] = false;
    wire->ended_ms[side] = sim->now_ms;
    if (host->is_on)
        sim_host_tell(host, EVENT_CONN_CLOSED, wire->conn[side], (struct bytes){0}, NULL);
    release(wire);
}

/* The line is dead: each side notices in its own time. */
static void kill_wire(struct sim *sim, struct sim_wire *wire)
{
    for (int side = 0; side < 2; side++) {
        if (!wire->is_open[side])
            continue;
        if (wire->mutes[side]) {
            wire->cut_at = 1;
            sim_ever(sim, EVER_LINE_MUTE);
            continue;
        }
        uint64_t after =
            sim_dice(sim, "notice", wire->number, (uint64_t)side) % NOTICE_MS;
        wire->cut_at = 1; /* whatever is sent from now on is lost */
        add(sim, SIM_CLOSED, sim->now_ms + after, wire, side, (struct bytes){0});
    }
}

void sim_wire_dial(struct sim_host *host, uint64_t conn, const char *address)
{
    struct sim *sim = host->sim;
    struct sim_event event = {
        .at_ms = sim->now_ms + latency(sim, conn, (uint64_t)host->index),
        .type = SIM_DIALED,
        .host = host->index,
        .boot = host->boots,
        .a = conn,
    };
    buf_add(&event.bytes, address, strlen(address) + 1);
    sim_queue_add(&sim->queue, &event);
}

static struct sim_wire *open_wire(struct sim *sim, const struct sim_wire *like)
{
    for (int i = 0; i < SIM_WIRES_MAX; i++) {
        struct sim_wire *wire = &sim->wires[i];
        if (wire->is_used)
            continue;
        struct sim_host *to = sim->hosts[like->host[1]];
        to->next_accept += 2;
        *wire = *like;
        wire->is_used = wire->is_open[1] = true;
        wire->conn[1] = to->next_accept;
        wire->number = ++sim->wires_made;
        sim_host_tell(to, EVENT_CONN_ACCEPTED, wire->conn[1], (struct bytes){0}, NULL);
        return wire;
    }
    return NULL;
}

/* Somebody on the line says again, on a connection of his own, what the dialer says. */
static void haunt(struct sim *sim, struct sim_wire *wire)
{
    struct sim_wire like = {.host = {wire->host[0], wire->host[1]}, .is_ghost = true};
    struct sim_wire *ghost = open_wire(sim, &like);
    if (ghost == NULL)
        return;
    wire->ghost = (int)(ghost - sim->wires) + 1;
    wire->ghost_number = ghost->number;
}

static struct sim_wire *ghost_of(struct sim *sim, const struct sim_wire *wire)
{
    if (wire->ghost == 0)
        return NULL;
    struct sim_wire *ghost = &sim->wires[wire->ghost - 1];
    return ghost->is_used && ghost->number == wire->ghost_number ? ghost : NULL;
}

static void send_again(struct sim *sim, const struct sim_wire *wire, struct bytes bytes)
{
    struct sim_wire *ghost = ghost_of(sim, wire);
    if (ghost == NULL || !ghost->is_open[1])
        return;
    uint64_t at = sim->now_ms + latency(sim, ghost->number, wire->sent[0]);
    if (at < ghost->arrives_ms[1])
        at = ghost->arrives_ms[1];
    ghost->arrives_ms[1] = at;
    add(sim, SIM_CHUNK, at, ghost, 1, bytes);
}

void sim_wire_dialed(struct sim *sim, const struct sim_event *event)
{
    struct sim_host *host = sim->hosts[event->host], *to = NULL;
    for (int i = 0; i < sim->hosts_len; i++)
        if (sim_beacons_is_at(sim->hosts[i], (const char *)event->bytes.data))
            to = sim->hosts[i];
    bool reaches = to != NULL && to != host && to->is_on &&
                   !sim_wire_is_blocked(sim, host->index, to->index) &&
                   !sim_wire_is_blocked(sim, to->index, host->index);
    struct sim_wire *wire = NULL;
    if (reaches) {
        struct sim_wire like = {.is_open = {true, false},
                                .host = {host->index, to->index},
                                .conn = {event->a, 0}};
        wire = open_wire(sim, &like);
    }
    if (wire != NULL) {
        if (host->twice_next)
            haunt(sim, wire);
        wire->cut_at = host->break_next;
        host->twice_next = false;
        host->break_next = 0;
        sim_host_tell(host, EVENT_CONN_CONNECTED, event->a, (struct bytes){0}, NULL);
        return;
    }
    sim_host_tell(host, EVENT_CONN_CLOSED, event->a, (struct bytes){0}, NULL);
}

/* The one who is dialed says his first word: not to somebody and to his ghost. */
static void watch_ghost(struct sim_host *host, struct sim_wire *wire)
{
    struct sim_wire *ghost = wire->is_ghost ? wire : ghost_of(host->sim, wire);
    if (ghost != NULL && ++ghost->answered > 1)
        sim_fail(host->sim, "I5", "%s answers a handshake that it has answered before",
                 host->address);
}

void sim_wire_send(struct sim_host *host, uint64_t conn, struct bytes bytes)
{
    struct sim *sim = host->sim;
    int side;
    struct sim_wire *wire = find(host, conn, &side);
    if (wire == NULL)
        return;
    sim->verdict->bytes += bytes.len;
    int other = 1 - side;
    uint64_t before = wire->sent[0] + wire->sent[1];
    bool was_dead = wire->cut_at > 0 && before >= wire->cut_at;
    if (side == 1 && wire->sent[side] == 0)
        watch_ghost(host, wire);
    wire->sent[side] += bytes.len;
    if (was_dead)
        return;
    if (side == 0)
        send_again(sim, wire, bytes);
    bool breaks = wire->cut_at > 0 && before + bytes.len >= wire->cut_at;
    if (breaks)
        bytes.len = wire->cut_at - before;
    if (wire->is_open[other] && bytes.len > 0) {
        uint64_t at = sim->now_ms + latency(sim, wire->number, before);
        if (at < wire->arrives_ms[other])
            at = wire->arrives_ms[other];
        if (is_slow(sim, wire)) {
            at += bytes.len * SLOW_MS_PER_BYTE;
            sim_ever(sim, EVER_LINE_SLOW);
        }
        wire->arrives_ms[other] = at;
        add(sim, SIM_CHUNK, at, wire, other, bytes);
    }
    if (breaks) {
        sim_ever(sim, before < HANDSHAKE_BYTES ? EVER_BROKE_HANDSHAKE : EVER_BROKE_SYNC);
        sim_trace(sim, host, "line %llu breaks", (unsigned long long)wire->number);
        sim->verdict->cuts++;
        for (int i = 0; i < 2; i++)
            watch_files_cut(sim->hosts[wire->host[i]]);
        kill_wire(sim, wire);
    }
}

void sim_wire_chunk(struct sim *sim, const struct sim_event *event)
{
    int side;
    struct sim_wire *wire = wire_of(sim, event, &side);
    if (wire == NULL)
        return;
    if (sim_wire_is_blocked(sim, wire->host[1 - side], wire->host[side])) {
        /* TCP would try for a while and give up. */
        if (wire->cut_at == 0) {
            wire->cut_at = 1;
            kill_wire(sim, wire);
        }
        return;
    }
    sim_host_tell(sim->hosts[wire->host[side]], EVENT_CONN_BYTES, wire->conn[side],
                  buf_bytes(&event->bytes), NULL);
}

/* In the turn in which it is told of the end, it may have something to say before. */
struct sim_host *sim_wire_other(const struct sim_host *host, uint64_t conn)
{
    const struct sim *sim = host->sim;
    int side;
    const struct sim_wire *wire = find(host, conn, &side);
    for (int i = 0; wire == NULL && i < SIM_WIRES_MAX; i++)
        for (side = 0; side < 2; side++)
            if (sim->wires[i].host[side] == host->index &&
                sim->wires[i].conn[side] == conn && sim->now_ms > 0 &&
                sim->wires[i].ended_ms[side] == sim->now_ms) {
                wire = &sim->wires[i];
                break;
            }
    return wire == NULL ? NULL : sim->hosts[wire->host[1 - side]];
}

void sim_wire_close(struct sim_host *host, uint64_t conn)
{
    struct sim *sim = host->sim;
    int side;
    struct sim_wire *wire = find(host, conn, &side);
    if (wire == NULL) {
        sim_host_tell(host, EVENT_CONN_CLOSED, conn, (struct bytes){0}, NULL);
        return;
    }
    int other = 1 - side;
    if (wire->is_ghost)
        sim_ever(sim, EVER_LINE_TWICE);
    if (wire->is_open[other] &&
        (wire->cut_at == 0 || wire->sent[0] + wire->sent[1] < wire->cut_at)) {
        uint64_t at = sim->now_ms + latency(sim, wire->number, wire->sent[side]);
        if (at < wire->arrives_ms[other])
            at = wire->arrives_ms[other];
        add(sim, SIM_CLOSED, at, wire, other, (struct bytes){0});
    }
    end_side(sim, wire, side);
}

void sim_wire_closed(struct sim *sim, const struct sim_event *event)
{
    int side;
    struct sim_wire *wire = wire_of(sim, event, &side);
    if (wire != NULL)
        end_side(sim, wire, side);
}

void sim_wire_drop(struct sim_host *host)
{
    struct sim *sim = host->sim;
    for (int i = 0; i < SIM_WIRES_MAX; i++) {
        struct sim_wire *wire = &sim->wires[i];
        for (int side = 0; wire->is_used && side < 2; side++) {
            if (wire->host[side] != host->index || !wire->is_open[side])
                continue;
            wire->is_open[side] = false;
            if (wire->is_open[1 - side])
                kill_wire(sim, wire);
            release(wire);
        }
    }
}

/* One of its lines that are well. */
static struct sim_wire *well(struct sim *sim, int host)
{
    for (int i = 0; i < SIM_WIRES_MAX; i++) {
        struct sim_wire *wire = &sim->wires[i];
        if (wire->is_used && !wire->is_ghost && wire->cut_at == 0 &&
            (wire->host[0] == host || wire->host[1] == host))
            return wire;
    }
    return NULL;
}

void sim_wire_break(struct sim *sim, int host, uint64_t bytes)
{
    struct sim_wire *wire = well(sim, host);
    if (wire != NULL)
        wire->cut_at = wire->sent[0] + wire->sent[1] + 1 + bytes;
    else
        sim->hosts[host]->break_next = 1 + bytes;
}

void sim_wire_mute(struct sim *sim, int host, uint64_t bytes, int side)
{
    struct sim_wire *wire = well(sim, host);
    if (wire == NULL)
        return;
    wire->mutes[side] = true;
    wire->cut_at = wire->sent[0] + wire->sent[1] + 1 + bytes;
}

void sim_wire_reset(struct sim *sim)
{
    for (int i = 0; i < SIM_WIRES_MAX; i++)
        for (int side = 0; side < 2; side++)
            if (sim->wires[i].is_used && sim->wires[i].is_open[side])
                end_side(sim, &sim->wires[i], side);
    for (int i = 0; i < sim->hosts_len; i++)
        sim->hosts[i]->break_next = 0;
}
