/*
 * io_house: what the tests of this room share: a loop of libuv that is turned until
 * something has come about, a folder of its own, and sockets of somebody else.
 */
#ifndef FENGQIAO_TESTS_IO_HOUSE_H
#define FENGQIAO_TESTS_IO_HOUSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uv.h>

#include "node/io/event_queue.h"
#include "proto/bytes.h"

/* Every event so far. */
struct io_seen {
    struct event *events;
    size_t len;
};

/* Moves what the queue holds to the end of what was seen. */
void io_house_gather(struct event_queue *queue, struct io_seen *seen);
/* How many of a type there are, of that connection and client. */
size_t io_house_count(const struct io_seen *seen, enum event_type type, uint64_t conn,
                      uint64_t client);
void io_house_forget(struct io_seen *seen);

/* Turns the loop until is_so says so. False: it did not within many turns. */
bool io_house_turn_until(uv_loop_t *uv, bool (*is_so)(void *context), void *context);
/* A few turns, for what should not come about. */
void io_house_turn(uv_loop_t *uv);

/* A socket that is connected to 127.0.0.1:port and does not wait; room: what the system
 * keeps for what was not read, 0: as it likes. */
int io_house_knock(int port, int room);
/* The port of "address:port". */
int io_house_port(const char *where);
/* All of it, now. */
void io_house_say(int fd, const void *data, size_t len);
/* Adds what has come. False: the other side has ended. */
bool io_house_hear(int fd, struct buf *heard);

#endif
