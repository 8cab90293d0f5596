/*
 * sim_card: a plan card is kept and activated. All of it stays in the village.
 */
#ifndef FENGQIAO_TESTS_SIM_CARD_H
#define FENGQIAO_TESTS_SIM_CARD_H

#include "tests/sim/life/sim_state.h"

/* The errand is free and has its key. */
void sim_card(struct sim_host *host, struct sim_errand *errand);

#endif
