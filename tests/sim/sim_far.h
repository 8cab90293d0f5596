/*
 * sim_far: requests of somebody who comes over the network, while something of the node
 * fails again and again (sim_failing.h).
 */
#ifndef FENGQIAO_TESTS_SIM_FAR_H
#define FENGQIAO_TESTS_SIM_FAR_H

#include "tests/sim/sim_failing.h"

/* Signing in, PINs, onces, drafts, revoking; at fengyuan. */
void sim_fail_far_requests(struct sim_county *f, const struct sim_fault *fault);

#endif
