#include "tests/sim/life/sim_host.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/key.h"
#include "node/core/session.h"
#include "node/core/state.h"
#include "proto/seal.h"
#include "tests/sim/life/sim_beacons.h"
#include "tests/sim/life/sim_keeper.h"
#include "tests/sim/life/sim_blank.h"
#include "tests/sim/life/sim_clock.h"
#include "tests/sim/life/sim_dishonest.h"
#include "tests/sim/life/sim_flaw.h"
#include "tests/sim/life/sim_liar.h"
#include "tests/sim/life/sim_people.h"
#include "tests/sim/life/sim_pin.h"
#include "tests/sim/life/sim_replica.h"
#include "tests/sim/life/sim_second.h"
#include "tests/sim/life/sim_seen.h"
#include "tests/sim/life/sim_watch.h"
#include "tests/sim/life/sim_wire.h"
#include "tests/sim/life/watch_catch_up.h"
#include "tests/sim/life/watch_recall.h"
#include "tests/sim/life/watch_restore.h"
#include "tests/sim/life/watch_said.h"
#include "tests/sim/life/watch_turn.h"

#define JOB_MIN_MS 1
#define JOB_SPREAD_MS 40
#define RESTART_MS 5000
#define RESTART_DISK_MS 120000

/* Whose turn it is: session_send does not say who calls. */
static struct sim_host *turning;

/* The linker gives the session's messages to us first (--wrap). */
void __wrap_session_send(struct session *session, const struct buf *message);
void __real_session_send(struct session *session, const struct buf *message);

void __wrap_session_send(struct session *session, const struct buf *message)
{
    if (turning != NULL) {
        bool is_home = sim_replica_is_home(turning, session->conn);
        if (!is_home)
            sim_watch_message(turning, buf_bytes(message));
        sim_replica_says(turning, session, buf_bytes(message));
        watch_restore_said(turning, &session->site, buf_bytes(message));
        watch_catch_up_message(turning, buf_bytes(message));
        sim_heap_leave(); /* what is kept of it is not the node's memory */
        watch_said_message(turning, session, buf_bytes(message));
        if (!is_home)
            sim_seen_add(&turning->sim->seen, SIGHT_MESSAGE, turning->index,
                         turning->sim->now_ms, session->conn, buf_bytes(message));
        sim_heap_enter(&turning->heap);
        if (sim_liar_says(turning, session, message))
            return;
    }
    __real_session_send(session, message);
}

/* A twin's origin is an ideal commitment: sim_twin.h says why. */
void __wrap_escalation_origin(struct id *out, const uint8_t salt[static 32],
                              const struct id *scope, const struct id *heads, size_t len);
void __real_escalation_origin(struct id *out, const uint8_t salt[static 32],
                              const struct id *scope, const struct id *heads, size_t len);

void __wrap_escalation_origin(struct id *out, const uint8_t salt[static 32],
                              const struct id *scope, const struct id *heads, size_t len)
{
    if (turning == NULL || !turning->sim->options.is_twin) {
        __real_escalation_origin(out, salt, scope, heads, len);
        return;
    }
    struct digest digest;
    digest_init(&digest, "fengqiao/test/origin");
    digest_add_u64(&digest, turning->sim->options.seed);
    digest_add_u64(&digest, (uint64_t)turning->index);
    digest_add_u64(&digest, turning->origins++);
    digest_final(&digest, out->bytes);
}

/* So are a twin's commitments to its private tree, which hide behind salts as well. */
void __wrap_seal_commit(struct seal *seal, const uint8_t secret[static SEAL_SECRET_SIZE],
                        const struct seal_trees *trees);
void __real_seal_commit(struct seal *seal, const uint8_t secret[static SEAL_SECRET_SIZE],
                        const struct seal_trees *trees);

void __wrap_seal_commit(struct seal *seal, const uint8_t secret[static SEAL_SECRET_SIZE],
                        const struct seal_trees *trees)
{
    struct seal_trees shown = *trees;
    if (turning != NULL && turning->sim->options.is_twin) {
        shown.private_size = 0;
        shown.private_root = (struct merkle_hash){{0}};
    }
    __real_seal_commit(seal, secret, &shown);
}

