/*
 * backing_up: the backup that the node makes by itself. It is written and tried by the
 * client, as a person would have it done (fengqiao backup write --go-on --verify), in a
 * process of its own: so a stick that hangs holds up nobody, and there is one way to
 * write a backup. It goes on from what the folder has and begins none: where the stick is
 * not in its place, nothing is written to the card beneath it.
 */
#ifndef FENGQIAO_NODE_IO_BACKING_UP_H
#define FENGQIAO_NODE_IO_BACKING_UP_H

#include <stdbool.h>

#include <uv.h>

#include "node/io/event_queue.h"

#define BACKING_UP_DEADLINE_MS (6 * 60 * 60 * 1000)

struct backing_up {
    uv_loop_t *uv;
    struct event_queue *queue; /* both borrowed */
    const char *dir, *folder;  /* borrowed; NULL: none is asked for */
    uv_process_t process;
    uv_pipe_t said; /* its standard error */
    uv_timer_t deadline;
    int handles; /* not yet closed */
    bool has_pid, has_exited, is_closing;
    int64_t exit_code;
    char text[1024]; /* the end of what it said */
    size_t text_len;
    char room[512];
};

void backing_up_init(struct backing_up *backing, uv_loop_t *uv,
                     struct event_queue *queue);
/* Borrows both for good. */
void backing_up_plan(struct backing_up *backing, const char *dir, const char *folder);
/* One; BACKUP_DONE comes of it. None is under way. */
void backing_up_start(struct backing_up *backing);
/* Ends one that is under way. */
void backing_up_close(struct backing_up *backing);

#endif
