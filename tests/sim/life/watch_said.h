/*
 * watch_said: what a machine says once (I11, where it writes it: --wrap), and what it
 * says under a key that it had before.
 */
#ifndef FENGQIAO_TESTS_WATCH_SAID_H
#define FENGQIAO_TESTS_WATCH_SAID_H

#include "node/core/session.h"
#include "tests/sim/life/sim_state.h"

/* A message leaves: who is known under its former key sends its charter and nothing else,
 * for the other one has yet to hear who it is (I10). */
void watch_said_message(struct sim_host *host, const struct session *session,
                        struct bytes message);

#endif
