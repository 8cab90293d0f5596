/*
 * bundle_in: a file of a bundle that a caller handed in. It is opened in a child without
 * rights (JOB_OPEN), its signature is checked, then its messages are taken like those of
 * a session: ops verified by the pool and admitted, a message a turn, pieces kept where
 * they lack. What was committed before a failure stays; the file may be read again.
 */
#ifndef FENGQIAO_NODE_CORE_BUNDLE_IN_H
#define FENGQIAO_NODE_CORE_BUNDLE_IN_H

#include "node/core/state.h"

struct bundle_in;
struct caller;
struct job;

/* LOOK: it is told whose it is, and nothing is taken. MARK: the same of a file of our own
 * backup, and where it ends one, how far that goes. */
enum bundle_in_purpose { BUNDLE_IN_TAKE, BUNDLE_IN_LOOK, BUNDLE_IN_MARK };
/* Starts with the file (borrowed): the caller is answered when it is done. TOO_LARGE with
 * a sentence. */
enum status bundle_in_begin(struct core *core, struct caller *caller, struct bytes file,
                            enum bundle_in_purpose purpose, struct err *err) MUST_USE;
/* A job of it came back. OK with caller->bundle_in still there: another one is under way.
 * OK and it is gone: result says what came. Otherwise err says why it ended. */
enum status bundle_in_job_done(struct core *core, struct caller *caller, struct job *job,
                               struct buf *result, struct err *err) MUST_USE;
/* Accepts NULL. */
void bundle_in_free(struct bundle_in *in);

#endif
