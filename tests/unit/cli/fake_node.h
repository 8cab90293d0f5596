/*
 * fake_node: a child process behind a control socket that answers what the test wrote
 * down, and keeps what it was asked.
 */
#ifndef FENGQIAO_TESTS_FAKE_NODE_H
#define FENGQIAO_TESTS_FAKE_NODE_H

#include <sys/types.h>

#include "proto/bytes.h"

struct fake_node {
    char dir[64];
    pid_t child;
};

/* Writes status and result of the answer to one request; call counts from 0. Nothing
 * written: the connection is closed instead. */
typedef void fake_node_answer(struct bytes method, struct bytes arguments, unsigned call,
                              struct buf *status_and_result);

/* Starts; FENGQIAO_DIR and FENGQIAO_PIN_FILE name its directory and a PIN. */
void fake_node_start(struct fake_node *node, fake_node_answer *answer);
/* Ends it; its directory goes. */
void fake_node_stop(struct fake_node *node);

/* Writes an answer of a status and one MessagePack value. */
void fake_node_say(struct buf *out, const char *status, struct bytes result);
void fake_node_say_text(struct buf *out, const char *status, const char *text);

#endif
