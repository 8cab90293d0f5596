#include "proto/tlog_proof.h"

#include <assert.h>
#include <string.h>

#include "crypto/base64.h"

#define FIRST_LINE "c2sp.org/tlog-proof@v1"
#define EXTRA "extra"
#define INDEX "index"

static void add_extra(struct buf *out, struct bytes extra)
{
    char text[BASE64_SIZE(TLOG_EXTRA_MAX)];
    assert(extra.len <= TLOG_EXTRA_MAX);
    size_t len = base64_encode(text, extra.data, extra.len, BASE64_PADDED);
    buf_add(out, EXTRA " ", strlen(EXTRA " "));
    buf_add(out, text, len);
    buf_add_u8(out, '\n');
}

void tlog_proof_write(struct buf *out, struct bytes extra, uint64_t index,
                      const struct merkle_hash *proof, size_t len, struct bytes note)
{
    assert(len <= TLOG_HASHES_MAX);
    buf_add(out, FIRST_LINE "\n", strlen(FIRST_LINE "\n"));
    if (extra.len > 0)
        add_extra(out, extra);
    tlog_line_add_number(out, INDEX, index);
    tlog_line_add_proof(out, proof, len);
    buf_add(out, note.data, note.len);
}

/* The line behind the first, where it is there; none at all is written as no line. */
static bool read_extra(struct tlog_proof *proof, struct bytes *left)
{
    struct bytes rest = *left, line;
    proof->extra_len = 0;
    if (!tlog_line_take(&rest, &line) || !tlog_line_begins(&line, EXTRA))
        return true;
    *left = rest;
    return base64_decode(proof->extra, sizeof(proof->extra), &proof->extra_len,
                         (const char *)line.data, line.len, BASE64_PADDED) &&
           proof->extra_len > 0;
}

enum status tlog_proof_read(struct tlog_proof *proof, struct bytes bytes, struct err *err)
{
    struct bytes line;
    if (bytes.len > TLOG_PROOF_SIZE_MAX)
        return err_set(err, STATUS_TOO_LARGE,
                       "proof of a log: it is larger than %u bytes", TLOG_PROOF_SIZE_MAX);
    if (!tlog_line_take(&bytes, &line) || !bytes_equal_str(line, FIRST_LINE))
        return err_set(err, STATUS_INVALID,
                       "proof of a log: its first line is not " FIRST_LINE);
    if (!read_extra(proof, &bytes))
        return err_set(err, STATUS_INVALID,
                       "proof of a log: behind '" EXTRA
                       "' stand not 1 to %u bytes in base64",
                       TLOG_EXTRA_MAX);
    if (!tlog_line_take(&bytes, &line) || !tlog_line_begins(&line, INDEX) ||
        !tlog_line_number(line, &proof->index))
        return err_set(err, STATUS_INVALID,
                       "proof of a log: no line with '" INDEX "' and a number");
    if (!tlog_line_proof(&bytes, proof->proof, &proof->proof_len))
        return err_set(err, STATUS_INVALID,
                       "proof of a log: below the index stand not at most %d lines of 32 "
                       "bytes in base64 and an empty line",
                       TLOG_HASHES_MAX);
    proof->bytes = bytes;
    enum status status =
        checkpoint_read_note(&proof->checkpoint, &proof->note, bytes, err);
    if (status == STATUS_OK && proof->index >= proof->checkpoint.size)
        return err_set(err, STATUS_INVALID,
                       "proof of a log: its index lies beyond the tree");
    return status;
}

bool tlog_proof_holds(const struct tlog_proof *proof, const struct merkle_hash *leaf)
{
    return merkle_inclusion_holds(leaf, proof->index, proof->checkpoint.size,
                                  proof->proof, proof->proof_len,
                                  &proof->checkpoint.root);
}
