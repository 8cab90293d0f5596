/*
 * transfer: the second half of a round. What each side lacks goes out in messages, a
 * window of them at a time; what comes in is verified by the pool, admitted in the order
 * in which it was sent, and acknowledged with the commit. docs/PROTOCOL.md §8.
 */
#ifndef FENGQIAO_NODE_CORE_TRANSFER_H
#define FENGQIAO_NODE_CORE_TRANSFER_H

#include "node/core/sync.h"

/* So many messages go into one commit, where so many are under way. */
#define TRANSFER_BATCH 4

/* A round begins: nothing has moved yet. */
void transfer_begin(struct sync *sync);
/* The messages `ops`, `ack` and `done`. INVALID: not well formed or out of turn. */
enum status transfer_ops(struct core *core, struct session *session,
                         struct pack_reader *reader) MUST_USE;
enum status transfer_ack(struct core *core, struct session *session,
                         struct pack_reader *reader) MUST_USE;
enum status transfer_done(struct core *core, struct session *session,
                          struct pack_reader *reader) MUST_USE;
/* Verified ops came back from the pool. */
void transfer_job_done(struct core *core, struct session *session, struct job *job);
/* Sends what the window allows; ends the round when everything is done. */
enum status transfer_pump(struct core *core, struct session *session) MUST_USE;
/* The session ends: frees what was verified and not admitted. */
void transfer_deinit(struct sync *sync);

#endif
