/*
 * splice: one connection of the child and the one to the parent that stands for it. A
 * Noise_XK connection is opened here with both nodes' own keys: to the child we are the
 * parent, to the parent the child. Each frame goes on as it came: the same bytes used,
 * the same class, fin as fin; each side seals and rekeys for itself. What is no XK
 * (pairing, whose key we do not have) passes untouched and is recorded as opaque.
 *
 * Happy path: splice_open → splice_readable, splice_writable as poll says → is_over →
 * splice_close. Failure modes: an end resets (the other is closed too), a byte that does
 * not hold (fault, both ends closed), a child that is not the one we have keys for (the
 * same). All of it is recorded; none of it ends the wiretap.
 */
#ifndef FENGQIAO_E2E_SPLICE_H
#define FENGQIAO_E2E_SPLICE_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/channel.h"
#include "tests/e2e/wiretap/transcript.h"

/* While more than this waits to be written to one end, nothing is read from the other. */
#define SPLICE_UNSENT_MAX (1024 * 1024)

struct splice_keys {
    struct id network;
    uint8_t child_secret[32], child_public[32];
    uint8_t parent_secret[32], parent_public[32];
};

struct splice_end {
    const char *name; /* "child" or "parent" */
    int fd;
    struct channel channel;
    struct buf raw; /* read, and not a whole unit yet, or the other end is not open */
    struct buf out; /* to be written */
    struct transcript_end count;
    bool is_at_end, is_shut, has_channel;
    uint32_t handshakes; /* messages of the handshake that came from this end */
};

struct splice {
    uint64_t number;
    const char *kind;  /* NULL until its first bytes tell */
    const char *fault; /* why it was given up, or NULL */
    struct splice_end child, parent;
    const struct splice_keys *keys;
    struct transcript *transcript;
    bool is_over;
};

/* Takes both descriptors, which must not block. keys and transcript are borrowed for its
 * life. */
void splice_open(struct splice *splice, uint64_t number, int child_fd, int parent_fd,
                 const struct splice_keys *keys, struct transcript *transcript);
/* What poll should wait for at this end. */
bool splice_wants_read(const struct splice *splice, const struct splice_end *end);
bool splice_wants_write(const struct splice_end *end);
/* Reads once, moves on what is whole, writes what can be written. */
void splice_readable(struct splice *splice, struct splice_end *end);
void splice_writable(struct splice *splice, struct splice_end *end);
/* Records the end and lets go of both descriptors. */
void splice_close(struct splice *splice);

#endif
