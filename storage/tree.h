/*
 * tree: an ordered set of items in the table nodes, counted and summed, so that an item's
 * place, the item at a place and the sum of any range take one way down from the root.
 *
 *   key    the timestamp (4 bytes, big-endian) and the id: ordered as bytes
 *   node   level(1), 0 for a leaf ‖ entries
 *   leaf   its keys, in order
 *   inner  of each child: key(36) ‖ number(8) ‖ count of items(8) ‖ their sum(32). What
 *          stands beneath it sorts at or after its key, and before that of the next
 *
 * Which nodes there are depends on the order of arrival; the set, its counts and its sums
 * do not. The root keeps its number. A node fits one page of the database.
 *
 * One cursor serves all trees of a store, and keeps the nodes of the last way down;
 * changes are written when it goes elsewhere, and by tree_flush. Any other status than
 * those named is a fault of the store or CORRUPT.
 */
#ifndef FENGQIAO_STORAGE_TREE_H
#define FENGQIAO_STORAGE_TREE_H

#include <stdint.h>

#include "proto/negentropy_sum.h"
#include "storage/store.h"

#define TREE_KEY_SIZE 36

struct tree;

struct tree *tree_new(struct store *store); /* NULL: out of memory */
void tree_free(struct tree *tree);
/* The transaction was rolled back: nothing that was kept is so. */
void tree_forget(struct tree *tree);
enum status tree_flush(struct tree *tree) MUST_USE;

/* A new and empty one. */
enum status tree_make(struct tree *tree, int64_t *root) MUST_USE;
enum status tree_add(struct tree *tree, int64_t root,
                     const uint8_t key[static TREE_KEY_SIZE]) MUST_USE; /* EXISTS */
enum status tree_remove(struct tree *tree, int64_t root,
                        const uint8_t key[static TREE_KEY_SIZE]) MUST_USE; /* NOT_FOUND */

/* How many items there are, and their sum; either may be NULL. */
enum status tree_total(struct tree *tree, int64_t root, uint64_t *count,
                       struct negentropy_sum *sum) MUST_USE;
/* The place of the first item that does not sort before key. OK: it is key itself;
 * NOT_FOUND: it is not, or there is none. */
enum status tree_find(struct tree *tree, int64_t root,
                      const uint8_t key[static TREE_KEY_SIZE], uint64_t *place) MUST_USE;
/* The item at a place. NOT_FOUND: there are not so many. */
enum status tree_at(struct tree *tree, int64_t root, uint64_t place,
                    uint8_t key[static TREE_KEY_SIZE]) MUST_USE;
/* The sum of all items before a place. */
enum status tree_sum_before(struct tree *tree, int64_t root, uint64_t place,
                            struct negentropy_sum *sum) MUST_USE;
/* Looks at every node: CORRUPT where order, counts or sums are not as promised. Adds the
 * nodes to *nodes. */
enum status tree_check(struct tree *tree, int64_t root, uint64_t *nodes) MUST_USE;

#endif
