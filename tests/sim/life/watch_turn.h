/*
 * watch_turn: what must hold of each turn: queues and memory stay bounded (I8), a node
 * stops only where its machine failed (I14), and what a turn was like (sim_ever).
 */
#ifndef FENGQIAO_TESTS_WATCH_TURN_H
#define FENGQIAO_TESTS_WATCH_TURN_H

#include "tests/sim/life/sim_state.h"

/* After the commit, before the actions. */
void watch_turn_end(struct sim_host *host, enum status status);
/* The node stops by itself; disk_failed: its disk gave it a reason. */
void watch_turn_stop(struct sim_host *host, enum status status, bool disk_failed);
/* The power went inside the turn. */
void watch_turn_cut(struct sim_host *host);
/* A line of its log. */
void watch_turn_trace(struct sim_host *host, const char *line);

/* The process has ended and given back its memory. */
void watch_turn_closed(struct sim_host *host);

#endif
