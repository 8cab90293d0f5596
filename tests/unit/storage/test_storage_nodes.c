/* Trees of which nodes cannot be read or written, or are damaged: said, never followed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "storage/statement.h"
#include "tests/unit/storage/fail_sqlite.h"
#include "tests/unit/storage/store_sample.h"

#define TEST(name) cmocka_unit_test_setup_teardown(name, sample_set_up, sample_tear_down)

enum { ENTRY = 84, LEAF_MAX = 112, INNER_MAX = 48, DEPTH_MAX = 8 }; /* storage/tree.c */

static void key_of(uint32_t stamp, uint8_t key[static TREE_KEY_SIZE])
{
    memset(key, 0, TREE_KEY_SIZE);
    for (int i = 0; i < 4; i++)
        key[i] = (uint8_t)(stamp >> (24 - 8 * i));
    key[TREE_KEY_SIZE - 1] = 1;
}

/* Items at even stamps from 2 on, in ascending order: full leaves. */
static int64_t grown(struct tree *tree, uint32_t items)
{
    int64_t root;
    uint8_t key[TREE_KEY_SIZE];
    assert_int_equal(tree_make(tree, &root), STATUS_OK);
    for (uint32_t i = 1; i <= items; i++) {
        key_of(2 * i, key);
        assert_int_equal(tree_add(tree, root, key), STATUS_OK);
    }
    assert_int_equal(tree_flush(tree), STATUS_OK);
    return root;
}

/* ---- what a tree is asked ---- */

static uint32_t asked_stamp;

static enum status ask_find(struct tree *tree, int64_t root)
{
    uint8_t key[TREE_KEY_SIZE];
    uint64_t place;
    key_of(asked_stamp, key);
    return tree_find(tree, root, key, &place);
}
static enum status ask_at(struct tree *tree, int64_t root)
{
    uint8_t key[TREE_KEY_SIZE];
    return tree_at(tree, root, asked_stamp / 2, key);
}
static enum status ask_sum(struct tree *tree, int64_t root)
{
    struct negentropy_sum sum;
    return tree_sum_before(tree, root, asked_stamp / 2, &sum);
}
static enum status ask_total(struct tree *tree, int64_t root)
{
    uint64_t count;
    return tree_total(tree, root, &count, NULL);
}
static enum status ask_add(struct tree *tree, int64_t root)
{
    uint8_t key[TREE_KEY_SIZE];
    key_of(asked_stamp + 1, key);
    enum status status = tree_add(tree, root, key);
    return status == STATUS_OK ? tree_flush(tree) : status;
}
/* A leaf that has grown as it may is split, with what the way has changed so far. */
static enum status ask_split(struct tree *tree, int64_t root)
{
    enum status status = STATUS_OK;
    for (uint32_t i = 0; status == STATUS_OK && i < 3; i++) {
        uint8_t key[TREE_KEY_SIZE];
        key_of(asked_stamp + 2 * i + 1, key);
        status = tree_add(tree, root, key);
    }
    return status == STATUS_OK ? tree_flush(tree) : status;
}
/* What was changed is written before another leaf is read, or the whole. */
static enum status ask_elsewhere(struct tree *tree, int64_t root)
{
    uint8_t key[TREE_KEY_SIZE];
    uint64_t place;
    key_of(asked_stamp + 1, key);
    enum status status = tree_add(tree, root, key);
    key_of(UINT32_MAX, key);
    if (status == STATUS_OK)
        status = tree_find(tree, root, key, &place);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}
static enum status ask_check_after(struct tree *tree, int64_t root)
{
    uint64_t nodes = 0;
    uint8_t key[TREE_KEY_SIZE];
    key_of(asked_stamp + 1, key);
    enum status status = tree_add(tree, root, key);
    return status == STATUS_OK ? tree_check(tree, root, &nodes) : status;
}
/* A leaf, until nothing is left of it. */
static enum status ask_remove(struct tree *tree, int64_t root)
{
    enum status status = STATUS_OK;
    for (uint32_t i = 1; status == STATUS_OK && i <= LEAF_MAX; i++) {
        uint8_t key[TREE_KEY_SIZE];
        key_of(2 * i, key);
        status = tree_remove(tree, root, key);
    }
    return status == STATUS_OK ? tree_flush(tree) : status;
}
static enum status ask_check(struct tree *tree, int64_t root)
{
    uint64_t nodes = 0;
    return tree_check(tree, root, &nodes);
}

static enum status (*const questions[])(struct tree *, int64_t) = {
    ask_check, ask_find,  ask_at,        ask_sum,         ask_total,
    ask_add,   ask_split, ask_elsewhere, ask_check_after, ask_remove};
