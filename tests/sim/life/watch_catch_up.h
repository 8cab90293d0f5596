/*
 * watch_catch_up: once all is healed, what was missing comes, in few rounds, and little
 * else with it (I13).
 */
#ifndef FENGQIAO_TESTS_WATCH_CATCH_UP_H
#define FENGQIAO_TESTS_WATCH_CATCH_UP_H

#include "tests/sim/life/sim_state.h"

/* All is healed, no line is open. */
void watch_catch_up_begin(struct sim *sim);
/* A message that a host sends; a line of its log. */
void watch_catch_up_message(struct sim_host *host, struct bytes message);
void watch_catch_up_trace(struct sim_host *host, const char *line);
void watch_catch_up_end(struct sim *sim);

#endif
