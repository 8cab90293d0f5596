/*
 * sim_meeting: a township meets, decides about a record who does what until when, and
 * sees at the next meeting what is still open.
 */
#ifndef FENGQIAO_TESTS_SIM_MEETING_H
#define FENGQIAO_TESTS_SIM_MEETING_H

#include "tests/sim/life/sim_state.h"

void sim_meeting(struct sim_host *host, uint64_t key);

#endif
