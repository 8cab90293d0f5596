/*
 * sim_aside: what another machine of the village wrote at the same time.
 */
#ifndef FENGQIAO_TESTS_SIM_ASIDE_H
#define FENGQIAO_TESTS_SIM_ASIDE_H

#include "tests/sim/sim_county.h"

/* Comes to the village's node from one that knew the scope up to that op, or NULL: as
 * sim_forge has it without parents. Takes draft.
 * is_withheld: this copy of it shows no value. */
struct id sim_aside(struct sim_county *f, const struct id *scope, struct draft *draft,
                    const struct id *parent, bool is_withheld);

#endif
