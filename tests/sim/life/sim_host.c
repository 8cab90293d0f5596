#include "tests/sim/life/sim_host.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/key.h"
#include "node/core/session.h"
#include "tests/sim/life/sim_people.h"
#include "tests/sim/life/sim_pin.h"
#include "tests/sim/life/sim_watch.h"
#include "tests/sim/life/sim_wire.h"

#define JOB_MIN_MS 1
#define JOB_SPREAD_MS 40

/* Whose turn it is: session_send does not say who calls. */
static struct sim_host *turning;

/* The linker gives the session's messages to us first (--wrap). */
void __wrap_session_send(struct session *session, const struct buf *message);
void __real_session_send(struct session *session, const struct buf *message);

void __wrap_session_send(struct session *session, const struct buf *message)
{
    if (turning != NULL)
        sim_watch_message(turning, buf_bytes(message));
    __real_session_send(session, message);
}

uint64_t sim_host_wall(const struct sim_host *host)
{
    int64_t wall = (int64_t)(SIM_EPOCH + host->sim->now_ms / 1000) + host->wall_offset_s;
    return wall < 0 ? 0 : (uint64_t)wall;
}

static void open_disk(struct sim_host *host, bool create)
{
    struct err err = {0};
    enum status status =
        store_open(&host->config.store, "node.db", host->vfs, create, &err);
    if (status != STATUS_OK) {
        host->config.store = NULL;
        sim_fail(host->sim, "I14", "%s does not open: %s", host->address,
                 err_text(&err, status));
    }
}

static void found(struct sim_host *host)
{
    uint8_t recovery_seed[32], recovery[32];
    const struct rng *rng = &host->config.rng;
    rng_fill(rng, "node-seed", NULL, host->config.node_seed, 32);
    rng_fill(rng, "noise-secret", NULL, host->config.noise_secret, 32);
    rng_fill(rng, "steward", NULL, host->steward_seed, 32);
    rng_fill(rng, "recovery", NULL, recovery_seed, 32);
    key_sign_public(recovery, recovery_seed);
    struct job *wrap = job_new(JOB_WRAP);
    assert(wrap != NULL);
    memcpy(wrap->seed, host->steward_seed, 32);
    memcpy(wrap->pin, "246810", 6);
    wrap->pin_len = 6;
    sim_pin_run(wrap);
    struct core_founding founding = {
        .tier = host->tier,
        .name = host->name,
        .steward = "陈某",
        .steward_seed = host->steward_seed,
        .steward_wrapped = wrap->wrapped,
        .recovery_key = recovery,
        .wall = sim_host_wall(host),
        .quality = host->quality,
    };
    struct err err = {0};
    enum status status = core_found(&host->config, &founding, &host->site, &err);
    assert(status == STATUS_OK);
    (void)status;
    job_free(wrap);
}

static void start(struct sim_host *host)
{
    if (sim_has_failed(host->sim))
        return;
    enum status status = core_open(&host->core, &host->config, NULL);
    if (status != STATUS_OK) {
        sim_fail(host->sim, "I14", "%s has no site after a start", host->address);
        return;
    }
    host->is_on = true;
    host->has_stopped = false;
    host->booted_ms = host->sim->now_ms;
    host->deadline_ms = 0;
    sim_trace(host->sim, host, "boot %" PRIu64, host->boots);
    sim_people_arrive(host);
}

void sim_host_new(struct sim *sim, const char *tier, const char *name, int parent)
{
    struct sim_host *host = calloc(1, sizeof(*host));
    assert(host != NULL && sim->hosts_len < SIM_HOSTS_MAX);
    host->sim = sim;
    host->index = sim->hosts_len++;
    sim->hosts[host->index] = host;
    host->parent = parent;
    host->tier = tier;
    host->quality = WALL_NTP;
    (void)snprintf(host->name, sizeof(host->name), "%s", name);
    (void)snprintf(host->address, sizeof(host->address), "%s:%d", tier, host->index);
    (void)snprintf(host->vfs, sizeof(host->vfs), "sim-%d", host->index);
    host->disk = crash_vfs_new(
        host->vfs,
        (struct crash_disk){.seed = sim_dice(sim, "disk", (uint64_t)host->index, 0)});
    assert(host->disk != NULL);
    host->dice = rng_keyed_new(sim->options.seed, (uint64_t)host->index);
    assert(host->dice != NULL);
    host->config.rng = rng_keyed_rng(host->dice);
    host->config.listens = true;
    open_disk(host, true);
    found(host);
    start(host);
}

static void forget_inbox(struct sim_host *host)
{
    for (uint32_t i = 0; i < host->inbox_len; i++) {
        buf_deinit(&host->inbox[i].bytes);
        job_free(host->inbox[i].event.job);
    }
    host->inbox_len = 0;
    host->turn_is_due = false;
}

/* The process is gone; what the disk holds is another question. */
static void end_process(struct sim_host *host)
{
    forget_inbox(host);
    core_close(host->core);
    store_close(host->config.store);
    host->core = NULL;
    host->config.store = NULL;
    host->is_on = false;
    host->boots++;
    sim_people_leave(host);
}

void sim_host_free(struct sim_host *host)
{
    end_process(host);
    crash_vfs_free(host->disk);
    rng_keyed_free(host->dice);
    free(host);
}

