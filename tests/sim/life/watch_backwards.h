/*
 * watch_backwards: ops that come before what they build on wait for all of it, and no
 * longer (I11).
 */
#ifndef FENGQIAO_TESTS_WATCH_BACKWARDS_H
#define FENGQIAO_TESTS_WATCH_BACKWARDS_H

#include "tests/sim/life/sim_state.h"

/* At the very end: an op that takes up two others comes before both of them. */
void watch_backwards_end(struct sim_host *host);

#endif
