#include "crypto/merkle.h"

#include <assert.h>
#include <string.h>

#include <sodium.h>

/* What keeps leaves and nodes apart (RFC 6962 §2.1). */
#define LEAF 0
#define NODE 1

/* ---- hashes ---- */

void merkle_empty(struct merkle_hash *out)
{
    (void)crypto_hash_sha256(out->bytes, NULL, 0); /* cannot fail, as those below */
}

void merkle_leaf(struct merkle_hash *out, const void *data, size_t len)
{
    static const uint8_t prefix[] = {LEAF};
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, prefix, sizeof(prefix));
    crypto_hash_sha256_update(&state, data, len);
    crypto_hash_sha256_final(&state, out->bytes);
}

void merkle_node(struct merkle_hash *out, const struct merkle_hash *left,
                 const struct merkle_hash *right)
{
    uint8_t input[1 + 2 * MERKLE_HASH_SIZE] = {NODE};
    memcpy(input + 1, left->bytes, MERKLE_HASH_SIZE);
    memcpy(input + 1 + MERKLE_HASH_SIZE, right->bytes, MERKLE_HASH_SIZE);
    (void)crypto_hash_sha256(out->bytes, input, sizeof(input));
}

bool merkle_equal(const struct merkle_hash *a, const struct merkle_hash *b)
{
    return memcmp(a->bytes, b->bytes, MERKLE_HASH_SIZE) == 0;
}

/* The root of a tree is made of complete ones, the smallest, at its right end, first. */
static void put_left(struct merkle_hash *root, const struct merkle_hash *left,
                     bool is_first)
{
    if (is_first)
        *root = *left;
    else
        merkle_node(root, left, root);
}

static bool has_bit(uint64_t number, uint8_t bit)
{
    return (number >> bit & 1) != 0;
}

static bool is_lowest(uint64_t number, uint8_t bit)
{
    return (number & -number) >> bit == 1;
}

/* ---- a tree that grows ---- */

void merkle_stack_add(struct merkle_stack *stack, const struct merkle_hash *leaf)
{
    struct merkle_hash hash = *leaf;
    uint8_t level = 0;
    assert(stack->size < UINT64_MAX);
    for (; has_bit(stack->size, level); level++)
        merkle_node(&hash, &stack->hashes[level], &hash);
    stack->hashes[level] = hash;
    stack->size++;
}

void merkle_stack_root(const struct merkle_stack *stack, struct merkle_hash *out)
{
    merkle_empty(out);
    for (uint8_t level = 0; level < 64; level++)
        if (has_bit(stack->size, level))
            put_left(out, &stack->hashes[level], is_lowest(stack->size, level));
}

/* ---- roots and proofs of a tree that is kept ---- */

/* A run of leaves, as the RFC cuts trees: begin is a multiple of a power of two that is
 * not below len. */
struct part {
    uint64_t begin, len;
};

static bool part_root(const struct merkle_source *source, struct part part,
                      struct merkle_hash *out)
{
    for (uint8_t level = 0; level < 64; level++) {
        struct merkle_hash left;
        if (!has_bit(part.len, level))
            continue;
        uint64_t place = ((part.begin + part.len) >> level) - 1;
        if (!source->node_at(source->context, level, place, &left))
            return false;
        put_left(out, &left, is_lowest(part.len, level));
    }
    return true;
}

/* Goes down into the part with the given leaf, and adds the root of the other one. */
static bool descend(const struct merkle_source *source, struct part *part, uint64_t leaf,
                    struct merkle_hash *proof, size_t *len)
{
    /* The largest power of two below len. */
    uint64_t half = UINT64_C(1) << (63 - __builtin_clzll(part->len - 1));
    struct part left = {part->begin, half};
    struct part right = {part->begin + half, part->len - half};
    bool is_left = leaf < right.begin;
    *part = is_left ? left : right;
    return part_root(source, is_left ? right : left, &proof[(*len)++]);
}

/* Proofs are written from the leaves up. */
static void turn_round(struct merkle_hash *proof, size_t len)
{
    for (size_t i = 0; i < len / 2; i++) {
        struct merkle_hash hash = proof[i];
        proof[i] = proof[len - 1 - i];
        proof[len - 1 - i] = hash;
    }
}

bool merkle_root_at(const struct merkle_source *source, uint64_t size,
                    struct merkle_hash *out)
{
    merkle_empty(out);
    return part_root(source, (struct part){0, size}, out);
}

