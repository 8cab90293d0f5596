/*
 * watch_lists: what is listed page by page is what there is, each record once, and
 * filters find it.
 */
#ifndef FENGQIAO_TESTS_WATCH_LISTS_H
#define FENGQIAO_TESTS_WATCH_LISTS_H

#include "tests/sim/life/sim_state.h"

/* At the end: the lists of cases and of escalations, as a desk would page through them.
 */
void watch_lists_end(struct sim_host *host);

#endif
