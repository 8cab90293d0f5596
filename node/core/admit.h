/*
 * admit: the one door through which an op enters the graph, ours or a peer's. Signature
 * and form are checked already; here it is decided whether it may be held, whether it has
 * to wait, and where it stands in the ledger.
 */
#ifndef FENGQIAO_NODE_CORE_ADMIT_H
#define FENGQIAO_NODE_CORE_ADMIT_H

#include "proto/err.h"
#include "proto/op.h"

struct core;

/* op carries its id. from: the site that sent it, NULL for our own. OK: held (perhaps
 * waiting). EXISTS: was here. DENIED, INVALID, UNSUPPORTED: refused, err says why. BUSY:
 * it would have to wait, and too many wait; it may come again. Touches the scope and lets
 * waiting ops go on. */
enum status admit_op(struct core *core, const struct op *op, struct bytes bytes,
                     const struct id *from, struct err *err) MUST_USE;

/* Whatever waited for this op (or for an entry_token), and for nothing else, goes on; and
 * what waited for that, and so forth. What proves to be bad is set apart. */
enum status admit_settle(struct core *core, const struct id *arrived) MUST_USE;

#endif
