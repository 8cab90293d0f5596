/*
 * full_store: a store in which every table holds something, and everything that may be
 * asked of one: what is driven through faults (test_storage_failing.c and its
 * neighbours).
 */
#ifndef FENGQIAO_TESTS_FULL_STORE_H
#define FENGQIAO_TESTS_FULL_STORE_H

#include "tests/unit/storage/store_sample.h"

/* Scopes, sites, a machine and a line of a table, for sample_id. */
enum { FULL_OURS = 0x10, FULL_RECORD, FULL_FRESH };
enum { FULL_SITE = 0xa0, FULL_THIRD, FULL_MACHINE = 0xc0, FULL_LINE };

#define FULL_MANY 33 /* two groups whose hashes are kept, and their tree */

/* Ops in it, the case by its own id, but for `later` and `fresh`, which may come;
 * `waiting` and `lost` wait. */
struct full_ops {
    struct sample_op ours, first, second, later, in_case, waiting, lost, fresh;
    struct sample_op
        many[FULL_MANY]; /* which may come, to make a tree of the ledger grow */
};
extern struct full_ops full;

void full_make_ops(void);
void full_free_ops(void);
/* Fills a new store, in one transaction. */
void full_fill(struct store *store);
/* The folded row of a scope; the digest of its heads is 32 times that byte. */
enum status full_fold(struct store *store, uint8_t scope, enum scope_kind kind,
                      uint8_t digest);
struct store_quarantine full_apart(uint8_t byte);
const struct store_peer *full_peer(void);

/* One thing that is asked, in a transaction that the caller has begun and ends. */
struct full_request {
    const char *name;
    enum status (*ask)(struct store *store);
};
/* Ops, and what is derived from them; what this node keeps for itself, for those who come
 * over the network, of bundles, of
 * backups and of seals. */
extern const struct full_request full_derived[], full_own[], full_far[], full_bundles[],
    full_backup[], full_seals[];
extern const size_t full_derived_len, full_own_len, full_far_len, full_bundles_len,
    full_backup_len, full_seals_len;

/* What requests were told is kept, to be compared. */
void full_hear(struct bytes told);
void full_hear_id(const struct id *id);
void full_hear_number(uint64_t number);
extern struct buf full_heard;

#endif
