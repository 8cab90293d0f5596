/*
 * sim_phone: somebody signs in from afar, writes what may come twice, and signs out.
 */
#ifndef FENGQIAO_TESTS_SIM_PHONE_H
#define FENGQIAO_TESTS_SIM_PHONE_H

#include "tests/sim/life/sim_state.h"

/* Asks before it is signed in, is invited, claims, unlocks, founds a case with a once,
 * twice, revokes itself, and asks again. */
void sim_phone(struct sim_host *host, struct sim_errand *errand);

#endif
