/*
 * watch_seals: what a seal says of a ledger is so, and who is a witness has seen it.
 */
#ifndef FENGQIAO_TESTS_WATCH_SEALS_H
#define FENGQIAO_TESTS_WATCH_SEALS_H

#include "tests/sim/life/sim_state.h"

/* At the end: each seal of the log that grows opens to the trees as they were, and none
 * is missing for so many hours of running time. */
void watch_seals_end(struct sim_host *host);
/* How many of its first so many seals do not open to the trees any more. */
uint64_t watch_seals_unopened(struct sim_host *host, uint64_t size);
/* The parent has seen all of it, and has cosigned it. Both are sound, and agree. */
void watch_seals_pair(struct sim_host *child, struct sim_host *parent);

#endif