bool sim_host_has_cases(const struct sim_host *host)
{
    return strcmp(host->tier, "village") == 0;
}

struct sim_host *sim_host_turning(void)
{
    return turning;
}

/* A service manager starts it again, the more patiently where the disk is to blame. */
static void boot_later(struct sim_host *host, uint64_t after_ms)
{
    struct sim_event event = {
        .at_ms = host->sim->now_ms + after_ms, .type = SIM_BOOT, .host = host->index};
    sim_queue_add(&host->sim->queue, &event);
}

/* Its power went again, its disk fails, or it is lost with that. */
static void does_not_open(struct sim_host *host, enum status status,
                          const struct err *err)
{
    sim_trace(host->sim, host, "does not open: %s", status_name(status));
    if (crash_vfs_is_dead(host->disk)) {
        sim_ever(host->sim, EVER_CUT_AT_BOOT);
        host->sim->verdict->cuts++;
        crash_vfs_reboot(host->disk);
        host->disk_fails = false;
        boot_later(host, RESTART_MS);
    } else if (host->disk_fails && crash_vfs_has_failed(host->disk)) {
        sim_ever(host->sim, EVER_DISK_AT_BOOT);
        boot_later(host, RESTART_DISK_MS);
    } else if (!sim_flaw_ruins(host, err_text(err, status))) {
        sim_fail(host->sim, "I14", "%s does not open: %s", host->address,
                 err_text(err, status));
    }
}

static bool open_disk(struct sim_host *host, bool create)
{
    struct err err = {0};
    sim_heap_enter(&host->heap);
    enum status status =
        store_open(&host->config.store, "node.db", host->vfs, create, &err);
    sim_heap_leave();
    if (status == STATUS_OK) {
        sim_flaw_opened(host);
        return true;
    }
    host->config.store = NULL;
    does_not_open(host, status, &err);
    return false;
}

static void found(struct sim_host *host)
{
    uint8_t recovery[32];
    const struct rng *rng = &host->config.rng;
    rng_fill(rng, "node-seed", NULL, host->config.node_seed, 32);
    rng_fill(rng, "noise-secret", NULL, host->config.noise_secret, 32);
    rng_fill(rng, "steward", NULL, host->steward_seed, 32);
    rng_fill(rng, "recovery", NULL, host->recovery_seed, 32);
    key_sign_public(recovery, host->recovery_seed);
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
        .wall = sim_clock_wall(host),
        .quality = host->quality,
    };
    struct err err = {0};
    enum status status = core_found(&host->config, &founding, &host->site, &err);
    assert(status == STATUS_OK);
    (void)status;
    job_free(wrap);
}

/* It may have other keys since the power went before they were written down. */
static void keep_keys(struct sim_host *host)
{
    uint8_t seed[32], noise_secret[32];
    core_machine_keys(host->core, seed, noise_secret);
    if (memcmp(seed, host->config.node_seed, sizeof(seed)) == 0 ||
        host->former_len == SIM_RENEWALS_MAX)
        return;
    key_sign_public(host->former[host->former_len++], host->config.node_seed);
    memcpy(host->config.node_seed, seed, sizeof(seed));
    memcpy(host->config.noise_secret, noise_secret, sizeof(noise_secret));
}

bool sim_host_wrote(const struct sim_host *host, const uint8_t *author)
{
    uint8_t key[32];
    key_sign_public(key, host->config.node_seed);
    uint32_t i = 0;
    while (i < host->former_len && memcmp(host->former[i], author, sizeof(key)) != 0)
        i++;
    return i < host->former_len || memcmp(key, author, sizeof(key)) == 0;
}

static void end_process(struct sim_host *host);

static void start(struct sim_host *host)
{
    struct err err = {0};
    if (sim_has_failed(host->sim))
        return;
    sim_heap_enter(&host->heap);
    enum status status = core_open(&host->core, &host->config, &err);
    sim_heap_leave();
    if (status != STATUS_OK) {
        end_process(host); /* keys that were renewed are being written down there */
        does_not_open(host, status, &err);
        return;
    }
    keep_keys(host);
    sim_beacons_start(host);
    host->is_on = true;
    host->has_stopped = false;
    host->booted_ms = host->sim->now_ms;
    host->deadline_ms = 0;
    sim_clock_on(host);
    sim_trace(host->sim, host, "boot %" PRIu64, host->boots);
    sim_people_arrive(host);
}

