/*
 * sim_papers: what a village and a township ask of their nodes beside the way of a case:
 * papers, lists, rounds, cards and meetings, what was written in two ways, identities,
 * tables that are taken over, changes that wait, and what sites say to each other.
 */
#ifndef FENGQIAO_TESTS_SIM_PAPERS_H
#define FENGQIAO_TESTS_SIM_PAPERS_H

#include "tests/sim/sim_failing.h"

/* Each of these requests, at the village xikou or the township. */
void sim_fail_papers(struct sim_county *f, const struct sim_fault *fault);

#endif
