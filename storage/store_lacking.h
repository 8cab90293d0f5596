/*
 * store_lacking: pieces of files that went up with a record (node/cases/attached.h),
 * which this node is shown and has not yet. Derived: what is in store_chunks lacks no
 * more.
 */
#ifndef FENGQIAO_STORAGE_STORE_LACKING_H
#define FENGQIAO_STORAGE_STORE_LACKING_H

#include "storage/store.h"

struct store_piece {
    struct id op; /* that names the file */
    uint32_t piece;
    struct id digest;
    struct id scope;
};
/* Nothing changes where it is here, or known to lack. */
enum status store_lacking_add(struct store *store,
                              const struct store_piece *piece) MUST_USE;
/* The first in order of (op, piece) whose op is not below from, of a scope that the pair
 * with that site shares. NOT_FOUND. */
enum status store_lacking_next(struct store *store, const struct id *site,
                               const struct id *from, struct store_piece *piece) MUST_USE;
/* That piece of that op. NOT_FOUND: it does not lack. */
enum status store_lacking_get(struct store *store, const struct id *op, uint32_t number,
                              struct store_piece *piece) MUST_USE;
/* It came. */
enum status store_lacking_came(struct store *store, const struct id *op,
                               uint32_t number) MUST_USE;
/* None of the op's pieces is waited for any more. */
enum status store_lacking_drop(struct store *store, const struct id *op) MUST_USE;
/* How many pieces of the op's file lack. */
enum status store_lacking_of(struct store *store, const struct id *op,
                             uint64_t *count) MUST_USE;

#endif
