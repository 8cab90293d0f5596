/*
 * sim_by_itself: stories of sim_failing.h about what a machine does by itself, beacons
 * and a backup a day, and about what waits for several stewards.
 */
#ifndef FENGQIAO_TESTS_SIM_BY_ITSELF_H
#define FENGQIAO_TESTS_SIM_BY_ITSELF_H

#include "tests/sim/sim_failing.h"

/* The township is somewhere else each time, and says so; however the one that says it, or
 * fengyuan, which hears it, stops, a record comes there. */
void sim_fail_beacons(struct sim_county *f, const struct sim_fault *fault, bool at_heard);
/* fengyuan wants a backup each hour, of which every second one is told to have failed;
 * however it stops, the next one is asked for. */
void sim_fail_daily_backup(struct sim_county *f, const struct sim_fault *fault);
/* Two stewards name machines, numbers and another recovery key; however the node stops,
 * what they did waits or is complete. */
void sim_fail_stewards(struct sim_county *f, const struct sim_fault *fault);

#endif
