/*
 * control: the Unix socket D/control.sock on which people's tools speak to the node
 * (docs/API.md). Both ways `length(4) ‖ message`. Mode 0600: whoever may open it is the
 * user of the node.
 */
#ifndef FENGQIAO_NODE_IO_CONTROL_H
#define FENGQIAO_NODE_IO_CONTROL_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include <uv.h>

#include "node/io/event_queue.h"
#include "node/io/log.h"
#include "proto/err.h"
#include "proto/limits.h"

#define CONTROL_NAME "control.sock"

struct control_client;

struct control {
    uv_loop_t *uv;
    struct event_queue *queue;
    uv_pipe_t listener;
    bool is_listening, is_closing;
    int dir_fd;   /* of D; borrowed */
    dev_t device; /* which file is ours, so that no other is removed */
    ino_t inode;
    uint64_t next_number;
    struct control_client *clients[CONTROL_CLIENTS_MAX]; /* NULL: free */
    struct log_gate full_gate;
};

/* dir_fd stays the caller's and must outlive the control. */
void control_init(struct control *control, uv_loop_t *uv, struct event_queue *queue,
                  int dir_fd);
/* Removes a socket that nobody answers at, and listens. BUSY: somebody answers; EXISTS:
 * something else has that name; IO. */
enum status control_listen(struct control *control, struct err *err) MUST_USE;

/* ACTION_REPLY; takes the bytes. A client that is gone already is not an error. */
void control_take(struct control *control, uint64_t number, struct buf *bytes);
/* All clients, the listener and the file, at once. */
void control_close(struct control *control);

#endif
