/*
 * tlog_proof: that something stands in a log, for whoever has nothing but keys (C2SP
 * tlog-proof; files end in .tlog-proof):
 *
 *   "c2sp.org/tlog-proof@v1\n", "extra " base64 "\n" if any, "index " number "\n", a line
 *   for each hash of the proof of inclusion, an empty line, the note of the checkpoint
 *
 * Nothing vouches for what is extra.
 */
#ifndef FENGQIAO_PROTO_TLOG_PROOF_H
#define FENGQIAO_PROTO_TLOG_PROOF_H

#include "proto/checkpoint.h"

struct tlog_proof {
    uint8_t extra[TLOG_EXTRA_MAX];
    size_t extra_len; /* 0: none */
    uint64_t index;   /* below the size of the checkpoint */
    struct merkle_hash proof[TLOG_HASHES_MAX];
    size_t proof_len;
    struct bytes bytes; /* of the note; borrowed, as what is in it */
    struct note note;
    struct checkpoint checkpoint;
};

/* extra: at most TLOG_EXTRA_MAX bytes, len: at most TLOG_HASHES_MAX, both asserted. note:
 * the bytes of a signed checkpoint. */
void tlog_proof_write(struct buf *out, struct bytes extra, uint64_t index,
                      const struct merkle_hash *proof, size_t len, struct bytes note);
/* INVALID or TOO_LARGE, with the reason. Verifies nothing. */
enum status tlog_proof_read(struct tlog_proof *proof, struct bytes bytes,
                            struct err *err) MUST_USE;
/* Does the leaf of that hash stand in the tree of the checkpoint? Whether the checkpoint
 * is the log's, and who saw it, note_verify says. */
bool tlog_proof_holds(const struct tlog_proof *proof, const struct merkle_hash *leaf);

#endif
