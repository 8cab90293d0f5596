/*
 * tcp: the connections to other nodes. Each has a number that is never used twice: even
 * ones for those accepted here, odd ones brought by ACTION_DIAL. Every number ends with
 * exactly one EVENT_CONN_CLOSED, a dial that failed included.
 */
#ifndef FENGQIAO_NODE_IO_TCP_H
#define FENGQIAO_NODE_IO_TCP_H

#include <stdbool.h>
#include <stdint.h>

#include <uv.h>

#include "node/io/address.h"
#include "node/io/event_queue.h"
#include "node/io/log.h"
#include "proto/err.h"
#include "proto/limits.h"

/* One read per connection and turn. */
#define TCP_READ_SIZE 32768
/* Who is in already comes before who knocks: a busy node accepts slowly, an idle one has
 * many turns. The others wait in the system's queue. */
#define TCP_ACCEPTS_PER_TURN 8
/* While more than this waits to be written, nothing is read. */
#define TCP_UNSENT_MAX (1024 * 1024)
#define TCP_DIAL_DEADLINE_MS 15000
/* How long ACTION_CLOSE waits for a peer to take what was sent before. */
#define TCP_CLOSE_DEADLINE_MS 10000

struct tcp_conn;

struct tcp {
    uv_loop_t *uv;
    struct event_queue *queue;
    uv_tcp_t listener;
    bool is_listening, is_closing;
    bool has_knocked;    /* libuv holds one, and accepts no other before we take it */
    uint32_t accepts;    /* since the last turn */
    size_t accepted_max; /* strangers never use up the files that a steward needs */
    uint64_t next_number;
    struct tcp_conn *conns[SESSIONS_MAX]; /* NULL: free */
    struct log_gate full_gate, accept_gate;
    char room[TCP_READ_SIZE]; /* libuv reads into it and calls back at once */
};

void tcp_init(struct tcp *tcp, uv_loop_t *uv, struct event_queue *queue);
/* Listens on "host:port"; with port 0 the system chooses. where receives what it became.
 * INVALID: no such address can be; BUSY: in use or not ours; IO. */
enum status tcp_listen(struct tcp *tcp, const char *text,
                       char where[static ADDRESS_TEXT_SIZE], struct err *err) MUST_USE;

/* ACTION_DIAL → CONN_CONNECTED or CONN_CLOSED. */
void tcp_dial(struct tcp *tcp, uint64_t number, const char *text);
/* ACTION_SEND; takes the bytes. A number that is gone already is not an error. */
void tcp_take(struct tcp *tcp, uint64_t number, struct buf *bytes);
/* ACTION_CLOSE: after what was sent before. */
void tcp_end(struct tcp *tcp, uint64_t number);
/* After a turn: reads on where that turn has made room, and accepts on. */
void tcp_resume(struct tcp *tcp);
/* Nobody is let in any more. */
void tcp_stop_listening(struct tcp *tcp);
/* Is there no connection, and none on its way out? */
bool tcp_is_empty(const struct tcp *tcp);
/* Listener and connections, at once. */
void tcp_close(struct tcp *tcp);

#endif
