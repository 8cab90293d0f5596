#include "storage/tree.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "storage/statement.h"

#define NODE_SIZE 4033 /* what a page of 4,096 bytes takes without overflowing */
#define ENTRY_SIZE 84
#define LEAF_MAX ((NODE_SIZE - 1) / TREE_KEY_SIZE)
#define INNER_MAX ((NODE_SIZE - 1) / ENTRY_SIZE)
/* Half-full nodes of this depth hold more than 10^11 items. */
#define DEPTH_MAX 8

_Static_assert(LEAF_MAX == 112, "the room that docs/STORAGE.md states");
_Static_assert(INNER_MAX == 48, "the same");

struct node {
    uint8_t level;
    uint32_t len; /* entries */
    uint8_t entries[NODE_SIZE - 1];
};

/* One step of the way down. */
struct step {
    int64_t number; /* of the node that is kept here; 0: none */
    bool is_dirty;
    uint32_t slot;  /* the child taken; in a leaf, the place within */
    uint64_t first; /* items before this node */
    struct node node;
};

struct tree {
    struct store *store;
    struct step way[DEPTH_MAX];
    uint32_t leaf; /* where the last way ended */
};

/* ---- entries ---- */

static uint64_t get_u64(const uint8_t *at)
{
    uint64_t value = 0;
    for (int i = 0; i < 8; i++)
        value = value << 8 | at[i];
    return value;
}

static void put_u64(uint8_t *at, uint64_t value)
{
    for (int i = 7; i >= 0; i--, value >>= 8)
        at[i] = (uint8_t)value;
}

static size_t entry_size(const struct node *node)
{
    return node->level == 0 ? TREE_KEY_SIZE : ENTRY_SIZE;
}

static uint32_t len_max(const struct node *node)
{
    return node->level == 0 ? LEAF_MAX : INNER_MAX;
}

static uint8_t *entry(struct node *node, uint32_t i)
{
    return node->entries + i * entry_size(node);
}

/* Of a child. */
struct total {
    uint64_t count;
    struct negentropy_sum sum;
};

static int64_t child_number(struct node *node, uint32_t i)
{
    return (int64_t)get_u64(entry(node, i) + TREE_KEY_SIZE);
}

static uint64_t child_count(struct node *node, uint32_t i)
{
    return get_u64(entry(node, i) + TREE_KEY_SIZE + 8);
}

static void child_sum(struct node *node, uint32_t i, struct negentropy_sum *sum)
{
    negentropy_sum_load(sum, entry(node, i) + TREE_KEY_SIZE + 16);
}

static void put_child(struct node *node, uint32_t i, const uint8_t *key, int64_t number,
                      const struct total *total)
{
    uint8_t *at = entry(node, i);
    memmove(at, key, TREE_KEY_SIZE);
    put_u64(at + TREE_KEY_SIZE, (uint64_t)number);
    put_u64(at + TREE_KEY_SIZE + 8, total->count);
    negentropy_sum_store(&total->sum, at + TREE_KEY_SIZE + 16);
}

/* The items beneath entries [begin, end) of a node. */
static struct total total_of(struct node *node, uint32_t begin, uint32_t end)
{
    struct total total = {0};
    for (uint32_t i = begin; i < end; i++) {
        if (node->level == 0) {
            total.count++;
            negentropy_sum_add_id(&total.sum, entry(node, i) + 4);
            continue;
        }
        struct negentropy_sum sum;
        child_sum(node, i, &sum);
        negentropy_sum_add(&total.sum, &sum);
        total.count += child_count(node, i);
    }
    return total;
}

/* Opens a gap of one entry, or closes one. */
static void node_open(struct node *node, uint32_t at)
{
    assert(node->len < len_max(node));
    memmove(entry(node, at + 1), entry(node, at), (node->len - at) * entry_size(node));
    node->len++;
}

static void node_close(struct node *node, uint32_t at)
{
    assert(at < node->len);
    node->len--;
    memmove(entry(node, at), entry(node, at + 1), (node->len - at) * entry_size(node));
}

