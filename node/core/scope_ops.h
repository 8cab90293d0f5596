/*
 * scope_ops: the ops of one scope, decoded from the store, for folding.
 */
#ifndef FENGQIAO_NODE_CORE_SCOPE_OPS_H
#define FENGQIAO_NODE_CORE_SCOPE_OPS_H

#include "proto/op.h"

struct store;

struct scope_ops {
    const struct op **ops; /* in order of (time, id) */
    size_t len, capacity;
    int64_t seq_first, seq_last;
};

/* Everything of the scope that does not wait; the caller's to scope_ops_deinit. */
enum status scope_ops_load(struct scope_ops *ops, struct store *store,
                           const struct id *scope) MUST_USE;
/* The same of the ops that wait, which need not be whole. */
enum status scope_ops_load_waiting(struct scope_ops *ops, struct store *store,
                                   const struct id *scope) MUST_USE;
/* One op more, behind the others; bytes are copied. CORRUPT: they are no op. */
enum status scope_ops_push(struct scope_ops *ops, const struct id *id, int64_t seq,
                           struct bytes bytes) MUST_USE;
void scope_ops_deinit(struct scope_ops *ops);

#endif
