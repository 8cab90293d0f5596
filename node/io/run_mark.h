/*
 * run_mark: D/running, an empty file that stands while a node runs. SQLite cannot tell a
 * write-ahead log that was deleted from one that was folded in; where the mark is there
 * and the log is not, what was saved last may be gone, and somebody has to be told.
 */
#ifndef FENGQIAO_NODE_IO_RUN_MARK_H
#define FENGQIAO_NODE_IO_RUN_MARK_H

#include <stdbool.h>

#include "proto/err.h"

#define RUN_MARK_NAME "running"
#define RUN_MARK_MISSED                                                                  \
    "the last run was cut short and its write-ahead log is missing: what was saved "     \
    "last "                                                                              \
    "may be lost; look for it in a backup and at other sites"

/* Before the store is opened, which makes a log anew: did the last run end in the middle,
 * and is its log missing? */
bool run_mark_misses_log(int dir_fd);
/* Makes the mark, durably. IO, FULL. */
enum status run_mark_set(int dir_fd, struct err *err) MUST_USE;
/* After the store was closed: removes the mark if the log was folded in. */
void run_mark_clear(int dir_fd);

#endif
