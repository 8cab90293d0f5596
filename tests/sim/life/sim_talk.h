/*
 * sim_talk: what sites say to each other about what was sent: desks and their staff, the
 * answers of villages, and what villages send anew.
 */
#ifndef FENGQIAO_TESTS_SIM_TALK_H
#define FENGQIAO_TESTS_SIM_TALK_H

#include "tests/sim/life/sim_state.h"

/* One of the escalations that this site sent, was sent, or may be sent; or NULL. */
const struct sim_sent *sim_talk_sent(const struct sim_host *host, uint64_t key);
/* A desk opens something that was sent, whether it is here yet or not, accepts it, and
 * says what becomes of it. */
void sim_talk_desk(struct sim_host *host, uint64_t key);
/* A village declines the last advice, and says of the last task that it is done. */
void sim_talk_reply(struct sim_host *host, uint64_t key);
/* A title changes and is sent anew, unless the party takes its consent back before. */
void sim_talk_outbox(struct sim_host *host, const struct sim_case *c, uint64_t key,
                     const char *title);
/* Asks for what an answer of the outbox of that case showed to be sent. */
void sim_talk_send_seen(struct sim_host *host, struct sim_errand *errand,
                        const char *number, struct bytes shown);

#endif
