/*
 * sim_agree: the parties of a case agree, and what they agreed on stays in the village.
 */
#ifndef FENGQIAO_TESTS_SIM_AGREE_H
#define FENGQIAO_TESTS_SIM_AGREE_H

#include "tests/sim/life/sim_state.h"

/* The errand is free and has its key. */
void sim_agree(struct sim_host *host, struct sim_errand *errand,
               const struct sim_case *c);

#endif
