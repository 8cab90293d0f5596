/*
 * sim_ever: situations that must occur now and then, or the simulator proves less than it
 * seems to. Each is named in sim_ever_list.h; sim_ever says that it is happening. A batch
 * of at least SIM_EVER_BATCH histories that never met one of them fails.
 */
#ifndef FENGQIAO_TESTS_SIM_EVER_H
#define FENGQIAO_TESTS_SIM_EVER_H

#include <stdint.h>
#include <stdio.h>

#define SIM_EVER_BATCH 400

enum sim_situation {
#define SITUATION(name, sentence) EVER_##name,
#include "tests/sim/life/sim_ever_list.h"
#undef SITUATION
    EVER_LEN,
};

struct sim_ever {
    uint32_t times[EVER_LEN];
};

struct sim;

void sim_ever(struct sim *sim, enum sim_situation situation);
void sim_ever_add(struct sim_ever *sum, const struct sim_ever *more);
/* How many were never met; prints each of them, or with all every one with its count. */
uint32_t sim_ever_report(const struct sim_ever *sum, FILE *out, int all);

#endif
