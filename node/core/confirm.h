/*
 * confirm: what a peer's machine has confirmed that it holds, and the alarm where it
 * lacks some of that later. Once both agree on the digest of all heads, it holds every op
 * of the shared scopes that is in the graph here; such an op never leaves a graph. A
 * machine that lacks one was set back, by a restored image or a disk that loses what it
 * had said was saved, or it lies. Everything is sent again; the alarm stays until a
 * steward clears it.
 *
 * An honest disk never raises it: what a peer agrees on, it has committed. An
 * acknowledgement alone confirms nothing, for an op that waits may be forgotten.
 */
#ifndef FENGQIAO_NODE_CORE_CONFIRM_H
#define FENGQIAO_NODE_CORE_CONFIRM_H

#include "node/core/state.h"
#include "storage/store_confirmed.h"

struct session;

/* Of one session. */
struct confirm {
    bool has_agreed;        /* in this session: later on what changed is enough */
    struct id_list changed; /* scopes, since */
    /* What the peer lacks, while a round finds it out. */
    struct id scope; /* of the op before: mostly the next op's as well */
    bool has_scope;
    uint64_t place; /* what it confirmed of that scope */
    uint64_t missing;
};

/* Both agree. A failure of ours shows at the commit. */
enum status confirm_agreed(struct core *core, struct session *session);
/* A scope changed. */
void confirm_note_change(struct confirm *confirm, const struct id *scope);
/* Something may have changed of which nobody knows the scope: the next agreement is about
 * all. */
void confirm_begin_anew(struct confirm *confirm);
/* The peer lacks the op that stands here, or nowhere (seq 0). */
enum status confirm_lacks(struct core *core, struct session *session,
                          const struct store_place *place) MUST_USE;
/* That was all that it lacks in this round: raises the alarm where it must be. */
enum status confirm_settle(struct core *core, struct session *session) MUST_USE;
/* The peer claims what cannot be. */
enum status confirm_impossible(struct core *core, struct session *session) MUST_USE;
void confirm_deinit(struct confirm *confirm);

#endif
