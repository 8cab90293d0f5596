#include "tests/sim/life/sim_image.h"

#include <string.h>

#include "node/core/state.h"
#include "storage/store_confirmed.h"
#include "tests/sim/life/sim_ever.h"
#include "tests/sim/life/sim_host.h"
#include "tests/sim/life/sim_weather.h"
#include "tests/sim/life/watch_restore.h"

#define TURNS_MAX 6 /* of a machine and its clone, and the last one stays */

/* The county goes on whatever happens below it. */
void sim_image_plan(struct sim *sim)
{
    if (sim->options.is_twin || sim->options.calm || sim->liar != NULL ||
        sim->options.seed % SIM_IMAGE_EVERY != 9)
        return;
    uint64_t lasts = sim->script.lasts_ms;
    int host = 1 + (int)sim_choose(sim, "image", 0, (uint64_t)sim->hosts_len - 1);
    uint64_t kept_ms = sim->now_ms + sim_choose(sim, "image-kept", 0, lasts * 2 / 3);
    uint64_t left_ms = sim->script.ends_ms - kept_ms;
    struct sim_event kept = {
        .at_ms = kept_ms, .type = SIM_HEAL, .host = host, .a = WEATHER_IMAGE_KEPT};
    struct sim_event back = {.at_ms = kept_ms + left_ms / 4 +
                                      sim_choose(sim, "image-back", 0, left_ms / 2),
                             .type = SIM_HEAL,
                             .host = host,
                             .a = WEATHER_IMAGE_BACK};
    sim_queue_add(&sim->queue, &kept);
    if (sim_choose(sim, "clone", 0, 2) == 0) {
        sim_queue_add(&sim->queue, &back);
        return;
    }
    uint64_t turns = 2 + sim_choose(sim, "clone-turns", 0, TURNS_MAX - 1);
    for (uint64_t i = 1; i <= turns; i++) {
        struct sim_event swap = {.at_ms = kept_ms + i * left_ms / (turns + 1),
                                 .type = SIM_HEAL,
                                 .host = host,
                                 .a = WEATHER_CLONE};
        sim_queue_add(&sim->queue, &swap);
    }
}

void sim_image_keep(struct sim_host *host)
{
    sim_trace(host->sim, host, "its card is copied");
    sim_weather_switch_off(host);
    crash_vfs_keep(host->disk);
}

void sim_image_restore(struct sim_host *host)
{
    if (!crash_vfs_has_kept(host->disk))
        return;
    sim_trace(host->sim, host, "is set back to the copy");
    sim_ever(host->sim, EVER_IMAGE_BACK);
    sim_weather_switch_off(host);
    crash_vfs_set_back(host->disk);
    host->is_set_back = host->forgets = true;
}

void sim_image_swap(struct sim_host *host)
{
    if (!crash_vfs_has_kept(host->disk))
        return;
    sim_trace(host->sim, host, "its clone has the line");
    sim_ever(host->sim, EVER_CLONE);
    sim_weather_switch_off(host);
    crash_vfs_swap(host->disk);
    host->is_set_back = host->forgets = host->is_cloned = true;
}

/* --- what is gone --- */

static bool is_there(const struct sim_host *host, const struct id *op)
{
    struct store_place place;
    return store_op_find(host->config.store, op, &place) == STATUS_OK;
}

static bool is_neighbour(const struct sim_host *host, const struct sim_host *other)
{
    return other->parent == host->index || host->parent == other->index;
}

/* Had that neighbour's node heard that the host's machine holds the op? False where it
 * holds the op and had not. */
static bool had_confirmed(const struct sim_host *neighbour, const struct sim_host *host,
                          const struct store_place *place)
{
    uint64_t confirmed = 0;
    return !place->waits &&
           store_confirmed_get(neighbour->config.store, host->core->noise_key,
                               &place->scope, &confirmed) == STATUS_OK &&
           place->position < confirmed;
}

/* Whoever brings it back first has to have known, or nobody need notice. */
static bool must_be_noticed(const struct sim_host *host, const struct id *op)
{
    const struct sim *sim = host->sim;
    bool is_held = false;
    for (int i = 0; i < sim->hosts_len; i++) {
        const struct sim_host *other = sim->hosts[i];
        struct store_place place;
        if (!is_neighbour(host, other))
            continue;
        if (!other->is_on)
            return false; /* who knows what it holds */
        if (store_op_find(other->config.store, op, &place) != STATUS_OK)
            continue;
        if (!had_confirmed(other, host, &place))
            return false;
        is_held = true;
    }
    return is_held;
}

