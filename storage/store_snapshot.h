/*
 * store_snapshot: the ops as they were when their tree of the ledger had so many. Ops get
 * positions as they enter and never leave, so that whoever reads a part now and the next
 * one later, while others write, sees one state: the same rows, however often contents
 * are erased meanwhile.
 */
#ifndef FENGQIAO_STORAGE_STORE_SNAPSHOT_H
#define FENGQIAO_STORAGE_STORE_SNAPSHOT_H

#include "storage/store.h"

/* The ops of a scope at positions below size, those behind (time, id) alone, in the order
 * of both; from the first one on: behind (0, zeros). A status other than OK from fn ends
 * the walk and is returned. */
enum status store_snapshot_ops(struct store *store, const struct id *scope, uint64_t size,
                               uint64_t time, const struct id *id, store_op_fn *fn,
                               void *context) MUST_USE;
/* Where each of them stands in its tree, and when it claims to be written, in any order.
 */
typedef enum status store_snapshot_fn(void *context, uint64_t position, uint64_t wall);
enum status store_snapshot_places(struct store *store, const struct id *scope,
                                  uint64_t size, store_snapshot_fn *fn,
                                  void *context) MUST_USE;
/* The folded case or escalation of the least id above that one (zeros: of all).
 * NOT_FOUND: there is none. */
enum status store_snapshot_next(struct store *store, const struct id *after,
                                struct id *scope, enum scope_kind *kind) MUST_USE;

#endif
