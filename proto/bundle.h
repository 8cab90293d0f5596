/*
 * bundle: what one file of a bundle says, as bytes before they are sealed: half of a
 * session, written down (docs/PROTOCOL.md §11). A payload is a run of messages, each
 * length(4) ‖ MessagePack array as on a connection: first `bundle`, last `end` with a
 * signature over all before it, then zeros up to a class of sizes.
 *
 *   number   of the bundle, counted by the machine that writes for that site
 *   part     a bundle of several files counts them from 0; each stands alone
 */
#ifndef FENGQIAO_PROTO_BUNDLE_H
#define FENGQIAO_PROTO_BUNDLE_H

#include <stdbool.h>
#include <stdint.h>

#include "crypto/sign.h"
#include "proto/bytes.h"
#include "proto/err.h"
#include "proto/limits.h"
#include "proto/op.h"

#define BUNDLE_VERSION 1
#define BUNDLE_NAMESPACE "bundle@fengqiao"
/* Room that `end` and the padding's rule need behind the last message. */
#define BUNDLE_END_SIZE 128

/* The last bundle that has been read of a machine of the addressee. */
struct bundle_got {
    uint8_t node[32];
    uint64_t number;
};

struct bundle_header {
    struct id network, from, to;
    uint8_t node[32]; /* the key of the machine that writes, which signs it */
    uint64_t number;
    uint32_t part;
    bool is_last; /* part of this number */
    struct bundle_got got[BUNDLE_GOT_MAX];
    uint32_t got_len;
};

/* Appends the first message. */
void bundle_begin(struct buf *payload, const struct bundle_header *header);
/* Appends a message of MESSAGE_SIZE_MAX bytes at most (borrowed). */
void bundle_add(struct buf *payload, const struct buf *message);
/* Appends `end` and the padding. TOO_LARGE: there was no room for that in
 * BUNDLE_PAYLOAD_MAX. */
enum status bundle_end(struct buf *payload, const struct bundle_header *header,
                       const struct sign_pair *node) MUST_USE;

/* Reads a payload: the form of everything, and the signature by header->node. Whether
 * that machine is one of the site's is the caller's to ask. messages: what lies between
 * the first and the last message, borrowed. INVALID, UNSUPPORTED (a newer version),
 * UNVERIFIED; err says which. */
enum status bundle_check(struct bytes payload, struct bundle_header *header,
                         struct bytes *messages, struct err *err) MUST_USE;
/* The next of messages that bundle_check has let through; false: there is none left. */
bool bundle_next(struct bytes *messages, struct bytes *message);

#endif
