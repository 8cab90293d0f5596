/*
 * sim_rewrite: what somebody does who has the disk of a node and knows its tables.
 */
#ifndef FENGQIAO_TESTS_SIM_REWRITE_H
#define FENGQIAO_TESTS_SIM_REWRITE_H

#include "tests/sim/life/sim_dishonest.h"

/* How many seals of the log that grows has that host's parent cosigned? */
uint64_t sim_rewrite_cosigned(struct sim_host *host, int64_t log);
/* Between two turns. The newest seal, which the parent has cosigned, becomes another one,
 * which opens as well: to the ledger of one record less. False: nothing was done. */
bool sim_rewrite_seal(struct sim_host *host);
/* The same of a case that never went up and that such a seal covers: it is gone, and what
 * is derived is made anew. The people forget it. */
bool sim_rewrite_drop(struct sim_host *host, struct sim_dishonest *dishonest);

#endif
