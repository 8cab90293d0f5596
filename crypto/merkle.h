/*
 * merkle: the trees of RFC 6962 §2.1 over SHA-256, their roots and their proofs, as
 * transparency logs have them.
 */
#ifndef FENGQIAO_CRYPTO_MERKLE_H
#define FENGQIAO_CRYPTO_MERKLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MERKLE_HASH_SIZE 32
/* Hashes of the longest proof: one for each level above the leaves of the largest tree,
 * and in a proof of consistency one for where it begins. */
#define MERKLE_PROOF_MAX 65

struct merkle_hash {
    uint8_t bytes[MERKLE_HASH_SIZE];
};

/* The root of a tree without leaves: the hash of nothing. */
void merkle_empty(struct merkle_hash *out);
/* What stands for len bytes of data in a tree. */
void merkle_leaf(struct merkle_hash *out, const void *data, size_t len);
/* out may be one of both. */
void merkle_node(struct merkle_hash *out, const struct merkle_hash *left,
                 const struct merkle_hash *right);
bool merkle_equal(const struct merkle_hash *a, const struct merkle_hash *b);

/*
 * For whoever has all leaves in order: the roots of the complete trees of which a tree is
 * made, which is all that its next leaf needs. Zeroed: the empty tree. hashes[i], of 2^i
 * leaves, counts where bit i of size is set.
 */
struct merkle_stack {
    uint64_t size;
    struct merkle_hash hashes[64];
};
/* Appends a leaf (its hash); at most 2^64 - 1. */
void merkle_stack_add(struct merkle_stack *stack, const struct merkle_hash *leaf);
void merkle_stack_root(const struct merkle_stack *stack, struct merkle_hash *out);

/*
 * For whoever keeps the hashes: the root of the complete tree of 2^level leaves that
 * begins with leaf place * 2^level. Asked for those only that lie in the tree whose size
 * is given below, about as many as it has levels. False: it cannot be read.
 */
struct merkle_source {
    bool (*node_at)(void *context, uint8_t level, uint64_t place,
                    struct merkle_hash *out);
    void *context;
};
/* The root of the first size leaves. False here and below: the source failed. */
bool merkle_root_at(const struct merkle_source *source, uint64_t size,
                    struct merkle_hash *out);
/* That leaf index is in the tree of that size (RFC 6962 §2.1.1); index < size, asserted.
 */
bool merkle_inclusion(const struct merkle_source *source, uint64_t index, uint64_t size,
                      struct merkle_hash proof[static MERKLE_PROOF_MAX], size_t *len);
/* That the tree of size from is how the one of size to began (RFC 6962 §2.1.2);
 * from <= to, asserted. Of nothing, and of the same tree, the proof is empty. */
bool merkle_consistency(const struct merkle_source *source, uint64_t from, uint64_t to,
                        struct merkle_hash proof[static MERKLE_PROOF_MAX], size_t *len);

/*
 * Verdicts on what others say, by RFC 9162 §2.1.3.2 and §2.1.4.2. Whatever the numbers
 * and the length of the proof: a proof that is too short or too long does not hold.
 */
/* The root that a proof leads to. False: it is none of that index and size. */
bool merkle_inclusion_root(struct merkle_hash *root, const struct merkle_hash *leaf,
                           uint64_t index, uint64_t size, const struct merkle_hash *proof,
                           size_t len);
bool merkle_inclusion_holds(const struct merkle_hash *leaf, uint64_t index, uint64_t size,
                            const struct merkle_hash *proof, size_t len,
                            const struct merkle_hash *root);
/* Any tree began with the empty one, and with itself: an empty proof then, and the root
 * must be that of the empty tree, or both roots the same. */
bool merkle_consistency_holds(uint64_t from, const struct merkle_hash *from_root,
                              uint64_t to, const struct merkle_hash *to_root,
                              const struct merkle_hash *proof, size_t len);

#endif
