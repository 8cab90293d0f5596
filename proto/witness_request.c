#include "proto/witness_request.h"

#include <assert.h>

#define OLD "old"

void witness_request_write(struct buf *out, uint64_t old_size,
                           const struct merkle_hash *proof, size_t len, struct bytes note)
{
    assert(len <= TLOG_HASHES_MAX);
    tlog_line_add_number(out, OLD, old_size);
    tlog_line_add_proof(out, proof, len);
    buf_add(out, note.data, note.len);
}

enum status witness_request_read(struct witness_request *request, struct bytes bytes,
                                 struct err *err)
{
    struct bytes line;
    if (bytes.len > WITNESS_REQUEST_MAX)
        return err_set(err, STATUS_TOO_LARGE,
                       "request to a witness: it is larger than %u bytes",
                       WITNESS_REQUEST_MAX);
    if (!tlog_line_take(&bytes, &line) || !tlog_line_begins(&line, OLD) ||
        !tlog_line_number(line, &request->old_size))
        return err_set(err, STATUS_INVALID,
                       "request to a witness: its first line is not '" OLD
                       "' and a number");
    if (!tlog_line_proof(&bytes, request->proof, &request->proof_len))
        return err_set(err, STATUS_INVALID,
                       "request to a witness: the proof is not at most %d lines of 32 "
                       "bytes in base64 and an empty line",
                       TLOG_HASHES_MAX);
    request->bytes = bytes;
    enum status status =
        checkpoint_read_note(&request->checkpoint, &request->note, bytes, err);
    if (status == STATUS_OK && request->old_size > request->checkpoint.size)
        return err_set(err, STATUS_INVALID,
                       "request to a witness: the old tree is larger than the new one");
    return status;
}
