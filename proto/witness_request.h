/*
 * witness_request: a checkpoint for a witness, with the proof that the tree grew from the
 * one that it saw last (C2SP tlog-witness, the body of add-checkpoint):
 *
 *   "old " size "\n", a line for each hash of the proof, an empty line, the note
 */
#ifndef FENGQIAO_PROTO_WITNESS_REQUEST_H
#define FENGQIAO_PROTO_WITNESS_REQUEST_H

#include "proto/checkpoint.h"

struct witness_request {
    uint64_t old_size; /* at most that of the checkpoint */
    struct merkle_hash proof[TLOG_HASHES_MAX];
    size_t proof_len;
    struct bytes bytes; /* of the note; borrowed, as what is in it */
    struct note note;
    struct checkpoint checkpoint;
};

/* note: the bytes of a signed checkpoint. len: at most TLOG_HASHES_MAX, asserted. */
void witness_request_write(struct buf *out, uint64_t old_size,
                           const struct merkle_hash *proof, size_t len,
                           struct bytes note);
/* INVALID or TOO_LARGE, with the reason. Verifies neither signatures nor the proof. */
enum status witness_request_read(struct witness_request *request, struct bytes bytes,
                                 struct err *err) MUST_USE;

#endif
