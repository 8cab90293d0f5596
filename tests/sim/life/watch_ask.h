/*
 * watch_ask: who asks for what it may not have, by its id, learns nothing (I3): not even
 * that it is there.
 */
#ifndef FENGQIAO_TESTS_WATCH_ASK_H
#define FENGQIAO_TESTS_WATCH_ASK_H

#include "tests/sim/life/sim_state.h"

/* At the very end: each peer that dials this host asks for an op of a record that it does
 * not hold, and for one that does not exist. The answers are the same bytes. */
void watch_ask_end(struct sim_host *host);

#endif
