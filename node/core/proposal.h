/*
 * proposal: what of our own charter waits until more stewards have approved it
 * (docs/PROTOCOL.md §7). Which do, and who stands by them, the fold says; nothing is
 * kept.
 */
#ifndef FENGQIAO_NODE_CORE_PROPOSAL_H
#define FENGQIAO_NODE_CORE_PROPOSAL_H

#include "node/cases/charter.h"
#include "proto/err.h"

struct core;

/* How many more stewards it takes for this op of our charter, which may have been written
 * in this turn; 0: it waits for none. */
enum status proposal_lacks(struct core *core, const struct id *op,
                           uint32_t *lacks) MUST_USE;
/* The one whose id begins with these digits. NOT_FOUND, CONFLICT, with a sentence. */
enum status proposal_find(struct core *core, struct bytes digits,
                          struct charter_proposal *proposal, struct err *err) MUST_USE;

#endif
