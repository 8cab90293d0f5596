/*
 * Happy path: a callback adds an event, the idle handle keeps the loop from sleeping, the
 * turn takes the whole array. Failure modes: no memory. An event that is lost would leave
 * the core in the dark, so the queue says failed and the daemon ends without having
 * acknowledged anything more.
 */
#include "node/io/event_queue.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/secret.h"
#include "node/core/job.h"

#define EVENTS_MIN 64

static void event_queue_on_idle(uv_idle_t *due)
{
    (void)due; /* its being active is its work */
}

void event_queue_init(struct event_queue *queue, uv_loop_t *uv)
{
    *queue = (struct event_queue){0};
    (void)uv_idle_init(uv, &queue->due); /* cannot fail */
    queue->due.data = queue;
}

void event_queue_close(struct event_queue *queue)
{
    uv_close((uv_handle_t *)&queue->due, NULL);
}

void event_queue_deinit(struct event_queue *queue)
{
    for (size_t i = 0; i < queue->len; i++) {
        event_queue_wipe(&queue->events[i]);
        job_free(queue->events[i].job);
    }
    free(queue->events);
    queue->events = NULL;
    queue->len = queue->capacity = 0;
}

static void event_queue_wake(struct event_queue *queue)
{
    if (!uv_is_closing((uv_handle_t *)&queue->due))
        (void)uv_idle_start(&queue->due, event_queue_on_idle); /* has a callback */
}

void event_queue_fail(struct event_queue *queue)
{
    queue->failed = true;
    event_queue_wake(queue);
}

/* The next free slot, zeroed, or NULL. In either case a turn is due. */
static struct event *event_queue_slot(struct event_queue *queue)
{
    event_queue_wake(queue);
    if (queue->len == queue->capacity) {
        size_t capacity = queue->capacity == 0 ? EVENTS_MIN : queue->capacity * 2;
        struct event *events = realloc(queue->events, capacity * sizeof(*events));
        if (events == NULL) {
            queue->failed = true;
            return NULL;
        }
        queue->events = events;
        queue->capacity = capacity;
    }
    struct event *event = &queue->events[queue->len++];
    memset(event, 0, sizeof(*event));
    return event;
}

void event_queue_add(struct event_queue *queue, enum event_type type, uint64_t conn,
                     uint64_t client)
{
    event_queue_add_bytes(queue, type, conn, client, (struct bytes){0});
}

void event_queue_add_far(struct event_queue *queue, uint64_t client)
{
    struct event *event = event_queue_slot(queue);
    if (event == NULL)
        return;
    event->type = EVENT_CLIENT_OPENED;
    event->client = client;
    event->is_far = true;
}

/* NULL: no memory, and the queue has failed. */
static struct event *event_queue_copy(struct event_queue *queue, enum event_type type,
                                      struct bytes bytes)
{
    uint8_t *copy = NULL;
    if (bytes.len > 0) {
        copy = malloc(bytes.len);
        if (copy == NULL) {
            event_queue_fail(queue);
            return NULL;
        }
        memcpy(copy, bytes.data, bytes.len);
    }
    struct event *event = event_queue_slot(queue);
    if (event == NULL) {
        if (copy != NULL)
            secret_wipe(copy, bytes.len);
        free(copy);
        return NULL;
    }
    event->type = type;
    event->bytes = bytes_of(copy, bytes.len);
    return event;
}

void event_queue_add_beacon(struct event_queue *queue, const char *host,
                            struct bytes datagram)
{
    struct event *event = event_queue_copy(queue, EVENT_BEACON, datagram);
    if (event != NULL)
        (void)snprintf(event->host, sizeof(event->host), "%s", host);
}

void event_queue_add_bytes(struct event_queue *queue, enum event_type type, uint64_t conn,
                           uint64_t client, struct bytes bytes)
{
    struct event *event = event_queue_copy(queue, type, bytes);
    if (event == NULL)
        return;
    event->conn = conn;
    event->client = client;
}

void event_queue_take_job(struct event_queue *queue, struct job *job)
{
    struct event *event = event_queue_slot(queue);
    if (event == NULL) {
        job_free(job);
        return;
    }
    event->type = EVENT_JOB_DONE;
    event->conn = job->conn;
    event->client = job->client;
    event->job = job;
}

struct event *event_queue_take(struct event_queue *queue, size_t *len)
{
    struct event *events = queue->events;
    *len = queue->len;
    queue->events = NULL;
    queue->len = queue->capacity = 0;
    if (!uv_is_closing((uv_handle_t *)&queue->due))
        (void)uv_idle_stop(&queue->due); /* always 0 */
    return events;
}

void event_queue_wipe(struct event *event)
{
    if (event->bytes.data == NULL)
        return;
    /* The queue made these bytes; the event only shows them as borrowed. */
    uint8_t *own = (uint8_t *)(uintptr_t)event->bytes.data;
    secret_wipe(own, event->bytes.len);
    free(own);
    event->bytes = (struct bytes){0};
}
