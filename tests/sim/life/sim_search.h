/*
 * sim_search: somebody looks for a case by its number, and finds it.
 */
#ifndef FENGQIAO_TESTS_SIM_SEARCH_H
#define FENGQIAO_TESTS_SIM_SEARCH_H

#include "tests/sim/life/sim_state.h"

/* The errand is free and has its key. */
void sim_search(struct sim_host *host, struct sim_errand *errand,
                const struct sim_case *c);

#endif
