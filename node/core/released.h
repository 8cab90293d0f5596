/*
 * released: the files that a release takes along. Each is sealed anew, under a key of its
 * own, so that nothing of the op that attached it leaves, and two records that take the
 * same file along tell nobody that they do.
 */
#ifndef FENGQIAO_NODE_CORE_RELEASED_H
#define FENGQIAO_NODE_CORE_RELEASED_H

#include "node/cases/escalation.h"
#include "node/core/attachment.h"
#include "proto/limits.h"

struct draft;

struct released_file {
    struct id op; /* that attached it; stays in the case */
    struct bytes name, type;
    uint64_t size;
    struct attached sealed; /* by released_seal */
};

struct released {
    struct released_file files[RELEASED_FILES_MAX];
    uint32_t len;
    struct buf memory; /* names and types */
};

/* Finds the file of a case that a person names: by its name, or by the first six digits
 * of its op or more. NOT_FOUND; CONFLICT where several are meant. The same one again
 * changes nothing. */
enum status released_add(struct core *core, const struct id *scope, struct bytes text,
                         struct released *released, struct err *err) MUST_USE;
/* The same by the id of its op. */
enum status released_add_op(struct core *core, const struct id *scope,
                            const struct id *op, struct released *released,
                            struct err *err) MUST_USE;
/* What escalation_plan asks about; borrowed from released. */
void released_ask(const struct released *released,
                  struct escalation_file out[static RELEASED_FILES_MAX]);
/* Is there room for another copy of each? TOO_LARGE, with a sentence. */
enum status released_check_room(struct core *core, const struct released *released,
                                struct err *err) MUST_USE;
/* Seals all of them, each under a fresh key, and adds their digests to the draft of
 * `escalate`. */
enum status released_seal(struct core *core, const struct id *scope,
                          struct released *released, struct draft *draft,
                          struct err *err) MUST_USE;
/* Writes an `attached` for each of them into the escalation, with its pieces. */
enum status released_write(struct core *core, const struct id *scope,
                           const struct id *escalation, struct released *released,
                           const struct sign_pair *pair, struct err *err) MUST_USE;
void released_deinit(struct released *released);

#endif
