#include "crypto/merkle.h"

#include "vector.h"

/* ---- trees ---- */

#define LEAVES_MAX 70
#define LEVELS 7

/* All complete trees of some leaves; gives out those that lie in it, and fails where it
 * is asked for another, or when it shall. */
struct kept {
    uint64_t size;
    struct merkle_hash nodes[LEVELS][LEAVES_MAX];
    unsigned asked, fails_at; /* 0: never */
};

static bool node_at(void *context, uint8_t level, uint64_t place, struct merkle_hash *out)
{
    struct kept *kept = context;
    assert_true(level < LEVELS);
    assert_true((place + 1) << level <= kept->size);
    if (++kept->asked == kept->fails_at)
        return false;
    *out = kept->nodes[level][place];
    return true;
}

static void keep_leaf(struct kept *kept, const struct merkle_hash *leaf)
{
    uint64_t place = kept->size++;
    kept->nodes[0][place] = *leaf;
    for (uint8_t level = 1; kept->size % (1u << level) == 0; level++) {
        const struct merkle_hash *below = kept->nodes[level - 1];
        place /= 2;
        merkle_node(&kept->nodes[level][place], &below[2 * place], &below[2 * place + 1]);
    }
}

static struct merkle_hash leaf_of(uint8_t number)
{
    struct merkle_hash leaf;
    merkle_leaf(&leaf, &number, 1);
    return leaf;
}

/* LEAVES_MAX leaves, and the roots of all sizes up to that. */
static struct kept whole;
static struct merkle_source source = {node_at, &whole};
static struct merkle_hash roots[LEAVES_MAX + 1];

static int grow(void **state)
{
    struct merkle_stack stack = {0};
    merkle_stack_root(&stack, &roots[0]);
    for (uint8_t i = 0; i < LEAVES_MAX; i++) {
        struct merkle_hash leaf = leaf_of(i);
        keep_leaf(&whole, &leaf);
        merkle_stack_add(&stack, &leaf);
        merkle_stack_root(&stack, &roots[i + 1]);
    }
    return 0;
}

/* As the RFC has it in words, from the leaves each time. */
static struct merkle_hash plain_root(uint64_t begin, uint64_t len)
{
    struct merkle_hash out, left, right;
    uint64_t half = 1;
    if (len == 1)
        return leaf_of((uint8_t)begin);
    while (half * 2 < len)
        half *= 2;
    left = plain_root(begin, half);
    right = plain_root(begin + half, len - half);
    merkle_node(&out, &left, &right);
    return out;
}

/* ---- known answers ---- */

/* The leaves of the tests of google/certificate-transparency, with the roots of the trees
 * of the first 0 to 8 of them and with proofs, as they stand there. */
static const char *const ct_leaves[] = {
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
};

static const char *const ct_roots[] = {
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
};

