/*
 * watch_agree: at the end, what all hold alike says the same everywhere (I1), a rebuild
 * says it again, hearing it all again changes nothing (I11), and no effect hangs on what
 * a wall clock said (I9).
 */
#ifndef FENGQIAO_TESTS_WATCH_AGREE_H
#define FENGQIAO_TESTS_WATCH_AGREE_H

#include "tests/sim/life/sim_state.h"

/* Every escalation and charter that both hold. */
void watch_agree_pair(struct sim_host *a, struct sim_host *b);
/* The derived tables before and after derived_rebuild, byte for byte; said receives them.
 * False: the store failed, which it may where the disk does; the node has to start
 * again. */
bool watch_agree_rebuild(struct sim_host *host, struct buf *said);
/* Every op that the host holds comes a second time, in an order of the seed; it says what
 * it said before. */
void watch_agree_again(struct sim_host *host, const struct buf *said);
void watch_agree_clocks(struct sim_host *host);

#endif
