/*
 * store_witness: the seal logs of others for which this machine is a witness, and proofs
 * against those that showed two histories, or fewer days than before (docs/LEDGER.md §3).
 */
#ifndef FENGQIAO_STORAGE_STORE_WITNESS_H
#define FENGQIAO_STORAGE_STORE_WITNESS_H

#include "proto/seal.h"
#include "storage/store.h"

/* How far a log has been seen. */
struct store_witnessed {
    struct seal_head head;
    struct id site;
    uint8_t machine[KEY_SIZE]; /* that signs it */
    struct bytes note;         /* its checkpoint; borrowed */
    uint64_t wall;             /* when that came */
    bool is_closed;            /* another log goes on from it: */
    char successor[SEAL_ORIGIN_SIZE];
};
/* In the place of what was seen of that log before; is_closed and successor stay. */
enum status store_witnessed_put(struct store *store,
                                const struct store_witnessed *log) MUST_USE;
typedef enum status store_witnessed_fn(void *context, const struct store_witnessed *log);
/* NOT_FOUND: it was never seen. */
enum status store_witnessed_get(struct store *store, const char *origin,
                                store_witnessed_fn *fn, void *context) MUST_USE;
/* The logs of a machine that none goes on from: one, or none yet; more where it is not
 * honest. */
enum status store_witnessed_open(struct store *store,
                                 const uint8_t machine[static KEY_SIZE],
                                 store_witnessed_fn *fn, void *context) MUST_USE;
/* All of them, in the order of their origins. */
enum status store_witnessed(struct store *store, store_witnessed_fn *fn,
                            void *context) MUST_USE;
/* From now on that other log goes on from it. */
enum status store_witnessed_close(struct store *store, const char *origin,
                                  const char *successor) MUST_USE;

/* Of one log so many proofs are kept: the first ones say all. */
#define SEAL_PROOFS_KEPT 4
/* A file that proves something about that log; the same one is kept once. */
enum status store_seal_proof_add(struct store *store, const char *origin, uint64_t wall,
                                 struct bytes file) MUST_USE;
typedef enum status store_seal_proof_fn(void *context, int64_t number,
                                        struct bytes origin, uint64_t wall,
                                        struct bytes file);
enum status store_seal_proofs(struct store *store, store_seal_proof_fn *fn,
                              void *context) MUST_USE;

#endif
