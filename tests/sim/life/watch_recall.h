/*
 * watch_recall: I7: some turns after a recall came to a host, nothing of what was
 * recalled is in its files, free pages and WAL included, nor ever again.
 */
#ifndef FENGQIAO_TESTS_WATCH_RECALL_H
#define FENGQIAO_TESTS_WATCH_RECALL_H

#include "tests/sim/life/sim_state.h"

/* Somebody of that host was told that the record in hex is recalled. */
void watch_recall_told(struct sim_host *host, const char *hex, struct bytes result);
/* After each turn of a host whose disk tells the truth. */
void watch_recall_turn(struct sim_host *host);
/* At the end, of a sound host: whatever was recalled is gone there. */
void watch_recall_end(struct sim_host *host);
/* Is the recall of that record of another host there? The host runs. */
bool watch_recall_has_come(const struct sim_host *host, const struct sim_sent *sent);
/* Did the title go up with that record alone, as far as the host knows? */
bool watch_recall_names_title(const struct sim_host *host, const struct sim_sent *sent);

#endif
