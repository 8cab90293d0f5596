/*
 * notice: what a node says by itself. A record that came from another site is answered
 * with `received`, signed by the node's key, so that "received" is a signed fact.
 */
#ifndef FENGQIAO_NODE_CORE_NOTICE_H
#define FENGQIAO_NODE_CORE_NOTICE_H

#include "proto/status.h"

struct core;
struct id;
struct scope_ops;

/* Another machine of our own site told of it in this turn: what was to say, that one has
 * said, or will. */
void notice_from_us(struct core *core, const struct id *scope);
/* Looks at a scope that was touched in this turn, before it is folded; what the node says
 * is pushed behind its ops. */
enum status notice_arrival(struct core *core, const struct id *scope,
                           struct scope_ops *ops) MUST_USE;

#endif
