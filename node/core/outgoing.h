/*
 * outgoing: the egress door of a session. Every op that leaves this process towards
 * another site passes outgoing_send, which takes only ops of scopes that the pair shares
 * and withholds the fields that the other site may not see.
 */
#ifndef FENGQIAO_NODE_CORE_OUTGOING_H
#define FENGQIAO_NODE_CORE_OUTGOING_H

#include "node/core/state.h"

struct session;

/* Into the order in which they came here (charters first), so that the other side finds
 * parents before children. Keeps doubles: each is answered. */
enum status outgoing_sort(struct core *core, struct id_list *ids) MUST_USE;
/* Sends one message with the next ops of sync.to_send. */
enum status outgoing_send(struct core *core, struct session *session) MUST_USE;

#endif
