/*
 * sim_batch: many histories in several processes. A history that crashes or hangs is a
 * failure of its seed.
 */
#ifndef FENGQIAO_TESTS_SIM_BATCH_H
#define FENGQIAO_TESTS_SIM_BATCH_H

#include "tests/sim/life/sim.h"

#define SIM_JOBS_MAX 64
/* Wall time after which a history hangs. */
#define SIM_HANG_S 300
/* Each so many-th seed is lived twice, and both must be the same. */
#define SIM_TWICE_EVERY 50

struct sim_batch {
    struct sim_options options; /* seed is set for each */
    uint64_t first, last;       /* seeds */
    uint32_t jobs;
    struct sim_ever ever; /* of all */
    int64_t heap_peak;
    uint64_t histories, failed, ops, turns, cuts, twice, sights, lies, announced, silent;
};

/* Calls report for each history, in the order in which they end. False: no process could
 * be made. */
typedef void sim_batch_fn(void *context, uint64_t seed,
                          const struct sim_verdict *verdict);
bool sim_batch_run(struct sim_batch *batch, sim_batch_fn *report, void *context);

#endif
