/*
 * store_seals: the seal logs of this machine (docs/LEDGER.md): one for each of its lives,
 * of which the last one grows, and what witnesses said of them.
 */
#ifndef FENGQIAO_STORAGE_STORE_SEALS_H
#define FENGQIAO_STORAGE_STORE_SEALS_H

#include "proto/seal.h"
#include "storage/store.h"

/* Another log begins; its number, 0 and up. EXISTS: that origin is one of ours. */
enum status store_seal_log_begin(struct store *store, const char *origin,
                                 int64_t *log) MUST_USE;
/* The one that grows. NOT_FOUND: there is none yet. */
enum status store_seal_log_last(struct store *store, int64_t *log,
                                char origin[static SEAL_ORIGIN_SIZE]) MUST_USE;
enum status store_seal_log_get(struct store *store, int64_t log,
                               char origin[static SEAL_ORIGIN_SIZE]) MUST_USE;

struct store_seal {
    uint64_t place;    /* of the leaf in its log */
    struct bytes leaf; /* borrowed */
    uint8_t secret[SEAL_SECRET_SIZE];
    uint64_t private_size, shared_size; /* of the trees that it seals */
};
/* EXISTS: there is one at that place. */
enum status store_seal_add(struct store *store, int64_t log,
                           const struct store_seal *seal) MUST_USE;
enum status store_seals_len(struct store *store, int64_t log, uint64_t *len) MUST_USE;
typedef enum status store_seal_fn(void *context, const struct store_seal *seal);
/* In their order. */
enum status store_seals(struct store *store, int64_t log, store_seal_fn *fn,
                        void *context) MUST_USE;

/* The checkpoint of that size, with our signature and the cosignature of that witness, in
 * the place of an earlier one. */
enum status store_cosigned_put(struct store *store, int64_t log, const char *witness,
                               uint64_t size, struct bytes note) MUST_USE;
/* Of the newest one; 0: there is none. */
enum status store_cosigned_get(struct store *store, int64_t log, const char *witness,
                               uint64_t *size) MUST_USE;
typedef enum status store_cosigned_fn(void *context, struct bytes witness, uint64_t size,
                                      struct bytes note);
enum status store_cosigned(struct store *store, int64_t log, store_cosigned_fn *fn,
                           void *context) MUST_USE;

#endif