/* Of inclusion: leaf, size; of consistency: from, to. */
static const struct {
    bool is_inclusion;
    uint64_t of, in;
    const char *hashes[3];
} ct_proofs[] = {
    {true,
     0,
     8,
     {"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
      "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
      "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"}},
    {true,
     5,
     8,
     {"bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
      "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}},
    {true, 2, 3, {"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"}},
    {true,
     1,
     5,
     {"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
      "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
      "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"}},
    {true, 0, 1, {NULL}},
    {false, 1, 1, {NULL}},
    {false,
     1,
     8,
     {"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
      "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
      "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"}},
    {false,
     6,
     8,
     {"0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
      "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}},
    {false,
     2,
     5,
     {"5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
      "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"}},
    {false,
     6,
     7,
     {"0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
      "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}},
};

static void grow_ct(struct kept *kept, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        uint8_t data[16];
        struct merkle_hash leaf;
        merkle_leaf(&leaf, data, vector_read(data, sizeof(data), ct_leaves[i]));
        keep_leaf(kept, &leaf);
    }
}

static void roots_are_those_of_certificate_transparency(void **state)
{
    struct merkle_hash root;
    for (size_t size = 0; size < COUNT(ct_roots); size++) {
        struct kept kept = {0};
        struct merkle_source of_kept = {node_at, &kept};
        struct merkle_stack stack = {0};
        grow_ct(&kept, size);
        for (size_t i = 0; i < size; i++)
            merkle_stack_add(&stack, &kept.nodes[0][i]);

        assert_true(merkle_root_at(&of_kept, size, &root));
        vector_assert(root.bytes, sizeof(root), ct_roots[size]);
        merkle_stack_root(&stack, &root);
        vector_assert(root.bytes, sizeof(root), ct_roots[size]);
    }
    merkle_empty(&root);
    vector_assert(root.bytes, sizeof(root), ct_roots[0]);
    merkle_leaf(&root, NULL, 0);
    vector_assert(root.bytes, sizeof(root), ct_roots[1]);
}

static void proofs_are_those_of_certificate_transparency(void **state)
{
    struct kept kept = {0};
    struct merkle_source of_kept = {node_at, &kept};
    grow_ct(&kept, COUNT(ct_leaves));
    for (size_t i = 0; i < COUNT(ct_proofs); i++) {
        struct merkle_hash proof[MERKLE_PROOF_MAX];
        size_t len, wanted = 0;
        if (ct_proofs[i].is_inclusion)
            assert_true(merkle_inclusion(&of_kept, ct_proofs[i].of, ct_proofs[i].in,
                                         proof, &len));
        else
            assert_true(merkle_consistency(&of_kept, ct_proofs[i].of, ct_proofs[i].in,
                                           proof, &len));
        for (; wanted < 3 && ct_proofs[i].hashes[wanted] != NULL; wanted++)
            vector_assert(proof[wanted].bytes, MERKLE_HASH_SIZE,
                          ct_proofs[i].hashes[wanted]);
        assert_int_equal(len, wanted);
    }
}

/* ---- all small trees ---- */

static void each_way_to_a_root_is_that_of_the_rfc(void **state)
{
    for (uint64_t size = 1; size <= LEAVES_MAX; size++) {
        struct merkle_hash root, wanted = plain_root(0, size);
        assert_true(merkle_equal(&roots[size], &wanted));
        assert_true(merkle_root_at(&source, size, &root));
        assert_true(merkle_equal(&root, &wanted));
    }
}

/* Each change of a proof that must not hold; false from holds for all of them. */
struct claim {
    bool is_inclusion;
    uint64_t of, in; /* leaf and size, or from and to */
    struct merkle_hash first, root;
    struct merkle_hash proof[MERKLE_PROOF_MAX + 1];
    size_t len;
};

static bool claim_holds(const struct claim *claim)
{
    return claim->is_inclusion
               ? merkle_inclusion_holds(&claim->first, claim->of, claim->in, claim->proof,
                                        claim->len, &claim->root)
               : merkle_consistency_holds(claim->of, &claim->first, claim->in,
                                          &claim->root, claim->proof, claim->len);
}

static struct claim claim_inclusion(uint64_t index, uint64_t size)
{
    struct claim claim = {.is_inclusion = true, .of = index, .in = size};
    claim.first = whole.nodes[0][index];
    claim.root = roots[size];
    assert_true(merkle_inclusion(&source, index, size, claim.proof, &claim.len));
    return claim;
}

static struct claim claim_consistency(uint64_t from, uint64_t to)
{
    struct claim claim = {.of = from, .in = to};
    claim.first = roots[from];
    claim.root = roots[to];
    assert_true(merkle_consistency(&source, from, to, claim.proof, &claim.len));
    return claim;
}

static void each_leaf_of_each_tree_is_proved(void **state)
{
    for (uint64_t size = 1; size <= LEAVES_MAX; size++)
        for (uint64_t index = 0; index < size; index++) {
            whole.asked = 0;
            struct claim claim = claim_inclusion(index, size);
            assert_true(claim_holds(&claim));
            assert_true(claim.len <= LEVELS && whole.asked <= 2 * LEVELS);
        }
}

static void each_tree_is_proved_to_go_on_from_each_before(void **state)
{
    for (uint64_t to = 0; to <= LEAVES_MAX; to++)
        for (uint64_t from = 0; from <= to; from++) {
            whole.asked = 0;
            struct claim claim = claim_consistency(from, to);
            assert_true(claim_holds(&claim));
            assert_true(claim.len <= LEVELS + 1 && whole.asked <= 3 * LEVELS);
        }
}

static void assert_bytes_count(const struct claim *claim)
{
    struct claim other = *claim;
    uint8_t *const parts[] = {other.first.bytes, other.root.bytes, other.proof[0].bytes};
    const size_t lens[] = {MERKLE_HASH_SIZE, MERKLE_HASH_SIZE,
                           claim->len * MERKLE_HASH_SIZE};
    for (size_t part = 0; part < COUNT(parts); part++)
        for (size_t i = 0; i < lens[part]; i++) {
            parts[part][i] ^= (uint8_t)(1 << i % 8);
            assert_false(claim_holds(&other));
            parts[part][i] ^= (uint8_t)(1 << i % 8);
        }
}

static void assert_elements_count(const struct claim *claim)
{
    for (size_t i = 0; i < claim->len; i++) {
        struct claim other = *claim;
        memmove(&other.proof[i], &other.proof[i + 1], (other.len - i) * MERKLE_HASH_SIZE);
        other.len--;
        assert_false(claim_holds(&other));

        other = *claim;
        other.proof[i] = claim->proof[(i + 1) % claim->len];
        other.proof[(i + 1) % claim->len] = claim->proof[i];
        assert_int_equal(claim_holds(&other), claim->len == 1);
    }
    for (size_t i = 0; i <= claim->len; i++) {
        struct claim other = *claim;
        memmove(&other.proof[i + 1], &other.proof[i], (other.len - i) * MERKLE_HASH_SIZE);
        other.len++;
        assert_false(claim_holds(&other));
    }
}

/* The size is bound by the root, and by the proof as far as its length hangs on it. */
static void assert_numbers_count(const struct claim *claim, uint64_t most)
{
    for (uint64_t of = 0; of <= most + 1; of++) {
        struct claim other = *claim;
        other.of = of;
        assert_int_equal(claim_holds(&other), of == claim->of);
    }
    for (uint64_t in = 0; in <= most; in++) {
        struct claim other = *claim;
        bool is_inside = claim->is_inclusion ? claim->of < in : claim->of <= in;
        other.in = in;
        if (is_inside && (claim->is_inclusion ? claim_inclusion(claim->of, in)
                                              : claim_consistency(claim->of, in))
                                 .len == claim->len)
            continue;
        assert_false(claim_holds(&other));
    }
}

#define CHANGED_MAX 20

static void a_changed_proof_of_a_leaf_does_not_hold(void **state)
{
    for (uint64_t size = 1; size <= CHANGED_MAX; size++)
        for (uint64_t index = 0; index < size; index++) {
            struct claim claim = claim_inclusion(index, size);
            assert_bytes_count(&claim);
            assert_elements_count(&claim);
            assert_numbers_count(&claim, CHANGED_MAX);
        }
}

static void a_changed_proof_of_growth_does_not_hold(void **state)
{
    for (uint64_t to = 2; to <= CHANGED_MAX; to++)
        for (uint64_t from = 1; from < to; from++) {
            struct claim claim = claim_consistency(from, to);
            assert_bytes_count(&claim);
            assert_elements_count(&claim);
            assert_numbers_count(&claim, CHANGED_MAX);
        }
}

static void of_nothing_and_of_the_same_tree_the_proof_is_empty(void **state)
{
    const struct merkle_hash *extra = &roots[3];
    assert_true(merkle_consistency_holds(0, &roots[0], 0, &roots[0], NULL, 0));
    assert_true(merkle_consistency_holds(0, &roots[0], 9, &roots[9], NULL, 0));
    assert_false(merkle_consistency_holds(0, &roots[1], 9, &roots[9], NULL, 0));
    assert_false(merkle_consistency_holds(0, &roots[0], 9, &roots[9], extra, 1));
    assert_false(merkle_consistency_holds(0, &roots[0], 0, &roots[1], NULL, 0));

    assert_true(merkle_consistency_holds(9, &roots[9], 9, &roots[9], NULL, 0));
    assert_false(merkle_consistency_holds(9, &roots[8], 9, &roots[9], NULL, 0));
    assert_false(merkle_consistency_holds(9, &roots[9], 9, &roots[9], extra, 1));

    assert_false(merkle_consistency_holds(9, &roots[9], 8, &roots[8], NULL, 0));
    assert_false(merkle_consistency_holds(UINT64_MAX, &roots[9], 8, &roots[8], extra, 1));
    assert_false(merkle_consistency_holds(8, &roots[8], 9, &roots[9], NULL, 0));
    assert_false(merkle_consistency_holds(7, &roots[7], 9, &roots[9], NULL, 0));
}

static void a_leaf_beyond_the_tree_is_in_none(void **state)
{
    struct merkle_hash root;
    const struct merkle_hash leaf = leaf_of(0);
    assert_true(merkle_inclusion_root(&root, &leaf, 0, 1, NULL, 0));
    assert_true(merkle_equal(&root, &leaf));
    assert_false(merkle_inclusion_root(&root, &leaf, 0, 0, NULL, 0));
    assert_false(merkle_inclusion_root(&root, &leaf, 1, 1, NULL, 0));
    assert_false(merkle_inclusion_root(&root, &leaf, UINT64_MAX, 0, NULL, 0));
    assert_false(merkle_inclusion_root(&root, &leaf, UINT64_MAX, UINT64_MAX, NULL, 0));
}

static void a_source_that_fails_at_any_place_is_told_of(void **state)
{
    struct merkle_hash proof[MERKLE_PROOF_MAX], root;
    size_t len;
    unsigned failed = 0;
    for (unsigned at = 1; at <= 3 * LEVELS; at++) {
        unsigned before = failed;
        whole.fails_at = at;
        whole.asked = 0;
        failed += !merkle_root_at(&source, 63, &root);
        whole.asked = 0;
        failed += !merkle_inclusion(&source, 5, 63, proof, &len);
        whole.asked = 0;
        failed += !merkle_consistency(&source, 21, 63, proof, &len);
        assert_int_equal(failed > before, at <= 11);
    }
    whole.fails_at = 0;
    assert_int_equal(failed, 6 + 10 + 11);
}

/* ---- the largest trees: all leaves alike, so that a node hangs on its level alone ----
 */

static bool alike(void *context, uint8_t level, uint64_t place, struct merkle_hash *out)
{
    const struct merkle_hash *levels = context;
    *out = levels[level];
    return true;
}

static void trees_of_any_size_have_proofs_that_hold(void **state)
{
    static const uint64_t sizes[] = {1,
                                     2,
                                     3,
                                     UINT64_C(1) << 32,
                                     (UINT64_C(1) << 32) + 1,
                                     INT64_MAX,
                                     UINT64_C(1) << 63,
                                     (UINT64_C(1) << 63) + 5,
                                     UINT64_MAX - 1,
                                     UINT64_MAX};
    struct merkle_hash levels[64], proof[MERKLE_PROOF_MAX], first, root;
    struct merkle_source of_alike = {alike, levels};
    size_t len, longest = 0;
    levels[0] = leaf_of(1);
    for (int i = 1; i < 64; i++)
        merkle_node(&levels[i], &levels[i - 1], &levels[i - 1]);
    for (size_t i = 0; i < COUNT(sizes); i++) {
        assert_true(merkle_root_at(&of_alike, sizes[i], &root));
        for (size_t k = 0; k <= i; k++) {
            assert_true(merkle_inclusion(&of_alike, sizes[k] - 1, sizes[i], proof, &len));
            assert_true(merkle_inclusion_holds(&levels[0], sizes[k] - 1, sizes[i], proof,
                                               len, &root));
            longest = len > longest ? len : longest;
            assert_true(merkle_root_at(&of_alike, sizes[k], &first));
            assert_true(merkle_consistency(&of_alike, sizes[k], sizes[i], proof, &len));
            assert_true(
                merkle_consistency_holds(sizes[k], &first, sizes[i], &root, proof, len));
            longest = len > longest ? len : longest;
        }
    }
    assert_int_equal(longest, MERKLE_PROOF_MAX);

    struct merkle_stack stack = {.size = UINT64_MAX - 1};
    memcpy(stack.hashes, levels, sizeof(levels));
    merkle_stack_add(&stack, &levels[0]);
    merkle_stack_root(&stack, &first);
    assert_true(merkle_equal(&first, &root));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(roots_are_those_of_certificate_transparency),
        cmocka_unit_test(proofs_are_those_of_certificate_transparency),
        cmocka_unit_test(each_way_to_a_root_is_that_of_the_rfc),
        cmocka_unit_test(each_leaf_of_each_tree_is_proved),
        cmocka_unit_test(each_tree_is_proved_to_go_on_from_each_before),
        cmocka_unit_test(a_changed_proof_of_a_leaf_does_not_hold),
        cmocka_unit_test(a_changed_proof_of_growth_does_not_hold),
        cmocka_unit_test(of_nothing_and_of_the_same_tree_the_proof_is_empty),
        cmocka_unit_test(a_leaf_beyond_the_tree_is_in_none),
        cmocka_unit_test(a_source_that_fails_at_any_place_is_told_of),
        cmocka_unit_test(trees_of_any_size_have_proofs_that_hold),
    };
    return cmocka_run_group_tests(tests, grow, NULL);
}
