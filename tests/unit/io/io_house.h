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

#include "proto/bytes.h"

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
