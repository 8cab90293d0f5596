/*
 * tcp_conn: one connection, shared by tcp.c (accepting, reading, writing, closing) and
 * tcp_dial.c (resolving, connecting), and by nobody else.
 */
#ifndef FENGQIAO_NODE_IO_TCP_CONN_H
#define FENGQIAO_NODE_IO_TCP_CONN_H

#include <stdbool.h>
#include <stdint.h>

#include <uv.h>

#include "node/io/tcp.h"

enum tcp_state {
    TCP_STARTING, /* a dial that resolves or connects */
    TCP_OPEN,
    TCP_ENDING, /* writes the rest, then closes */
    TCP_CLOSED, /* EVENT_CONN_CLOSED is queued; libuv still holds handles */
};

struct tcp_conn {
    struct tcp *tcp;
    uint64_t number; /* 0: turned away at the door, nobody hears of it */
    enum tcp_state state;
    uv_tcp_t stream;
    uv_timer_t deadline; /* of the dial, or of the end */
    bool has_stream;     /* stream is a handle that must be closed */
    bool is_reading;
    bool has_written; /* a stranger whom we never answered costs as little as can be */
    int pending;      /* handles and lookups that will still call back */
    int writes;       /* not yet with the kernel */
    uv_shutdown_t shutdown;
    /* A dial. */
    struct buf early; /* what ACTION_SEND gave before there was a connection */
    struct address address;
    uv_getaddrinfo_t lookup;
    bool is_looking_up;
    struct addrinfo *found, *next; /* what the name stands for, and which one is next */
    uv_connect_t connect;
};

/* A connection in a free slot, with its timer, or NULL where all are taken or memory is.
 */
struct tcp_conn *tcp_conn_new(struct tcp *tcp, uint64_t number);
/* Opens its stream handle. */
void tcp_conn_make_stream(struct tcp_conn *conn);
/* It is connected: begins to read. */
void tcp_conn_open(struct tcp_conn *conn);
/* Closes at once; idempotent. */
void tcp_conn_close(struct tcp_conn *conn);
/* One callback less to come; frees with the last. */
void tcp_conn_release(struct tcp_conn *conn);

/* Begins the dial; every way it can fail ends in tcp_conn_close. */
void tcp_dial_begin(struct tcp_conn *conn, const char *text);

#endif
