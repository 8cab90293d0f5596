/*
 * seal_seen: what witnesses have seen of our own seal log, by what they answered: a
 * cosignature, or the checkpoint that they hold.
 */
#ifndef FENGQIAO_NODE_CORE_SEAL_SEEN_H
#define FENGQIAO_NODE_CORE_SEAL_SEEN_H

#include "node/core/seal_log.h"
#include "proto/bytes.h"

/* So many leaves of the log, as far as that witness's answers say. */
enum status seal_seen_get(struct core *core, const struct seal_log *log,
                          const uint8_t witness[static KEY_SIZE],
                          uint64_t *size) MUST_USE;
/* It cosigned that checkpoint, or says so: what holds is kept. About another log than the
 * one that grows: nothing. INVALID, UNVERIFIED: it does not hold. */
enum status seal_seen_cosigned(struct core *core, const uint8_t witness[static KEY_SIZE],
                               struct bytes note) MUST_USE;

enum seal_seen {
    SEAL_SEEN_OTHER, /* of another log than the one that grows */
    SEAL_SEEN_OURS,  /* of it: kept, so that we go on from there */
    SEAL_SEEN_MORE,  /* beyond ours, or something else: *head is it */
};
/* It holds that checkpoint, which nobody but this machine can have signed; an empty note:
 * none. */
enum status seal_seen_held(struct core *core, const uint8_t witness[static KEY_SIZE],
                           struct bytes note, enum seal_seen *seen,
                           struct seal_head *head) MUST_USE;

#endif
