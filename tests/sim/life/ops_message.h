/*
 * ops_message: the ops that a message `ops` carries, of a session or of a bundle.
 */
#ifndef FENGQIAO_TESTS_OPS_MESSAGE_H
#define FENGQIAO_TESTS_OPS_MESSAGE_H

#include "proto/op.h"

/* The op has its id, and lives for the call. */
typedef void ops_message_fn(void *context, const struct op *op);

/* Each op of it, of another message none. False: it cannot be read to its end. */
bool ops_message_each(struct bytes message, ops_message_fn *fn, void *context);

#endif
