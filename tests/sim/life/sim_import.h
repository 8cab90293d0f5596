/*
 * sim_import: somebody brings cases in a table, of which a line is wrong at first, and
 * takes it a second time, since nobody knows whether the first was saved.
 */
#ifndef FENGQIAO_TESTS_SIM_IMPORT_H
#define FENGQIAO_TESTS_SIM_IMPORT_H

#include "tests/sim/life/sim_state.h"

void sim_import(struct sim_host *host, struct sim_errand *errand);

#endif
