#include "tests/sim/life/sim_flaw.h"

#include <string.h>

#include <sqlite3.h>

#include "node/core/derived.h"
#include "proto/limits.h"
#include "tests/sim/life/sim_ever.h"
#include "tests/sim/life/sim_host.h"
#include "tests/sim/life/sim_liar.h"
#include "tests/sim/life/sim_people.h"

#define MEND_MS 60000
/* What no record is missing by: what keeps a node apart from its peers for good, if they
 * meet, and what keeps nobody apart. */
static const struct {
    const char *sql, *table;
} losses[] = {
    {"PRAGMA locking_mode = EXCLUSIVE; UPDATE pairs SET lattice = zeroblob(2048)",
     "pairs"},
    {"PRAGMA locking_mode = EXCLUSIVE; UPDATE listings SET category = 'another' WHERE "
     "scope = (SELECT max(scope) FROM listings)",
     "listings"},
};

/* The county goes on whatever happens below it. */
static int flawed_index(const struct sim *sim)
{
    if (sim->options.is_twin || sim->options.seed % SIM_FLAW_EVERY != 3)
        return -1;
    return 1 + (int)(sim_dice(sim, "flawed", 0, 0) % 3);
}

struct crash_disk sim_flaw_disk(struct sim_host *host)
{
    struct sim *sim = host->sim;
    struct crash_disk disk = {.seed = sim_dice(sim, "disk", (uint64_t)host->index, 0)};
    if (flawed_index(sim) != host->index)
        return disk;
    host->is_flawed = true;
    sim->flawed = host;
    switch (sim_dice(sim, "flaw", 0, 0) % 5) {
    case 0:
        disk.lying_percent = 10;
        break;
    case 1:
        disk.lying_percent = 60;
        break;
    case 2:
        disk.rot_percent = 50;
        break;
    default:
        disk.capacity_sectors = 100 + (uint32_t)(sim_dice(sim, "capacity", 0, 0) % 300);
        disk.wraps = sim_dice(sim, "wraps", 0, 0) % 2 == 0;
        break;
    }
    host->lies_about_syncs = disk.lying_percent > 0;
    return disk;
}

void sim_flaw_opened(struct sim_host *host)
{
    const struct store_loss *loss = store_loss(host->config.store);
    if (loss->kind == LOSS_NONE)
        return;
    char text[LOSS_TEXT_SIZE];
    store_loss_text(loss, text);
    sim_trace(host->sim, host, "says: %s", text);
    host->told_of_loss = host->has_lost = true;
    if (!host->is_flawed)
        sim_fail(host->sim, "I2", "%s: an honest disk: %s", host->address, text);
}

bool sim_flaw_ruins(struct sim_host *host, const char *why)
{
    struct sim *sim = host->sim;
    if (!host->is_flawed)
        return false;
    sim_trace(sim, host, "is lost with its disk: %s", why);
    sim_ever(sim, EVER_FLAW_RUINED);
    sim_host_end(host);
    host->is_ruined = true;
    for (int i = 0; i < sim->hosts_len; i++) {
        sim->blocked_until_ms[i][host->index] = UINT64_MAX;
        sim->blocked_until_ms[host->index][i] = UINT64_MAX;
    }
    return true;
}

static void count_finding(void *context, const char *finding)
{
    struct sim_host *host = context;
    sim_trace(host->sim, host, "check: %s", finding);
    host->findings++;
}

/* Findings beside the loss itself. */
static uint32_t check(struct sim_host *host)
{
    host->findings = 0;
    if (store_check(host->config.store, count_finding, host) == STATUS_OK)
        return 0;
    bool is_of_loss = store_loss(host->config.store)->kind != LOSS_NONE;
    return host->findings > is_of_loss ? host->findings - is_of_loss : 0;
}

static bool is_there(struct sim_host *host, const struct id *op)
{
    struct store_place place;
    return store_op_find(host->config.store, op, &place) == STATUS_OK;
}

