/*
 * transcript: what the wiretap saw, a JSON object a line, each written out at once. The
 * reader of these lines is tests/e2e/egress.mjs.
 *
 *   open       conn, kind: tapped (Noise_XK, the keys are ours) or opaque (anything else)
 *   handshake  conn, from, bytes: one message of the handshake as it came
 *   frame      conn, from, bytes (length prefix included), used, fin
 *   message    conn, from, name, bytes, hex: all of it; `ops` also taken apart
 *   close      conn, kind, and for each end the bytes read, written and left over
 */
#ifndef FENGQIAO_E2E_TRANSCRIPT_H
#define FENGQIAO_E2E_TRANSCRIPT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "proto/op.h"

struct transcript {
    FILE *file;
    struct id network;
    struct op op; /* too large for a stack */
};

/* What one end of a connection gave and took, in bytes of the socket. */
struct transcript_end {
    uint64_t read, written;
    size_t left; /* came and was never a whole unit */
};

void transcript_open(struct transcript *transcript, uint64_t conn, const char *kind);
void transcript_handshake(struct transcript *transcript, uint64_t conn, const char *from,
                          size_t bytes);
void transcript_frame(struct transcript *transcript, uint64_t conn, const char *from,
                      size_t bytes, size_t used, bool is_fin);
void transcript_message(struct transcript *transcript, uint64_t conn, const char *from,
                        struct bytes message);
/* fault: why the wiretap gave the connection up, or NULL. */
void transcript_close(struct transcript *transcript, uint64_t conn, const char *kind,
                      const struct transcript_end *child,
                      const struct transcript_end *parent, const char *fault);

#endif
