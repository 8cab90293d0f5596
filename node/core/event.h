/*
 * event: everything that can happen to a node. io makes events, the core steps through
 * them. All bytes in an event are borrowed: they belong to whoever calls core_step and
 * are good until it returns, on success and on failure.
 */
#ifndef FENGQIAO_NODE_CORE_EVENT_H
#define FENGQIAO_NODE_CORE_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/bytes.h"
#include "proto/op.h"

enum event_type {
    EVENT_TICK,           /* the deadline passed (or simply: look at the clock) */
    EVENT_CONN_ACCEPTED,  /* conn: a number never used before, chosen by io */
    EVENT_CONN_CONNECTED, /* conn: of ACTION_DIAL */
    EVENT_CONN_BYTES,     /* conn, bytes */
    EVENT_CONN_DRAINED,   /* conn: everything given to ACTION_SEND is with the kernel */
    EVENT_CONN_CLOSED,    /* conn: gone, for whatever reason; also a dial that failed */
    EVENT_CLIENT_OPENED,  /* client: a control connection, or is_far: from the network */
    EVENT_CLIENT_REQUEST, /* client, bytes: one request without its length */
    EVENT_CLIENT_CLOSED,  /* client */
    EVENT_JOB_DONE,       /* job: of ACTION_JOB; the struct job is filled in */
    EVENT_BEACON,         /* bytes: a datagram of the network; host: where it came from */
    EVENT_BACKUP_DONE,    /* of ACTION_BACKUP; bytes: why it failed, or none */
    EVENT_END,            /* the node is about to stop: sessions end with FIN */
};

struct job;

/* An address in numbers, the name of an interface behind it ("fe80::1%eth0"). */
#define EVENT_HOST_SIZE 64

struct event {
    enum event_type type;
    uint64_t now_ms; /* monotonic, of this turn */
    uint64_t wall;   /* seconds since 1970, 0 = unknown */
    enum wall_quality quality;
    uint64_t conn, client;
    bool is_far;                /* CLIENT_OPENED */
    char host[EVENT_HOST_SIZE]; /* BEACON */
    struct bytes bytes;
    struct job *job; /* given back to the core, which frees it */
};

#endif