enum { QUESTIONS_LEN = sizeof(questions) / sizeof(questions[0]) };

/* ---- what cannot be read or written ---- */

static uint64_t fail_each(void **state, int64_t root)
{
    static const enum fail_what whats[] = {FAIL_STEP, FAIL_MEMORY};
    uint64_t failures = 0;
    for (size_t i = 0; i < 2 * (size_t)QUESTIONS_LEN; i++)
        for (uint64_t calls = 0;; calls++) {
            struct store *store = sample_reopen(state, false);
            sample_begin(store);
            fail_sqlite_after(whats[i % 2], calls, SQLITE_NOMEM, false);
            enum status status = questions[i / 2](store->tree, root);
            bool has_failed = fail_sqlite_stop();
            store_roll_back(store);
            if (!has_failed)
                break;
            failures++;
            /* SQLite bears some ends of memory. */
            if (status != STATUS_NO_MEMORY && whats[i % 2] != FAIL_MEMORY)
                fail_msg("question %u, call %u: %s", (unsigned)(i / 2), (unsigned)calls,
                         status_name(status));
        }
    return failures;
}

static void a_node_that_cannot_be_had_is_said(void **state)
{
    struct store *store = *state;
    sample_begin(store);
    int64_t large = grown(store->tree, LEAF_MAX * INNER_MAX);
    int64_t full = grown(store->tree, LEAF_MAX - 1); /* one more, and its root grows */
    sample_commit(store);
    asked_stamp = LEAF_MAX;
    assert_in_range(fail_each(state, large), 100, 5000);
    assert_in_range(fail_each(state, full), 50, 5000);
}

/* ---- what is damaged ---- */

static void put_number(uint8_t *at, uint64_t value)
{
    for (int i = 7; i >= 0; i--, value >>= 8)
        at[i] = (uint8_t)value;
}

static size_t node_get(struct store *store, int64_t number, uint8_t raw[static 4096])
{
    sqlite3_stmt *stmt = statement(store, STMT_node_get);
    bind_number(stmt, 1, number);
    assert_int_equal(statement_row(store, stmt), STATUS_OK);
    struct bytes bytes = column_bytes(stmt, 0);
    memcpy(raw, bytes.data, bytes.len);
    statement_end(store, stmt);
    return bytes.len;
}

static void node_put(struct store *store, int64_t number, struct bytes raw)
{
    sqlite3_stmt *stmt = statement(store, STMT_node_update);
    bind_number(stmt, 1, number);
    bind_blob(stmt, 2, raw);
    assert_int_equal(statement_run(store, stmt), STATUS_OK);
}

/* Each way to harm a node; the new length, 0: that one does not fit this node. */
enum harm {
    HARM_LEVEL_UP,
    HARM_LEVEL_DOWN,
    HARM_LEVEL_HIGH,
    HARM_CUT,
    HARM_EMPTY,
    HARM_KEYS_SWAPPED,
    HARM_KEY_LOW,
    HARM_KEY_HIGH,
    HARM_CHILD_GONE,
    HARM_CHILD_ITSELF,
    HARM_COUNT_LESS,
    HARM_COUNT_MORE,
    HARM_COUNT_HUGE,
    HARM_SUM,
    HARMS_LEN,
};

static size_t harm(enum harm how, int64_t number, uint8_t *raw, size_t len)
{
    bool is_leaf = raw[0] == 0;
    size_t size = is_leaf ? TREE_KEY_SIZE : ENTRY;
    uint8_t key[TREE_KEY_SIZE], *first = raw + 1, *last = raw + len - size;
    switch (how) {
    case HARM_LEVEL_UP:
        raw[0]++;
        return len;
    case HARM_LEVEL_DOWN:
        raw[0]--;
        return is_leaf ? 0 : len;
    case HARM_LEVEL_HIGH:
        raw[0] = DEPTH_MAX;
        return len;
    case HARM_CUT:
        return len - 1;
    case HARM_EMPTY:
        return 1;
    case HARM_KEYS_SWAPPED:
        memcpy(key, first, TREE_KEY_SIZE);
        memcpy(first, first + size, TREE_KEY_SIZE);
        memcpy(first + size, key, TREE_KEY_SIZE);
        return len;
    case HARM_KEY_LOW:
        memset(first, 0, TREE_KEY_SIZE);
        return len;
    case HARM_KEY_HIGH:
        memset(last, 0xff, TREE_KEY_SIZE);
        return len;
    case HARM_CHILD_GONE:
        put_number(first + TREE_KEY_SIZE, INT64_MAX);
        return is_leaf ? 0 : len;
    case HARM_CHILD_ITSELF:
        put_number(first + TREE_KEY_SIZE, (uint64_t)number);
        return is_leaf ? 0 : len;
    case HARM_COUNT_LESS:
        put_number(first + TREE_KEY_SIZE + 8, 1);
        return is_leaf ? 0 : len;
    case HARM_COUNT_MORE:
        put_number(first + TREE_KEY_SIZE + 8, 1000000);
        return is_leaf ? 0 : len;
    case HARM_COUNT_HUGE:
        put_number(first + TREE_KEY_SIZE + 8, UINT64_MAX);
        return is_leaf ? 0 : len;
    case HARM_SUM:
        raw[len - 1] ^= 1;
        return is_leaf ? 0 : len;
    case HARMS_LEN:
        break;
    }
    return 0;
}

