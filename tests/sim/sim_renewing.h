/*
 * sim_renewing: a story of sim_failing.h in which a machine gets other keys.
 */
#ifndef FENGQIAO_TESTS_SIM_RENEWING_H
#define FENGQIAO_TESTS_SIM_RENEWING_H

#include "tests/sim/sim_failing.h"

/* Xikou's machine renews its keys while its township is away, and the township comes
 * back; however the machine stops, it is one that its own charter names. At the end both
 * go on, and the township knows the new key alone. */
void sim_fail_renewal(struct sim_county *f, const struct sim_fault *fault);
/* The same, where it is the township that takes in the word and stops. */
void sim_fail_renewal_heard(struct sim_county *f, const struct sim_fault *fault);

#endif
