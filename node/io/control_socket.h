/*
 * control_socket: the file D/control.sock itself: made, found stale, removed.
 */
#ifndef FENGQIAO_NODE_IO_CONTROL_SOCKET_H
#define FENGQIAO_NODE_IO_CONTROL_SOCKET_H

#include <sys/stat.h>

#include "proto/err.h"

/* A bound socket, mode 0600, not yet listening; *fd is the caller's. A stale one is
 * removed first. BUSY: somebody answers there; EXISTS: it is no socket; IO. */
enum status control_socket_bind(int dir_fd, const char *name, int *fd, struct stat *made,
                                struct err *err) MUST_USE;
/* Removes it if it is still the one that was made. */
void control_socket_remove(int dir_fd, const char *name, const struct stat *made);

#endif
