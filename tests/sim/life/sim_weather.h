/*
 * sim_weather: what happens to machines and lines.
 */
#ifndef FENGQIAO_TESTS_SIM_WEATHER_H
#define FENGQIAO_TESTS_SIM_WEATHER_H

#include "tests/sim/life/sim_state.h"

/* What ends by itself, and what has to be done then. */
enum weather_over {
    WEATHER_DISK,
    WEATHER_AWAY,
    WEATHER_IMAGE_KEPT, /* planned by sim_image, as the next one */
    WEATHER_IMAGE_BACK,
    WEATHER_CLONE,
    WEATHER_DISHONEST, /* by sim_dishonest */
    WEATHER_PART,      /* and up: the other host */
};

void sim_weather_do(struct sim_host *host, const struct sim_entry *entry);
/* Somebody asks this host to release an escalation: what waited for it comes. */
void sim_weather_release(struct sim_host *host);
/* Something that sim_weather_do began ends. more: what it left for this moment. */
void sim_weather_over(struct sim_host *host, enum weather_over what, uint64_t more);
/* Its power goes; it comes back after a minute. */
void sim_weather_switch_off(struct sim_host *host);
/* No more of it for this host. */
void sim_weather_heal(struct sim_host *host);

#endif
