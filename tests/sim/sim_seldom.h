/*
 * sim_seldom: more stories in which something of one node fails again and again
 * (sim_failing.h), each while something seldom is under way between the township and a
 * village. Whatever stops, both go on from where they were.
 */
#ifndef FENGQIAO_TESTS_SIM_SELDOM_H
#define FENGQIAO_TESTS_SIM_SELDOM_H

#include "tests/sim/sim_failing.h"

/* Both are over their quota at the other one: what has to come comes all the same. */
void sim_fail_over_quota(struct sim_county *f, const struct sim_fault *fault,
                         struct world_node *failing);
/* Ops that have to wait come to a township whose waiting room is full. */
void sim_fail_full_room(struct sim_county *f, const struct sim_fault *fault);
/* A record comes that is not ours, and an op that proves to be bad after it has waited.
 */
void sim_fail_forgetting(struct sim_county *f, const struct sim_fault *fault);
/* The village asks for what it had confirmed; the township says that it has nothing. */
void sim_fail_rollback(struct sim_county *f, const struct sim_fault *fault,
                       struct world_node *failing);
/* The village asks for more than there is; the township confirms more than was sent. */
void sim_fail_impossible(struct sim_county *f, const struct sim_fault *fault,
                         struct world_node *failing);
/* The village speaks as two starts that take turns; the township notices. It is the
 * township's store or the village's that fails: who notices, or who is told. */
void sim_fail_copies(struct sim_county *f, const struct sim_fault *fault,
                     struct world_node *failing);
/* The township's steward asks who knocks, after a machine has that was revoked. */
void sim_fail_knocks(struct sim_county *f, const struct sim_fault *fault);

#endif
