/*
 * session: one connection with another node, from the first byte to the last: handshake,
 * who is it, pairing or sync. Messages: docs/PROTOCOL.md §8.
 *
 *   HANDSHAKE → GREETING → READY ⇄ a round of sync (sync.h)
 *                        → PAIRING → READY
 * Any fault ends the session without an answer; what was committed stays.
 */
#ifndef FENGQIAO_NODE_CORE_SESSION_H
#define FENGQIAO_NODE_CORE_SESSION_H

#include "node/core/pieces.h"
#include "node/core/seal_talk.h"
#include "node/core/state.h"
#include "node/core/sync.h"
#include "node/core/unshown.h"

/* What a hello says: from which on the other end takes `instance` and `copy`, `show`,
 * and `checkpoint`.
 */
#define SESSION_MINOR 3
#define SESSION_MINOR_INSTANCE 1
#define SESSION_MINOR_SHOW 2
#define SESSION_MINOR_SEAL 3

enum session_state {
    SESSION_DIALING,
    SESSION_HANDSHAKE,
    SESSION_GREETING, /* open; waits for the other's hello */
    SESSION_PAIRING,
    SESSION_READY,
    SESSION_CLOSING,
    SESSION_STATES,
};

struct session {
    uint64_t conn;
    enum session_state state;
    bool is_dialer;
    struct channel channel;
    uint64_t minor;       /* as its hello says */
    struct id site;       /* whose node the other is, once that is known */
    uint8_t peer_key[32]; /* of its machine: whom we dial, or who proved to be it */
    uint64_t deadline_ms;
    uint64_t opened_ms;
    bool is_former;     /* under the key that this machine had before (renewal.h) */
    bool was_ready;     /* both ends knew each other */
    bool lacks_message; /* one could not be composed for want of memory */
    bool has_instance, has_been_told; /* instance.h */
    struct sync sync;
    struct pieces pieces;
    struct unshown unshown;
    struct seal_talk seal_talk;
    struct id handed_over; /* digest of the rows that went to it last (handover.h) */

    /* pairing */
    bool is_pairing;
    bool is_for_machine;  /* the invitation was for another machine of ours */
    struct signer signer; /* the steward's key, on loan until the link is signed */
    uint64_t client;      /* who asked for the join */
    int invite;           /* index, or -1 */
    bool linked_sent, linked_received;
    char address[128];
};

/* A dial to a peer (its pinned key), under the key that this machine had before where
 * as_former; or a join with psk. Takes nothing. */
struct session *session_dial(struct core *core, const char *address,
                             const uint8_t *remote_static, bool as_former,
                             const uint8_t *psk);
void session_accept(struct core *core, uint64_t conn);
void session_connected(struct core *core, uint64_t conn);
void session_bytes(struct core *core, uint64_t conn, struct bytes bytes);
void session_closed(struct core *core, uint64_t conn);
struct session *session_find(struct core *core, uint64_t conn);

/* Queues a message; it leaves after the commit. */
void session_send(struct session *session, const struct buf *message);
/* Moves what the channel has to say into actions. */
void session_flush(struct core *core, struct session *session);
/* Ends it: with fin where is_clean, else at once. why: a word for the log. */
void session_end(struct core *core, struct session *session, bool is_clean,
                 const char *why);
void session_job_done(struct core *core, struct job *job);
/* Peers that share a scope which changed in this turn get a round. */
void sessions_after_turn(struct core *core);
/* Ends all of them, with FIN where there is a channel; none begins after that. */
void sessions_end(struct core *core);
void sessions_tick(struct core *core);
uint64_t sessions_deadline(const struct core *core);
/* How many peers are connected. */
uint32_t sessions_ready(const struct core *core);
void sessions_free(struct core *core);
/* Writes down that the peer was heard, and when both agreed, for people to see. */
enum status session_note(struct core *core, struct session *session);
/* An open session with that site, or NULL; there may be one with each of its machines.
 */
struct session *session_with(struct core *core, const struct id *site);
/* The one with that peer: of our own site with this machine alone. */
struct session *session_of(struct core *core, const struct store_peer *peer);

#endif
