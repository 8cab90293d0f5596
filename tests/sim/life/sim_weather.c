#include "tests/sim/life/sim_weather.h"

#include "tests/sim/life/sim_beacons.h"
#include "tests/sim/life/sim_keeper.h"
#include "tests/sim/life/sim_clock.h"
#include "tests/sim/life/sim_dishonest.h"
#include "tests/sim/life/sim_host.h"
#include "tests/sim/life/sim_image.h"
#include "tests/sim/life/sim_wire.h"

#define MINUTE_MS (60u * 1000)
#define HOUR_MS (60 * MINUTE_MS)
#define DARK_MS MINUTE_MS

/* Mostly short, now and then as long as max. */
static uint64_t lasts(const struct sim *sim, const char *purpose, uint64_t key,
                      uint64_t max_ms)
{
    uint64_t most = max_ms >> sim_choose(sim, purpose, key + 1000, 8);
    return 1000 + sim_choose(sim, purpose, key, most);
}

static void over_later(struct sim_host *host, uint64_t after_ms, enum weather_over what,
                       uint64_t more)
{
    struct sim *sim = host->sim;
    struct sim_event event = {.at_ms = sim->now_ms + after_ms,
                              .type = SIM_HEAL,
                              .host = host->index,
                              .a = what,
                              .b = more};
    sim_queue_add(&sim->queue, &event);
}

static void cut(struct sim_host *host, uint64_t key)
{
    struct sim *sim = host->sim;
    if (host->is_on)
        sim_host_cut(host);
    uint64_t most = sim->options.is_stormy ? MINUTE_MS : 4 * HOUR_MS;
    struct sim_event event = {.at_ms = sim->now_ms + lasts(sim, "dark", key, most),
                              .type = SIM_BOOT,
                              .host = host->index};
    sim_queue_add(&sim->queue, &event);
}

/* A cut in a write may come while the node starts. */
static void cut_in_write(struct sim_host *host, uint64_t key, bool is_aimed)
{
    struct sim *sim = host->sim;
    if (host->is_on)
        sim_host_cut_in(host, sim_choose(sim, "steps", key, 40));
    if (!host->is_on || is_aimed || sim_choose(sim, "cut-boot", key, 4) > 0)
        return;
    sim_host_cut(host);
    sim_host_cut_in(host, sim_choose(sim, "steps", key, 12));
    struct sim_event event = {
        .at_ms = sim->now_ms + 1000, .type = SIM_BOOT, .host = host->index};
    sim_queue_add(&sim->queue, &event);
}

static void block(struct sim *sim, int from, int to, uint64_t for_ms)
{
    if (sim->blocked_until_ms[from][to] < sim->now_ms + for_ms)
        sim->blocked_until_ms[from][to] = sim->now_ms + for_ms;
}

/* One way, mostly between neighbours; both ways as often. */
static void part(struct sim_host *host, uint64_t key)
{
    struct sim *sim = host->sim;
    uint64_t for_ms = lasts(sim, "part-ms", key, 6 * HOUR_MS);
    uint64_t way = sim_choose(sim, "part-way", key, 4); /* 0 out, 1 in, else both */
    int other = host->parent >= 0
                    ? host->parent
                    : (int)sim_choose(sim, "part-with", key, (uint64_t)sim->hosts_len);
    if (other == host->index)
        return;
    if (way != 1)
        block(sim, host->index, other, for_ms);
    if (way != 0)
        block(sim, other, host->index, for_ms);
    if (way < 2)
        sim_ever(sim, EVER_PART_ONE_WAY);
    uint64_t told = (uint64_t)host->told_len << 32 | sim->hosts[other]->told_len;
    over_later(host, for_ms, WEATHER_PART + (enum weather_over)other, told);
}

/* No way to anybody, for days where the history has them. */
static void away(struct sim_host *host, uint64_t key)
{
    struct sim *sim = host->sim;
    uint64_t lasts_ms = sim->script.lasts_ms;
    uint64_t for_ms = HOUR_MS / 2 + lasts_ms * (1 + sim_choose(sim, "away", key, 9)) / 10;
    if (key == 0 && for_ms < lasts_ms * 2 / 3)
        for_ms = lasts_ms * 2 / 3; /* the first of a long history */
    host->away_until_ms = sim->now_ms + for_ms;
    for (int i = 0; i < sim->hosts_len; i++) {
        block(sim, i, host->index, for_ms);
        block(sim, host->index, i, for_ms);
    }
    if (for_ms >= 48 * (uint64_t)HOUR_MS)
        over_later(host, for_ms, WEATHER_AWAY, 0);
}

static void disk(struct sim_host *host, uint64_t key)
{
    struct sim *sim = host->sim;
    if (!host->is_on)
        return;
    uint64_t way = sim_choose(sim, "disk-fault", key, 4);
    crash_vfs_fail_after(host->disk, sim_choose(sim, "disk-steps", key, 60),
                         way < 2 ? CRASH_EIO : CRASH_ENOSPC, way % 2 == 1);
    host->disk_fails = true;
    over_later(host, lasts(sim, "disk-ms", key, 2 * HOUR_MS), WEATHER_DISK, 0);
}