static enum status look_at_held(void *context, const struct store_op *row)
{
    struct sim_host *host = context;
    if (row->tree == TREE_SHARED && !is_there(host, &row->id))
        host->is_due |= must_be_noticed(host, &row->id);
    return STATUS_OK;
}

static bool is_held_beside(const struct sim_host *host, const struct id *op)
{
    const struct sim *sim = host->sim;
    for (int i = 0; i < sim->hosts_len; i++) {
        struct store_place place;
        if (is_neighbour(host, sim->hosts[i]) && sim->hosts[i]->is_on &&
            store_op_find(sim->hosts[i]->config.store, op, &place) == STATUS_OK &&
            !place.waits)
            return true;
    }
    return false;
}

/* Only what comes back is asked for again. */
static void forget_told(struct sim_host *host)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < host->told_len; i++) {
        if (is_there(host, &host->told[i]))
            host->told[kept++] = host->told[i];
        else if (is_held_beside(host, &host->told[i]) && host->owed_len < SIM_TOLD_MAX)
            host->owed[host->owed_len++] = host->told[i];
    }
    sim_trace(host->sim, host, "%u of %u ops told saved are gone, %u come back",
              host->told_len - kept, host->told_len, host->owed_len);
    host->told_len = kept;
}

/* They look what is there, and go on from that. */
static void forget_cases(struct sim_host *host)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < host->cases_len; i++)
        if (is_there(host, &host->cases[i].scope))
            host->cases[kept++] = host->cases[i];
        else
            watch_restore_forgets(host, &host->cases[i]);
    host->cases_len = kept;
}

void sim_image_booted(struct sim_host *host)
{
    struct sim *sim = host->sim;
    if (!host->forgets)
        return;
    host->forgets = host->is_due = false;
    forget_told(host);
    forget_cases(host);
    for (int i = 0; i < sim->hosts_len; i++) {
        const struct sim_host *other = sim->hosts[i];
        if (is_neighbour(host, other) && other->is_on &&
            store_ops_all(other->config.store, 1, look_at_held, host) != STATUS_OK)
            sim_fail(sim, "I14", "%s cannot be read", other->address);
    }
}

/* --- the end --- */

struct alarms {
    const struct sim_host *about;
    uint32_t rollbacks;
};

static enum status count_rollback(void *context, const struct store_alarm *alarm)
{
    struct alarms *alarms = context;
    const struct core *core = alarms->about->core;
    alarms->rollbacks += alarm->kind == ALARM_ROLLBACK;
    if (memcmp(alarm->node, core->noise_key, sizeof(alarm->node)) != 0 &&
        memcmp(alarm->node, core->node_key, sizeof(alarm->node)) != 0)
        sim_fail(alarms->about->sim, "I6", "an alarm about %s names another machine",
                 alarms->about->address);
    return STATUS_OK;
}

/* Who held it then, on a disk that lies, may have lost it since, or be gone with it. */
static bool went_with_a_disk(const struct sim_host *host, const struct id *op)
{
    const struct sim_host *flawed = host->sim->flawed;
    return flawed != NULL && is_neighbour(host, flawed) && !is_held_beside(host, op);
}

static void look_at_end(struct sim_host *host)
{
    struct sim *sim = host->sim;
    struct alarms alarms = {host, 0};
    for (uint32_t i = 0; i < host->owed_len; i++)
        if (!is_there(host, &host->owed[i]) && !went_with_a_disk(host, &host->owed[i])) {
            sim_fail(sim, "I2",
                     "%s was set back, and what a peer holds did not come back",
                     host->address);
            return;
        }
    for (int i = 0; i < sim->hosts_len; i++)
        if (!sim->hosts[i]->is_ruined &&
            store_alarms(sim->hosts[i]->config.store, &host->site, count_rollback,
                         &alarms) != STATUS_OK)
            sim_fail(sim, "I14", "alarms cannot be read");
    if (host->is_restored) /* alarms: sim_watch */
        sim_ever(sim, host->owed_len > 0 ? EVER_RESTORED_BACK : EVER_RESTORED_ALONE);
    else if (alarms.rollbacks > 0)
        sim_ever(sim, host->is_cloned ? EVER_CLONE_NOTICED : EVER_IMAGE_NOTICED);
    else if (host->is_due)
        sim_fail(sim, "I6", "%s was set back, and nobody noticed", host->address);
}

void sim_image_end(struct sim *sim)
{
    for (int i = 0; i < sim->hosts_len && !sim_has_failed(sim); i++)
        if (sim->hosts[i]->is_set_back && sim->hosts[i]->is_on)
            look_at_end(sim->hosts[i]);
}
