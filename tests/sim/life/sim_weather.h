/*
 * sim_weather: what happens to machines and lines.
 */
#ifndef FENGQIAO_TESTS_SIM_WEATHER_H
#define FENGQIAO_TESTS_SIM_WEATHER_H

#include "tests/sim/life/sim_state.h"

void sim_weather_do(struct sim_host *host, const struct sim_entry *entry);
/* No more of it for this host. */
void sim_weather_heal(struct sim_host *host);

#endif
