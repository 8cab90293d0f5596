/*
 * dialing: whom this node dials, and when. A peer whose address is known and with which
 * there is no connection is dialed, and the longer that fails, the rarer. A beacon may
 * show where one is now: that is tried beside the address it was paired at, in turn, and
 * costs one handshake where it is false. Nothing here is kept over a restart.
 */
#ifndef FENGQIAO_NODE_CORE_DIALING_H
#define FENGQIAO_NODE_CORE_DIALING_H

#include <stdbool.h>
#include <stdint.h>

#include "node/core/event.h"

struct core;
struct session;
struct store_peer;

#define FOUND_SIZE (EVENT_HOST_SIZE + 9) /* "[host]:65535" */
#define DIALS_MAX 16                     /* peers; who waits longest gives way */

struct dial {
    uint8_t key[32]; /* of the machine; zeros: nobody */
    uint64_t at_ms;  /* not before */
    uint32_t failures;
    uint32_t closed_upon_us; /* times in a row */
    char found[FOUND_SIZE];  /* where it was heard, until a dial there fails; or empty */
    bool was_found;          /* the last dial went there */
    /* The last dial there, and to the address of the pairing, was under the key that this
     * machine had before: each goes through both keys, whichever is heard when. */
    bool was_former_there, was_former;
    uint64_t hasten_ms; /* no dial is hastened by a beacon before */
};

/* What is remembered of that machine; a new entry where it is nothing. */
struct dial *dialing_of(struct core *core, const uint8_t key[static 32]);
/* Both ends know each other. */
void dialing_ready(struct core *core, const struct session *session);
/* A session has ended, whoever had begun it. */
void dialing_ended(struct core *core, const struct session *session);
/* Somebody wants it now. */
void dialing_hasten(struct core *core);
/* That machine, which this node dials, was heard at that address. */
void dialing_found(struct core *core, const uint8_t key[static 32], const char *address);
/* Does this node dial that peer, once it knows where? A site that dials us is not dialed;
 * of machines of our own site either dials. */
bool dialing_wants(struct core *core, const struct store_peer *peer);
void dialing_tick(struct core *core);

#endif
