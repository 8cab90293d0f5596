/*
 * sim_auditing: a story of sim_failing.h about an auditor who comes to the village.
 */
#ifndef FENGQIAO_TESTS_SIM_AUDITING_H
#define FENGQIAO_TESTS_SIM_AUDITING_H

#include "tests/sim/sim_failing.h"

/* Page after page of an audit, a sample, and the story of a record. */
void sim_fail_audit(struct sim_county *f, const struct sim_fault *fault);

#endif
