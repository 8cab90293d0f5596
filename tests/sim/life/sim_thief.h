/*
 * sim_thief: somebody has a copy of the key of a township's desk, and signs with it. In
 * one seed of eight such ops come to a village as if that township had brought them:
 * before and after she is revoked, on what the village has by then or dated back to when
 * the key was stolen, by the charter of then or of now.
 *
 *   I10   what had not come to the township when it revoked her has no effect anywhere
 *         that knows of the revocation; what had is covered, and stands
 */
#ifndef FENGQIAO_TESTS_SIM_THIEF_H
#define FENGQIAO_TESTS_SIM_THIEF_H

#include "tests/sim/life/sim_state.h"

/* A deed: the thief writes to that village. The first time the key is stolen. */
void sim_thief_act(struct sim_host *village, uint64_t key);
/* The people of that host were told that the last one beside the steward is revoked. */
void sim_thief_revoked(struct sim_host *host);
/* Is that op the thief's? */
bool sim_thief_wrote(const struct sim *sim, const struct id *op);
/* At the end. */
void sim_thief_end(struct sim *sim);
void sim_thief_free(struct sim *sim);

#endif
