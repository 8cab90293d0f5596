/*
 * refold: brings what is derived up to date with the ops: every scope touched in this
 * turn is folded once, charters first.
 */
#ifndef FENGQIAO_NODE_CORE_REFOLD_H
#define FENGQIAO_NODE_CORE_REFOLD_H

#include "proto/op.h"

struct core;

/* Remembers that an op came into this scope. */
void refold_touch(struct core *core, const struct id *scope);
/* Folds one scope now. */
enum status refold_scope(struct core *core, const struct id *scope) MUST_USE;
/* The same, where an op came into it in this turn; else its view is as it should be. */
enum status refold_if_touched(struct core *core, const struct id *scope) MUST_USE;
/* Folds all that was touched; where a charter may have taken somebody's rights,
 * everything. */
enum status refold_touched(struct core *core) MUST_USE;
#endif
