#include "tests/sim/life/sim_weather.h"

#include "tests/sim/life/sim_host.h"
#include "tests/sim/life/sim_wire.h"

#define DARK_MAX_MS (4u * 60 * 60 * 1000)
#define PART_MAX_MS (6u * 60 * 60 * 1000)

static void boot_later(struct sim_host *host, uint64_t key)
{
    struct sim *sim = host->sim;
    struct sim_event event = {
        .at_ms = sim->now_ms + 1000 + sim_dice(sim, "dark", key, 0) % DARK_MAX_MS,
        .type = SIM_BOOT,
        .host = host->index,
    };
    sim_queue_add(&sim->queue, &event);
}

/* One way, mostly between neighbours; both ways as often. */
static void part(struct sim_host *host, uint64_t key)
{
    struct sim *sim = host->sim;
    uint64_t lasts = 1000 + sim_dice(sim, "part-ms", key, 0) % PART_MAX_MS;
    bool both = sim_dice(sim, "part-both", key, 0) % 2 == 0;
    int other =
        host->parent >= 0
            ? host->parent
            : (int)(sim_dice(sim, "part-with", key, 0) % (uint64_t)sim->hosts_len);
    bool outward = sim_dice(sim, "part-way", key, 0) % 2 == 0;
    for (int way = 0; way < 2; way++) {
        int from = way == 0 ? host->index : other, to = way == 0 ? other : host->index;
        if (from == to || (!both && (way == 0) != outward))
            continue;
        sim->is_blocked[from][to] = true;
        struct sim_event event = {.at_ms = sim->now_ms + lasts,
                                  .type = SIM_HEAL,
                                  .host = -1,
                                  .a = (uint64_t)from,
                                  .b = (uint64_t)to};
        sim_queue_add(&sim->queue, &event);
    }
}

/* 1970, 2106, and steps of some years and of a minute either way. */
static void clock(struct sim_host *host, uint64_t key)
{
    static const int64_t jumps[] = {
        -(int64_t)SIM_EPOCH, 2505000000, 157680000, -157680000, 60, -60, 0};
    size_t which =
        sim_dice(host->sim, "clock", key, 0) % (sizeof(jumps) / sizeof(jumps[0]));
    host->wall_offset_s = jumps[which];
    host->quality = which % 2 == 0 ? WALL_RTC : WALL_NTP;
}

void sim_weather_do(struct sim_host *host, const struct sim_entry *entry)
{
    struct sim *sim = host->sim;
    switch (entry->deed) {
    case DEED_CUT:
        if (host->is_on)
            sim_host_cut(host);
        boot_later(host, entry->key);
        break;
    case DEED_CUT_WRITE:
        if (host->is_on)
            sim_host_cut_in(host, sim_dice(sim, "steps", entry->key, 0) % 40);
        break;
    case DEED_BREAK:
        sim_wire_break(sim, host->index, sim_dice(sim, "break", entry->key, 0) % 6000);
        break;
    case DEED_PART:
        part(host, entry->key);
        break;
    case DEED_CLOCK:
        clock(host, entry->key);
        break;
    default:
        break;
    }
}

void sim_weather_heal(struct sim_host *host)
{
    host->wall_offset_s = 0;
    host->quality = WALL_NTP;
    crash_vfs_cut_after(host->disk, UINT64_MAX);
}
