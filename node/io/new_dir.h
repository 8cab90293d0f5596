/*
 * new_dir: the directory of a node that is being made, and that goes again where this
 * does not come to its end.
 */
#ifndef FENGQIAO_NODE_IO_NEW_DIR_H
#define FENGQIAO_NODE_IO_NEW_DIR_H

#include <stdbool.h>

#include "proto/err.h"

struct new_dir {
    const char *path; /* borrowed until new_dir_end */
    int fd;           /* -1: it is not open */
    bool is_made;     /* it was not there before */
};

/* Opens it, made or found empty, mode 0700. EXISTS: it holds something, or cannot be
 * made; IO. new_dir_end comes after it in every case. */
enum status new_dir_make(struct new_dir *dir, const char *path, struct err *err) MUST_USE;
/* It and its entry in the directory above it are durable. */
enum status new_dir_sync(const struct new_dir *dir, struct err *err) MUST_USE;
/* Closes it. Not kept: what was made in it is removed, and itself where it was made. */
void new_dir_end(struct new_dir *dir, bool is_kept);

#endif
