/*
 * remembered: the last answer to `due`, which phones ask for whenever they open Today,
 * and which is made of every case that is open. Good as long as nothing has changed.
 */
#ifndef FENGQIAO_NODE_CORE_REMEMBERED_H
#define FENGQIAO_NODE_CORE_REMEMBERED_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/bytes.h"

struct core;

enum remembered_method { REMEMBERED_DUE, REMEMBERED_OUTBOX, REMEMBERED_METHODS };

/* What was asked and when. */
struct remembered_key {
    enum remembered_method method;
    uint64_t limit, changes;
    int64_t today;
    bool is_overdue_only, is_trusted;
};

/* The last answer of a method. A zeroed struct remembers nothing. */
struct remembered {
    bool is_there;
    struct remembered_key key;
    struct buf answer;
};

/* Appends the answer and returns true, where it is still the same. */
bool remembered_get(struct core *core, const struct remembered_key *key, struct buf *out);
/* Keeps it where nothing was written in this turn. Without memory it is forgotten. */
void remembered_put(struct core *core, const struct remembered_key *key,
                    struct bytes answer);
/* Of all methods: what no scope tells of has changed, such as how long things may wait.
 */
void remembered_forget(struct core *core);
void remembered_deinit(struct core *core);

#endif
