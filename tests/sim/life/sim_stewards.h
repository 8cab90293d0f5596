/*
 * sim_stewards: in one seed of eight a site below the county has a second steward and a
 * quorum of two: what adds a steward waits for the other one, who approves or does not.
 * The second one's key is stolen: the thief names stewards, machines and another quorum,
 * a mediator as well, on the heads of now or of before there was a quorum, and the site's
 * parent brings that. Then she is revoked. In the same histories machines and mediators
 * get other keys.
 *
 *   I10   what takes two stewards has no effect by the word of one, on no machine; what
 *         two stood by has; what the thief wrote and nobody covered has none where the
 *         revocation is known
 */
#ifndef FENGQIAO_TESTS_SIM_STEWARDS_H
#define FENGQIAO_TESTS_SIM_STEWARDS_H

#include "tests/sim/life/sim_state.h"

void sim_stewards_plan(struct sim *sim, int host);
/* DEED_STEWARD: the next step towards a quorum, or a proposal under it. DEED_THEFT: the
 * thief writes. DEED_UNSTEWARD: the second one is revoked. DEED_RENEW: the machine or the
 * mediator gets other keys. */
void sim_stewards_do(struct sim_host *host, const struct sim_entry *entry);
void sim_stewards_end(struct sim *sim);
void sim_stewards_free(struct sim *sim);

#endif
