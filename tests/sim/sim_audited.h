/*
 * sim_audited: what an audit finds in the evidence that a node writes of its site, as
 * lines that can be compared with those of the node's own audit.
 */
#ifndef FENGQIAO_TESTS_SIM_AUDITED_H
#define FENGQIAO_TESTS_SIM_AUDITED_H

#include "tests/sim/sim_county.h"

/* Sorted lines like "fails not-opened escalation"; a steward's word gives the cases. */
void sim_audited_file(struct sim_county *f, struct world_node *node, char *out,
                      size_t size);
/* A file about that case alone: how many of its releases could not be compared. */
uint64_t sim_audited_without_record(struct sim_county *f, struct world_node *node,
                                    const char *number);
/* Such lines, which are taken apart, sorted; without what a node alone can find: of
 * others' scopes, its seals and its clock. */
void sim_audited_of_scopes(char *lines, char *out, size_t size);

#endif