static void heap(struct sim_host *host, uint64_t key, bool is_aimed)
{
    struct sim *sim = host->sim;
    if (!host->is_on)
        return;
    /* Few calls hit what runs now, many what runs some turns later. */
    uint64_t most = is_aimed ? 400 : 1ull << (4 + sim_choose(sim, "heap-reach", key, 10));
    sim_heap_fail_after(&host->heap, sim_choose(sim, "heap-calls", key, most),
                        sim_choose(sim, "heap-stays", key, 3) == 0);
    host->heap_fails = true;
}

static void happen(struct sim_host *host, const struct sim_entry *entry)
{
    struct sim *sim = host->sim;
    uint64_t key = entry->key;
    switch (entry->deed) {
    case DEED_CUT:
        cut(host, key);
        break;
    case DEED_CUT_WRITE:
        cut_in_write(host, key, entry->is_aimed);
        break;
    case DEED_CUT_REPLY:
        host->dies_before_reply = host->is_on;
        break;
    case DEED_CUT_WAITING:
        host->dies_when_waiting = host->is_on;
        break;
    case DEED_BREAK:
        sim_wire_break(sim, host->index,
                       sim_choose(sim, "break", key,
                                  1ull << (6 + sim_choose(sim, "break-reach", key, 8))));
        break;
    case DEED_MUTE:
        sim_wire_mute(sim, host->index, sim_choose(sim, "break", key, 2000),
                      (int)sim_choose(sim, "mute", key, 2));
        break;
    case DEED_TWICE:
        host->twice_next = true;
        sim_wire_break(sim, host->index, 0);
        break;
    case DEED_SLOW:
        host->slow_until_ms = sim->now_ms + lasts(sim, "slow", key, 4 * HOUR_MS);
        break;
    case DEED_PART:
        part(host, key);
        break;
    case DEED_AWAY:
        away(host, key);
        break;
    case DEED_CLOCK:
        sim_clock_jump(host, key);
        break;
    case DEED_DISK:
        disk(host, key);
        break;
    case DEED_HEAP:
        heap(host, key, entry->is_aimed);
        break;
    case DEED_LOST:
        if (sim_keeper_lose(host, key))
            cut(host, key);
        break;
    case DEED_MOVE:
    case DEED_BEACON:
        sim_beacons_do(host, entry);
        break;
    default:
        break;
    }
}

void sim_weather_do(struct sim_host *host, const struct sim_entry *entry)
{
    if (entry->is_aimed)
        host->aimed = entry;
    else
        happen(host, entry);
}

void sim_weather_release(struct sim_host *host)
{
    const struct sim_entry *entry = host->aimed;
    host->aimed = NULL;
    if (entry != NULL)
        happen(host, entry);
}

void sim_weather_switch_off(struct sim_host *host)
{
    if (host->is_on) {
        sim_host_cut(host);
    } else {
        crash_vfs_reboot(host->disk);
        host->disk_fails = false;
    }
    struct sim_event event = {
        .at_ms = host->sim->now_ms + DARK_MS, .type = SIM_BOOT, .host = host->index};
    sim_queue_add(&host->sim->queue, &event);
}

static void mend_disk(struct sim_host *host)
{
    crash_vfs_fail_after(host->disk, 0, CRASH_NONE, false);
    host->disk_fails = false;
}

void sim_weather_over(struct sim_host *host, enum weather_over what, uint64_t more)
{
    struct sim *sim = host->sim;
    if (what == WEATHER_DISK)
        mend_disk(host);
    else if (what == WEATHER_AWAY)
        sim_ever(sim, EVER_AWAY_DAYS);
    else if (what == WEATHER_IMAGE_KEPT && !sim->is_over)
        sim_image_keep(host);
    else if (what == WEATHER_IMAGE_BACK && !sim->is_over)
        sim_image_restore(host);
    else if (what == WEATHER_CLONE && !sim->is_over)
        sim_image_swap(host);
    else if (what == WEATHER_DISHONEST && !sim->is_over)
        sim_dishonest_act(host);
    else if (what >= WEATHER_PART && host->told_len > more >> 32 &&
             sim->hosts[what - WEATHER_PART]->told_len > (uint32_t)more)
        sim_ever(sim, EVER_PART_BOTH_WROTE);
}

void sim_weather_heal(struct sim_host *host)
{
    sim_clock_heal(host);
    crash_vfs_cut_after(host->disk, UINT64_MAX - UINT32_MAX);
    mend_disk(host);
    sim_heap_calm(&host->heap);
    host->aimed = NULL;
    host->heap_fails = host->dies_before_reply = host->twice_next = false;
    host->dies_when_waiting = host->dies_after_turn = false;
    host->slow_until_ms = host->away_until_ms = 0;
}