/* How often something was drawn is written down by us, not by the node. */
static void draw(void *context, const char *purpose, const uint8_t *scope, uint8_t *out,
                 size_t len)
{
    const struct sim_host *host = context;
    const struct rng rng = rng_keyed_rng(host->dice);
    struct sim_heap *heap = sim_heap_pause();
    rng_fill(&rng, purpose, scope, out, len);
    sim_heap_resume(heap);
}

static struct sim_host *make(struct sim *sim, int index, const char *tier,
                             const char *name, int parent)
{
    struct sim_host *host = calloc(1, sizeof(*host));
    assert(host != NULL && index < SIM_HOSTS_MAX);
    host->sim = sim;
    host->index = index;
    sim->hosts[host->index] = host;
    host->parent = parent;
    host->tier = tier;
    sim_clock_init(host);
    (void)snprintf(host->name, sizeof(host->name), "%s", name);
    (void)snprintf(host->address, sizeof(host->address), "%s:%d", tier, host->index);
    (void)snprintf(host->vfs, sizeof(host->vfs), "sim-%d", host->index);
    host->disk = crash_vfs_new(host->vfs, sim_flaw_disk(host));
    assert(host->disk != NULL);
    host->dice = rng_keyed_new(sim->options.seed, (uint64_t)host->index);
    assert(host->dice != NULL);
    host->config.rng = (struct rng){.fill = draw, .context = host};
    host->config.listens = true;
    host->config.seal_day_s = SIM_SEAL_DAY_S;
    if (!host->is_flawed)
        sim_blank_put(host->disk);
    return host;
}

void sim_host_new(struct sim *sim, const char *tier, const char *name, int parent)
{
    struct sim_host *host = make(sim, sim->hosts_len++, tier, name, parent);
    if (!open_disk(host, true))
        return;
    found(host);
    start(host);
}

struct sim_host *sim_host_beside(struct sim_host *elder)
{
    struct sim_host *host =
        make(elder->sim, elder->sim->hosts_len, elder->tier, elder->name, elder->parent);
    host->elder = elder;
    memcpy(host->steward_seed, elder->steward_seed, sizeof(host->steward_seed));
    memcpy(host->recovery_seed, elder->recovery_seed, sizeof(host->recovery_seed));
    return host;
}

bool sim_host_begin(struct sim_host *host)
{
    const struct rng *rng = &host->config.rng;
    crash_vfs_free(host->disk);
    host->disk = crash_vfs_new(host->vfs, sim_flaw_disk(host));
    assert(host->disk != NULL);
    sim_blank_put(host->disk);
    rng_fill(rng, "node-seed", NULL, host->config.node_seed, 32);
    rng_fill(rng, "noise-secret", NULL, host->config.noise_secret, 32);
    if (!open_disk(host, true))
        return false;
    host->is_on = true;
    sim_clock_on(host);
    return true;
}

int sim_host_site(const struct sim_host *host)
{
    return host->elder == NULL ? host->index : host->elder->index;
}

static void forget_inbox(struct sim_host *host)
{
    for (uint32_t i = 0; i < host->inbox_len; i++) {
        buf_deinit(&host->inbox[i].bytes);
        job_free(host->inbox[i].event.job);
    }
    buf_deinit(&host->aside);
    host->aside_from = NULL;
    host->inbox_len = 0;
    host->turn_is_due = false;
}

