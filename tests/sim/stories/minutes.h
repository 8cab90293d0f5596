/*
 * minutes: what is written down of a story: each sentence of the script, and beneath it
 * what came of it, as people would say it.
 */
#ifndef FENGQIAO_TESTS_MINUTES_H
#define FENGQIAO_TESTS_MINUTES_H

#include "tests/sim/stories/stage.h"

/* A sentence of the script, now. */
void minutes_script(struct stage *stage, const char *sentence);
/* Something that came of it. */
void minutes_add(struct stage *stage, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* What happened at some time or other, by the way: when depends on the length of a
 * message. */
void minutes_sum(struct stage *stage);
/* Ears of the simulator (struct sim_ear): what nodes and lines do, and what a site sees
 * of a case that it did not see before its turn. */
void minutes_hear_line(void *context, const struct sim_host *host, const char *line);
void minutes_hear_turn(void *context, struct sim_host *host);

#endif
