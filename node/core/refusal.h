/*
 * refusal: what the log says about connections that are turned away before anybody knows
 * who they are. A stranger can cause them at will, so there is at most one line a minute
 * for each reason; what was held back is counted and said when the minute is over.
 */
#ifndef FENGQIAO_NODE_CORE_REFUSAL_H
#define FENGQIAO_NODE_CORE_REFUSAL_H

#include <stdint.h>

#define REFUSAL_REASONS_MAX 12
#define REFUSAL_PAUSE_MS (60 * 1000)

struct core;

struct refusal {
    const char *why;   /* a constant string; NULL: free */
    uint64_t next_ms;  /* no line before */
    uint64_t since_ms; /* when the first of those held back came */
    uint64_t held;
};

/* why: a constant word of ours, never the other's bytes. */
void refusal_note(struct core *core, uint64_t conn, const char *why);
/* Says what was held back, once its minute is over. */
void refusals_tick(struct core *core);
uint64_t refusals_deadline(const struct core *core);

#endif
