/*
 * new_dir: the directory of a node that is being made, and that goes again where this
 * does not come to its end.
 */
#ifndef FENGQIAO_NODE_IO_NEW_DIR_H
#define FENGQIAO_NODE_IO_NEW_DIR_H

#include <stdbool.h>

#include "proto/err.h"

/* Opens it, made or found empty, mode 0700. EXISTS: it holds something, or cannot be
 * made; IO. *dir_fd is -1 where there is nothing to close, *is_made whether it was not
 * there. */
enum status new_dir_make(const char *dir, int *dir_fd, bool *is_made,
                         struct err *err) MUST_USE;
/* Removes what was made in it, and itself where it was made. */
void new_dir_unmake(const char *dir, int dir_fd, bool is_made);
/* It and its entry in the directory above it are durable. */
enum status new_dir_sync(const char *dir, int dir_fd, struct err *err) MUST_USE;

#endif
