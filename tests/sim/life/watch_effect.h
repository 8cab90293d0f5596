/*
 * watch_effect: what was written has effect, and is said once. Nobody in these histories
 * is hostile, so that nothing of theirs may be refused in the end.
 */
#ifndef FENGQIAO_TESTS_WATCH_EFFECT_H
#define FENGQIAO_TESTS_WATCH_EFFECT_H

#include "tests/sim/life/sim_state.h"

/* At the end: no op is refused, revoked hands are covered (I10); who holds a record has
 * said so once (I11); a case knows what went up of it (I2). */
void watch_effect_end(struct sim_host *host);

#endif
