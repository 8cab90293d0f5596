/*
 * pair: what we share with each other site, kept in the store in step with the rule of
 * share.h, so that a round asks for what it needs and reads no list of scopes; the pair
 * with our own site, in step with replica.h, is that of all its machines. A pair is
 * made when we first reconcile with a site; from then on each turn brings it up to date.
 */
#ifndef FENGQIAO_NODE_CORE_PAIR_H
#define FENGQIAO_NODE_CORE_PAIR_H

#include "node/core/state.h"

/* Makes the pair with this site, filled, where there is none. */
enum status pair_open(struct core *core, const struct id *other) MUST_USE;
/* A fold says who holds a scope (ascending); called before the store is told. */
enum status pair_note_holders(struct core *core, const struct id *scope,
                              const struct id *held, uint32_t held_len) MUST_USE;
/* At the end of a turn, when all is folded: what the turn changed is in the pairs. */
enum status pair_settle(struct core *core) MUST_USE;
/* Every pair from the beginning, after a rebuild. */
enum status pair_fill_all(struct core *core) MUST_USE;
/* OK: we share this scope with that site; NOT_FOUND: we do not. */
enum status pair_has(struct core *core, const struct id *other,
                     const struct id *scope) MUST_USE;
/* The pair digest (docs/PROTOCOL.md §2), and over how many scopes. */
enum status pair_digest(struct core *core, const struct id *other, struct id *digest,
                        uint64_t *scopes_len) MUST_USE;

#endif
