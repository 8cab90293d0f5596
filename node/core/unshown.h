/*
 * unshown: fields that another site did not show, or had erased, before a machine of ours
 * had the op from its sibling. Reconciliation compares ids, and the id is the same; so
 * the machine asks each sibling once for each such op, after a round in which both
 * agreed, and takes what that one shows more. A sibling gives what replica_terms lets out
 * and nothing else. What was recalled, or has had its time, is not asked for and not
 * taken back.
 */
#ifndef FENGQIAO_NODE_CORE_UNSHOWN_H
#define FENGQIAO_NODE_CORE_UNSHOWN_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/op.h"

struct core;
struct session;

/* Of a session with a machine of our site. */
struct unshown {
    bool is_due;       /* it agreed, and may have more than we have */
    bool is_asked;     /* and has not answered yet */
    bool has_answered; /* in this turn */
    int64_t to;        /* number of the last one that it was asked for */
};

/* An op has come into the graph; only where we have siblings is anything noted. */
enum status unshown_note(struct core *core, const struct op *op) MUST_USE;
/* Both agree. */
void unshown_begin(struct core *core, struct session *session);
/* At the end of a turn: the next question of each session. A failure of ours shows at the
 * commit. */
void unshown_after_turn(struct core *core);
/* The message `show`. INVALID: not well formed, from another site, or too early. */
enum status unshown_give(struct core *core, struct session *session,
                         struct pack_reader *reader) MUST_USE;
/* The message `shown`. INVALID: not well formed, or not asked for. */
enum status unshown_take(struct core *core, struct session *session,
                         struct pack_reader *reader) MUST_USE;

#endif
