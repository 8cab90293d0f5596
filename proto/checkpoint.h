/*
 * checkpoint: what a log says of its tree (C2SP tlog-checkpoint), as the text of a note:
 *
 *   origin "\n" size "\n" base64(root) "\n", and lines of an extension, if any
 *
 * What we write has no extension. One that others write is a part of the text that is
 * signed, and is kept there, but nothing here reads it.
 */
#ifndef FENGQIAO_PROTO_CHECKPOINT_H
#define FENGQIAO_PROTO_CHECKPOINT_H

#include "crypto/merkle.h"
#include "proto/bytes.h"
#include "proto/err.h"
#include "proto/note.h"
#include "proto/tlog_line.h"

struct checkpoint {
    struct bytes origin; /* which log; borrowed */
    uint64_t size;       /* at most TLOG_SIZE_MAX */
    struct merkle_hash root;
    struct bytes extension; /* whole lines, none of them empty; borrowed */
};

/* The text. origin: a note_name_is_valid, asserted, which may thus be the name of a key.
 */
void checkpoint_write(struct buf *out, struct bytes origin, uint64_t size,
                      const struct merkle_hash *root);
/* The text of a note as a checkpoint. INVALID, with the reason. */
enum status checkpoint_read(struct checkpoint *checkpoint, struct bytes text,
                            struct err *err) MUST_USE;
/* The whole note: note_read, and its text. Verifies nothing. */
enum status checkpoint_read_note(struct checkpoint *checkpoint, struct note *note,
                                 struct bytes bytes, struct err *err) MUST_USE;

#endif
