/*
 * process: how the daemon and its children stand towards the system.
 */
#ifndef FENGQIAO_NODE_IO_PROCESS_H
#define FENGQIAO_NODE_IO_PROCESS_H

#include <stdbool.h>
#include <stddef.h>

/* No core dumps, no debugger of another user, files of this user only, no SIGPIPE; and
 * standard input, output and error are open, so that no file of ours takes their number.
 * Every mode calls it first. False: the system refuses. */
bool process_harden(void);

/* How many files this process may have open at once. */
size_t process_files_max(void);

/* Read or write exactly len bytes. False: less came or went. */
bool process_read_all(int fd, void *out, size_t len);
bool process_write_all(int fd, const void *data, size_t len);

#endif
