/*
 * erasure: what a retirement with effect says is gone, or a file that was taken away, is
 * taken from the disk of every machine of the site that folds it, whenever it does; with
 * a file its pieces, and with the contents of a case the site's own copy of what went up
 * of it.
 */
#ifndef FENGQIAO_NODE_CORE_ERASURE_H
#define FENGQIAO_NODE_CORE_ERASURE_H

#include "node/core/core.h"

struct fold_result;
struct scope_ops;

/* The ops of a case and what they folded to. *erased: some of them were replaced, and
 * have to be loaded and folded anew. */
enum status erasure_apply(struct core *core, const struct scope_ops *ops,
                          const struct fold_result *folded, bool *erased) MUST_USE;

#endif
