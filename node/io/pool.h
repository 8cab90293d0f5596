/*
 * pool: jobs in libuv's threads. Each comes back as one EVENT_JOB_DONE.
 */
#ifndef FENGQIAO_NODE_IO_POOL_H
#define FENGQIAO_NODE_IO_POOL_H

#include <uv.h>

#include "node/core/job.h"
#include "node/io/event_queue.h"

struct pool_work;

struct pool {
    uv_loop_t *uv;
    struct event_queue *queue;
    struct pool_work *running; /* a list, newest first */
};

void pool_init(struct pool *pool, uv_loop_t *uv, struct event_queue *queue);
/* Runs the job in a thread and gives it back; takes it. */
void pool_take(struct pool *pool, struct job *job);
/* Cancels what has not begun. What runs is waited for by the loop. */
void pool_cancel(struct pool *pool);

#endif
