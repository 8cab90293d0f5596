/* The ledger as hash trees: roots and proofs of every size, held against the same trees
 * made from all their leaves. */
#include <string.h>

#include "storage/statement.h"
#include "storage/store_ledger.h"
#include "tests/unit/storage/store_sample.h"

#define TEST(name) cmocka_unit_test_setup_teardown(name, sample_set_up, sample_tear_down)
#define LEAVES_MAX 140

/* The ids of the ops that were added, in their order. */
struct leaves {
    struct id ids[LEAVES_MAX];
    uint64_t len;
};

static void add_ops(struct store *store, enum ledger_tree tree, uint64_t count,
                    struct leaves *leaves)
{
    struct id scope = sample_id((uint8_t)tree);
    for (uint64_t i = 0; i < count; i++) {
        struct sample_op sample;
        sample_op(&sample, &scope, 1 + leaves->len, "a");
        sample_add(store, &sample, tree);
        assert_true(leaves->len < LEAVES_MAX);
        leaves->ids[leaves->len++] = sample.op.id;
        sample_op_deinit(&sample);
    }
}

static void leaf_of(const struct leaves *leaves, uint64_t i, struct merkle_hash *leaf)
{
    merkle_leaf(leaf, leaves->ids[i].bytes, ID_SIZE);
}

static void root_of(const struct leaves *leaves, uint64_t size, struct merkle_hash *root)
{
    struct merkle_stack stack = {.size = 0};
    struct merkle_hash leaf;
    for (uint64_t i = 0; i < size; i++) {
        leaf_of(leaves, i, &leaf);
        merkle_stack_add(&stack, &leaf);
    }
    merkle_stack_root(&stack, root);
}

static void expect_roots(struct store *store, enum ledger_tree tree,
                         const struct leaves *leaves)
{
    for (uint64_t size = 0; size <= leaves->len; size++) {
        struct merkle_hash root, wanted;
        root_of(leaves, size, &wanted);
        assert_int_equal(store_ledger_root(store, tree, size, &root), STATUS_OK);
        assert_memory_equal(root.bytes, wanted.bytes, MERKLE_HASH_SIZE);
    }
}

static void each_size_of_a_tree_has_the_root_of_its_leaves(void **state)
{
    struct store *store = *state;
    static struct leaves private, shared;
    private.len = shared.len = 0;
    while (private.len + 7 <= LEAVES_MAX) {
        sample_begin(store);
        add_ops(store, TREE_PRIVATE, 7, &private);
        if (private.len % 3 == 0)
            add_ops(store, TREE_SHARED, 5, &shared);
        sample_commit(store);
    }

    expect_roots(store, TREE_PRIVATE, &private);
    expect_roots(store, TREE_SHARED, &shared);
}

static void every_proof_holds(void **state)
{
    struct store *store = *state;
    static struct leaves leaves;
    struct store_ledger_proof proof;
    struct merkle_hash leaf, root, later;
    leaves.len = 0;
    sample_begin(store);
    add_ops(store, TREE_SHARED, 75, &leaves);
    sample_commit(store);

    for (uint64_t size = 1; size <= leaves.len; size += 1 + size / 9) {
        root_of(&leaves, size, &root);
        for (uint64_t i = 0; i < size; i++) {
            leaf_of(&leaves, i, &leaf);
            assert_int_equal(store_ledger_inclusion(store, TREE_SHARED, i, size, &proof),
                             STATUS_OK);
            assert_true(
                merkle_inclusion_holds(&leaf, i, size, proof.hashes, proof.len, &root));
        }
        for (uint64_t to = size; to <= leaves.len; to++) {
            root_of(&leaves, to, &later);
            assert_int_equal(
                store_ledger_consistency(store, TREE_SHARED, size, to, &proof),
                STATUS_OK);
            assert_true(merkle_consistency_holds(size, &root, to, &later, proof.hashes,
                                                 proof.len));
        }
    }
}

static void what_is_not_committed_yet_counts_until_it_is_taken_back(void **state)
{
    struct store *store = *state;
    static struct leaves leaves;
    struct merkle_hash root;
    leaves.len = 0;
    sample_begin(store);
    add_ops(store, TREE_PRIVATE, 20, &leaves);
    sample_commit(store);
    struct leaves before = leaves;

    sample_begin(store);
    add_ops(store, TREE_PRIVATE, 40, &leaves);
    expect_roots(store, TREE_PRIVATE, &leaves);
    store_roll_back(store);

    expect_roots(store, TREE_PRIVATE, &before);
    assert_int_equal(store_ledger_root(store, TREE_PRIVATE, 21, &root), STATUS_NOT_FOUND);
    sample_begin(store);
    add_ops(store, TREE_PRIVATE, 40, &before);
    sample_commit(store);
    expect_roots(store, TREE_PRIVATE, &before);
}

