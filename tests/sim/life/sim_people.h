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
/* The same without waiting: an invitation, and the child joins. */
void sim_people_invite(struct sim_host *parent, struct sim_host *child);
/* The steward unlocks. */
void sim_people_unlock(struct sim_host *host);
/* A free errand, to be filled in, or NULL. */
struct sim_errand *sim_people_errand(struct sim_host *host);
/* Sends the request of an errand: name, value, …, NULL; names in ascending order. A value
 * that begins with '=' is written as bytes. */
void sim_people_ask(struct sim_host *host, struct sim_errand *errand, const char *method,
                    ...);
/* The same, where the arguments are a map already. */
void sim_people_ask_packed(struct sim_host *host, struct sim_errand *errand,
                           const char *method, struct bytes arguments);

#endif
