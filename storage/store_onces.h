/*
 * store_onces: what was answered to a request that carried a once, so that the same
 * request gets the same answer and does nothing again. This node's own, outside the
 * graph; the last ONCES_MAX are kept.
 */
#ifndef FENGQIAO_STORAGE_STORE_ONCES_H
#define FENGQIAO_STORAGE_STORE_ONCES_H

#include "storage/store.h"

/* once: of a person and the bytes that it sent; asked: of what was asked. */
enum status store_once_add(struct store *store, const struct id *once,
                           const struct id *asked, struct bytes answer) MUST_USE;
/* Appends the answer. NOT_FOUND. */
enum status store_once_get(struct store *store, const struct id *once, struct id *asked,
                           struct buf *answer) MUST_USE;

#endif