static void what_is_beyond_the_end_is_not_there(void **state)
{
    struct store *store = *state;
    static struct leaves leaves;
    struct store_ledger_proof proof;
    leaves.len = 0;
    sample_begin(store);
    add_ops(store, TREE_SHARED, 3, &leaves);
    sample_commit(store);

    assert_int_equal(store_ledger_inclusion(store, TREE_SHARED, 3, 3, &proof),
                     STATUS_NOT_FOUND);
    assert_int_equal(store_ledger_inclusion(store, TREE_SHARED, 0, 4, &proof),
                     STATUS_NOT_FOUND);
    assert_int_equal(store_ledger_consistency(store, TREE_SHARED, 1, 4, &proof),
                     STATUS_NOT_FOUND);
    assert_int_equal(store_ledger_consistency(store, TREE_SHARED, 3, 2, &proof),
                     STATUS_NOT_FOUND);
    assert_int_equal(store_ledger_consistency(store, TREE_PRIVATE, 0, 0, &proof),
                     STATUS_OK);
    assert_int_equal(proof.len, 0);
}

static void run_sql(struct store *store, const char *text)
{
    assert_int_equal(sqlite3_exec(store->db, text, NULL, NULL, NULL), SQLITE_OK);
}

static void D1_hashes_that_are_gone_are_made_anew(void **state)
{
    struct store *store = *state;
    static struct leaves leaves;
    struct buf before = {0}, after = {0};
    struct merkle_hash root;
    leaves.len = 0;
    sample_begin(store);
    add_ops(store, TREE_SHARED, 70, &leaves);
    sample_commit(store);
    assert_int_equal(store_dump(store, &before), STATUS_OK);

    /* As an earlier version left it. */
    run_sql(store, "DELETE FROM ledger");
    store = sample_reopen(state, false);
    expect_roots(store, TREE_SHARED, &leaves);
    assert_int_equal(store_dump(store, &after), STATUS_OK);
    assert_true(bytes_equal(buf_bytes(&before), buf_bytes(&after)));

    /* As a disk that lied left it: whoever asks is told, and a rebuild mends it. */
    run_sql(store, "DELETE FROM ledger WHERE level = 5 AND place = 0");
    assert_int_equal(store_ledger_root(store, TREE_SHARED, 40, &root), STATUS_CORRUPT);
    buf_clear(&after);
    sample_begin(store);
    assert_int_equal(store_scopes_clear(store), STATUS_OK);
    sample_commit(store);
    expect_roots(store, TREE_SHARED, &leaves);
    buf_deinit(&before);
    buf_deinit(&after);
}

static void D1_a_gap_in_the_order_ends_the_tree_and_no_other_work(void **state)
{
    struct store *store = *state;
    static struct leaves leaves, others;
    struct merkle_hash root, wanted;
    leaves.len = others.len = 0;
    sample_begin(store);
    add_ops(store, TREE_SHARED, 30, &leaves);
    sample_commit(store);
    run_sql(store, "DELETE FROM ops WHERE tree = 2 AND position = 20");

    sample_begin(store);
    add_ops(store, TREE_SHARED, 10, &leaves);
    add_ops(store, TREE_PRIVATE, 20, &others);
    sample_commit(store);

    root_of(&leaves, 20, &wanted);
    assert_int_equal(store_ledger_root(store, TREE_SHARED, 20, &root), STATUS_OK);
    assert_memory_equal(root.bytes, wanted.bytes, MERKLE_HASH_SIZE);
    assert_int_equal(store_ledger_root(store, TREE_SHARED, 40, &root), STATUS_CORRUPT);
    expect_roots(store, TREE_PRIVATE, &others);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_size_of_a_tree_has_the_root_of_its_leaves),
        TEST(every_proof_holds),
        TEST(what_is_not_committed_yet_counts_until_it_is_taken_back),
        TEST(what_is_beyond_the_end_is_not_there),
        TEST(D1_hashes_that_are_gone_are_made_anew),
        TEST(D1_a_gap_in_the_order_ends_the_tree_and_no_other_work),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
