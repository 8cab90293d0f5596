/*
 * sim_round: somebody goes round the village's public places, and what is found becomes a
 * case. All of it stays in the village.
 */
#ifndef FENGQIAO_TESTS_SIM_ROUND_H
#define FENGQIAO_TESTS_SIM_ROUND_H

#include "tests/sim/life/sim_state.h"

/* The errand is free and has its key. */
void sim_round(struct sim_host *host, struct sim_errand *errand);

#endif
