/*
 * lifecycle: how far a case has come, and what each step does to it. One table: the fold
 * reads it (case_state.c), and docs/LIFECYCLE.md is printed from it.
 *
 *   state   registered, triaged, handling, escalated, settled, followed-up, closed
 *   step    a kind of op that moves a case, or that a case in some states refuses
 *   move    what a step does in a state: which one follows, or why it has no effect
 */
#ifndef FENGQIAO_CASES_LIFECYCLE_H
#define FENGQIAO_CASES_LIFECYCLE_H

#include <stdbool.h>
#include <stddef.h>

#include "node/cases/effect.h"
#include "proto/op.h"

enum lifecycle_state {
    LIFECYCLE_REGISTERED,
    LIFECYCLE_TRIAGED,
    LIFECYCLE_HANDLING,
    LIFECYCLE_ESCALATED,
    LIFECYCLE_SETTLED,
    LIFECYCLE_FOLLOWED_UP,
    LIFECYCLE_CLOSED,
    LIFECYCLE_STATES,
};

struct lifecycle_move {
    enum effect refusal; /* EFFECT_YES: none */
    enum lifecycle_state to;
};

struct lifecycle_step {
    const char *kind;
    /* Names of fields that make it another step than the kind alone, or NULL. Names are
     * in the header: what is erased later does not change the step. */
    const char *const *naming;
    bool moves; /* else a case stays where it is */
    struct lifecycle_move from[LIFECYCLE_STATES];
};

/* The whole table, in the order of docs/LIFECYCLE.md. */
const struct lifecycle_step *lifecycle_steps(size_t *len);
/* The step that this op is, or NULL: a case in any state takes it. */
const struct lifecycle_step *lifecycle_step(const struct op *op);
const char *lifecycle_state_text(enum lifecycle_state state);
const char *lifecycle_state_zh(enum lifecycle_state state);
/* What concurrent steps come to: the state that leaves more to be done, and of open ones
 * the one that is further on. */
enum lifecycle_state lifecycle_join(enum lifecycle_state a, enum lifecycle_state b);

#endif
