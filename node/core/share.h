/*
 * share: which scopes two sites may both hold, and what of an op one site may be shown.
 * The egress rule stands here: nothing goes to a site but ops of these scopes, with
 * fields cut to the classes of that site (docs/PROTOCOL.md §5). A case is in no such set,
 * ever.
 */
#ifndef FENGQIAO_NODE_CORE_SHARE_H
#define FENGQIAO_NODE_CORE_SHARE_H

#include "node/core/state.h"

/* Fills out (sorted) with every scope that we and the other site may both hold. */
enum status share_scopes(struct core *core, const struct id *other,
                         struct id_list *out) MUST_USE;
/* The pair digest over these scopes. */
enum status share_digest(struct core *core, const struct id_list *scopes,
                         struct id *out) MUST_USE;
/* The disclosure classes that the other site may see of a scope in the shared set. */
enum status share_classes(struct core *core, const struct id *other,
                          const struct id *scope, uint32_t *classes) MUST_USE;
/* The fields of op that a site with these classes may be shown, as `show` for op_encode.
 */
uint32_t share_mask(const struct op *op, uint32_t classes);

#endif
