/*
 * undone: whether anything of a case or of a record may still have to be done here. The
 * store keeps it with the listing, and what lists what waits (due, task.list, agenda)
 * reads nothing else: not what is closed, and no record that was answered. It never says
 * less than these lists ask for; they look at each view again.
 */
#ifndef FENGQIAO_NODE_CORE_UNDONE_H
#define FENGQIAO_NODE_CORE_UNDONE_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/bytes.h"
#include "proto/scope_kind.h"

struct core;

#define UNDONE_ALWAYS ((uint64_t)INT64_MAX)

/* 0: nothing. UNDONE_ALWAYS: something, whatever the time. Else the case is closed, and
 * what is counted from the second that its settling claims may not be over yet. */
uint64_t undone_until(const struct core *core, enum scope_kind kind, struct bytes view);
/* Is a record to be talked about, though no answer of ours is waited for? */
bool undone_for_meeting(struct bytes record);

#endif
