/*
 * backup_state: when the last backup of this site was written, when one was last restored
 * to try it, and how much was said since. Kept with the node's own meta values.
 */
#ifndef FENGQIAO_NODE_CORE_BACKUP_STATE_H
#define FENGQIAO_NODE_CORE_BACKUP_STATE_H

#include "node/core/state.h"

struct backup_time {
    uint64_t wall; /* claimed; 0: never */
    uint64_t ops;  /* of both trees that it holds */
};
/* Another one is due after so long, where a clock is trusted, or so many ops. */
#define BACKUP_DUE_S (UINT64_C(7) * 24 * 60 * 60)
#define BACKUP_DUE_OPS 100

struct backup_state {
    struct backup_time written, verified;
    uint64_t behind; /* ops since the one that was written last */
    bool is_daily;   /* the node writes them itself */
    struct daily_backup daily;
    const char *word; /* "never", "failed" (the daily one), "due", "recent" */
};

enum status backup_state_get(struct core *core, struct backup_state *state) MUST_USE;
/* One that goes so far (by enum ledger_tree) is where it should be; was restored. */
enum status backup_state_written(struct core *core, const uint64_t ops[3]) MUST_USE;
enum status backup_state_verified(struct core *core, const uint64_t ops[3]) MUST_USE;

#endif