/* The first entry whose key does not sort before key. */
static uint32_t entry_bound(struct node *node, const uint8_t *key)
{
    uint32_t low = 0, high = node->len;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (memcmp(entry(node, middle), key, TREE_KEY_SIZE) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_key(struct node *node, uint32_t i, const uint8_t *key)
{
    return i < node->len && memcmp(entry(node, i), key, TREE_KEY_SIZE) == 0;
}

/* ---- nodes in the table ---- */

static struct bytes node_bytes(const struct node *node, uint8_t raw[static NODE_SIZE])
{
    size_t len = node->len * entry_size(node);
    raw[0] = node->level;
    memcpy(raw + 1, node->entries, len);
    return bytes_of(raw, 1 + len);
}

static enum status node_insert(struct store *store, const struct node *node,
                               int64_t *number)
{
    uint8_t raw[NODE_SIZE];
    sqlite3_stmt *stmt = statement(store, STMT_node_insert);
    bind_blob(stmt, 1, node_bytes(node, raw));
    enum status status = statement_run(store, stmt);
    *number = sqlite3_last_insert_rowid(store->db);
    return status;
}

static enum status node_parse(struct node *node, struct bytes raw)
{
    if (raw.len == 0 || raw.len > NODE_SIZE || raw.data[0] >= DEPTH_MAX)
        return STATUS_CORRUPT;
    node->level = raw.data[0];
    if ((raw.len - 1) % entry_size(node) != 0)
        return STATUS_CORRUPT;
    node->len = (uint32_t)((raw.len - 1) / entry_size(node));
    memcpy(node->entries, raw.data + 1, raw.len - 1);
    /* Only a leaf may be empty, where it is the root. */
    return node->level > 0 && node->len == 0 ? STATUS_CORRUPT : STATUS_OK;
}

static enum status node_read(struct store *store, int64_t number, struct node *node)
{
    sqlite3_stmt *stmt = statement(store, STMT_node_get);
    bind_number(stmt, 1, number);
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status == STATUS_NOT_FOUND ? STATUS_CORRUPT : status;
    status = node_parse(node, column_bytes(stmt, 0));
    statement_end(store, stmt);
    return status;
}

static enum status step_write(struct tree *tree, struct step *step)
{
    if (!step->is_dirty)
        return STATUS_OK;
    uint8_t raw[NODE_SIZE];
    sqlite3_stmt *stmt = statement(tree->store, STMT_node_update);
    bind_number(stmt, 1, step->number);
    bind_blob(stmt, 2, node_bytes(&step->node, raw));
    enum status status = statement_run(tree->store, stmt);
    if (status == STATUS_OK)
        step->is_dirty = false;
    return status;
}

static enum status step_read(struct tree *tree, uint32_t depth, int64_t number)
{
    struct step *step = &tree->way[depth];
    if (step->number == number)
        return STATUS_OK;
    enum status status = step_write(tree, step);
    if (status != STATUS_OK)
        return status;
    step->number = 0;
    status = node_read(tree->store, number, &step->node);
    if (status == STATUS_OK)
        step->number = number;
    return status;
}

struct tree *tree_new(struct store *store)
{
    struct tree *tree = calloc(1, sizeof(*tree));
    if (tree != NULL)
        tree->store = store;
    return tree;
}

void tree_free(struct tree *tree)
{
    free(tree);
}

void tree_forget(struct tree *tree)
{
    for (uint32_t i = 0; i < DEPTH_MAX; i++) {
        tree->way[i].number = 0;
        tree->way[i].is_dirty = false;
    }
}

enum status tree_flush(struct tree *tree)
{
    enum status status = STATUS_OK;
    for (uint32_t i = 0; status == STATUS_OK && i < DEPTH_MAX; i++)
        status = step_write(tree, &tree->way[i]);
    return status;
}

enum status tree_make(struct tree *tree, int64_t *root)
{
    const struct node empty = {0};
    return node_insert(tree->store, &empty, root);
}

/* ---- the way down ---- */

/* What is looked for: a key where that is set, else a place; `is_end` takes a place
 * behind the last item of a node as one of this node. */
struct goal {
    const uint8_t *key;
    uint64_t place;
    bool is_end;
};

static uint32_t choose(const struct step *step, struct node *node,
                       const struct goal *goal)
{
    uint32_t slot = 0;
    if (goal->key != NULL) {
        slot = entry_bound(node, goal->key);
        return is_key(node, slot, goal->key) || slot == 0 ? slot : slot - 1;
    }
    uint64_t end = step->first + child_count(node, 0);
    while (slot + 1 < node->len &&
           (goal->is_end ? end < goal->place : end <= goal->place))
        end += child_count(node, ++slot);
    return slot;
}

/* To the leaf that holds the goal or would hold it; of every node on the way, the slot
 * taken and what stands before it. */
static enum status go(struct tree *tree, int64_t root, const struct goal *goal)
{
    uint64_t first = 0;
    int64_t number = root;
    /* Levels are below DEPTH_MAX, and each step down is to the next. */
    for (uint32_t depth = 0;; depth++) {
        assert(depth < DEPTH_MAX);
        enum status status = step_read(tree, depth, number);
        if (status != STATUS_OK)
            return status;
        struct step *step = &tree->way[depth];
        if (depth > 0 && step->node.level + 1 != tree->way[depth - 1].node.level)
            return STATUS_CORRUPT;
        step->first = first;
        if (step->node.level == 0) {
            tree->leaf = depth;
            step->slot = goal->key != NULL ? entry_bound(&step->node, goal->key) : 0;
            return STATUS_OK;
        }
        step->slot = choose(step, &step->node, goal);
        for (uint32_t i = 0; i < step->slot; i++)
            first += child_count(&step->node, i);
        number = child_number(&step->node, step->slot);
    }
}

enum status tree_total(struct tree *tree, int64_t root, uint64_t *count,
                       struct negentropy_sum *sum)
{
    enum status status = step_read(tree, 0, root);
    if (status != STATUS_OK)
        return status;
    struct node *node = &tree->way[0].node;
    struct total total = total_of(node, 0, node->len);
    *count = total.count;
    if (sum != NULL)
        *sum = total.sum;
    return STATUS_OK;
}

enum status tree_find(struct tree *tree, int64_t root,
                      const uint8_t key[static TREE_KEY_SIZE], uint64_t *place)
{
    enum status status = go(tree, root, &(struct goal){.key = key});
    if (status != STATUS_OK)
        return status;
    struct step *leaf = &tree->way[tree->leaf];
    *place = leaf->first + leaf->slot;
    return is_key(&leaf->node, leaf->slot, key) ? STATUS_OK : STATUS_NOT_FOUND;
}

enum status tree_at(struct tree *tree, int64_t root, uint64_t place,
                    uint8_t key[static TREE_KEY_SIZE])
{
    enum status status = go(tree, root, &(struct goal){.place = place});
    if (status != STATUS_OK)
        return status;
    struct step *leaf = &tree->way[tree->leaf];
    /* The way passes only what stands before the place. */
    if (place - leaf->first >= leaf->node.len)
        return STATUS_NOT_FOUND;
    memcpy(key, entry(&leaf->node, (uint32_t)(place - leaf->first)), TREE_KEY_SIZE);
    return STATUS_OK;
}

enum status tree_sum_before(struct tree *tree, int64_t root, uint64_t place,
                            struct negentropy_sum *sum)
{
    enum status status = go(tree, root, &(struct goal){.place = place, .is_end = true});
    if (status != STATUS_OK)
        return status;
    struct step *leaf = &tree->way[tree->leaf];
    if (place - leaf->first > leaf->node.len)
        return STATUS_CORRUPT;
    leaf->slot = (uint32_t)(place - leaf->first);
    *sum = (struct negentropy_sum){{0}};
    for (uint32_t depth = 0; depth <= tree->leaf; depth++) {
        struct step *step = &tree->way[depth];
        struct total passed = total_of(&step->node, 0, step->slot);
        negentropy_sum_add(sum, &passed.sum);
    }
    return STATUS_OK;
}

/* ---- changes ---- */

/* The root's entries go into a new node beneath it. */
static enum status grow_root(struct tree *tree)
{
    struct step *root = &tree->way[0];
    int64_t number;
    if (root->node.level + 1 >= DEPTH_MAX)
        return STATUS_TOO_LARGE;
    enum status status = tree_flush(tree);
    if (status == STATUS_OK)
        status = node_insert(tree->store, &root->node, &number);
    if (status != STATUS_OK)
        return status;
    struct total total = total_of(&root->node, 0, root->node.len);
    root->node.level++;
    root->node.len = 1;
    put_child(&root->node, 0, root->node.entries, number, &total);
    root->is_dirty = true;
    for (uint32_t i = 1; i < DEPTH_MAX; i++)
        tree->way[i].number = 0; /* they stand one deeper now */
    return STATUS_OK;
}

/* The upper part of a full node goes into a new one beside it: half, or, where the key
 * comes at its end, the last entry alone, since recent items come in order. */
static enum status split(struct tree *tree, uint32_t depth, const uint8_t *key)
{
    struct step *left = &tree->way[depth];
    struct step *above = &tree->way[depth - 1];
    struct node right = {.level = left->node.level};
    uint32_t len = left->node.len;
    bool is_at_end = memcmp(entry(&left->node, len - 1), key, TREE_KEY_SIZE) < 0;
    uint32_t at = is_at_end ? len - 1 : len / 2;
    right.len = len - at;
    memcpy(right.entries, entry(&left->node, at), right.len * entry_size(&right));
    int64_t number;
    enum status status = node_insert(tree->store, &right, &number);
    if (status != STATUS_OK)
        return status;
    struct total stays = total_of(&left->node, 0, at);
    struct total goes = total_of(&right, 0, right.len);
    left->node.len = at;
    left->is_dirty = true;
    uint32_t slot = above->slot;
    node_open(&above->node, slot + 1);
    put_child(&above->node, slot + 1, right.entries, number, &goes);
    put_child(&above->node, slot, entry(&above->node, slot), left->number, &stays);
    above->is_dirty = true;
    return STATUS_OK;
}

/* Full nodes on the way are split from the top, until the leaf has room. */
static enum status make_room(struct tree *tree, int64_t root, const uint8_t *key)
{
    for (;;) {
        uint32_t depth = tree->leaf;
        if (tree->way[depth].node.len < LEAF_MAX)
            return STATUS_OK;
        while (depth > 0 && tree->way[depth - 1].node.len == INNER_MAX)
            depth--;
        enum status status = depth == 0 ? grow_root(tree) : split(tree, depth, key);
        if (status == STATUS_OK)
            status = go(tree, root, &(struct goal){.key = key});
        if (status != STATUS_OK)
            return status;
    }
}

/* What the nodes above the leaf say of the child taken. */
static void note_change(struct tree *tree, const uint8_t *key, bool is_added)
{
    for (uint32_t depth = 0; depth < tree->leaf; depth++) {
        struct step *step = &tree->way[depth];
        struct total total = {.count = child_count(&step->node, step->slot)};
        child_sum(&step->node, step->slot, &total.sum);
        if (is_added) {
            total.count++;
            negentropy_sum_add_id(&total.sum, key + 4);
        } else {
            total.count--;
            negentropy_sum_subtract_id(&total.sum, key + 4);
        }
        /* Only beneath the first child may a key sort before that child's. */
        const uint8_t *low = entry(&step->node, step->slot);
        if (is_added && memcmp(key, low, TREE_KEY_SIZE) < 0)
            low = key;
        put_child(&step->node, step->slot, low, child_number(&step->node, step->slot),
                  &total);
        step->is_dirty = true;
    }
}

enum status tree_add(struct tree *tree, int64_t root,
                     const uint8_t key[static TREE_KEY_SIZE])
{
    uint64_t place;
    enum status status = tree_find(tree, root, key, &place);
    if (status != STATUS_NOT_FOUND)
        return status == STATUS_OK ? STATUS_EXISTS : status;
    status = make_room(tree, root, key);
    if (status != STATUS_OK)
        return status;
    note_change(tree, key, true);
    struct step *leaf = &tree->way[tree->leaf];
    node_open(&leaf->node, leaf->slot);
    memcpy(entry(&leaf->node, leaf->slot), key, TREE_KEY_SIZE);
    leaf->is_dirty = true;
    return STATUS_OK;
}

/* A node without entries goes, and its entry above with it; the root becomes a leaf. */
static enum status prune(struct tree *tree)
{
    uint32_t depth = tree->leaf;
    for (; depth > 0 && tree->way[depth].node.len == 0; depth--) {
        struct step *step = &tree->way[depth];
        sqlite3_stmt *stmt = statement(tree->store, STMT_node_delete);
        bind_number(stmt, 1, step->number);
        enum status status = statement_run(tree->store, stmt);
        if (status != STATUS_OK)
            return status;
        step->number = 0;
        step->is_dirty = false;
        struct step *above = &tree->way[depth - 1];
        node_close(&above->node, above->slot);
        above->is_dirty = true;
    }
    if (tree->way[0].node.len == 0)
        tree->way[0].node.level = 0;
    return STATUS_OK;
}

enum status tree_remove(struct tree *tree, int64_t root,
                        const uint8_t key[static TREE_KEY_SIZE])
{
    uint64_t place;
    enum status status = tree_find(tree, root, key, &place);
    if (status != STATUS_OK)
        return status;
    note_change(tree, key, false);
    struct step *leaf = &tree->way[tree->leaf];
    node_close(&leaf->node, leaf->slot);
    leaf->is_dirty = true;
    return prune(tree);
}

/* ---- the whole ---- */

/* The bounds that the nodes above set: from low on (NULL: none), and before high. */
static enum status check_node(struct tree *tree, int64_t number, int level,
                              const uint8_t *low, const uint8_t *high,
                              struct total *total, uint64_t *nodes)
{
    struct node *node = malloc(sizeof(*node));
    if (node == NULL)
        return STATUS_NO_MEMORY;
    enum status status = node_read(tree->store, number, node);
    ++*nodes;
    if (status == STATUS_OK && level >= 0 && (node->level != level || node->len == 0))
        status = STATUS_CORRUPT;
    for (uint32_t i = 0; status == STATUS_OK && i < node->len; i++) {
        const uint8_t *key = entry(node, i);
        const uint8_t *next = i + 1 < node->len ? entry(node, i + 1) : high;
        if (next != NULL && memcmp(key, next, TREE_KEY_SIZE) >= 0)
            status = STATUS_CORRUPT;
        else if (low != NULL && memcmp(key, low, TREE_KEY_SIZE) < 0)
            status = STATUS_CORRUPT;
        if (status != STATUS_OK || node->level == 0)
            continue;
        struct total beneath, said = total_of(node, i, i + 1);
        status = check_node(tree, child_number(node, i), node->level - 1, key, next,
                            &beneath, nodes);
        if (status == STATUS_OK &&
            (beneath.count != said.count ||
             memcmp(&beneath.sum, &said.sum, sizeof(said.sum)) != 0))
            status = STATUS_CORRUPT;
    }
    if (status == STATUS_OK)
        *total = total_of(node, 0, node->len);
    free(node);
    return status;
}

enum status tree_check(struct tree *tree, int64_t root, uint64_t *nodes)
{
    struct total total;
    enum status status = tree_flush(tree);
    return status == STATUS_OK ? check_node(tree, root, -1, NULL, NULL, &total, nodes)
                               : status;
}
