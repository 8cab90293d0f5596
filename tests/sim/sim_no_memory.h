/*
 * sim_no_memory: one node of a county whose memory fails, in its turns and in its jobs,
 * and at no other time (the linker's --wrap, by linking fengqiao_test_no_memory).
 */
#ifndef FENGQIAO_TESTS_SIM_NO_MEMORY_H
#define FENGQIAO_TESTS_SIM_NO_MEMORY_H

#include "tests/sim/sim_failing.h"

/* fail_memory_after, of that node. */
void no_memory_after(struct world_node *node, uint64_t allocations, bool for_good);
/* fail_memory_at_new_place, of that node. */
void no_memory_at_new_place(struct world_node *node);
/* Nothing fails any more; did anything? */
bool no_memory_stop(void);

/* Those as a fault of the stories: one failure for each way to an allocation. */
extern const struct sim_fault sim_no_memory;

#endif
