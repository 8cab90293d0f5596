#include "tests/sim/life/sim.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/life/sim_beacons.h"
#include "tests/sim/life/sim_keeper.h"
#include "tests/sim/life/sim_courier.h"
#include "tests/sim/life/sim_deeds.h"
#include "tests/sim/life/sim_dishonest.h"
#include "tests/sim/life/sim_flaw.h"
#include "tests/sim/life/sim_host.h"
#include "tests/sim/life/sim_image.h"
#include "tests/sim/life/sim_liar.h"
#include "tests/sim/life/sim_people.h"
#include "tests/sim/life/sim_replica.h"
#include "tests/sim/life/sim_seen.h"
#include "tests/sim/life/sim_state.h"
#include "tests/sim/life/sim_stewards.h"
#include "tests/sim/life/sim_thief.h"
#include "tests/sim/life/sim_twin.h"
#include "tests/sim/life/sim_watch.h"
#include "tests/sim/life/sim_weather.h"
#include "tests/sim/life/sim_wire.h"
#include "tests/sim/life/watch_canary.h"
#include "tests/sim/life/watch_catch_up.h"
#include "tests/support/plain_keys.h"
#include "tests/support/plain_noise.h"

#define PAIRING_MS 60000
#define QUIET_MS (30u * 60 * 1000) /* virtual time that healed nodes have to agree */

uint64_t sim_dice(const struct sim *sim, const char *purpose, uint64_t a, uint64_t b)
{
    uint64_t state = sim->options.seed ^ (a * 0x9e3779b97f4a7c15u);
    for (const char *c = purpose; *c != '\0'; c++)
        state = (state ^ (uint8_t)*c) * 0x100000001b3u;
    (void)crash_random(&state);
    state ^= b;
    (void)crash_random(&state);
    return crash_random(&state);
}

uint64_t sim_choose(const struct sim *sim, const char *purpose, uint64_t a, uint64_t n)
{
    return n == 0 ? 0 : sim_dice(sim, purpose, a, 0) % n;
}

void sim_trace(struct sim *sim, const struct sim_host *host, const char *format, ...)
{
    char line[400];
    int len = snprintf(line, sizeof(line), "%10.3f %-10s ", (double)sim->now_ms / 1000,
                       host == NULL ? "-" : host->address);
    va_list args;
    va_start(args, format);
    int more = vsnprintf(line + len, sizeof(line) - (size_t)len, format, args);
    va_end(args);
    if (sim->ear.line != NULL)
        sim->ear.line(sim->ear.context, host, line + len);
    len = len + more < (int)sizeof(line) ? len + more : (int)sizeof(line) - 1;
    digest_add(&sim->trace, line, (size_t)len);
    if (sim->options.trace != NULL)
        (void)fprintf(sim->options.trace, "%s\n", line);
}

void sim_fail(struct sim *sim, const char *invariant, const char *format, ...)
{
    struct sim_verdict *verdict = sim->verdict;
    if (!verdict->holds)
        return;
    verdict->holds = false;
    verdict->at_ms = sim->now_ms;
    verdict->entry = sim->entry;
    (void)snprintf(verdict->invariant, sizeof(verdict->invariant), "%s", invariant);
    va_list args;
    va_start(args, format);
    (void)vsnprintf(verdict->text, sizeof(verdict->text), format, args);
    va_end(args);
    sim_trace(sim, NULL, "%s does not hold: %s", invariant, verdict->text);
}

bool sim_has_failed(const struct sim *sim)
{
    return !sim->verdict->holds;
}

static void do_entry(struct sim *sim, uint32_t number)
{
    const struct sim_entry *entry = &sim->script.entries[number];
    struct sim_host *host = sim->hosts[entry->host];
    if (sim->is_over || entry->host >= sim->hosts_len)
        return; /* a machine that has not joined */
    sim->entry = number;
    sim_trace(sim, host, "entry %" PRIu32 " %s", number, sim_deed_name(entry->deed));
    sim_replica_look(host);
    if (entry->deed >= DEED_CUT)
        sim_weather_do(host, entry);
    else
        sim_deeds_do(host, entry);
}

