/*
 * own_socket: one question to the node that runs in a directory, for modes of fengqiaod
 * beside it.
 */
#ifndef FENGQIAO_NODE_IO_OWN_SOCKET_H
#define FENGQIAO_NODE_IO_OWN_SOCKET_H

#include "proto/bytes.h"
#include "proto/status.h"

#define OWN_SOCKET_WORD_SIZE 32

/* arguments: a map. word: the name of the answer's status; result: what came with it.
 * NOT_FOUND: no node runs there; IO: it does not answer. */
enum status own_socket_ask(const char *dir, const char *method,
                           const struct buf *arguments, struct buf *result,
                           char word[static OWN_SOCKET_WORD_SIZE]) MUST_USE;

#endif
