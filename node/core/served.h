/*
 * served: which records of a case nobody serves (服务缺位): everybody who was asked to
 * take part has declined. What the sites say stands in the escalation, so a case learns
 * of it here, where both are held, and not in its own fold.
 */
#ifndef FENGQIAO_NODE_CORE_SERVED_H
#define FENGQIAO_NODE_CORE_SERVED_H

#include "node/core/state.h"
#include "proto/err.h"

/* Appends the array of the ids of those records of a case (its view). */
enum status served_pack(struct core *core, struct bytes view,
                        struct buf *result) MUST_USE;
/* May a case be said to be settled with that outcome (a word; empty: none is said)?
 * DENIED with a sentence where the outcome says that somebody served it, and nobody
 * serves one of its records. Folds the case and its records first: this turn may have
 * brought ops. */
enum status served_check(struct core *core, const struct id *scope, struct bytes outcome,
                         struct err *err) MUST_USE;

#endif
