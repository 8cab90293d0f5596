/*
 * sim_sealed: what protects parties: identities that are kept sealed and read by the
 * steward, cases of minors in which nobody is named, and rules by which closed cases are
 * to be erased at once, which takes thirty days that no history has.
 */
#ifndef FENGQIAO_TESTS_SIM_SEALED_H
#define FENGQIAO_TESTS_SIM_SEALED_H

#include "tests/sim/life/sim_state.h"

/* Somebody keeps a phone number of the party of a case; the steward reads it. */
void sim_sealed_keep(struct sim_host *host, struct sim_errand *errand,
                     const struct sim_case *c);
/* Is the case that this entry registers about a minor? Then its party is SIM_MINOR, and
 * before it somebody tries to write a name. */
#define SIM_MINOR "child"
bool sim_sealed_is_minor(const struct sim *sim, uint64_t key);
void sim_sealed_name(struct sim_host *host, uint64_t key);
/* The rule of no years at all, before a case is closed. */
void sim_sealed_rule(struct sim_host *host);
/* At the end: notices may stand, and nothing was erased. */
void sim_sealed_end(struct sim_host *host);

#endif
