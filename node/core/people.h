/*
 * people: persons of our own site, by name or key, and their wrapped signing keys.
 */
#ifndef FENGQIAO_NODE_CORE_PEOPLE_H
#define FENGQIAO_NODE_CORE_PEOPLE_H

#include "node/core/caller.h"

/* The end of the job that unlock began. */
enum status people_unlocked(struct core *core, struct caller *caller, struct job *job,
                            struct buf *result, struct err *err) MUST_USE;
/* The end of the job that person.add began. */
enum status people_wrapped(struct core *core, struct caller *caller, struct job *job,
                           struct buf *result, struct err *err) MUST_USE;

#endif
