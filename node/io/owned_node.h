/*
 * owned_node: a founded directory D that this process owns: its key, its store, its core.
 * The store's lock makes the owner the only one.
 */
#ifndef FENGQIAO_NODE_IO_OWNED_NODE_H
#define FENGQIAO_NODE_IO_OWNED_NODE_H

#include <stdbool.h>

#include "node/core/core.h"
#include "node/io/node_key.h"

#define STORE_NAME "node.db"

struct owned_node {
    int dir_fd;
    struct node_key *key; /* secret memory */
    struct store *store;
    struct core *core;
};

/* The directory, open; -1 with the reason in err. */
int owned_node_dir(const char *dir, struct err *err);
/* Opens D/node.db. create as in store_open. */
enum status owned_node_store(struct store **store, const char *dir, bool create,
                             struct err *err) MUST_USE;

/* Key, store and core. 0, or the exit code of the process; err says why. On failure
 * nothing is left open. */
int owned_node_open(struct owned_node *node, const char *dir, bool listens,
                    struct err *err) MUST_USE;
/* D/node.key holds the keys that the core has. IO, NO_MEMORY. */
enum status owned_node_keep_keys(const struct core *core, int dir_fd,
                                 struct err *err) MUST_USE;
/* Accepts a zeroed node. */
void owned_node_close(struct owned_node *node);

#endif
