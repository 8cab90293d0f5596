/*
 * sim_watch: the invariants of docs/SIMULATOR.md, looked at while a history runs and at
 * its end. Each says sim_fail with its number.
 */
#ifndef FENGQIAO_TESTS_SIM_WATCH_H
#define FENGQIAO_TESTS_SIM_WATCH_H

#include "tests/sim/life/sim_state.h"

/* Before the encryption: a message that a host sends to another site (I3). */
void sim_watch_message(struct sim_host *host, struct bytes message);
/* A host has just started from its disk (I2, I14). */
void sim_watch_boot(struct sim_host *host);
/* All faults are healed and everything is quiet (I1, I2, I13). */
void sim_watch_end(struct sim *sim);

#endif
