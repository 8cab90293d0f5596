/*
 * answer_due: until when a record from below has to be answered here.
 */
#ifndef FENGQIAO_NODE_CORE_ANSWER_DUE_H
#define FENGQIAO_NODE_CORE_ANSWER_DUE_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/bytes.h"

struct core;
struct due_table;
struct store_scope;

struct answer_due {
    bool waits;        /* it is not ours, and nobody here has answered it yet */
    uint64_t received; /* when this site says that it did; 0: unknown */
    uint32_t days;     /* that an answer may take; 0: as many as one likes */
};

/* Of a record that is not ours: has nobody here answered it yet? */
bool answer_due_waits(const struct core *core, struct bytes view);
/* tier: our own. */
void answer_due_read(const struct core *core, const struct due_table *table,
                     uint32_t tier, const struct store_scope *scope,
                     struct answer_due *answer);

#endif
