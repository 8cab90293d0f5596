/*
 * once: a request that may come twice, since a page is sent again after a slow answer,
 * carries 16 bytes of the sender's own. The second one gets the first one's answer and
 * does nothing. The answer is kept in the transaction of what was done, so that there is
 * both or neither.
 */
#ifndef FENGQIAO_NODE_CORE_ONCE_H
#define FENGQIAO_NODE_CORE_ONCE_H

#include "node/core/api.h"

/* Calls the method, or answers as before. Only what was answered at once, went well and
 * wrote something is kept: the rest may simply be asked again. The caller is known.
 * CONFLICT: the same bytes came with another request. */
enum status once_call(struct core *core, struct caller *caller,
                      const struct api_method *method, const struct args *args,
                      struct bytes once, struct buf *result, struct err *err) MUST_USE;

#endif
