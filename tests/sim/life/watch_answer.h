/*
 * watch_answer: what must hold of an answer to a person, and what it says has happened.
 */
#ifndef FENGQIAO_TESTS_WATCH_ANSWER_H
#define FENGQIAO_TESTS_WATCH_ANSWER_H

#include "tests/sim/life/sim_state.h"

void watch_answer(struct sim_host *host, const struct sim_errand *errand,
                  struct bytes status);

#endif
