/* The counted and summed tree, against the set in memory, on histories by chance. */
#include <stdlib.h>
#include <string.h>

#include "proto/negentropy_set.h"
#include "storage/tree.h"
#include "tests/unit/storage/store_sample.h"

#define TEST(name) cmocka_unit_test_setup_teardown(name, sample_set_up, sample_tear_down)

enum { ITEMS_MAX = 20000 };

/* A tree and what should be in it. */
struct twin {
    struct tree *tree;
    int64_t root;
    uint8_t (*keys)[TREE_KEY_SIZE]; /* in order */
    size_t len;
    uint64_t seed;
};

static uint64_t draw(struct twin *twin, uint64_t below)
{
    uint64_t z = (twin->seed += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (z ^ z >> 31) % below;
}

static void twin_init(struct twin *twin, struct store *store, uint64_t seed)
{
    *twin = (struct twin){.tree = tree_new(store), .seed = seed};
    twin->keys = malloc(ITEMS_MAX * sizeof(*twin->keys));
    assert_non_null(twin->tree);
    assert_non_null(twin->keys);
    assert_int_equal(tree_make(twin->tree, &twin->root), STATUS_OK);
}

static void twin_deinit(struct twin *twin)
{
    tree_free(twin->tree);
    free(twin->keys);
}

static size_t bound_of(const struct twin *twin, const uint8_t *key)
{
    size_t low = 0, high = twin->len;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (memcmp(twin->keys[middle], key, TREE_KEY_SIZE) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Timestamps below `stamps`, so that many are equal where it is low. */
static void make_key(struct twin *twin, uint8_t *key, uint64_t stamps)
{
    uint64_t stamp = draw(twin, stamps);
    for (int i = 0; i < 4; i++)
        key[i] = (uint8_t)(stamp >> (24 - 8 * i));
    for (int i = 4; i < TREE_KEY_SIZE; i++)
        key[i] = (uint8_t)draw(twin, 256);
}

static void twin_add(struct twin *twin, const uint8_t *key)
{
    size_t at = bound_of(twin, key);
    assert_true(twin->len < ITEMS_MAX);
    memmove(twin->keys[at + 1], twin->keys[at], (twin->len - at) * TREE_KEY_SIZE);
    memcpy(twin->keys[at], key, TREE_KEY_SIZE);
    twin->len++;
    assert_int_equal(tree_add(twin->tree, twin->root, key), STATUS_OK);
    assert_int_equal(tree_add(twin->tree, twin->root, key), STATUS_EXISTS);
}

static void twin_remove(struct twin *twin, size_t at)
{
    uint8_t key[TREE_KEY_SIZE];
    memcpy(key, twin->keys[at], TREE_KEY_SIZE);
    twin->len--;
    memmove(twin->keys[at], twin->keys[at + 1], (twin->len - at) * TREE_KEY_SIZE);
    assert_int_equal(tree_remove(twin->tree, twin->root, key), STATUS_OK);
    assert_int_equal(tree_remove(twin->tree, twin->root, key), STATUS_NOT_FOUND);
}

static void assert_sum(const struct twin *twin, uint64_t begin, uint64_t end)
{
    struct negentropy_sum wanted = {{0}}, before, got;
    for (uint64_t i = begin; i < end; i++)
        negentropy_sum_add_id(&wanted, twin->keys[i] + 4);
    assert_int_equal(tree_sum_before(twin->tree, twin->root, begin, &before), STATUS_OK);
    assert_int_equal(tree_sum_before(twin->tree, twin->root, end, &got), STATUS_OK);
    negentropy_sum_subtract(&got, &before);
    assert_memory_equal(&got, &wanted, sizeof(got));
}

static void assert_twins(struct twin *twin, int questions)
{
    uint8_t key[TREE_KEY_SIZE];
    uint64_t count, place, nodes = 0;
    assert_int_equal(tree_total(twin->tree, twin->root, &count, NULL), STATUS_OK);
    assert_int_equal(count, twin->len);
    assert_int_equal(tree_at(twin->tree, twin->root, twin->len, key), STATUS_NOT_FOUND);
    assert_sum(twin, 0, twin->len);
    for (int i = 0; i < questions; i++) {
        uint64_t begin = draw(twin, twin->len + 1);
        assert_sum(twin, begin, begin + draw(twin, twin->len - begin + 1));
        make_key(twin, key, 1000);
        assert_int_equal(tree_find(twin->tree, twin->root, key, &place),
                         STATUS_NOT_FOUND);
        assert_int_equal(place, bound_of(twin, key));
        if (twin->len == 0)
            continue;
        uint64_t at = draw(twin, twin->len);
        assert_int_equal(tree_at(twin->tree, twin->root, at, key), STATUS_OK);
        assert_memory_equal(key, twin->keys[at], TREE_KEY_SIZE);
        assert_int_equal(tree_find(twin->tree, twin->root, key, &place), STATUS_OK);
        assert_int_equal(place, at);
    }
    assert_int_equal(tree_check(twin->tree, twin->root, &nodes), STATUS_OK);
    assert_true(nodes >= 1);
}

static void an_empty_tree_answers_every_question(void **state)
{
    struct twin twin;
    sample_begin(*state);
    twin_init(&twin, *state, 1);

    assert_twins(&twin, 3);

    twin_deinit(&twin);
    store_roll_back(*state);
}

static void histories_by_chance_leave_tree_and_list_alike(void **state)
{
    static const uint64_t stamps[] = {1, 50, 1000};
    for (size_t i = 0; i < sizeof(stamps) / sizeof(stamps[0]); i++) {
        struct twin twin;
        uint8_t key[TREE_KEY_SIZE];
        sample_begin(*state);
        twin_init(&twin, *state, 7 + i);
        for (int step = 0; step < 9000; step++) {
            /* It grows, then falls. */
            bool is_added = draw(&twin, 10) < (step < 6000 ? 8u : 2u);
            if (is_added || twin.len == 0) {
                make_key(&twin, key, stamps[i]);
                twin_add(&twin, key);
            } else {
                twin_remove(&twin, draw(&twin, twin.len));
            }
            if (step % 1000 == 999)
                assert_twins(&twin, 50);
        }
        twin_deinit(&twin);
        store_roll_back(*state);
    }
}

static void items_in_order_and_against_it_fill_the_nodes_and_empty_them(void **state)
{
    for (int is_back = 0; is_back <= 1; is_back++) {
        struct twin twin;
        uint8_t key[TREE_KEY_SIZE] = {0};
        uint64_t nodes = 0;
        sample_begin(*state);
        twin_init(&twin, *state, 3);
        for (uint32_t i = 0; i < 12000; i++) {
            uint32_t stamp = is_back ? 12000 - i : i;
            key[2] = (uint8_t)(stamp >> 8);
            key[3] = (uint8_t)stamp;
            twin_add(&twin, key);
        }
        assert_twins(&twin, 100);
        assert_int_equal(tree_check(twin.tree, twin.root, &nodes), STATUS_OK);
        /* 112 a leaf, or half of them; and few nodes above. */
        assert_in_range(nodes, 12000 / 112, is_back ? 12000 / 50 : 12000 / 105);
        while (twin.len > 0)
            twin_remove(&twin, is_back ? twin.len - 1 : 0);
        assert_twins(&twin, 1);
        nodes = 0;
        assert_int_equal(tree_check(twin.tree, twin.root, &nodes), STATUS_OK);
        assert_int_equal(nodes, 1);
        twin_deinit(&twin);
        store_roll_back(*state);
    }
}

static void two_trees_do_not_know_of_each_other(void **state)
{
    struct twin one;
    uint8_t key[TREE_KEY_SIZE];
    int64_t other;
    uint64_t count;
    sample_begin(*state);
    twin_init(&one, *state, 5);
    assert_int_equal(tree_make(one.tree, &other), STATUS_OK);
    for (int i = 0; i < 1000; i++) {
        make_key(&one, key, 10);
        twin_add(&one, key);
        if (i % 3 == 0)
            assert_int_equal(tree_add(one.tree, other, key), STATUS_OK);
    }

    assert_twins(&one, 20);
    assert_int_equal(tree_total(one.tree, other, &count, NULL), STATUS_OK);
    assert_int_equal(count, 334);

    twin_deinit(&one);
    store_roll_back(*state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_empty_tree_answers_every_question),
        TEST(histories_by_chance_leave_tree_and_list_alike),
        TEST(items_in_order_and_against_it_fill_the_nodes_and_empty_them),
        TEST(two_trees_do_not_know_of_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
