/*
 * desk: a device that is signed in, and the client of the core that speaks for it. Its
 * visits come one after another: the core answers one that asks for a PIN later. For the
 * files of this folder alone.
 */
#ifndef FENGQIAO_PAGE_DESK_H
#define FENGQIAO_PAGE_DESK_H

#include "crypto/digest.h"
#include "node/page/visit.h"

#define DESKS_MAX FAR_CLIENTS_MAX
#define DESK_REST_MS (UINT64_C(15) * 60 * 1000)

struct desk {
    uint64_t client;            /* 0: free */
    uint8_t token[DIGEST_SIZE]; /* digest of it */
    uint64_t last_ms;
    struct visit *first; /* the one that is under way; the others wait behind it */
};

struct page {
    struct page_io io;
    struct rng rng;
    const char *names;
    uint64_t next_client;
    struct desk desks[DESKS_MAX];
};

/* The desk of that token, or a free one; where all are taken, the one that rests
 * longest. NULL: all are at work. */
struct desk *desk_for(struct page *page, const uint8_t token[static TOKEN_SIZE]);
/* NULL: it is none of ours, or was closed. */
struct desk *desk_of_client(struct page *page, uint64_t client);
/* From now on that token leads to it. */
void desk_rename(struct desk *desk, struct bytes token);
/* As another client: answers that are still to come are nobody's. */
void desk_reopen(struct page *page, struct desk *desk);
void desk_close(struct page *page, struct desk *desk);
/* Puts the visit behind the others. True: it is the first. */
bool desk_join(struct desk *desk, struct visit *visit);
/* The first visit is over. */
struct visit *desk_take(struct desk *desk);

#endif
