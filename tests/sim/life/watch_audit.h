/*
 * watch_audit: what an auditor finds on a machine when its history has ended
 * (docs/LEDGER.md §7): nothing fails but what a liar, a thief or somebody revoked wrote.
 */
#ifndef FENGQIAO_TESTS_WATCH_AUDIT_H
#define FENGQIAO_TESTS_WATCH_AUDIT_H

#include "tests/sim/life/sim_state.h"

void watch_audit_end(struct sim_host *host);

#endif
