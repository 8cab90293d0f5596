/*
 * sim_joining: stories of sim_failing.h in which the village of Xikou has two machines.
 */
#ifndef FENGQIAO_TESTS_SIM_JOINING_H
#define FENGQIAO_TESTS_SIM_JOINING_H

#include "tests/sim/sim_failing.h"

/* A laptop joins, and joins; however the village that lets it in stops, one is in at the
 * end and has all of it. */
void sim_fail_inviting(struct sim_county *f, const struct sim_fault *fault);
/* The village and its laptop both write; however the one of them stops, both hold the
 * same at the end. */
void sim_fail_together(struct sim_county *f, const struct sim_fault *fault,
                       bool at_laptop);

/* A laptop asks the village for what the township had erased. */
void sim_fail_showing(struct sim_county *f, const struct sim_fault *fault,
                      bool at_laptop);

#endif
