/*
 * attached: a file that goes with an escalation. The founding op names it by a digest
 * that every holder sees, so that nothing can be sent behind a record that was not
 * released with it; what it is called and what opens it stands in an op of its own.
 */
#ifndef FENGQIAO_CASES_ATTACHED_H
#define FENGQIAO_CASES_ATTACHED_H

#include "crypto/chunk.h"
#include "proto/limits.h"
#include "proto/op.h"

/* H("fengqiao/1/file", digests of its pieces in their order). */
void attached_digest(struct id *out, const struct id *pieces, uint32_t len);

/* What an op of this kind, or `attach` of a case, says of the pieces of its file. Wiped
 * by its owner. */
struct attached {
    struct id pieces[ATTACHMENT_CHUNKS_MAX]; /* their digests */
    uint32_t len;
    uint8_t key[CHUNK_KEY_SIZE];
};
/* False where this copy does not show it. */
bool attached_read(const struct op *op, struct attached *out);
/* The same of `attached` alone, and false where the pieces are not those of the file that
 * was released. */
bool attached_read_released(const struct op *op, struct attached *out);

#endif