void sim_host_tell(struct sim_host *host, enum event_type type, uint64_t number,
                   struct bytes bytes, struct job *job)
{
    struct sim *sim = host->sim;
    assert(host->inbox_len < SIM_INBOX_MAX);
    struct sim_news *news = &host->inbox[host->inbox_len++];
    *news = (struct sim_news){
        .event = {.type = type, .conn = number, .client = number, .job = job}};
    buf_add(&news->bytes, bytes.data, bytes.len);
    if (host->turn_is_due)
        return;
    host->turn_is_due = true;
    struct sim_event turn = {
        .at_ms = sim->now_ms, .type = SIM_TURN, .host = host->index, .boot = host->boots};
    sim_queue_add(&sim->queue, &turn);
}

static void take_job(struct sim_host *host, struct action *action)
{
    struct sim *sim = host->sim;
    sim_pin_run(action->job);
    uint64_t after =
        JOB_MIN_MS + sim_dice(sim, "job", sim->queue.added, 0) % JOB_SPREAD_MS;
    struct sim_event event = {.at_ms = sim->now_ms + after,
                              .type = SIM_JOB,
                              .host = host->index,
                              .boot = host->boots,
                              .job = action->job};
    action->job = NULL;
    sim_queue_add(&sim->queue, &event);
}

static void perform(struct sim_host *host, struct action *action)
{
    switch (action->type) {
    case ACTION_DIAL:
        sim_wire_dial(host, action->conn, action->text);
        break;
    case ACTION_SEND:
        sim_wire_send(host, action->conn, buf_bytes(&action->bytes));
        break;
    case ACTION_CLOSE:
        sim_wire_close(host, action->conn);
        break;
    case ACTION_REPLY:
        sim_people_hear(host, buf_bytes(&action->bytes));
        break;
    case ACTION_JOB:
        take_job(host, action);
        break;
    case ACTION_TRACE:
        sim_trace(host->sim, host, "%s", action->text);
        break;
    case ACTION_STOP:
        host->has_stopped = true;
        break;
    }
    action_deinit(action);
}

static enum status step_all(struct sim_host *host)
{
    uint32_t len = host->inbox_len;
    struct sim_news *news = calloc(len + 1, sizeof(*news));
    assert(news != NULL);
    memcpy(news, host->inbox, len * sizeof(*news));
    host->inbox_len = 0;
    host->turn_is_due = false;
    turning = host;
    enum status status = core_begin(host->core);
    for (uint32_t i = 0; i < len; i++) {
        struct event event = news[i].event;
        event.now_ms = host->sim->now_ms - host->booted_ms + 1000;
        event.wall = sim_host_wall(host);
        event.quality = host->quality;
        event.bytes = buf_bytes(&news[i].bytes);
        if (status == STATUS_OK)
            core_step(host->core, &event);
        else
            job_free(event.job);
        buf_deinit(&news[i].bytes);
    }
    free(news);
    if (status == STATUS_OK)
        status = core_commit(host->core);
    else
        host->has_stopped = true;
    turning = NULL;
    return status;
}

/* A stopped daemon is started again by the service manager. */
static void restart_later(struct sim_host *host)
{
    struct sim_event event = {
        .at_ms = host->sim->now_ms + 5000, .type = SIM_BOOT, .host = host->index};
    sim_queue_add(&host->sim->queue, &event);
}

static void arm(struct sim_host *host)
{
    uint64_t deadline = core_deadline(host->core);
    if (deadline == UINT64_MAX)
        return;
    uint64_t at =
        deadline + host->booted_ms < 1000 ? 0 : deadline + host->booted_ms - 1000;
    if (at <= host->sim->now_ms)
        at = host->sim->now_ms + 1;
    if (at == host->deadline_ms)
        return;
    host->deadline_ms = at;
    struct sim_event event = {
        .at_ms = at, .type = SIM_TICK, .host = host->index, .boot = host->boots, .a = at};
    sim_queue_add(&host->sim->queue, &event);
}

void sim_host_turn(struct sim_host *host)
{
    host->sim->verdict->turns++;
    enum status status = step_all(host);
    struct action action;
    while (core_next_action(host->core, &action)) {
        if (status != STATUS_OK && action.type != ACTION_TRACE &&
            action.type != ACTION_STOP)
            sim_fail(host->sim, "I2", "%s acts on a turn that failed", host->address);
        perform(host, &action);
    }
    if (crash_vfs_is_dead(host->disk)) {
        sim_trace(host->sim, host, "power gone in a write");
        sim_host_cut(host);
        restart_later(host);
    } else if (host->has_stopped) {
        sim_trace(host->sim, host, "stopped: %s", status_name(status));
        sim_wire_drop(host);
        end_process(host);
        restart_later(host);
    } else {
        arm(host);
    }
}

void sim_host_cut(struct sim_host *host)
{
    sim_trace(host->sim, host, "power off");
    host->sim->verdict->cuts++;
    sim_wire_drop(host);
    end_process(host);
    crash_vfs_reboot(host->disk);
}

void sim_host_cut_in(struct sim_host *host, uint64_t steps)
{
    crash_vfs_cut_after(host->disk, steps);
}

void sim_host_boot(struct sim_host *host)
{
    open_disk(host, false);
    start(host);
    if (!sim_has_failed(host->sim))
        sim_watch_boot(host);
}
