/*
 * watch_dishonest: what a dishonest steward did is found out, and nobody else is
 * accused (docs/LEDGER.md).
 *
 *   I6   two histories: the parent has a proof that anybody can check, and an alarm
 *        dated back: the seal before the first one that holds the note is later by weeks
 *        than the note says
 *        dropped: a seal that the parent has cosigned opens to the ledger no more
 *        late consent: that is for an audit alone
 *        but for what is dated back, an audit of the machine finds it, and nothing else
 *        (watch_audit)
 */
#ifndef FENGQIAO_TESTS_WATCH_DISHONEST_H
#define FENGQIAO_TESTS_WATCH_DISHONEST_H

#include "tests/sim/life/sim_state.h"

/* At the end. */
void watch_dishonest_end(struct sim *sim);

#endif
