/*
 * apart: what a peer brought that may not enter is set apart: kept for a steward to look
 * at, under the site that brought it, outside the graph.
 */
#ifndef FENGQIAO_NODE_CORE_APART_H
#define FENGQIAO_NODE_CORE_APART_H

#include "proto/bytes.h"
#include "proto/err.h"
#include "proto/op.h"

struct core;

/* op: its id, or NULL where none could be computed. The same bytes twice are one row. */
enum status apart_put(struct core *core, const struct id *from, const struct id *op,
                      struct bytes bytes, const char *reason) MUST_USE;

#endif
