/*
 * sim_seen: what hosts let out, in order: dials, chunks of ciphertext, ends of
 * connections, the messages inside before they are encrypted, and lines of log. The
 * canary is looked for in it (watch_canary), and twins are compared by it (sim_twin).
 */
#ifndef FENGQIAO_TESTS_SIM_SEEN_H
#define FENGQIAO_TESTS_SIM_SEEN_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/bytes.h"

enum sight_kind {
    SIGHT_DIAL,    /* bytes: the address */
    SIGHT_CHUNK,   /* the bytes go by their digest alone */
    SIGHT_CLOSE,   /* of a connection, by that host */
    SIGHT_MESSAGE, /* plaintext */
    SIGHT_LOG,     /* a line */
    SIGHT_DISK,    /* at the end, by its digest: where no private case is */
    SIGHT_STICK,   /* a file for a stick, by its digest */
    SIGHT_BUNDLE,  /* what is in it, without its padding */
};

struct sight {
    enum sight_kind kind;
    int host;          /* that let it out */
    uint64_t ms, conn; /* conn: of a bundle, its number */
    uint64_t mark;     /* of the bytes' digest; 0 where the bytes are kept */
    size_t at, len;
};

struct sim_seen {
    struct sight *sights;
    uint32_t len, capacity;
    struct buf bytes;
    uint32_t has_cases; /* bit of each host with cases of its own */
};

/* Keeps the bytes of a dial, a message and a line. Never fails: no memory aborts. */
void sim_seen_add(struct sim_seen *seen, enum sight_kind kind, int host, uint64_t ms,
                  uint64_t conn, struct bytes bytes);
/* The bytes of one, empty where they are not kept. Borrowed until the next is added. */
struct bytes sim_seen_bytes(const struct sim_seen *seen, const struct sight *sight);
/* "message", … */
const char *sim_seen_word(enum sight_kind kind);
void sim_seen_deinit(struct sim_seen *seen);

#endif
