/*
 * dialing: whom this node dials, and when. A peer whose address is known and with which
 * there is no connection is dialed, and the longer that fails, the rarer. Nothing here is
 * kept over a restart.
 */
#ifndef FENGQIAO_NODE_CORE_DIALING_H
#define FENGQIAO_NODE_CORE_DIALING_H

#include <stdint.h>

struct core;
struct session;

#define DIALS_MAX 16 /* peers; who waits longest gives way */

struct dial {
    uint8_t key[32]; /* of the machine; zeros: nobody */
    uint64_t at_ms;  /* not before */
    uint32_t failures;
    uint32_t closed_upon_us; /* times in a row */
};

/* What is remembered of that machine; a new entry where it is nothing. */
struct dial *dialing_of(struct core *core, const uint8_t key[static 32]);
/* Both ends know each other. */
void dialing_ready(struct core *core, const struct session *session);
/* A session has ended, whoever had begun it. */
void dialing_ended(struct core *core, const struct session *session);
/* Somebody wants it now. */
void dialing_hasten(struct core *core);
void dialing_tick(struct core *core);

#endif
