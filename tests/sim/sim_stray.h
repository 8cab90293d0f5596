/*
 * sim_stray: an op of a node's own charter, of another machine of the site as it were,
 * which comes by stick in the turn of the test's choice: what is asked in that turn has
 * to read the charter anew.
 */
#ifndef FENGQIAO_TESTS_SIM_STRAY_H
#define FENGQIAO_TESTS_SIM_STRAY_H

#include "tests/sim/sim_stick.h"

/* Clients that do not wait: of the stray, and one for the test. */
#define STRAY_READER 900
#define STRAY_OTHER 901

/* That client begins to read a file. */
void stray_ask_to_read(struct world_node *node, uint64_t client, struct bytes file);
/* The node, whose neighbour from is, holds its jobs; the first that comes back brings the
 * op. number: another one each time. */
void stray_begin(struct sim_county *f, struct world_node *from, struct world_node *node,
                 uint32_t number);

#endif
