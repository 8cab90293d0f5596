/*
 * key_child: jobs that need 64 MiB, each in a process of its own that is gone a second
 * later, so that the daemon stays small. The child is this same program in its mode
 * `key-child`.
 */
#ifndef FENGQIAO_NODE_IO_KEY_CHILD_H
#define FENGQIAO_NODE_IO_KEY_CHILD_H

#include <stdbool.h>
#include <stdint.h>

#include <uv.h>

#include "node/core/job.h"
#include "node/io/event_queue.h"

#define KEY_CHILDREN_MAX 2
#define KEY_CHILD_DEADLINE_MS 60000

struct key_child;

struct key_children {
    uv_loop_t *uv;
    struct event_queue *queue;
    struct key_child *running[KEY_CHILDREN_MAX];
    struct key_child *waiting, **waiting_end; /* in order of arrival */
    bool is_closing;
};

void key_children_init(struct key_children *children, uv_loop_t *uv,
                       struct event_queue *queue);
/* Does the job in a child, now or when one of the others is done; takes it. It comes back
 * as one EVENT_JOB_DONE, with WRAP_NO_MEMORY where the child failed. */
void key_children_take(struct key_children *children, struct job *job);
/* Kills those that run, gives back those that wait. */
void key_children_close(struct key_children *children);

/* The mode `key-child`: one request on standard input, one answer on standard output. */
int key_child_main(void);

#endif
