/*
 * saved_file: a file that is there whole or not at all: written beside its place, synced,
 * renamed, the directory synced. A signal in the middle leaves nothing behind.
 */
#ifndef FENGQIAO_CLI_SAVED_FILE_H
#define FENGQIAO_CLI_SAVED_FILE_H

#include "proto/bytes.h"
#include "proto/err.h"

/* Writes data to path (mode 0600); an older file of that name is replaced at once. EXISTS
 * where something stands there that is no plain file; FULL, IO. err says "NOT written".
 */
enum status saved_file_write(const char *path, struct bytes data,
                             struct err *err) MUST_USE;

/* The same of a file that fn writes itself, by its name, which stands there empty. fn
 * says why not in err. */
typedef enum status saved_file_fn(void *context, const char *part, struct err *err);
enum status saved_file_make(const char *path, saved_file_fn *fn, void *context,
                            struct err *err) MUST_USE;
/* For such a fn: data goes behind what the part has. path: of the file that it becomes.
 */
enum status saved_file_add(const char *path, const char *part, struct bytes data,
                           struct err *err) MUST_USE;

#endif
