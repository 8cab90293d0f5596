/*
 * retry: the second half of quarantine.retry, when the pool has verified the bytes
 * (api_quarantine.c).
 */
#ifndef FENGQIAO_NODE_CORE_RETRY_H
#define FENGQIAO_NODE_CORE_RETRY_H

#include "node/core/caller.h"

/* {op, waits} where it is held now; else why it may still not enter, and it stays set
 * apart. */
enum status retry_verified(struct core *core, struct caller *caller, struct job *job,
                           struct buf *result, struct err *err) MUST_USE;

#endif
