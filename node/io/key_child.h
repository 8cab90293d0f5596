/*
 * key_child: jobs that need 64 MiB, or read what anybody may have written, each with its
 * key in a process of its own that is gone a second later: so the daemon stays small, and
 * what a file does to its reader it does to nobody else. The child is this same program
 * in its mode `key-child` or, for files, `bundle-child`; both confine themselves before
 * they read (node/io/sandbox.h).
 */
#ifndef FENGQIAO_NODE_IO_KEY_CHILD_H
#define FENGQIAO_NODE_IO_KEY_CHILD_H

#include <stdbool.h>
#include <stdint.h>

#include <uv.h>

#include "node/core/job.h"
#include "node/io/event_queue.h"

#define KEY_CHILD_WORD "key-child"
#define BUNDLE_CHILD_WORD "bundle-child"
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
 * as one EVENT_JOB_DONE: where the child failed with WRAP_NO_MEMORY; a file with
 * AGE_STOPPED, or with AGE_NO_MEMORY where the reason is not in it. */
void key_children_take(struct key_children *children, struct job *job);
/* Kills those that run, gives back those that wait. */
void key_children_close(struct key_children *children);

/* The modes: one request on standard input, one answer on standard output, and it ends.
 * opens_files: `bundle-child`, which does without no part of its confinement;
 * `key-child`, which reads nothing but our own, runs on kernels without filters as well.
 */
_Noreturn void key_child_main(bool opens_files);

#endif
