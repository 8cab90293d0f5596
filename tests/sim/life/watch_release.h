/*
 * watch_release: what went up is what was chosen and previewed, as it stood in the case
 * (I3).
 */
#ifndef FENGQIAO_TESTS_WATCH_RELEASE_H
#define FENGQIAO_TESTS_WATCH_RELEASE_H

#include "tests/sim/life/sim_state.h"

/* Somebody saw what would leave; number: of the request for the release behind it. */
void watch_release_preview(struct sim_host *host, struct bytes preview, uint64_t number);
/* Somebody was told that the record is released, by the request of that number. */
void watch_release(struct sim_host *host, const struct sim_case *c,
                   const struct id *record, uint64_t number);

#endif
