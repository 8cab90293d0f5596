/*
 * conform_merkle: the trees of RFC 6962. A tree is given by the hashes of its leaves, one
 * behind the other; so is a proof by its own.
 */
#include "tests/conform/conform.h"

#include "crypto/merkle.h"

#include <assert.h>
#include <string.h>

/* ---- arguments ---- */

static bool hash_of(struct conform_call *call, size_t word, struct merkle_hash *hash)
{
    struct buf bytes = {0};
    bool is_read = conform_bytes(call, call->words[word], &bytes);
    bool is_hash = is_read && bytes.len == MERKLE_HASH_SIZE;
    if (is_hash)
        memcpy(hash->bytes, bytes.data, MERKLE_HASH_SIZE);
    else if (is_read)
        conform_say(call, "bad");
    buf_deinit(&bytes);
    return is_hash;
}

/* ---- a tree in memory ---- */

struct tree {
    struct buf levels[64]; /* hashes of complete trees of 2^level leaves */
};

static bool node_at(void *context, uint8_t level, uint64_t place, struct merkle_hash *out)
{
    const struct tree *tree = context;
    if ((place + 1) * MERKLE_HASH_SIZE > tree->levels[level].len)
        return false;
    memcpy(out->bytes, tree->levels[level].data + place * MERKLE_HASH_SIZE,
           MERKLE_HASH_SIZE);
    return true;
}

/* The tree of the leaves in that word, of which there must be at least size. The caller
 * frees it. */
static bool tree_of(struct conform_call *call, size_t word, uint64_t size,
                    struct tree *tree)
{
    if (!conform_bytes(call, call->words[word], &tree->levels[0]))
        return false;
    if (tree->levels[0].len % MERKLE_HASH_SIZE != 0 ||
        size > tree->levels[0].len / MERKLE_HASH_SIZE) {
        conform_error(call, "not so many leaves of 32 bytes each");
        return false;
    }
    for (uint8_t level = 1; tree->levels[level - 1].len >= 2 * MERKLE_HASH_SIZE; level++)
        for (uint64_t place = 0;; place++) {
            struct merkle_hash left, right;
            if (!node_at(tree, level - 1, 2 * place, &left) ||
                !node_at(tree, level - 1, 2 * place + 1, &right))
                break;
            merkle_node(&left, &left, &right);
            buf_add(&tree->levels[level], left.bytes, MERKLE_HASH_SIZE);
        }
    return true;
}

static void tree_free(struct tree *tree)
{
    conform_free(tree->levels, sizeof(tree->levels) / sizeof(tree->levels[0]));
}

/* ---- making ---- */

static void leaf(struct conform_call *call)
{
    struct buf data = {0};
    struct merkle_hash hash;
    if (conform_bytes(call, call->words[1], &data)) {
        merkle_leaf(&hash, data.data, data.len);
        conform_say_hex(call, hash.bytes, sizeof(hash.bytes));
    }
    buf_deinit(&data);
}

/* By both ways, which must agree. */
static void say_root(struct conform_call *call, struct tree *tree, uint64_t size)
{
    struct merkle_source source = {node_at, tree};
    struct merkle_stack stack = {0};
    struct merkle_hash hash, root;
    for (uint64_t i = 0; i < size && node_at(tree, 0, i, &hash); i++)
        merkle_stack_add(&stack, &hash);
    merkle_stack_root(&stack, &hash);
    if (!merkle_root_at(&source, size, &root) || !merkle_equal(&hash, &root))
        conform_error(call, "two ways to one root disagree");
    else
        conform_say_hex(call, root.bytes, sizeof(root.bytes));
}

static void root(struct conform_call *call)
{
    struct tree tree = {{{0}}};
    uint64_t size;
    if (conform_number(call, call->words[1], &size) && tree_of(call, 2, size, &tree))
        say_root(call, &tree, size);
    tree_free(&tree);
}

