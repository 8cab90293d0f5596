/*
 * store_pin_tries: how often a wrong PIN was given for a person since the last right one.
 * This node's own, outside the graph; kept, so that starting anew buys nobody a try.
 */
#ifndef FENGQIAO_STORAGE_STORE_PIN_TRIES_H
#define FENGQIAO_STORAGE_STORE_PIN_TRIES_H

#include "storage/store.h"

/* 0 where there was none. */
enum status store_pin_tries_get(struct store *store, const struct id *person,
                                uint64_t *count) MUST_USE;
/* 0: it is forgotten. */
enum status store_pin_tries_put(struct store *store, const struct id *person,
                                uint64_t count) MUST_USE;

#endif
