/*
 * watch_waits: what still waits is among what lists of it read, and what was recalled is
 * among the recalls.
 */
#ifndef FENGQIAO_TESTS_WATCH_WAITS_H
#define FENGQIAO_TESTS_WATCH_WAITS_H

#include "tests/sim/life/sim_state.h"

/* At the end, of every host whose disk tells the truth. */
void watch_waits_end(struct sim_host *host);

#endif
