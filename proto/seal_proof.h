/*
 * seal_proof: a file by which anybody can see that a machine showed two histories of its
 * seal log, or fewer days than before (docs/LEDGER.md §4):
 *
 *   "fengqiao/seal-proof/1 " ("fork" | "back") "\n", of a fork base64(R') "\n", a request
 *   to a witness with checkpoint B, an empty line, the note of checkpoint A
 *
 *   fork   A and B are of one log and signed by its machine; the request proves that the
 *          tree of B begins with one of A's size whose root is R', which is not A's
 *   back   B is smaller than A, and its one line of an extension says that its machine
 *          was shown A; the request proves nothing (it is from B to B)
 */
#ifndef FENGQIAO_PROTO_SEAL_PROOF_H
#define FENGQIAO_PROTO_SEAL_PROOF_H

#include "proto/seal.h"
#include "proto/witness_request.h"

enum seal_proof_kind { SEAL_PROOF_FORK, SEAL_PROOF_BACK };

#define SEAL_PROOF_MAX (128 + WITNESS_REQUEST_MAX + NOTE_SIZE_MAX)

/* All bytes are borrowed from what was read. */
struct seal_proof {
    enum seal_proof_kind kind;
    struct merkle_hash old_root;    /* R', of a fork */
    struct witness_request request; /* with B */
    struct note note;
    struct checkpoint checkpoint; /* A */
};

/* "fork" or "back". */
const char *seal_proof_word(enum seal_proof_kind kind);
/* old_root: of a fork. request: as it was read. note: the bytes of A's note. */
void seal_proof_write(struct buf *out, enum seal_proof_kind kind,
                      const struct merkle_hash *old_root,
                      const struct witness_request *request, struct bytes note);
/* Takes it apart. INVALID or TOO_LARGE, with the reason. */
enum status seal_proof_read(struct seal_proof *proof, struct bytes file,
                            struct err *err) MUST_USE;
/* Does it prove what it says, and of which machine (its signing key)? UNVERIFIED with the
 * reason. */
enum status seal_proof_judge(const struct seal_proof *proof,
                             uint8_t machine[static KEY_SIZE], struct err *err) MUST_USE;

/* The line of an extension, "after SIZE ROOT": what a machine was shown of its log. */
void seal_proof_add_after(struct buf *text, uint64_t size,
                          const struct merkle_hash *root);
/* Is that the whole extension of the checkpoint? False also without memory. */
bool seal_proof_is_after(const struct checkpoint *checkpoint, uint64_t size,
                         const struct merkle_hash *root);

#endif
