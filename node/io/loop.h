/*
 * loop: the turn. One iteration of libuv gathers events; then, once, the core begins,
 * steps through them, commits, and its actions are performed. docs/ARCHITECTURE.md.
 */
#ifndef FENGQIAO_NODE_IO_LOOP_H
#define FENGQIAO_NODE_IO_LOOP_H

#include <stdbool.h>

#include <uv.h>

#include "node/core/core.h"
#include "node/io/backing_up.h"
#include "node/io/beacon_udp.h"
#include "node/io/control.h"
#include "node/io/event_queue.h"
#include "node/io/key_child.h"
#include "node/io/pool.h"
#include "node/io/tcp.h"
#include "node/io/web.h"

struct loop {
    uv_loop_t uv;
    uv_check_t turn; /* runs after the callbacks of each iteration */
    uv_timer_t deadline;
    uv_timer_t farewell; /* how long peers have to take our FIN */
    uv_signal_t terminate, interrupt;
    struct core *core; /* borrowed */
    struct event_queue queue;
    struct tcp tcp;
    struct beacon_udp beacon;
    struct control control;
    struct web web;
    struct page *page;
    struct web_identity identity; /* of the page; empty without TLS */
    int dir_fd;                   /* borrowed */
    uint64_t changes_seen;        /* core_changes, as pages were told */
    struct pool pool;
    struct key_children children;
    struct backing_up backing_up;
    bool is_ending;   /* a signal came: sessions end with FIN */
    bool is_stopping; /* no turn comes after this one */
    int exit_code;
};

/* Borrows the core and the directory until loop_close. On an error nothing is left. */
enum status loop_open(struct loop *loop, struct core *core, int dir_fd,
                      struct err *err) MUST_USE;
/* Opens the page at "host:port" (web_listen); names: what else it is called there, with
 * ports, parted by blanks. Borrows names for good. With TLS what web_identity_open says
 * may go wrong as well. */
enum status loop_open_page(struct loop *loop, const char *text, const char *names,
                           bool has_tls, char where[static ADDRESS_TEXT_SIZE],
                           struct err *err) MUST_USE;
/* Hears beacons from now on and, where the node listens ("address:port", else NULL),
 * sends them. What beacon_udp_open says may go wrong. */
enum status loop_open_beacon(struct loop *loop, const char *listening,
                             struct err *err) MUST_USE;
/* Turns until a signal or the core ends it; the exit code of the process. */
int loop_run(struct loop *loop);
/* Closes everything and waits until libuv has let go of it. */
void loop_close(struct loop *loop);

#endif
