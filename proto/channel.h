/*
 * channel: one connection as bytes in, bytes out: hello, Noise handshake, padded frames,
 * and on top a stream of messages. No sockets, no clock: the owner feeds what arrived
 * with channel_receive, takes messages with channel_next, and sends what stands in `out`.
 *
 * Happy path: init → bytes go both ways until channel_is_open → the owner checks
 * channel_remote_static → messages → channel_finish. Any fault is final: the status is
 * returned once and the owner closes the connection without an answer.
 */
#ifndef FENGQIAO_PROTO_CHANNEL_H
#define FENGQIAO_PROTO_CHANNEL_H

#include <stdbool.h>
#include <stdint.h>

#include "crypto/noise.h"
#include "proto/bytes.h"
#include "proto/err.h"
#include "proto/op.h"

#define CHANNEL_PSKS_MAX 4
#define CHANNEL_REKEY_FRAMES 65536

/* First messages seen lately: a replay is dropped before any Diffie-Hellman. One for all
 * connections of a node; zero it to start. */
#define CHANNEL_REPLAYS 2048
struct channel_replays {
    uint64_t marks[CHANNEL_REPLAYS];
    uint32_t next;
};

struct channel_config {
    bool is_initiator;
    enum noise_pattern pattern; /* initiator; a responder reads it from the hello */
    struct id network;
    const uint8_t *s_secret; /* 32 bytes, borrowed until channel_init returns */
    const uint8_t *s_public; /* of s_secret, for a responder, which garbage must not
                                cost a multiplication; NULL: it does */
    const uint8_t
        *also_secret; /* responder: the key that this machine had before, by which
                         some know it still, and its public half; NULL: none */
    const uint8_t *also_public;
    const uint8_t *e_secret;               /* 32 fresh random bytes, the same */
    const uint8_t *remote_static;          /* XK initiator: 32 bytes; else NULL */
    const uint8_t *psks[CHANNEL_PSKS_MAX]; /* XXpsk0: the initiator's one; the responder's
                                              open invitations */
    uint32_t psks_len;
    struct channel_replays *replays; /* responder; borrowed for the channel's life */
};

enum channel_stage {
    CHANNEL_HELLO,     /* responder waits for preamble, MAC and message 1 */
    CHANNEL_HANDSHAKE, /* messages 2 and 3 */
    CHANNEL_OPEN,
    CHANNEL_FAILED,
};

struct channel {
    enum channel_stage stage;
    bool is_initiator;
    enum noise_pattern pattern;
    struct id network;
    uint8_t s_secret[32], s_public[32], e_secret[32], psks[CHANNEL_PSKS_MAX][32];
    uint8_t also_secret[32], also_public[32];
    bool has_also, is_also; /* there is a former key; the other end dialed that one */
    uint32_t psks_len, psk_used;
    struct channel_replays *replays;
    struct noise_handshake handshake;
    struct noise_cipher send, receive;
    uint8_t hash[NOISE_HASH_SIZE];
    uint8_t remote_static[32];
    uint64_t frames_sent, frames_received;
    bool fin_sent, fin_received;
    struct buf in;     /* raw bytes that do not make a whole unit yet */
    struct buf stream; /* opened bytes that are not taken as messages yet */
    size_t stream_taken;
    struct buf pending; /* messages that are not in a frame yet */
    struct buf out;     /* bytes for the wire; the owner drains it */
};

/* Prepares; an initiator's hello stands in out afterwards. */
enum status channel_init(struct channel *channel,
                         const struct channel_config *config) MUST_USE;
void channel_deinit(struct channel *channel);

/* Takes what arrived. INVALID or UNVERIFIED: close. */
enum status channel_receive(struct channel *channel, struct bytes bytes,
                            struct err *err) MUST_USE;
bool channel_is_open(const struct channel *channel);
/* The next whole message, borrowed until the next call of any function here. NOT_FOUND:
 * none yet. TOO_LARGE: its length breaks the limit. */
enum status channel_next(struct channel *channel, struct bytes *message) MUST_USE;
/* The other side said fin and nothing is left: the connection ended as it should. */
bool channel_is_finished(const struct channel *channel);

/* Queues one message; channel_flush makes frames of all that is queued. */
void channel_send(struct channel *channel, struct bytes message);
void channel_flush(struct channel *channel);
/* Flushes and says fin. */
void channel_finish(struct channel *channel);
/* OK, or NO_MEMORY where something could not be queued. */
enum status channel_status(const struct channel *channel) MUST_USE;

#endif
