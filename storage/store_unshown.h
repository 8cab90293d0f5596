/*
 * store_unshown: ops of which some fields came withheld, and which another machine of our
 * site may hold whole (node/core/unshown.h). They are numbered in the order in which they
 * came, so that each machine is asked once for each.
 */
#ifndef FENGQIAO_STORAGE_STORE_UNSHOWN_H
#define FENGQIAO_STORAGE_STORE_UNSHOWN_H

#include "storage/store.h"

/* No change where it is listed. */
enum status store_unshown_add(struct store *store, const struct id *op) MUST_USE;
/* The first one behind that number (0: the first of all). NOT_FOUND. */
enum status store_unshown_next(struct store *store, int64_t behind, int64_t *number,
                               struct id *op) MUST_USE;
/* NOT_FOUND: nobody is asked for it. */
enum status store_unshown_has(struct store *store, const struct id *op) MUST_USE;
/* It is whole, or what lacks is to be shown nowhere: nobody is asked again. */
enum status store_unshown_close(struct store *store, const struct id *op) MUST_USE;

#endif