void sim_flaw_judge(struct sim_host *host)
{
    struct sim *sim = host->sim;
    uint32_t kept = 0, lost = host->told_len;
    for (uint32_t i = 0; i < host->told_len; i++)
        if (is_there(host, &host->told[i]))
            host->told[kept++] = host->told[i];
    lost -= kept;
    host->told_len = kept;
    host->has_lost |= lost > 0;
    if (lost == 0)
        return;
    sim_trace(sim, host, "%u of %u ops told saved are gone", lost, kept + lost);
    host->has_lost_unsaid |= !host->told_of_loss;
    if (host->told_of_loss || check(host) > 0) {
        sim_ever(sim, EVER_FLAW_LOSS);
        sim->verdict->announced++;
    } else if (host->lies_about_syncs) {
        sim->verdict->silent++; /* it lied about the mark's sync as well */
    } else {
        sim_fail(sim, "I2", "%s lost %u ops in silence", host->address, lost);
    }
    host->told_of_loss = false;
}

void sim_flaw_mend(struct sim *sim)
{
    struct sim_host *host = sim->flawed;
    if (host == NULL || host->is_ruined || !host->has_lost)
        return;
    for (int i = 0; i < sim->hosts_len; i++) {
        struct sim_host *other = sim->hosts[i];
        if (other->parent != host->index && host->parent != i)
            continue;
        bool is_parent = host->parent == i;
        sim_people_pair(is_parent ? other : host, is_parent ? host : other);
        sim_until(sim, sim->now_ms + MEND_MS);
    }
}

void sim_flaw_boots(struct sim_host *host)
{
    struct sim *sim = host->sim;
    sqlite3 *db;
    if (!host->is_flawed || host->has_lost_rows || host->boots == 0 || host->disk_fails ||
        crash_vfs_is_dead(host->disk) ||
        sim_dice(sim, "rows", (uint64_t)host->index, host->boots) % 2 == 0)
        return;
    host->loss = (int)(sim_dice(sim, "rows of", (uint64_t)host->index, 0) % 2);
    int rc = sqlite3_open_v2("node.db", &db, SQLITE_OPEN_READWRITE, host->vfs);
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(db, losses[host->loss].sql, NULL, NULL, NULL);
    host->has_lost_rows = rc == SQLITE_OK && sqlite3_changes(db) > 0;
    (void)sqlite3_close(db); /* what it cannot write is the disk's */
    if (host->has_lost_rows)
        sim_trace(sim, host, "has rows of %s of another time", losses[host->loss].table);
}

/* Does anybody tell it by rounds that end unequal? */
static bool is_met(const struct sim_host *host)
{
    const struct sim *sim = host->sim;
    bool is_met = false;
    for (int i = 0; i < sim->hosts_len; i++) {
        const struct sim_host *other = sim->hosts[i];
        bool is_linked = other->parent == host->index || host->parent == i;
        is_met |= is_linked && other->is_on && !sim_liar_is(other);
    }
    return is_met && !sim_liar_is(host);
}

void sim_flaw_wait(struct sim *sim)
{
    struct sim_host *host = sim->flawed;
    int64_t last = 0;
    if (host == NULL || !host->is_on || !host->has_lost_rows ||
        (host->loss == 0 && is_met(host)) ||
        store_scope_last(host->config.store, &last) != STATUS_OK)
        return;
    for (int64_t i = 0; i <= last && !sim_has_failed(sim); i++)
        sim_until(sim, sim->now_ms + PATROL_PACE_MS);
}

/* Nobody but the node itself has mended them. */
static void watch_rows(struct sim_host *host)
{
    char table[DERIVED_TABLE_SIZE];
    if (host->has_lost_rows && derived_check(host->config.store, table) == STATUS_OK &&
        strcmp(table, losses[host->loss].table) == 0)
        sim_fail(host->sim, "I2", "%s does not notice what its disk did to %s",
                 host->address, table);
}

bool sim_flaw_is_sound(struct sim_host *host)
{
    if (host->is_ruined)
        return false;
    if (!host->is_flawed)
        return true;
    watch_rows(host);
    if (check(host) > 0)
        return false;
    /* The check does not see what rotted in tables that keep nobody apart. */
    return derived_rebuild(host->core, NULL, NULL) == STATUS_OK;
}
