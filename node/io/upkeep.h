/*
 * upkeep: the modes `check` and `rebuild`, on a stopped node.
 */
#ifndef FENGQIAO_NODE_IO_UPKEEP_H
#define FENGQIAO_NODE_IO_UPKEEP_H

#include "node/io/daemon_args.h"

/* 0: nothing found; 65: findings, one line each on standard output. */
int check_main(const struct daemon_args *args);
/* Makes everything derived anew from the ops, and says whether it was as it should be. */
int rebuild_main(const struct daemon_args *args);

#endif
