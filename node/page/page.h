/*
 * page: the face for browsers. A request of HTTP becomes calls of the API, their answers
 * become a page. It has no socket, no clock and no core: io hands it what came and
 * carries out what it asks for. Each device that is signed in is one client of the core.
 */
#ifndef FENGQIAO_PAGE_PAGE_H
#define FENGQIAO_PAGE_PAGE_H

#include <stdbool.h>

#include "crypto/rng.h"
#include "proto/bytes.h"
#include "proto/limits.h"

/* Numbers of clients from here on are the page's; those of the control socket are
 * below. */
#define PAGE_CLIENT_FIRST (UINT64_C(1) << 48)

struct page;

enum page_method { PAGE_GET, PAGE_POST, PAGE_OTHER };

/* All bytes are borrowed for the call; absent headers are empty. */
struct page_request {
    enum page_method method;
    struct bytes path, query; /* query: without its question mark */
    struct bytes host, origin, cookie, languages, type, body;
    struct bytes authorization, once; /* Authorization, Idempotency-Key: of programs */
    struct bytes local;               /* "address:port" at which the connection came in */
    bool is_tls;
};

/* What goes out. The body belongs to whoever has the response. */
struct page_response {
    int code;
    const char *type;   /* Content-Type */
    const char *policy; /* Content-Security-Policy */
    bool is_lasting;    /* may be kept by the browser: what never changes */
    bool is_stream;     /* events from now on (`data: changed`), and no body */
    char location[512], cookie[192], disposition[96]; /* empty: no such header */
    struct buf body;
};

/* What the page asks for; each is called within a page_* call. */
struct page_io {
    void *context;
    void (*client_open)(void *context, uint64_t client);
    void (*client_request)(void *context, uint64_t client, struct bytes request);
    void (*client_close)(void *context, uint64_t client);
    /* The visit is over. Takes the body. */
    void (*respond)(void *context, uint64_t visit, struct page_response *response);
};

struct page_config {
    struct page_io io;
    struct rng rng;
    const char *names; /* what else it is called: "pi.local:8080 …"; borrowed for good */
};

/* NULL: no memory. */
struct page *page_new(const struct page_config *config);
void page_free(struct page *page);

/* The most bytes that a request of that path may bring. */
#define PAGE_BODY_MAX (4u * 1024 * 1024)     /* a photo and a form around it */
#define PAGE_BODY_LARGEST (9u * 1024 * 1024) /* several files of a bundle */
size_t page_body_max(struct bytes path);

/* A request is whole. Its number was never used before. Ends with respond, now or after
 * answers of the core. */
void page_visit(struct page *page, uint64_t visit, const struct page_request *request,
                uint64_t now_ms);
/* The core has answered a client of ours. */
void page_answer(struct page *page, uint64_t client, struct bytes answer,
                 uint64_t now_ms);
/* Closes the clients of devices that have rested for DESK_REST_MS. */
void page_tick(struct page *page, uint64_t now_ms);
uint64_t page_deadline(const struct page *page);

#endif
