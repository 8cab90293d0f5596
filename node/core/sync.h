/*
 * sync: rounds of reconciliation on an open session. The dialer begins: Negentropy finds
 * what each side lacks; ops go both ways, each message acknowledged after the commit;
 * then both compare the digest of all heads. Where the first message shows that both are
 * alike, one word is the answer and the end. A round that ends in unequal digests is
 * followed by another while that moves anything (tried.h). docs/PROTOCOL.md §8.
 */
#ifndef FENGQIAO_NODE_CORE_SYNC_H
#define FENGQIAO_NODE_CORE_SYNC_H

#include "node/core/carried.h"
#include "node/core/confirm.h"
#include "node/core/outgoing.h"
#include "node/core/state.h"
#include "node/core/tried.h"
#include "proto/channel.h"
#include "proto/negentropy.h"

#define SYNC_JOBS_MAX 32

enum sync_state { SYNC_IDLE, SYNC_RECONCILING, SYNC_MOVING };

struct sync_job {
    struct job *job;
    uint32_t ops, skipped;
    bool is_done;
};

struct sync {
    enum sync_state state;
    uint64_t round;
    uint32_t rounds_unequal; /* in a row, without a pause */
    uint32_t doubted;        /* of this session, counted since the last look (doubt.h) */
    struct store_set set;    /* of the pair, as the store keeps it */
    uint64_t set_len;        /* items, the most there were in this round */
    struct negentropy negentropy;
    struct outgoing outgoing;
    struct confirm confirm;
    struct carried carried; /* messages that are not acknowledged yet */
    struct id_list wanted;
    uint32_t wanted_left;
    struct tried tried;
    bool has_come; /* ops, in this round */
    bool their_want_done, done_sent, done_received;
    bool again;             /* something came in between: one more round */
    bool is_differing;      /* the listener answered a probe with more than "same" */
    struct id begun_digest; /* the dialer's, when the round began */
    struct id their_digest;
    uint64_t agreed_ms;         /* monotonic; 0 = never in this session */
    uint64_t agreed_started_ms; /* when the round that agreed had begun */
    uint64_t started_ms;
    struct sync_job jobs[SYNC_JOBS_MAX]; /* a ring, in order of arrival */
    uint32_t jobs_first, jobs_len;
};

struct session;

/* The session is ready: the dialer begins. */
void sync_start(struct core *core, struct session *session);
/* There is something new for this peer: a round, now or after the one under way. */
void sync_again(struct core *core, struct session *session);
/* A message of sync. INVALID: not well formed or out of turn. */
enum status sync_message(struct core *core, struct session *session, struct bytes name,
                         struct pack_reader *reader, uint32_t elements) MUST_USE;
/* The sets were made anew: a round under way reads on in them, and the dialer looks at
 * once. */
enum status sync_renew(struct core *core, struct session *session) MUST_USE;
/* The dialer at rest looks again when it is time. */
void sync_tick(struct core *core, struct session *session);
/* When sync_tick has something to do; UINT64_MAX: not by itself. */
uint64_t sync_deadline(const struct session *session);
/* The peer has sent everything of this round. */
enum status sync_received(struct core *core, struct session *session) MUST_USE;
/* That site has sent everything, over whatever way: what is not ours is forgotten. */
enum status sync_received_all(struct core *core, const struct id *site) MUST_USE;
/* Both have: compares the digests, and goes on where they are unequal. */
void sync_conclude(struct core *core, struct session *session);
void sync_deinit(struct sync *sync);

#endif
