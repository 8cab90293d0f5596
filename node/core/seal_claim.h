/*
 * seal_claim: the message `checkpoint` (docs/LEDGER.md §3), by which a machine shows its
 * seal log to a witness, in a session or on a stick:
 *
 *   [request, root at the size from which it proves, [[first leaf, [hash …]] …]]
 *
 * request is the body of a C2SP tlog-witness add-checkpoint. Where it proves from
 * nothing, the first leaves follow: of the log, and of each that it goes on from.
 */
#ifndef FENGQIAO_NODE_CORE_SEAL_CLAIM_H
#define FENGQIAO_NODE_CORE_SEAL_CLAIM_H

#include "node/core/seal_log.h"
#include "node/core/witness.h"
#include "proto/pack.h"

struct charter_node;

#define SEAL_CLAIM_ELEMENTS 4 /* of the message, its name included */

/* Appends the message: the log, which has a leaf at least, from its first old_size leaves
 * on. after: what a witness showed of it, beyond what there is; NULL: nothing. */
enum status seal_claim_write(struct core *core, const struct seal_log *log,
                             uint64_t old_size, const struct seal_head *after,
                             struct buf *message) MUST_USE;
/* The same of a log of which a witness holds a head that is not its own: this machine
 * went back behind it, or goes on otherwise, and says so under its own name. */
enum status seal_claim_own_up(struct core *core, const struct seal_log *log,
                              const struct seal_head *held, struct buf *message) MUST_USE;
/* What stands behind the name in such a message of that machine of the site, judged as a
 * witness does (witness.h). INVALID, UNVERIFIED: no honest machine says that. */
enum status seal_claim_judge(struct core *core, const struct id *site,
                             const struct charter_node *machine, bool is_by_stick,
                             struct pack_reader *reader, enum witness_answer *answer,
                             struct buf *note) MUST_USE;

#endif
