/*
 * join: the mode that makes another node of a site that stands already.
 */
#ifndef FENGQIAO_NODE_IO_JOIN_H
#define FENGQIAO_NODE_IO_JOIN_H

#include "node/io/daemon_args.h"

/* The exit code of the process. */
int join_main(const struct daemon_args *args);

#endif