static void a_damaged_node_is_found_and_never_followed(void **state)
{
    struct store *store = *state;
    sample_begin(store);
    /* Three levels; the first leaf was the root once, and is the oldest after it. */
    int64_t root = grown(store->tree, LEAF_MAX * INNER_MAX);
    uint8_t raw[4096], sound[4096];
    size_t len = node_get(store, root, raw);
    assert_int_equal(raw[0], 2);
    int64_t inner = 0, leaf = 0;
    for (int i = 0; i < 8; i++)
        inner = inner << 8 | raw[1 + TREE_KEY_SIZE + i];
    (void)node_get(store, inner, raw);
    for (int i = 0; i < 8; i++)
        leaf = leaf << 8 | raw[1 + TREE_KEY_SIZE + i];
    const int64_t numbers[] = {root, inner, leaf};
    for (size_t i = 0; i < 3; i++)
        for (int how = 0; how < HARMS_LEN; how++) {
            size_t sound_len = node_get(store, numbers[i], sound);
            memcpy(raw, sound, sound_len);
            len = harm((enum harm)how, numbers[i], raw, sound_len);
            if (len == 0)
                continue;
            for (int question = 0; question < QUESTIONS_LEN; question++)
                for (asked_stamp = 0; asked_stamp < 9000; asked_stamp += 224) {
                    node_put(store, numbers[i], bytes_of(raw, len));
                    assert_int_equal(
                        sqlite3_exec(store->db, "SAVEPOINT sound", NULL, NULL, NULL),
                        SQLITE_OK);
                    tree_forget(store->tree);
                    enum status status = questions[question](store->tree, root);
                    bool is_known = status == STATUS_OK || status == STATUS_CORRUPT ||
                                    status == STATUS_NOT_FOUND || status == STATUS_EXISTS;
                    /* A bound below all of the first child's keys is a bound. */
                    bool is_right = question > 0 || status == STATUS_CORRUPT ||
                                    (how == HARM_KEY_LOW && numbers[i] != leaf);
                    if (!is_known || !is_right)
                        fail_msg("node %u, harm %d, question %d: %s", (unsigned)i, how,
                                 question, status_name(status));
                    tree_forget(store->tree);
                    assert_int_equal(sqlite3_exec(store->db,
                                                  "ROLLBACK TO sound; RELEASE sound",
                                                  NULL, NULL, NULL),
                                     SQLITE_OK);
                    if (question == 0)
                        break; /* the whole, once */
                }
            node_put(store, numbers[i], bytes_of(sound, sound_len));
        }
    assert_int_equal(ask_check(store->tree, root), STATUS_OK);
    store_roll_back(store);
}

/* Nodes that are full down to the leaf, of more levels than any set needs. */
static void a_tree_grows_no_deeper_than_it_may(void **state)
{
    struct store *store = *state;
    uint8_t raw[4096];
    sample_begin(store);
    int64_t number = grown(store->tree, LEAF_MAX);
    for (uint8_t level = 1; level < DEPTH_MAX; level++) {
        int64_t above;
        memset(raw, 0xff, sizeof(raw));
        raw[0] = level;
        for (int i = 0; i < INNER_MAX; i++) {
            key_of((uint32_t)i, raw + 1 + i * ENTRY);
            put_number(raw + 1 + i * ENTRY + TREE_KEY_SIZE, (uint64_t)number);
        }
        assert_int_equal(tree_make(store->tree, &above), STATUS_OK);
        node_put(store, above, bytes_of(raw, 1 + INNER_MAX * ENTRY));
        number = above;
    }
    asked_stamp = 2;
    assert_int_equal(ask_find(store->tree, number), STATUS_OK);
    assert_int_equal(ask_add(store->tree, number), STATUS_TOO_LARGE);
    store_roll_back(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_node_that_cannot_be_had_is_said),
        TEST(a_damaged_node_is_found_and_never_followed),
        TEST(a_tree_grows_no_deeper_than_it_may),
    };
    fail_sqlite_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
