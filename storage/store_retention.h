/*
 * store_retention: closed cases, since when, and what notice stands of what will be
 * erased of them. This node's own knowledge, not derived.
 */
#ifndef FENGQIAO_STORAGE_STORE_RETENTION_H
#define FENGQIAO_STORAGE_STORE_RETENTION_H

#include "storage/store.h"

struct store_retention {
    struct id scope;
    uint64_t closed_at; /* wall seconds by a trusted clock; 0: none was there yet */
    uint8_t due;        /* 0: nothing; else as in retire.h */
    uint64_t notice_s;  /* running time for which the notice has stood */
};
/* The case is closed; where it was known to be, nothing changes. */
enum status store_retention_begin(struct store *store, const struct id *scope) MUST_USE;
/* NOT_FOUND: it is not among the closed. */
enum status store_retention_put(struct store *store,
                                const struct store_retention *row) MUST_USE;
/* It is open again, or nothing is left to erase. */
enum status store_retention_end(struct store *store, const struct id *scope) MUST_USE;
/* Every notice stands from now on. */
enum status store_retention_restart(struct store *store) MUST_USE;
/* Of how many a notice stands. */
enum status store_retention_count_due(struct store *store, uint64_t *count) MUST_USE;
typedef enum status store_retention_fn(void *context, const struct store_retention *row);
/* In order of scope; fn may change rows. */
enum status store_retentions(struct store *store, store_retention_fn *fn,
                             void *context) MUST_USE;

#endif
