/*
 * client: one connection to the node's control socket. Framing and numbering as in
 * docs/API.md; every answer passes the strict gate before anybody reads it.
 */
#ifndef FENGQIAO_CLI_CLIENT_H
#define FENGQIAO_CLI_CLIENT_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/bytes.h"
#include "proto/err.h"
#include "proto/status.h"

/* A zeroed struct is closed; is_open says otherwise. */
struct client {
    bool is_open;
    int fd;
    uint64_t sent, received; /* requests and answers so far */
    struct buf in;           /* the last answer */
};

struct client_answer {
    enum status status;
    struct bytes result; /* one MessagePack value; borrowed until the next receive */
};

/* Connects to dir/control.sock. IO with a sentence that says how to start the
 * node. */
enum status client_open(struct client *client, const char *dir, struct err *err) MUST_USE;
/* Accepts a zeroed struct. */
void client_close(struct client *client);

/* Sends one request; arguments is a canonical map. CLOSED, IO, TOO_LARGE, NO_MEMORY. */
enum status client_send(struct client *client, const char *method, struct bytes arguments,
                        struct err *err) MUST_USE;
/* The answer to the oldest request without one. CLOSED, IO, INVALID, TOO_LARGE. */
enum status client_receive(struct client *client, struct client_answer *answer,
                           struct err *err) MUST_USE;

#endif
