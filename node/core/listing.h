/*
 * listing: the row of a case or an escalation that lists are filtered by, as its view
 * says.
 */
#ifndef FENGQIAO_NODE_CORE_LISTING_H
#define FENGQIAO_NODE_CORE_LISTING_H

#include "proto/op.h"
#include "proto/status.h"

struct core;

/* Of a folded scope, whose founding op is given. */
enum status listing_put(struct core *core, const struct op *founding,
                        struct bytes view) MUST_USE;
/* When a node starts: what was folded before there were listings is listed, in a
 * transaction of its own. */
enum status listing_fill(struct core *core) MUST_USE;

#endif
