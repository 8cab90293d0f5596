/*
 * sim_people: what people ask their nodes to do, over the same requests that the client
 * sends.
 */
#ifndef FENGQIAO_TESTS_SIM_PEOPLE_H
#define FENGQIAO_TESTS_SIM_PEOPLE_H

#include "tests/sim/life/sim_state.h"

/* The steward sits down at the machine: a client connects and unlocks. */
void sim_people_arrive(struct sim_host *host);
/* The power went: nobody waits for an answer any more. */
void sim_people_leave(struct sim_host *host);
/* An answer of the node. */
void sim_people_hear(struct sim_host *host, struct bytes answer);
/* The child's steward and the parent's link their sites. */
void sim_people_pair(struct sim_host *parent, struct sim_host *child);
/* A deed of the script. */
void sim_people_do(struct sim_host *host, const struct sim_entry *entry);

#endif