/* The process is gone; what the disk holds is another question. */
static void end_process(struct sim_host *host)
{
    if (host->is_on)
        sim_clock_off(host);
    sim_heap_enter(&host->heap);
    forget_inbox(host);
    core_close(host->core);
    store_close(host->config.store);
    sim_heap_leave();
    watch_turn_closed(host);
    sim_heap_calm(&host->heap); /* the next process has memory of its own */
    host->heap_fails = false;
    if (host->heap.peak > host->sim->verdict->heap_peak)
        host->sim->verdict->heap_peak = host->heap.peak;
    host->heap.bytes = host->heap.own = host->heap.peak = 0;
    host->jobs_out = 0;
    host->core = NULL;
    host->config.store = NULL;
    host->is_on = host->dies_before_reply = false;
    host->dies_when_waiting = host->dies_after_turn = false;
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
    assert(host->is_on && host->inbox_len < SIM_INBOX_MAX);
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

void sim_host_tell_far(struct sim_host *host, uint64_t client)
{
    sim_host_tell(host, EVENT_CLIENT_OPENED, client, (struct bytes){0}, NULL);
    host->inbox[host->inbox_len - 1].event.is_far = true;
}

/* By what the work is, not by how much was done before. */
static uint64_t job_ms(const struct sim_host *host, const struct job *job)
{
    uint8_t hash[DIGEST_SIZE];
    uint64_t key;
    digest_of(hash, "fengqiao/test/job", job->wire.data, job->wire.len);
    memcpy(&key, hash, sizeof(key));
    key ^= (host->boots << 8 | (uint64_t)host->index) * 0x9e3779b97f4a7c15u;
    return JOB_MIN_MS +
           sim_dice(host->sim, "job", key, job->conn << 8 | job->type) % JOB_SPREAD_MS;
}

static bool lacked_memory(const struct job *job)
{
    bool lacked = job->result == WRAP_NO_MEMORY ||
                  (job->type == JOB_OPEN && job->opened == AGE_NO_MEMORY);
    for (uint32_t i = 0; i < job->ops_len; i++)
        lacked |= job->ops[i].status == STATUS_NO_MEMORY;
    return lacked;
}

static void take_job(struct sim_host *host, struct action *action)
{
    struct sim *sim = host->sim;
    uint64_t after = job_ms(host, action->job);
    sim_heap_enter(&host->heap);
    sim_pin_run(action->job);
    sim_heap_leave();
    struct sim_event event = {.at_ms = sim->now_ms + after,
                              .type = SIM_JOB,
                              .host = host->index,
                              .boot = host->boots,
                              .job = action->job};
    action->job = NULL;
    host->jobs_out++;
    sim_queue_add(&sim->queue, &event);
}

static void see(struct sim_host *host, const struct action *action)
{
    struct sim *sim = host->sim;
    enum sight_kind kind = SIGHT_LOG;
    struct bytes bytes = bytes_str(action->text);
    if (action->type == ACTION_DIAL) {
        kind = SIGHT_DIAL;
    } else if (action->type == ACTION_SEND) {
        if (sim_replica_is_home(host, action->conn))
            return;
        kind = SIGHT_CHUNK;
        bytes = buf_bytes(&action->bytes);
    } else if (action->type == ACTION_CLOSE) {
        kind = SIGHT_CLOSE;
        bytes = (struct bytes){0};
    } else if (action->type != ACTION_TRACE) {
        return;
    }
    sim_seen_add(&sim->seen, kind, host->index, sim->now_ms, action->conn, bytes);
}

static void perform(struct sim_host *host, struct action *action)
{
    see(host, action);
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
    case ACTION_KEYS:
        keep_keys(host);
        break;
    case ACTION_BACKUP:
        break; /* never: no folder is named for them */
    case ACTION_BEACON:
        sim_beacons_say(host, buf_bytes(&action->bytes));
        break;
    case ACTION_TRACE:
        sim_trace(host->sim, host, "%s", action->text);
        watch_turn_trace(host, action->text);
        watch_catch_up_trace(host, action->text);
        break;
    case ACTION_STOP:
        host->has_stopped = true;
        break;
    }
    sim_heap_enter(&host->heap);
    action_deinit(action);
    sim_heap_leave();
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
    host->heap.has_failed = host->takes_in = false;
    sim_heap_enter(&host->heap);
    enum status status = core_begin(host->core);
    if (status == STATUS_OK)
        sim_second_bring(host);
    if (status == STATUS_OK)
        sim_dishonest_bring(host);
    for (uint32_t i = 0; i < len; i++) {
        struct event event = news[i].event;
        event.now_ms = sim_clock_mono(host);
        event.wall = sim_clock_wall(host);
        event.quality = host->quality;
        event.bytes = buf_bytes(&news[i].bytes);
        host->takes_in |= event.job != NULL && event.job->type == JOB_VERIFY;
        /* It failed when the job ran, and the turn hears of it now. */
        host->heap.has_failed |= event.job != NULL && lacked_memory(event.job);
        if (status == STATUS_OK)
            core_step(host->core, &event);
        else
            job_free(event.job);
    }
    if (status == STATUS_OK)
        status = core_commit(host->core);
    else
        host->has_stopped = true;
    sim_heap_leave();
    turning = NULL;
    for (uint32_t i = 0; i < len; i++)
        buf_deinit(&news[i].bytes);
    buf_deinit(&host->aside);
    free(news);
    return status;
}

