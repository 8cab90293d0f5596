/*
 * seal_talk: what two nodes say to each other about seal logs (docs/LEDGER.md §3). A
 * machine shows the head of its log to its parent, or, where its site has none, to its
 * children, in every session and whenever it has grown:
 *
 *   checkpoint   here is my log, and it goes on from what you saw last
 *   cosignature  so it does, and I say so
 *   witnessed    I have seen this of your log; go on from there
 */
#ifndef FENGQIAO_NODE_CORE_SEAL_TALK_H
#define FENGQIAO_NODE_CORE_SEAL_TALK_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/err.h"
#include "proto/op.h"
#include "proto/pack.h"

struct core;
struct session;

/* Of one session. */
struct seal_talk {
    bool is_due;    /* we have to show it */
    uint64_t shown; /* how often the log had grown when it was shown last */
    uint32_t heard; /* checkpoints of the other end, in the hour since heard_ms */
    uint64_t heard_ms;
};

/* Is that site a witness of ours: our parent, or, where we have none, a child? */
bool seal_talk_is_witness(struct core *core, const struct id *site);
/* A session is ready. */
void seal_talk_begin(struct core *core, struct session *session);
/* Shows what is due. A failure of ours shows at the commit. */
void seal_talk_after_turn(struct core *core);
/* What stands behind the name; INVALID and such end the session. */
enum status seal_talk_checkpoint(struct core *core, struct session *session,
                                 struct pack_reader *reader) MUST_USE;
enum status seal_talk_cosignature(struct core *core, struct session *session,
                                  struct pack_reader *reader) MUST_USE;
enum status seal_talk_witnessed(struct core *core, struct session *session,
                                struct pack_reader *reader) MUST_USE;

#endif