static void happen(struct sim *sim, struct sim_event *event)
{
    struct sim_host *host = event->host < 0 ? NULL : sim->hosts[event->host];
    bool is_of_this_boot = host != NULL && host->is_on && host->boots == event->boot;
    switch (event->type) {
    case SIM_TURN:
        if (is_of_this_boot)
            sim_host_turn(host);
        break;
    case SIM_TICK:
        if (is_of_this_boot && host->deadline_ms == event->a)
            sim_host_tell(host, EVENT_TICK, 0, (struct bytes){0}, NULL);
        break;
    case SIM_JOB:
        if (is_of_this_boot) {
            sim_host_tell(host, EVENT_JOB_DONE, 0, (struct bytes){0}, event->job);
            event->job = NULL;
            host->jobs_out--;
        }
        break;
    case SIM_ENTRY:
        do_entry(sim, (uint32_t)event->a);
        break;
    case SIM_DIALED:
        if (is_of_this_boot)
            sim_wire_dialed(sim, event);
        break;
    case SIM_CHUNK:
        sim_wire_chunk(sim, event);
        break;
    case SIM_CLOSED:
        sim_wire_closed(sim, event);
        break;
    case SIM_BOOT:
        if (!host->is_on && !host->is_ruined)
            sim_host_boot(host);
        break;
    case SIM_BEACON:
        sim_beacons_hear(host, event);
        break;
    case SIM_STICK:
        sim_courier_comes(sim, event->a, event->b);
        break;
    case SIM_HEAL:
        sim_weather_over(host, (enum weather_over)event->a, event->b);
        break;
    }
}

void sim_until(struct sim *sim, uint64_t ms)
{
    struct sim_event event;
    while (!sim_has_failed(sim) && sim_queue_take(&sim->queue, ms, &event)) {
        sim->now_ms = event.at_ms;
        happen(sim, &event);
        sim_event_deinit(&event);
    }
    if (!sim_has_failed(sim))
        sim->now_ms = ms;
}

void sim_pair_all(struct sim *sim)
{
    for (int i = 0; i < sim->hosts_len && !sim_has_failed(sim); i++) {
        struct sim_host *host = sim->hosts[i];
        if (host->parent < 0)
            continue;
        sim_people_pair(sim->hosts[host->parent], host);
        sim_until(sim, sim->now_ms + PAIRING_MS);
    }
}

static void settle(struct sim *sim)
{
    static const char *const townships[] = {"青河镇", "云岭镇"};
    static const char *const villages[] = {"枫源村", "溪口村", "石桥村", "竹坪村"};
    int townships_len = sim_choose(sim, "townships", 0, 3) == 0 ? 2 : 1;
    uint64_t size = sim_choose(sim, "villages", 0, 6);
    int villages_len = size == 0 ? 4 : size == 1 ? 3 : 2;
    sim_host_new(sim, "county", "示例县", -1);
    for (int i = 0; i < townships_len; i++)
        sim_host_new(sim, "township", townships[i], 0);
    for (int i = 0; i < villages_len; i++)
        sim_host_new(sim, "village", villages[i], 1 + i % townships_len);
    if (townships_len == 2)
        sim_ever(sim, EVER_TWO_TOWNSHIPS);
    if (villages_len == 4)
        sim_ever(sim, EVER_FOUR_VILLAGES);
    sim_pair_all(sim);
}

