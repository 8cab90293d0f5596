/*
 * watch_lies: what a peer makes up is refused (I5, I10). It signs rightly where it can,
 * and knows everything.
 */
#ifndef FENGQIAO_TESTS_WATCH_LIES_H
#define FENGQIAO_TESTS_WATCH_LIES_H

#include "tests/sim/life/sim_state.h"

/* At the very end: each lie that can be told to this host is set apart, or kept without
 * effect. */
void watch_lies_end(struct sim_host *host);

#endif
