/*
 * discovery: finding those we know on the local network, and being found by them, through
 * beacons that name nobody (proto/beacon.h). What is heard leads to a dial at most, and
 * the handshake tells whether it was true; nothing is answered, and nothing is kept over
 * a restart.
 */
#ifndef FENGQIAO_NODE_CORE_DISCOVERY_H
#define FENGQIAO_NODE_CORE_DISCOVERY_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/bytes.h"

struct core;

struct discovery {
    bool hears;       /* EVENT_BEACON comes */
    uint16_t port;    /* where we may be dialed; 0: nowhere, and no beacon is sent */
    uint64_t next_ms; /* the next beacon */
    bool was_former;  /* the last one was for those who know the key before (renewal.h) */
};

/* A datagram came from host, whoever sent it. */
void discovery_heard(struct core *core, const char *host, struct bytes datagram);
void discovery_tick(struct core *core);
uint64_t discovery_deadline(const struct core *core);

#endif