static void follow_script(struct sim *sim)
{
    sim_liar_choose(sim);
    sim_script_make(sim, sim->now_ms);
    sim->verdict->entries = sim->script.len;
    sim_twin_add(sim);
    sim_image_plan(sim);
    sim_dishonest_plan(sim);
    uint32_t dropped = 0;
    for (uint32_t i = 0; i < sim->script.len; i++) {
        if (dropped < sim->options.dropped_len && sim->options.dropped[dropped] == i) {
            dropped++;
            continue;
        }
        if (sim->options.calm && sim->script.entries[i].deed >= DEED_CUT)
            continue;
        if (sim_twin_leaves_out(sim, &sim->script.entries[i]))
            continue;
        struct sim_event event = {.at_ms = sim->script.entries[i].at_ms,
                                  .type = SIM_ENTRY,
                                  .host = sim->script.entries[i].host,
                                  .a = i};
        sim_queue_add(&sim->queue, &event);
    }
    uint64_t ends_ms = sim->script.ends_ms;
    if (sim->options.until_ms > 0 && sim->options.until_ms < ends_ms)
        ends_ms = sim->options.until_ms;
    sim_until(sim, ends_ms);
}

void sim_heal(struct sim *sim)
{
    sim->is_over = true;
    memset(sim->blocked_until_ms, 0, sizeof(sim->blocked_until_ms));
    sim_wire_reset(sim);
    sim_replica_heal(sim);
    for (int i = 0; i < sim->hosts_len; i++) {
        sim_weather_heal(sim->hosts[i]);
        if (!sim->hosts[i]->is_on && !sim->hosts[i]->is_ruined)
            sim_host_boot(sim->hosts[i]);
    }
    sim_liar_end(sim);
    sim_flaw_mend(sim);
    watch_catch_up_begin(sim);
    sim_until(sim, sim->now_ms + QUIET_MS);
    sim_flaw_wait(sim);
}

/* Nothing private is written into the files of sites that have no cases. */
static void see_disks(struct sim *sim)
{
    for (int i = 0; i < sim->hosts_len; i++) {
        size_t len;
        const uint8_t *data = crash_vfs_file(sim->hosts[i]->disk, "node.db", &len);
        if (sim_host_has_cases(sim->hosts[i]))
            sim->seen.has_cases |= 1u << i;
        else if (data != NULL)
            sim_seen_add(&sim->seen, SIGHT_DISK, i, sim->now_ms, 0, bytes_of(data, len));
    }
}

bool sim_is_careful(const struct sim_options *options)
{
    if (options->lane == LANE_OF_SEED)
        return options->seed % SIM_CAREFUL_EVERY == 0;
    return options->lane == LANE_CAREFUL;
}

struct sim *sim_new(const struct sim_options *options, struct sim_verdict *verdict)
{
    struct sim *sim = calloc(1, sizeof(*sim));
    assert(sim != NULL);
    *verdict = (struct sim_verdict){.holds = true};
    sim_heap_init();
    plain_keys_use(!sim_is_careful(options));
    plain_noise_use(!sim_is_careful(options));
    sim->options = *options;
    sim->verdict = verdict;
    digest_init(&sim->trace, "fengqiao/test/trace");
    return sim;
}

void sim_free(struct sim *sim)
{
    sim_replica_free(sim); /* whose host may be none of those yet */
    for (int i = 0; i < sim->hosts_len; i++)
        sim_host_free(sim->hosts[i]);
    sim_queue_deinit(&sim->queue);
    watch_canary_free(sim);
    sim_liar_free(sim);
    sim_courier_free(sim);
    sim_keeper_free(sim);
    sim_thief_free(sim);
    sim_dishonest_free(sim);
    sim_stewards_free(sim);
    sim_beacons_free(sim);
    sim_seen_deinit(&sim->seen);
    free(sim);
}

void sim_run(const struct sim_options *options, struct sim_verdict *verdict)
{
    struct sim *sim = sim_new(options, verdict);
    settle(sim);
    follow_script(sim);
    if (!sim_has_failed(sim))
        sim_heal(sim);
    if (!sim_has_failed(sim))
        sim_courier_end(sim);
    if (!sim_has_failed(sim))
        sim_watch_end(sim);
    if (options->pretend > 0 && sim->sent_len >= options->pretend)
        sim_fail(sim, "I0", "%u records were released", sim->sent_len);
    see_disks(sim);
    digest_final(&sim->trace, verdict->trace.bytes);
    if (options->seen != NULL) {
        *options->seen = sim->seen;
        sim->seen = (struct sim_seen){0};
    }
    sim_free(sim);
}
