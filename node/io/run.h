/*
 * run: the mode `run`: the node at work.
 */
#ifndef FENGQIAO_NODE_IO_RUN_H
#define FENGQIAO_NODE_IO_RUN_H

#include "node/io/daemon_args.h"

/* The exit code of the process. */
int run_main(const struct daemon_args *args);

#endif
