/*
 * indexed: what may be searched of each scope is kept in the store beside its folded
 * view, in the same transaction.
 */
#ifndef FENGQIAO_NODE_CORE_INDEXED_H
#define FENGQIAO_NODE_CORE_INDEXED_H

#include "proto/bytes.h"
#include "proto/op.h"

struct core;

/* Replaces what is kept of that scope by what may be searched of its view. */
enum status indexed_put(struct core *core, const struct id *scope,
                        struct bytes view) MUST_USE;
/* A site is founded: its store will hold what this version makes of each view. */
enum status indexed_begin(struct core *core) MUST_USE;
/* At opening: where an older version made it, or none, all is made anew, which takes as
 * long as a walk over all views. Once. */
enum status indexed_settle(struct core *core) MUST_USE;

#endif