bool merkle_inclusion(const struct merkle_source *source, uint64_t index, uint64_t size,
                      struct merkle_hash proof[static MERKLE_PROOF_MAX], size_t *len)
{
    struct part part = {0, size};
    assert(index < size);
    *len = 0;
    while (part.len > 1)
        if (!descend(source, &part, index, proof, len))
            return false;
    turn_round(proof, *len);
    return true;
}

bool merkle_consistency(const struct merkle_source *source, uint64_t from, uint64_t to,
                        struct merkle_hash proof[static MERKLE_PROOF_MAX], size_t *len)
{
    struct part part = {0, to};
    assert(from <= to);
    *len = 0;
    if (from == 0)
        return true;
    /* Down to the part at whose end the earlier tree ended. */
    while (part.begin + part.len != from)
        if (!descend(source, &part, from - 1, proof, len))
            return false;
    /* Where that is all of the earlier tree, who checks has its root. */
    if (part.begin > 0 && !part_root(source, part, &proof[(*len)++]))
        return false;
    turn_round(proof, *len);
    return true;
}

/* ---- verdicts ---- */

/* The way from a leaf to the root: the numbers that it and the last one have on the level
 * that was reached. */
struct climb {
    uint64_t place, last;
};

/* Up to the next level on which the place has a neighbour, and one further. True: the
 * neighbour, which is the next hash of the proof, stands on its left. */
static bool is_from_left(struct climb *climb)
{
    bool is_left = has_bit(climb->place, 0) || climb->place == climb->last;
    /* The last place of a level may have none. This ends: it is 0 at the root alone, and
     * there nobody asks. */
    while (is_left && !has_bit(climb->place, 0)) {
        climb->place >>= 1;
        climb->last >>= 1;
    }
    climb->place >>= 1;
    climb->last >>= 1;
    return is_left;
}

bool merkle_inclusion_root(struct merkle_hash *root, const struct merkle_hash *leaf,
                           uint64_t index, uint64_t size, const struct merkle_hash *proof,
                           size_t len)
{
    struct climb climb = {index, size - 1};
    if (index >= size)
        return false;
    *root = *leaf;
    for (size_t i = 0; i < len; i++) {
        if (climb.last == 0)
            return false;
        if (is_from_left(&climb))
            merkle_node(root, &proof[i], root);
        else
            merkle_node(root, root, &proof[i]);
    }
    return climb.last == 0;
}

bool merkle_inclusion_holds(const struct merkle_hash *leaf, uint64_t index, uint64_t size,
                            const struct merkle_hash *proof, size_t len,
                            const struct merkle_hash *root)
{
    struct merkle_hash found;
    return merkle_inclusion_root(&found, leaf, index, size, proof, len) &&
           merkle_equal(&found, root);
}

static bool grew_from_nothing(const struct merkle_hash *from_root, uint64_t to,
                              const struct merkle_hash *to_root)
{
    struct merkle_hash empty;
    merkle_empty(&empty);
    return merkle_equal(from_root, &empty) && (to > 0 || merkle_equal(to_root, &empty));
}

bool merkle_consistency_holds(uint64_t from, const struct merkle_hash *from_root,
                              uint64_t to, const struct merkle_hash *to_root,
                              const struct merkle_hash *proof, size_t len)
{
    if (from == 0)
        return len == 0 && grew_from_nothing(from_root, to, to_root);
    if (from == to)
        return len == 0 && merkle_equal(from_root, to_root);
    if (from > to)
        return false;
    /* It begins with the largest complete tree at the end of the earlier one, which who
     * checks has where it is all of that. */
    struct climb climb = {from - 1, to - 1};
    for (; has_bit(climb.place, 0); climb.last >>= 1)
        climb.place >>= 1;
    bool is_all = climb.place == 0;
    if (!is_all && len == 0)
        return false;
    struct merkle_hash old = is_all ? *from_root : proof[0], new = old;
    for (size_t i = is_all ? 0 : 1; i < len; i++) {
        if (climb.last == 0)
            return false;
        if (is_from_left(&climb)) {
            merkle_node(&old, &proof[i], &old);
            merkle_node(&new, &proof[i], &new);
        } else {
            merkle_node(&new, &new, &proof[i]);
        }
    }
    return climb.last == 0 && merkle_equal(&old, from_root) &&
           merkle_equal(&new, to_root);
}