static void arm(struct sim_host *host)
{
    uint64_t deadline = core_deadline(host->core);
    if (deadline == UINT64_MAX)
        return;
    uint64_t at = sim_clock_when(host, deadline);
    if (at <= host->sim->now_ms)
        at = host->sim->now_ms + 1;
    if (at == host->deadline_ms)
        return;
    host->deadline_ms = at;
    struct sim_event event = {
        .at_ms = at, .type = SIM_TICK, .host = host->index, .boot = host->boots, .a = at};
    sim_queue_add(&host->sim->queue, &event);
}

/* The node stopped by itself: it may, where something of its machine failed. */
static void stop(struct sim_host *host, enum status status)
{
    bool disk = host->disk_fails && crash_vfs_has_failed(host->disk);
    sim_trace(host->sim, host, "stopped: %s", status_name(status));
    if (!disk && !host->heap.has_failed && sim_flaw_ruins(host, status_name(status)))
        return;
    watch_turn_stop(host, status, disk);
    sim_host_end(host);
    boot_later(host, disk ? RESTART_DISK_MS : RESTART_MS);
}

static bool answers(const struct core *core)
{
    uint32_t i = core->actions_taken;
    while (i < core->actions_len && core->actions[i].type != ACTION_REPLY)
        i++;
    return i < core->actions_len;
}

void sim_host_turn(struct sim_host *host)
{
    if (host->newcomer != NULL) {
        sim_replica_turn(host);
        return;
    }
    host->sim->verdict->turns++;
    enum status status = step_all(host);
    bool loses_reply = host->dies_before_reply && answers(host->core);
    if (status == STATUS_OK && (loses_reply || host->dies_after_turn)) {
        if (loses_reply)
            sim_ever(host->sim, EVER_CUT_BEFORE_REPLY);
        sim_host_cut(host);
        boot_later(host, RESTART_MS);
        return;
    }
    watch_turn_end(host, status);
    struct action action;
    while (core_next_action(host->core, &action)) {
        if (status != STATUS_OK && action.type != ACTION_TRACE &&
            action.type != ACTION_STOP)
            sim_fail(host->sim, "I2", "%s acts on a turn that failed", host->address);
        perform(host, &action);
    }
    if (crash_vfs_is_dead(host->disk)) {
        sim_trace(host->sim, host, "power gone in a write");
        watch_turn_cut(host);
        sim_host_cut(host);
        boot_later(host, RESTART_MS);
    } else if (host->has_stopped || status != STATUS_OK) {
        stop(host, status);
    } else if (host->is_failing) {
        (void)sim_flaw_ruins(host, "its keys are gone"); /* nobody else is failing */
    } else {
        watch_recall_turn(host);
        sim_replica_turned(host);
        arm(host);
        if (host->sim->ear.turn != NULL)
            host->sim->ear.turn(host->sim->ear.context, host);
    }
}

void sim_host_cut(struct sim_host *host)
{
    sim_trace(host->sim, host, "power off");
    host->sim->verdict->cuts++;
    sim_host_end(host);
    crash_vfs_reboot(host->disk);
    host->disk_fails = false; /* it comes back as it was built */
}

void sim_host_end(struct sim_host *host)
{
    sim_wire_drop(host);
    end_process(host);
}

void sim_host_cut_in(struct sim_host *host, uint64_t steps)
{
    crash_vfs_cut_after(host->disk, steps);
}

void sim_host_boot(struct sim_host *host)
{
    if (host->is_lost)
        sim_keeper_restore(host);
    sim_flaw_boots(host);
    if (!open_disk(host, false))
        return;
    start(host);
    if (!sim_has_failed(host->sim) && host->is_on)
        sim_watch_boot(host);
}
