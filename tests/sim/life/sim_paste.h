/*
 * sim_paste: somebody pastes in what was sent, and makes a case of it, drops it, or
 * leaves it. All of it stays in the village.
 */
#ifndef FENGQIAO_TESTS_SIM_PASTE_H
#define FENGQIAO_TESTS_SIM_PASTE_H

#include "tests/sim/life/sim_state.h"

/* The errand is free and has its key. */
void sim_paste(struct sim_host *host, struct sim_errand *errand);

#endif
