/*
 * retention: what has had its time is erased, and nothing by time alone. A case counts as
 * closed from the first look at which it was and the clock was trusted; once its rule's
 * years are over, a notice stands for RETENTION_NOTICE_S of this node's own running time,
 * and then the node signs a `retire`. A jump of the clock restarts every notice, and
 * while the clock is not trusted nothing moves.
 */
#ifndef FENGQIAO_NODE_CORE_RETENTION_H
#define FENGQIAO_NODE_CORE_RETENTION_H

#include "node/cases/trust.h"
#include "node/core/core.h"
#include "storage/store_retention.h"

#define RETENTION_NOTICE_S (30ull * 24 * 3600)
#define RETENTION_LOOK_MS (3600ull * 1000)

struct scope_ops;

/* What the core remembers of it between turns. */
struct retention {
    struct trust trust;
    enum trust_verdict verdict; /* of the last look */
    bool is_loaded;             /* trust was read from the store */
    uint64_t kept_at;           /* what the store has of it */
    bool kept_word;
    bool is_empty;    /* no case is closed */
    uint64_t next_ms; /* the next look */
};

/* Looks at the clock and at what is closed, where it is time to. */
void retention_tick(struct core *core);
uint64_t retention_deadline(const struct core *core);
/* Of the last look. */
enum trust_verdict retention_verdict(const struct core *core);
/* Looks now. */
enum status retention_look(struct core *core) MUST_USE;
/* A steward says that the clock is right. */
enum status retention_give_word(struct core *core) MUST_USE;
/* A case of these ops was folded to this view. */
enum status retention_note(struct core *core, const struct id *scope, struct bytes view,
                           const struct scope_ops *ops) MUST_USE;
/* How many notices stand. */
enum status retention_count_notices(struct core *core, uint64_t *count) MUST_USE;
/* The rules that the site has set (retention_rule.h); the caller's to free. */
enum status retention_rules(struct core *core, struct buf *rules) MUST_USE;

#endif
