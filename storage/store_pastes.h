/*
 * store_pastes: what somebody pasted in, until it becomes a case or has had its time.
 * This node's own, outside the graph: no op says it. One that is gone is in no byte of
 * the file any more when that is committed.
 */
#ifndef FENGQIAO_STORAGE_STORE_PASTES_H
#define FENGQIAO_STORAGE_STORE_PASTES_H

#include "storage/store.h"

/* As it is added, without its number; texts and key are borrowed. */
struct store_paste {
    int64_t number;
    struct id digest; /* of what it says: the same is kept once */
    struct id author; /* who pasted it in */
    uint64_t wall;    /* claimed; 0: unknown */
    uint64_t left_s;  /* of running time */
    struct bytes text;
    struct bytes type; /* of the photo; empty: there is none */
    uint64_t size;     /* of the photo */
    struct bytes key;  /* of its pieces; empty where there is none */
};

enum status store_paste_add(struct store *store, const struct store_paste *paste,
                            int64_t *number) MUST_USE;
/* Pieces of a photo, sealed, from 0 on. */
enum status store_paste_piece_add(struct store *store, int64_t number, uint32_t piece,
                                  struct bytes sealed) MUST_USE;
/* Appends the sealed bytes. NOT_FOUND. */
enum status store_paste_piece_get(struct store *store, int64_t number, uint32_t piece,
                                  struct buf *sealed) MUST_USE;
/* The number of the one that says the same. NOT_FOUND. */
enum status store_paste_find(struct store *store, const struct id *digest,
                             int64_t *number) MUST_USE;
typedef enum status store_paste_fn(void *context, const struct store_paste *paste);
/* NOT_FOUND. */
enum status store_paste_get(struct store *store, int64_t number, store_paste_fn *fn,
                            void *context) MUST_USE;
/* In the order in which they came. */
enum status store_pastes(struct store *store, store_paste_fn *fn, void *context) MUST_USE;
/* So much running time has passed for all of them; those whose time is over are gone, and
 * *ended says how many. */
enum status store_pastes_run(struct store *store, uint64_t ran_s,
                             uint32_t *ended) MUST_USE;
/* With its pieces. NOT_FOUND. */
enum status store_paste_remove(struct store *store, int64_t number) MUST_USE;

#endif
