#include "storage/statement.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/*
 * The set of a pair: (wall, id) of every op of every scope that the pair shares, waiting
 * ones included, in a tree. Happy path: what comes or goes in a transaction is noted; the
 * notes are sorted and brought into the trees together, at the commit, or before anybody
 * reads, so that a batch of ops writes each node once. Failures: a note that does not fit
 * the tree is CORRUPT; a roll-back forgets the notes.
 */

#define NOTES_MAX 4096 /* kept before they are brought into the trees */

/* Negentropy's timestamp: seconds since 2020, below 2^31, for locality only. */
#define EPOCH_2020 1577836800u

struct set_note {
    int64_t root;
    uint8_t key[TREE_KEY_SIZE];
    uint32_t order; /* in which they were noted */
    bool is_gone;
};

static uint32_t locality(uint64_t wall)
{
    if (wall <= EPOCH_2020)
        return 0;
    uint64_t seconds = wall - EPOCH_2020;
    return seconds < INT32_MAX ? (uint32_t)seconds : INT32_MAX;
}

static void make_key(uint8_t key[static TREE_KEY_SIZE], uint32_t stamp,
                     const uint8_t id[static ID_SIZE])
{
    for (int i = 3; i >= 0; i--, stamp >>= 8)
        key[i] = (uint8_t)stamp;
    memcpy(key + 4, id, ID_SIZE);
}

static int compare_notes(const void *a, const void *b)
{
    const struct set_note *left = a, *right = b;
    if (left->root != right->root)
        return left->root < right->root ? -1 : 1;
    int order = memcmp(left->key, right->key, TREE_KEY_SIZE);
    if (order != 0)
        return order;
    return (left->order > right->order) - (left->order < right->order);
}

enum status store_sets_settle(struct store *store)
{
    enum status status = STATUS_OK;
    if (store->notes_len == 0)
        return tree_flush(store->tree);
    qsort(store->notes, store->notes_len, sizeof(*store->notes), compare_notes);
    for (uint32_t i = 0; status == STATUS_OK && i < store->notes_len; i++) {
        const struct set_note *note = &store->notes[i];
        status = note->is_gone ? tree_remove(store->tree, note->root, note->key)
                               : tree_add(store->tree, note->root, note->key);
        if (status == STATUS_EXISTS || status == STATUS_NOT_FOUND)
            status = STATUS_CORRUPT;
    }
    store->notes_len = 0;
    store->sets_version++;
    return status == STATUS_OK ? tree_flush(store->tree) : status;
}

void store_sets_forget(struct store *store)
{
    store->notes_len = 0;
    store->sets_version++;
    tree_forget(store->tree);
}

enum status store_set_note(struct store *store, int64_t root, uint64_t wall,
                           const struct id *id, bool is_gone)
{
    enum status status = STATUS_OK;
    if (store->notes_len == NOTES_MAX)
        status = store_sets_settle(store);
    if (store->notes_len == store->notes_capacity) {
        uint32_t capacity = store->notes_capacity == 0 ? 64 : 2 * store->notes_capacity;
        struct set_note *notes = realloc(store->notes, capacity * sizeof(*notes));
        if (notes == NULL)
            return STATUS_NO_MEMORY;
        store->notes = notes;
        store->notes_capacity = capacity;
    }
    struct set_note *note = &store->notes[store->notes_len];
    *note =
        (struct set_note){.root = root, .order = store->notes_len, .is_gone = is_gone};
    make_key(note->key, locality(wall), id->bytes);
    store->notes_len++;
    return status;
}

enum status store_sets_note(struct store *store, int64_t scope, uint64_t wall,
                            const struct id *id, bool is_gone)
{
    sqlite3_stmt *stmt = statement(store, STMT_scope_roots);
    bind_number(stmt, 1, scope);
    enum status status;
    while ((status = statement_row(store, stmt)) == STATUS_OK) {
        status = store_set_note(store, sqlite3_column_int64(stmt, 1), wall, id, is_gone);
        if (status != STATUS_OK) {
            statement_end(store, stmt);
            return status;
        }
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status store_set_has(struct store *store, int64_t root, uint64_t wall,
                          const struct id *id)
{
    uint8_t key[TREE_KEY_SIZE];
    uint64_t place;
    make_key(key, locality(wall), id->bytes);
    return tree_find(store->tree, root, key, &place);
}

/* ---- how Negentropy reads it ---- */

/* Nothing is read after a failure, so it is the first one that is kept. */
static bool set_holds(struct store_set *set, enum status status)
{
    set->status = status;
    return status == STATUS_OK;
}

static bool set_begin(struct store_set *set)
{
    if (set->status != STATUS_OK)
        return false;
    return set->store->notes_len == 0 || set_holds(set, store_sets_settle(set->store));
}

static size_t set_len(void *context)
{
    struct store_set *set = context;
    uint64_t count = 0;
    if (!set_begin(set) ||
        !set_holds(set, tree_total(set->store->tree, set->root, &count, NULL)))
        return 0;
    return (size_t)count;
}

static size_t set_lower_bound(void *context, size_t from, uint64_t timestamp,
                              const uint8_t id[static NEGENTROPY_ID_SIZE])
{
    struct store_set *set = context;
    uint8_t key[TREE_KEY_SIZE];
    uint64_t place = from;
    if (timestamp > UINT32_MAX) {
        size_t len = set_len(set);
        return len > from ? len : from;
    }
    make_key(key, (uint32_t)timestamp, id);
    if (!set_begin(set))
        return from;
    enum status status = tree_find(set->store->tree, set->root, key, &place);
    (void)set_holds(set, status == STATUS_NOT_FOUND ? STATUS_OK : status); /* kept */
    return place > from ? (size_t)place : from;
}

static void set_item(void *context, size_t index, struct negentropy_item *item)
{
    struct store_set *set = context;
    uint8_t key[TREE_KEY_SIZE] = {0};
    *item = (struct negentropy_item){0};
    if (!set_begin(set))
        return;
    enum status status = tree_at(set->store->tree, set->root, index, key);
    if (!set_holds(set, status == STATUS_NOT_FOUND ? STATUS_CORRUPT : status))
        return;
    for (int i = 0; i < 4; i++)
        item->timestamp = item->timestamp << 8 | key[i];
    memcpy(item->id, key + 4, NEGENTROPY_ID_SIZE);
}

/* The ranges of a message follow each other, so that each bound is asked for twice. */
static bool sum_before(struct store_set *set, uint64_t place, struct negentropy_sum *sum)
{
    if (set->last_version != set->store->sets_version || set->last_place != place) {
        if (!set_holds(
                set, tree_sum_before(set->store->tree, set->root, place, &set->last_sum)))
            return false;
        set->last_version = set->store->sets_version;
        set->last_place = place;
    }
    *sum = set->last_sum;
    return true;
}

static void set_sum(void *context, size_t begin, size_t end, struct negentropy_sum *sum)
{
    struct store_set *set = context;
    struct negentropy_sum before;
    assert(begin <= end);
    *sum = (struct negentropy_sum){{0}};
    if (!set_begin(set) || begin == end || !sum_before(set, begin, &before) ||
        !sum_before(set, end, sum))
        return;
    negentropy_sum_subtract(sum, &before);
}

static enum status set_status(void *context)
{
    return ((const struct store_set *)context)->status;
}

struct negentropy_source store_set_source(struct store_set *set)
{
    return (struct negentropy_source){
        .context = set,
        .len = set_len,
        .lower_bound = set_lower_bound,
        .item = set_item,
        .sum = set_sum,
        .status = set_status,
    };
}
