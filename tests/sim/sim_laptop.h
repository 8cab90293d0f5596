/*
 * sim_laptop: a second machine of the village of Fengyuan, for the tests of this folder.
 */
#ifndef FENGQIAO_TESTS_SIM_LAPTOP_H
#define FENGQIAO_TESTS_SIM_LAPTOP_H

#include "tests/sim/sim_county.h"

/* Stands in each case that sim_laptop_case makes, and in no record. */
#define LAPTOP_CANARY "CANARY-OF-THE-VILLAGE"

/* The village's laptop joins. */
struct world_node *sim_laptop(struct sim_county *f);
/* A case at that node, by its scope in hex. */
struct id sim_laptop_case(struct sim_county *f, struct world_node *node,
                          const char *title, char hex[static 65]);
/* Both hold the same scopes, with equal views and digests, and nothing was set apart or
 * waits. */
void sim_assert_alike(struct sim_county *f, struct world_node *a, struct world_node *b);
/* How many scopes of that kind it has folded. */
uint64_t sim_scopes(struct world_node *node, enum scope_kind kind);

#endif
