/*
 * sim_shrink: makes the script of a history that fails as short as it can be while the
 * same invariant still fails.
 */
#ifndef FENGQIAO_TESTS_SIM_SHRINK_H
#define FENGQIAO_TESTS_SIM_SHRINK_H

#include "tests/sim/life/sim.h"
#include "tests/sim/life/sim_script.h"

struct sim_shrunk {
    uint32_t dropped[SIM_ENTRIES_MAX]; /* sorted */
    uint32_t dropped_len;
    uint32_t tries;
    struct sim_verdict verdict; /* of the short history */
};

/* options name a history that fails; its trace is not written. False: it does not fail.
 */
bool sim_shrink(const struct sim_options *options, struct sim_shrunk *shrunk);

#endif
