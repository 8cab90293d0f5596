/*
 * web: HTTP for browsers, by libmicrohttpd in the loop. It gathers whole requests within
 * limits and hands each on once; what is answered it sends. It decides nothing.
 */
#ifndef FENGQIAO_NODE_IO_WEB_H
#define FENGQIAO_NODE_IO_WEB_H

#include <stdbool.h>
#include <stdint.h>

#include <uv.h>

#include "node/io/address.h"
#include "node/io/web_identity.h"
#include "node/page/page.h"
#include "proto/err.h"

/* One phone opens up to six connections at once. */
#define WEB_CONNECTIONS_MAX 192
#define WEB_CONNECTIONS_PER_ADDRESS_MAX 12
#define WEB_CONNECTION_MEMORY 16384 /* for the head of a request, and what is read */
#define WEB_BODIES_MAX (12u * 1024 * 1024) /* of all requests together */
#define WEB_REQUEST_DEADLINE_MS 20000      /* for a head, and for a connection at rest */
#define WEB_BODY_DEADLINE_MS 120000
#define WEB_ANSWER_DEADLINE_MS 60000 /* for a browser to take what it asked for */
/* A stream of events ends after a while, and the browser asks anew for whether it may. */
#define WEB_STREAM_MS 600000
#define WEB_BEAT_MS 15000 /* so that a browser that left is noticed */

struct MHD_Daemon;
struct web_visit;

typedef void web_on_request(void *context, uint64_t visit,
                            const struct page_request *request);

struct web {
    uv_loop_t *uv;
    uv_poll_t ready;
    uv_timer_t timer;
    struct MHD_Daemon *daemon; /* NULL: not listening */
    bool is_closing, has_handles, is_changed, is_tls;
    web_on_request *on_request;
    void *context;
    uint64_t next_visit;
    uint64_t said_ms; /* when streams were last looked at */
    size_t bodies;    /* bytes of all requests that are on their way in */
    struct web_visit *visits[WEB_CONNECTIONS_MAX];
    struct web_conn *conns; /* a list */
};

void web_init(struct web *web, uv_loop_t *uv, web_on_request *on_request, void *context);
/* Listens on "host:port", of which the host is an address; with port 0 the system
 * chooses. identity: TLS by it, borrowed until web_close; NULL: without. where receives
 * what it became. INVALID, BUSY (in use, or not ours), IO. */
enum status web_listen(struct web *web, const char *text,
                       const struct web_identity *identity,
                       char where[static ADDRESS_TEXT_SIZE], struct err *err) MUST_USE;

/* What the visit gets; takes the body. A browser that has left is not an error. */
void web_respond(struct web *web, uint64_t visit, struct page_response *response);
/* What pages show may have changed: their streams say so within a second. */
void web_changed(struct web *web);
/* After a turn: sends what was answered. */
void web_resume(struct web *web);
void web_close(struct web *web);

#endif
