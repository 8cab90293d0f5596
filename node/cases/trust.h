/*
 * trust: may this node's wall clock say that years have passed? Pure: what is remembered
 * of the clock goes in with its reading, and a verdict comes out. Only erasing asks;
 * nothing else hangs on it.
 *
 *   jump      the wall clock moved against the running time, while the node ran
 *   astray    it stands before the last moment at which it was trusted, or so far behind
 *             that moment that somebody has to say that it is right
 *   word      a steward's, that the clock is right; it ends with a jump
 */
#ifndef FENGQIAO_CASES_TRUST_H
#define FENGQIAO_CASES_TRUST_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/op.h"

#define TRUST_JUMP_S 3600
#define TRUST_BACK_S (24 * 3600)
#define TRUST_AHEAD_S (400ull * 24 * 3600)

/* Zeroed at the start of a process, but for trusted_at and has_word, which are kept. */
struct trust {
    uint64_t trusted_at; /* wall of the last look that trusted the clock; 0: never */
    bool has_word;
    bool has_looked; /* in this process */
    uint64_t looked_ms, looked_wall;
};

enum trust_verdict {
    TRUST_YES,
    TRUST_UNKNOWN, /* there is no wall clock */
    TRUST_NO_WORD, /* neither NTP nor a steward says that it is right */
    TRUST_ASTRAY,
};

struct trust_look {
    enum trust_verdict verdict;
    bool has_jumped;
    uint64_t ran_s; /* since the last look of this process; 0 after a jump */
};

/* Looks at the clock, and remembers it. */
struct trust_look trust_look(struct trust *trust, uint64_t now_ms, uint64_t wall,
                             enum wall_quality quality);
/* A steward says that this wall clock is right. */
void trust_give_word(struct trust *trust, uint64_t now_ms, uint64_t wall);
/* One plain sentence. */
const char *trust_text(enum trust_verdict verdict);

#endif
