/*
 * sim_second: a second machine of a site, as far as its neighbour notices: what was
 * written on it, side by side with what is written here, comes into a case. A site of the
 * simulator has one node, so that such an op is brought as our own (sim_forge).
 */
#ifndef FENGQIAO_TESTS_SIM_SECOND_H
#define FENGQIAO_TESTS_SIM_SECOND_H

#include "tests/sim/life/sim_state.h"

/* The steward has written a text field of that case on it, when it knew no more than the
 * op that founds the case; the next turn brings that. False: it cannot be written. */
bool sim_second_write(struct sim_host *host, const struct id *scope, const char *field,
                      const char *text, uint64_t key);
/* Inside a turn: what was brought, if anything was. Where the machine fails, the turn
 * does. */
void sim_second_bring(struct sim_host *host);

#endif
