/*
 * purge: what a recall asks of a node that holds the record. The contents of the
 * founder's ops go, and the pieces of its files, headers and commitments stay, so that
 * every signature still verifies; then the node says `purged` with its own key, once. All
 * of it in the transaction in which the recall came, and the store scrubs file and WAL
 * behind it.
 */
#ifndef FENGQIAO_NODE_CORE_PURGE_H
#define FENGQIAO_NODE_CORE_PURGE_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/op.h"

struct core;
struct scope_ops;

/* Which fields of an op of a recalled record may still be shown or kept, as `show` for
 * op_encode: of the founder's ops facts alone, but all of a recall itself, which was
 * written to be read. Whose op it is not known to be is taken for the founder's. */
uint32_t purge_keeps(struct core *core, const struct op *op, const struct id *founder);
/* Was it recalled here by another site that founded it? */
enum status purge_is_recalled(struct core *core, const struct id *scope,
                              bool *is_recalled) MUST_USE;
/* Of what arrives in a record that is recalled already, nothing to be erased is ever
 * written: bytes becomes what is kept, in kept. Else bytes stays as it is. */
enum status purge_arriving(struct core *core, const struct op *op, struct bytes *bytes,
                           struct buf *kept) MUST_USE;

/* Looks at a scope that was touched in this turn, before it is folded; ops are all of its
 * ops, loaded anew where some were erased; what the node says is pushed behind them. */
enum status purge_recalled(struct core *core, const struct id *scope,
                           struct scope_ops *ops) MUST_USE;
/* At the founder, once the case has had its time: the same goes of this node's own copy,
 * and nothing is said, for every other holder keeps the record until it is recalled.
 * *erased: some of it was there, and has to be folded anew. What is not founded by this
 * site, or is not here, is left alone. */
enum status purge_own_copy(struct core *core, const struct id *scope,
                           bool *erased) MUST_USE;

#endif
