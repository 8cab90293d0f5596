/*
 * watch_outbox: what is sent anew is what the outbox showed and what the party consents
 * to, and a record shows what was sent last (I3).
 */
#ifndef FENGQIAO_TESTS_WATCH_OUTBOX_H
#define FENGQIAO_TESTS_WATCH_OUTBOX_H

#include "tests/sim/life/sim_state.h"

/* A party took its consent back, by the request of that number; two requests later
 * somebody looks. */
void watch_outbox_refused(struct sim_host *host, uint64_t number);
/* What waits, as the request of the first number was told, before that of the second
 * sends it. */
void watch_outbox_shown(struct sim_host *host, struct bytes result, uint64_t number,
                        uint64_t sending);
void watch_outbox_sent(struct sim_host *host, struct bytes status, struct bytes result,
                       uint64_t number);
/* At the end: each record of the site shows the values that it sent last. */
void watch_outbox_end(struct sim_host *host);

#endif
