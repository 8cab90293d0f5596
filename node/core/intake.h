/*
 * intake: the receive path. Wire ops of one message become a job for the pool; what comes
 * back verified is admitted, the rest is set apart.
 */
#ifndef FENGQIAO_NODE_CORE_INTAKE_H
#define FENGQIAO_NODE_CORE_INTAKE_H

#include "node/core/state.h"

/* Reads the elements of an `ops` message behind its name. The job is the caller's.
 * INVALID: the message as a whole is not well formed. */
enum status intake_read(struct core *core, uint64_t conn, struct pack_reader *reader,
                        struct job **job, uint32_t *skipped) MUST_USE;
/* Which ops are not held after all: their positions, packed, counted from base on; and
 * what became of the others. */
struct intake_refused {
    uint64_t base;
    struct buf positions;
    uint32_t len;
    uint32_t news;         /* were not here before */
    struct id_list *known; /* where it is not NULL: the scopes of those that were */
};
/* Admits what was verified, quarantines what was not, and adds to refused what is not
 * held. Anything but OK is a failure of our own (disk, memory): no acknowledgement. */
enum status intake_admit(struct core *core, const struct id *from, struct job *job,
                         struct intake_refused *refused) MUST_USE;

/* Makes a job of one op that stands alone. NO_MEMORY. */
enum status intake_again(struct job *job, struct bytes bytes) MUST_USE;
/* Admits that op once it is verified. OK: it is held, perhaps waiting. Otherwise err says
 * why not, and nothing is set apart: it is already. */
enum status intake_admit_again(struct core *core, const struct id *from, struct job *job,
                               struct err *err) MUST_USE;

#endif
