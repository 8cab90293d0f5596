/*
 * store_ledger: the two trees of the ledger as hash trees by RFC 6962 §2.1 over SHA-256.
 * The leaves of a tree are the ids of its ops in the order of their positions, so that a
 * root says which ops were committed here, and in which order. Derived: a rebuild makes
 * the same.
 *
 * Every size up to the number of ops has its root and its proofs, those of this
 * transaction included; each asks for O(log n) hashes and at most 30 ids.
 */
#ifndef FENGQIAO_STORAGE_STORE_LEDGER_H
#define FENGQIAO_STORAGE_STORE_LEDGER_H

#include "crypto/merkle.h"
#include "storage/store.h"

/* The hashes of an inclusion or a consistency proof, in the order of the RFC. */
struct store_ledger_proof {
    struct merkle_hash hashes[MERKLE_PROOF_MAX];
    size_t len;
};

/* The root of the first size leaves. NOT_FOUND: there are fewer. */
enum status store_ledger_root(struct store *store, enum ledger_tree tree, uint64_t size,
                              struct merkle_hash *root) MUST_USE;
/* That the op at that position stands in the tree of the first size leaves. NOT_FOUND. */
enum status store_ledger_inclusion(struct store *store, enum ledger_tree tree,
                                   uint64_t position, uint64_t size,
                                   struct store_ledger_proof *proof) MUST_USE;
/* That the tree of the first from leaves is the beginning of that of the first to.
 * NOT_FOUND. */
enum status store_ledger_consistency(struct store *store, enum ledger_tree tree,
                                     uint64_t from, uint64_t to,
                                     struct store_ledger_proof *proof) MUST_USE;

#endif
