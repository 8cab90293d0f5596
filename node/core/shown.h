/*
 * shown: the second half of case.identity_show, when the PIN has opened the steward's key
 * (api_identity.c).
 */
#ifndef FENGQIAO_NODE_CORE_SHOWN_H
#define FENGQIAO_NODE_CORE_SHOWN_H

#include "node/core/caller.h"

/* {id_number, phone}; that it was looked at stands in the case. What the result holds is
 * the caller's to wipe. */
enum status shown_unwrapped(struct core *core, struct caller *caller, struct job *job,
                            struct buf *result, struct err *err) MUST_USE;

#endif
