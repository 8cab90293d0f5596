/*
 * sim_conflict: two machines of a village write to one case at once; somebody sees it,
 * settles it, and takes that back.
 */
#ifndef FENGQIAO_TESTS_SIM_CONFLICT_H
#define FENGQIAO_TESTS_SIM_CONFLICT_H

#include "tests/sim/life/sim_state.h"

void sim_conflict(struct sim_host *host, struct sim_errand *errand,
                  const struct sim_case *c);

#endif
