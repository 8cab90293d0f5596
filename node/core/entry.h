/*
 * entry: an escalation that does not name our site waits outside the graph until an
 * `onward` that does has come with it (docs/PROTOCOL.md §5). What waits here is neither
 * reconciled nor shown; at the end of a round it enters or is forgotten, to be sent again
 * if it is ours after all.
 */
#ifndef FENGQIAO_NODE_CORE_ENTRY_H
#define FENGQIAO_NODE_CORE_ENTRY_H

#include "proto/op.h"

struct core;

/* What the founding op of such a scope waits for, beside its authority. */
void entry_token(struct id *out, const struct id *scope);
/* A peer has sent everything of this round. */
enum status entry_settle(struct core *core) MUST_USE;

#endif
