/*
 * sim_sealing: a story of sim_failing.h about what people see of seals, and a witness
 * that is no peer.
 */
#ifndef FENGQIAO_TESTS_SIM_SEALING_H
#define FENGQIAO_TESTS_SIM_SEALING_H

#include "tests/sim/sim_failing.h"

/* The township lists its seals and those that it watches, gives a proof, asks a witness
 * outside and keeps what that says. */
void sim_fail_seals(struct sim_county *f, const struct sim_fault *fault);

#endif
