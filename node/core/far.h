/*
 * far: callers that came over the network. The file of the socket is the door for the
 * others; one from afar is asked for its device in front of every method, and reads what
 * the roles of that device's person may read now.
 */
#ifndef FENGQIAO_NODE_CORE_FAR_H
#define FENGQIAO_NODE_CORE_FAR_H

#include "node/core/api.h"

/* The roles of which one is needed to read that from afar. */
uint32_t far_readers(enum api_reads reads);

/* May the caller call it, as far as being far goes? A near one always. DENIED: its device
 * is not signed in any more, which it has lost then, or no role of its person reads
 * that. */
enum status far_check(struct core *core, struct caller *caller,
                      const struct api_method *method, struct err *err) MUST_USE;
/* The same of what a method that was called finds. */
enum status far_may_read(struct core *core, const struct caller *caller,
                         enum api_reads reads, struct err *err) MUST_USE;

/* A request came: a far caller that was silent for FAR_UNLOCKED_MS is locked before it.
 */
void far_asked(struct core *core, struct caller *caller);
/* Locks it where it has been silent so long by now. */
void far_tick(struct core *core, struct caller *caller);
/* When that is; UINT64_MAX: it has no key, or waits for an answer. */
uint64_t far_deadline(const struct caller *caller);

#endif
