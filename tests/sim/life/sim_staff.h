/*
 * sim_staff: who else sits at a machine: a mediator with a PIN of her own, and whoever
 * guesses one.
 */
#ifndef FENGQIAO_TESTS_SIM_STAFF_H
#define FENGQIAO_TESTS_SIM_STAFF_H

#include "tests/sim/life/sim_state.h"

#define SIM_MEDIATOR_PIN "135791"

/* The machine has started: the mediator unlocks again. */
void sim_staff_arrive(struct sim_host *host);
/* Adds a mediator, who unlocks; one at a time. */
void sim_staff_add(struct sim_host *host, uint64_t key);
/* Revokes her; she then tries to write. */
void sim_staff_revoke(struct sim_host *host, struct sim_case *c, uint64_t key);
/* The key of a person who is wrapped under the mediator's PIN there. False: it is not. */
bool sim_staff_key(const struct sim_host *host, const uint8_t *key,
                   uint8_t seed[static 32]);
void sim_staff_guess(struct sim_host *host, uint64_t key);
/* She asks for a release and tries to release; then the steward releases. */
void sim_staff_request(struct sim_host *host, struct sim_case *c, uint64_t key);
/* Steward and mediator write to a case in one turn. */
void sim_staff_two(struct sim_host *host, struct sim_case *c, uint64_t key);

/* The mediator, or the steward where there is none, sends the case because of danger to
 * life, without asking anybody; mostly the steward stands by it. */
void sim_staff_danger(struct sim_host *host, struct sim_case *c, uint64_t key);

/* The mediator is revoked, and gets another key under the same name. */
void sim_staff_renew(struct sim_host *host, uint64_t key);

#endif
