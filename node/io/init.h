/*
 * init: the mode `init`: makes a node and founds the site it belongs to. Nothing is asked
 * of anybody else; the site links to a parent later.
 */
#ifndef FENGQIAO_NODE_IO_INIT_H
#define FENGQIAO_NODE_IO_INIT_H

#include "node/io/daemon_args.h"

/* The exit code of the process. */
int init_main(const struct daemon_args *args);

#endif
