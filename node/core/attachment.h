/*
 * attachment: a file of a case, or one that went up with a record. Its pieces lie sealed
 * in the store, under a key of its own that stands in the op that names them: whoever is
 * not shown that op cannot read them, and when the op's contents are erased nobody can.
 * Pictures lose what tells of their maker (proto/picture.h); of other files, texts and
 * PDF are taken as they are.
 */
#ifndef FENGQIAO_NODE_CORE_ATTACHMENT_H
#define FENGQIAO_NODE_CORE_ATTACHMENT_H

#include "crypto/sign.h"
#include "node/cases/attached.h"
#include "proto/err.h"
#include "proto/op.h"

struct core;

/* What a list shows of one. Borrowed from its op. */
struct attachment {
    struct id op;
    struct bytes name, type;
    uint64_t size, wall;
    bool went_up;           /* with a record; then */
    uint64_t here, lacking; /* how many of its pieces are here, and are not */
};

/* Keeps a file in a case, signed with pair: the op's id and the type that was seen.
 * INVALID, UNSUPPORTED, TOO_LARGE or DENIED, with a sentence; then nothing is kept.
 */
enum status attachment_add(struct core *core, const struct id *scope, struct bytes name,
                           struct bytes file, const struct sign_pair *pair, struct id *op,
                           const char **type, struct err *err) MUST_USE;
/* How many bytes a file of that size takes in the store. */
uint64_t attachment_sealed_size(uint64_t size);
/* The digests of the file's pieces, sealed under out->key. NO_MEMORY. */
enum status attachment_seal(struct core *core, struct bytes file,
                            struct attached *out) MUST_USE;
/* Keeps these pieces as those of the file that op names. */
enum status attachment_keep(struct core *core, const struct id *op, struct bytes file,
                            const struct attached *sealed) MUST_USE;
/* Calls fn with each that stands in the case or escalation, in the order of the ops. */
typedef enum status attachment_fn(void *context, const struct attachment *attachment);
enum status attachment_each(struct core *core, const struct id *scope, attachment_fn *fn,
                            void *context) MUST_USE;
/* Appends the file. NOT_FOUND; BUSY while pieces of it are still coming; UNVERIFIED where
 * one is missing or damaged. */
enum status attachment_read(struct core *core, const struct id *scope,
                            const struct id *op, struct buf *file,
                            struct err *err) MUST_USE;
/* Signs that it is taken away: behind the fold of this turn its pieces and what opened
 * them are gone (erasure.h). */
enum status attachment_remove(struct core *core, const struct id *scope,
                              const struct id *op, struct bytes reason,
                              const struct sign_pair *pair, struct id *detach,
                              struct err *err) MUST_USE;

#endif
