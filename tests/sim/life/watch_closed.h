/*
 * watch_closed: no case is closed without an outcome and a follow-up.
 */
#ifndef FENGQIAO_TESTS_WATCH_CLOSED_H
#define FENGQIAO_TESTS_WATCH_CLOSED_H

#include "tests/sim/life/sim_state.h"

/* At the end: the journal of each closed case tells of both, before it was closed and
 * after it was reopened last. */
void watch_closed_end(struct sim_host *host);

#endif
