/*
 * sim_record: stories of a record that has a file, in each of which something of one node
 * fails again and again (sim_failing.h): it is asked for, goes up piece by piece, is
 * called back, and what is left at home has had its time.
 */
#ifndef FENGQIAO_TESTS_SIM_RECORD_H
#define FENGQIAO_TESTS_SIM_RECORD_H

#include "tests/sim/sim_failing.h"

/* Each request about files, recalls and the evidence of a record. */
void sim_fail_file_requests(struct sim_county *f, const struct sim_fault *fault);
/* It goes from fengyuan to the township, one of which fails. */
void sim_fail_file(struct sim_county *f, const struct sim_fault *fault,
                   struct world_node *failing);
/* Another op brings the same file to the township. */
void sim_fail_file_twice(struct sim_county *f, const struct sim_fault *fault);
/* It is recalled, where an op of it waits and another one was set apart. */
void sim_fail_recall(struct sim_county *f, const struct sim_fault *fault,
                     struct world_node *failing);
/* Something of it comes to the township when the recall was there before. */
void sim_fail_after_recall(struct sim_county *f, const struct sim_fault *fault);
/* The case is closed and its time over; it is fengyuan that fails. */
void sim_fail_retention(struct sim_county *f, const struct sim_fault *fault);

#endif