/* Words: two numbers of which the first must be below the second, or may be the same; the
 * leaves. */
static void prove(struct conform_call *call, bool is_inclusion)
{
    struct merkle_hash proof[MERKLE_PROOF_MAX];
    struct tree tree = {{{0}}};
    struct merkle_source source = {node_at, &tree};
    uint64_t first, size;
    size_t len;
    if (!conform_number(call, call->words[1], &first) ||
        !conform_number(call, call->words[2], &size) || !tree_of(call, 3, size, &tree))
        goto free_tree;
    if (is_inclusion ? first >= size : first > size) {
        conform_error(call, "the first number is too high");
        goto free_tree;
    }
    bool is_made = is_inclusion ? merkle_inclusion(&source, first, size, proof, &len)
                                : merkle_consistency(&source, first, size, proof, &len);
    if (is_made)
        conform_say_hex(call, proof, len * sizeof(proof[0]));
    else
        conform_error(call, "no memory is left");
free_tree:
    tree_free(&tree);
}

static void inclusion(struct conform_call *call)
{
    prove(call, true);
}

static void consistency(struct conform_call *call)
{
    prove(call, false);
}

/* ---- checking ---- */

/* The proof in that word, to be freed; its hashes are bytes, and may lie anywhere. */
static bool proof_of(struct conform_call *call, size_t word, struct buf *proof)
{
    if (!conform_bytes(call, call->words[word], proof))
        return false;
    if (proof->len % MERKLE_HASH_SIZE == 0)
        return true;
    conform_say(call, "bad");
    return false;
}

static_assert(_Alignof(struct merkle_hash) == 1, "hashes are bytes");

static void inclusion_check(struct conform_call *call)
{
    struct merkle_hash hash, wanted;
    struct buf proof = {0};
    uint64_t index, size;
    if (hash_of(call, 1, &hash) && conform_number(call, call->words[2], &index) &&
        conform_number(call, call->words[3], &size) && proof_of(call, 4, &proof) &&
        hash_of(call, 5, &wanted))
        conform_say(call, merkle_inclusion_holds(&hash, index, size,
                                                 (const struct merkle_hash *)proof.data,
                                                 proof.len / MERKLE_HASH_SIZE, &wanted)
                              ? "ok"
                              : "bad");
    buf_deinit(&proof);
}

static void consistency_check(struct conform_call *call)
{
    struct merkle_hash from_root, to_root;
    struct buf proof = {0};
    uint64_t from, to;
    if (conform_number(call, call->words[1], &from) && hash_of(call, 2, &from_root) &&
        conform_number(call, call->words[3], &to) && hash_of(call, 4, &to_root) &&
        proof_of(call, 5, &proof))
        conform_say(call, merkle_consistency_holds(from, &from_root, to, &to_root,
                                                   (const struct merkle_hash *)proof.data,
                                                   proof.len / MERKLE_HASH_SIZE)
                              ? "ok"
                              : "bad");
    buf_deinit(&proof);
}

const struct conform_word conform_merkle_words[] = {
    {"merkle-leaf", 1, 1, leaf, "merkle-leaf DATA: the hash of a leaf"},
    {"merkle-root", 2, 2, root,
     "merkle-root SIZE LEAVES: the root of the first SIZE; LEAVES are hashes"},
    {"merkle-inclusion", 3, 3, inclusion,
     "merkle-inclusion INDEX SIZE LEAVES: the hashes of the proof"},
    {"merkle-consistency", 3, 3, consistency,
     "merkle-consistency FROM TO LEAVES: the hashes of the proof"},
    {"merkle-inclusion-check", 5, 5, inclusion_check,
     "merkle-inclusion-check HASH INDEX SIZE PROOF ROOT: ok or bad"},
    {"merkle-consistency-check", 5, 5, consistency_check,
     "merkle-consistency-check FROM FROM-ROOT TO TO-ROOT PROOF: ok or bad"},
    {NULL, 0, 0, NULL, NULL},
};
