/*
 * retire: what is erased of a case when its time has come, and what stays. Headers,
 * commitments and signatures always stay, so that every signature still holds; of the
 * contents those that a count or a later question needs and that say nothing of people,
 * and why a steward kept it longer.
 *
 *   identities   what is sealed of parties, which goes first
 *   contents     everything else, and what is sealed with it
 */
#ifndef FENGQIAO_CASES_RETIRE_H
#define FENGQIAO_CASES_RETIRE_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/op.h"
#include "proto/status.h"

enum retire_what { RETIRE_NOTHING, RETIRE_IDENTITIES, RETIRE_CONTENTS };

/* The word of the field `what`, and back; RETIRE_NOTHING: none of them. */
const char *retire_text(enum retire_what what);
enum retire_what retire_from_text(struct bytes text);

/* Which fields of an op of a case stay shown: bit i for field i, as op_encode takes it.
 */
uint32_t retire_mask(const struct op *op, enum retire_what what);
/* Does the op still show what has to go? */
bool retire_is_due(const struct op *op, enum retire_what what);

/*
 * Of an op as it was read from our own disk: appends its bytes with no field but those
 * that stay (retire_mask, detached_mask). CORRUPT: it is not the op of its id. NO_MEMORY.
 */
enum status retire_erase(struct op *op, uint32_t keeps, struct buf *out) MUST_USE;

/* What each op of a scope (any order) is to lose by the retirements among them that have
 * effect: what[i] for ops[i]. effects: those ops of kind `retire`. Statuses of
 * graph_init.
 */
enum status retire_plan(const struct op *const *ops, uint32_t len,
                        const struct id *retirements, uint32_t retirements_len,
                        enum retire_what *what) MUST_USE;

#endif
