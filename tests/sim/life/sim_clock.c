#include "tests/sim/life/sim_clock.h"

#define MILLION 1000000
#define DRIFT_MAX_PPM 200
#define MONO_FIRST_MS 1000 /* what the monotonic clock shows at boot */
#define YEARS_5 157680000

void sim_clock_init(struct sim_host *host)
{
    uint64_t index = (uint64_t)host->index;
    host->drift_ppm =
        (int64_t)sim_choose(host->sim, "drift", index, 2 * DRIFT_MAX_PPM) - DRIFT_MAX_PPM;
    host->has_battery = sim_choose(host->sim, "battery", index, 3) > 0;
    host->quality = WALL_NTP;
}

static int64_t true_wall(const struct sim_host *host)
{
    return (int64_t)SIM_EPOCH + (int64_t)(host->sim->now_ms / 1000);
}

uint64_t sim_clock_wall(const struct sim_host *host)
{
    int64_t lived_s = (int64_t)(host->sim->now_ms / 1000);
    int64_t wall =
        true_wall(host) + lived_s * host->drift_ppm / MILLION + host->wall_offset_s;
    return wall < 0 ? 0 : (uint64_t)wall;
}

uint64_t sim_clock_mono(const struct sim_host *host)
{
    int64_t lived = (int64_t)(host->sim->now_ms - host->booted_ms);
    return (uint64_t)(MONO_FIRST_MS + lived + lived * host->drift_ppm / MILLION);
}

uint64_t sim_clock_when(const struct sim_host *host, uint64_t mono_ms)
{
    if (mono_ms <= MONO_FIRST_MS)
        return host->booted_ms;
    int64_t lived = (int64_t)(mono_ms - MONO_FIRST_MS);
    int64_t guess = lived - lived * host->drift_ppm / MILLION;
    while (guess > 0 && guess + guess * host->drift_ppm / MILLION >= lived)
        guess--;
    while (guess + guess * host->drift_ppm / MILLION < lived)
        guess++;
    return host->booted_ms + (uint64_t)guess;
}

void sim_clock_off(struct sim_host *host)
{
    host->wall_at_off = sim_clock_wall(host);
}

/* Some systems save the time when they can, others begin in 1970. */
void sim_clock_on(struct sim_host *host)
{
    struct sim *sim = host->sim;
    if (host->has_battery || host->boots == 0)
        return;
    bool is_saved = sim_choose(sim, "saved-time", host->boots, 2) == 0;
    int64_t begins = is_saved ? (int64_t)host->wall_at_off : 0;
    host->wall_offset_s += begins - (int64_t)sim_clock_wall(host);
    host->quality = WALL_RTC;
    sim_ever(sim, EVER_CLOCK_AT_BOOT);
}

void sim_clock_jump(struct sim_host *host, uint64_t key)
{
    static const int64_t jumps[] = {
        -(int64_t)SIM_EPOCH, 2505000000, YEARS_5, -YEARS_5, 60, -60, 0};
    struct sim *sim = host->sim;
    size_t which = sim_choose(sim, "clock", key, sizeof(jumps) / sizeof(jumps[0]));
    uint64_t before = sim_clock_wall(host);
    host->wall_offset_s = jumps[which];
    host->quality = which % 2 == 0 ? WALL_RTC : WALL_NTP;
    uint64_t after = sim_clock_wall(host);
    if (after + YEARS_5 <= before + 60)
        sim_ever(sim, EVER_CLOCK_BACK);
    if (which == 0)
        sim_ever(sim, EVER_CLOCK_1970);
    if (which == 1)
        sim_ever(sim, EVER_CLOCK_2106);
}

void sim_clock_heal(struct sim_host *host)
{
    host->wall_offset_s = 0;
    host->quality = WALL_NTP;
}
