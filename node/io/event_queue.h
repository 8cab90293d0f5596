/*
 * event_queue: what happened since the last turn. Callbacks add, the turn takes all. An
 * event added here owns its bytes and its job until the turn has stepped through it.
 */
#ifndef FENGQIAO_NODE_IO_EVENT_QUEUE_H
#define FENGQIAO_NODE_IO_EVENT_QUEUE_H

#include <stdbool.h>
#include <stddef.h>

#include <uv.h>

#include "node/core/event.h"

struct event_queue {
    uv_idle_t due; /* while active, the loop does not sleep: a turn is due */
    struct event *events;
    size_t len, capacity;
    bool failed; /* an event was lost for want of memory; the daemon must end */
};

/* The queue embeds a handle of uv, which event_queue_close gives back. */
void event_queue_init(struct event_queue *queue, uv_loop_t *uv);
void event_queue_close(struct event_queue *queue);
/* Frees what was never stepped through; after the loop has run out. */
void event_queue_deinit(struct event_queue *queue);

/* Something about a connection or a client, without bytes. */
void event_queue_add(struct event_queue *queue, enum event_type type, uint64_t conn,
                     uint64_t client);
/* CLIENT_OPENED of one that came over the network. */
void event_queue_add_far(struct event_queue *queue, uint64_t client);
/* BEACON: the datagram is copied. */
void event_queue_add_beacon(struct event_queue *queue, const char *host,
                            struct bytes datagram);
/* With bytes, which are copied. */
void event_queue_add_bytes(struct event_queue *queue, enum event_type type, uint64_t conn,
                           uint64_t client, struct bytes bytes);
/* Takes the job. */
void event_queue_take_job(struct event_queue *queue, struct job *job);

/* Something could not be done for want of memory, and the daemon must end. */
void event_queue_fail(struct event_queue *queue);

/* Moves all events out: the caller frees each one's bytes with event_queue_wipe and then
 * the array with free. NULL when there is none. */
struct event *event_queue_take(struct event_queue *queue, size_t *len);
/* Wipes and frees the bytes of an event (they may hold a PIN). */
void event_queue_wipe(struct event *event);

#endif
