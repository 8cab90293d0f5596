/*
 * negentropy: range-based set reconciliation, wire-compatible with Negentropy protocol
 * v1. The initiator learns which ids only it holds (have) and which only the peer holds
 * (need); the responder answers each message from that message alone. No clock, no
 * socket.
 *
 *   bound     the exclusive upper end of a range: a timestamp and a prefix of an id
 *   range     bound ‖ mode ‖ payload; it begins where the one before it ended
 *   skip      nothing more to say; fingerprint: of all own ids in the range; id list: all
 *             own ids in the range
 *
 * Work per message is linear in the message, and asks the set (negentropy_source.h) a few
 * questions a range, and for each id that a list names. Between two messages the set may
 * change: the ranges of each message are compared with what the set is then, so that what
 * came or went in between may be found or missed, and shows when both compare again. The
 * caller bounds the length
 * of a message before it hands it in (a peer with a frame limit
 * never exceeds that limit; one without may list every id it holds), and the number of
 * rounds.
 */
#ifndef FENGQIAO_PROTO_NEGENTROPY_H
#define FENGQIAO_PROTO_NEGENTROPY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/bytes.h"
#include "proto/negentropy_source.h"
#include "proto/status.h"

#define NEGENTROPY_VERSION 0x61
#define NEGENTROPY_FRAME_MIN 4096 /* the least frame limit that the protocol allows */

struct err;
struct negentropy_theirs;

struct negentropy {
    struct negentropy_source set;
    size_t frame_size_limit;
    struct negentropy_theirs
        *theirs; /* room to match one id list, kept between messages */
    size_t theirs_capacity;
};

/*
 * What the initiator learns; the id is borrowed until the call returns. Anything but OK
 * ends negentropy_continue with that status. Within one message an id comes once for each
 * list it is in; under a frame limit a later message may name it again. A need is the
 * peer's word: it may name an id that we hold under another timestamp.
 */
struct negentropy_sink {
    void *context;
    enum status (*on_have)(void *context, const uint8_t id[static NEGENTROPY_ID_SIZE]);
    enum status (*on_need)(void *context, const uint8_t id[static NEGENTROPY_ID_SIZE]);
};

/* Borrows what the source stands on until deinit. frame_size_limit: the longest message
 * to write, 0 for none, else at least NEGENTROPY_FRAME_MIN. */
void negentropy_init(struct negentropy *n, struct negentropy_source set,
                     size_t frame_size_limit);
/* Frees; accepts a zeroed struct. */
void negentropy_deinit(struct negentropy *n);

/* Appends the first message: the whole set in 16 fingerprints, or as a list where it has
 * fewer than 32 items. NO_MEMORY leaves out as it was. */
enum status negentropy_initiate(const struct negentropy *n, struct buf *out) MUST_USE;
/* Appends a first message of 20 bytes, one fingerprint of everything, for pairs that are
 * most often equal: where they are not it costs one more round trip than initiate. */
enum status negentropy_probe(const struct negentropy *n, struct buf *out) MUST_USE;
/* Responder: appends the answer. A message of another protocol version is answered with
 * our version byte alone. INVALID, NO_MEMORY or a failure to read the set leave out as it
 * was. */
enum status negentropy_answer(struct negentropy *n, struct bytes message, struct buf *out,
                              struct err *err) MUST_USE;
/* Initiator: reports what the answer tells and appends the next message, or sets *done
 * and appends nothing. The answer is checked whole before the first report. INVALID,
 * UNSUPPORTED (a peer of another version), NO_MEMORY, the sink's refusal or a failure to
 * read the set leave out as it was. */
enum status negentropy_continue(struct negentropy *n, struct bytes message,
                                struct buf *out, const struct negentropy_sink *sink,
                                bool *done, struct err *err) MUST_USE;

#endif
