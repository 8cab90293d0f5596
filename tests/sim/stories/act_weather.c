#include "tests/sim/stories/acts.h"

#include <stdlib.h>

#include "tests/sim/life/sim_host.h"
#include "tests/sim/life/sim_weather.h"

#define FIVE_YEARS_S 157680000

void act_power_off(struct said *said)
{
    if (said->host->is_on)
        sim_host_cut(said->host);
}

void act_power_on(struct said *said)
{
    if (!said->host->is_on)
        sim_host_boot(said->host);
}

void act_power_before_answer(struct said *said)
{
    said->host->dies_before_reply = true;
}

void act_power_in_write(struct said *said)
{
    sim_host_cut_in(said->host, strtoull(said->caught[1], NULL, 10));
}

void act_fill_disk(struct said *said)
{
    crash_vfs_fail_after(said->host->disk, 0, CRASH_ENOSPC, true);
    said->host->disk_fails = true;
}

void act_free_disk(struct said *said)
{
    sim_weather_over(said->host, WEATHER_DISK, 0);
}

void act_clock_back(struct said *said)
{
    said->host->wall_offset_s = -FIVE_YEARS_S;
    said->host->quality = WALL_RTC;
}
