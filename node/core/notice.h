/*
 * notice: what a node says by itself. A record that came from another site is answered
 * with `received`, signed by the node's key, so that "received" is a signed fact.
 */
#ifndef FENGQIAO_NODE_CORE_NOTICE_H
#define FENGQIAO_NODE_CORE_NOTICE_H

#include "proto/status.h"

struct core;

/* Looks at the scopes that were touched in this turn, before they are folded. */
enum status notice_arrivals(struct core *core) MUST_USE;

#endif
