/*
 * sim_course: how cases come to their end: taken in hand, settled, followed up, closed
 * and sometimes reopened, step by step and too early as well; tasks; what waits until
 * when.
 */
#ifndef FENGQIAO_TESTS_SIM_COURSE_H
#define FENGQIAO_TESTS_SIM_COURSE_H

#include "tests/sim/life/sim_state.h"

/* All the way, or in one step where it was agreed by word of mouth. */
void sim_course_close(struct sim_host *host, const struct sim_case *c, uint64_t key);
/* A task, which is done or stays; and what waits, whatever the clock says. */
void sim_course_task(struct sim_host *host, const struct sim_case *c, uint64_t key);

#endif
