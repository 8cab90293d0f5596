/*
 * talk: the fuzzer's end of each connection of the rig: what it heard from the node, and
 * the messages of docs/PROTOCOL.md §8 as a peer could write them, right or wrong. What a
 * peer may rely on is asserted as it hears: an ack comes for what was sent and is in the
 * store; ops stand in scopes that the two share.
 */
#ifndef FENGQIAO_TESTS_FUZZ_TALK_H
#define FENGQIAO_TESTS_FUZZ_TALK_H

#include "rig.h"

/* Zeroes what was heard and gives the ears for rig_reset. */
struct rig_ears talk_start(struct rig *rig);

/* A unit 'M' with that message; remembers the ops in it that must be acknowledged right.
 */
void talk_send(struct rig_conn *conn, struct bytes message);
/* The psk of the last invitation that the node gave out. */
const uint8_t *talk_psk(void);
/* Everything that was acknowledged is in the store. */
void talk_check_kept(void);

/* Each appends one message, as its bytes of the input say. */
void talk_hello(struct buf *out, struct fuzz_input *input);
void talk_neg(const struct rig_conn *conn, struct buf *out, struct fuzz_input *input);
void talk_want(const struct rig_conn *conn, struct buf *out, struct fuzz_input *input);
void talk_ops(struct buf *out, struct fuzz_input *input);
void talk_ack(const struct rig_conn *conn, struct buf *out, struct fuzz_input *input);
void talk_done(const struct rig_conn *conn, struct buf *out, struct fuzz_input *input);
void talk_fetch(struct buf *out, struct fuzz_input *input);
void talk_piece(struct buf *out, struct fuzz_input *input);
void talk_charters(struct buf *out, struct fuzz_input *input);
/* The message `ops` with the charters of those sites, a bit each. */
void talk_charter_ops(struct buf *out, uint8_t sites);
void talk_word(struct buf *out, const char *word);
void talk_raw(struct buf *out, struct fuzz_input *input);

#endif
