/*
 * instance: which start of a machine speaks. Each start draws 16 random bytes, keeps them
 * in memory alone and says them in each session. Who hears A, then B, then A again under
 * one key has heard two copies of one machine at once: a start that is over never comes
 * back. It raises an alarm, once for each pair of them, and tells each one that comes
 * back what it is; who is told shows it to its own people (decisions/0026).
 *
 * The last INSTANCES_KEPT of each machine are kept in the store, in the order in which
 * they were heard last, so that a peer that is switched off every evening notices as
 * well.
 */
#ifndef FENGQIAO_NODE_CORE_INSTANCE_H
#define FENGQIAO_NODE_CORE_INSTANCE_H

#include <stdint.h>

#include "proto/err.h"
#include "proto/pack.h"

struct core;
struct session;

#define INSTANCE_SIZE 16
#define INSTANCES_KEPT 8

/* A session is ready: says which start of this machine it is with. */
void instance_say(struct core *core, struct session *session);
/* The message ["instance", bin 16]. INVALID: not well formed, or the second one. */
enum status instance_heard(struct core *core, struct session *session,
                           struct pack_reader *reader) MUST_USE;
/* The message ["copy"]: the peer has heard two copies of this machine. INVALID: said
 * before. */
enum status instance_told(struct core *core, struct session *session) MUST_USE;
/* A steward has looked into it: what that machine said before proves nothing any more. */
enum status instance_forget(struct core *core, const uint8_t machine[static 32]) MUST_USE;

#endif
