#include "storage/store_ledger.h"

#include <string.h>

#include "storage/statement.h"

/* Beneath this level nothing is kept: 16 ids are read as fast as a row is. */
#define GROUP_LEVEL 4
#define GROUP_LEN (UINT64_C(1) << GROUP_LEVEL)

/* --- nodes --- */

/* NOT_FOUND: they are not all here, which is a gap in the order of the ledger. */
static enum status hash_ids(struct store *store, enum ledger_tree tree, uint64_t from,
                            uint64_t len, struct merkle_hash *hash)
{
    struct merkle_stack stack = {.size = 0};
    sqlite3_stmt *stmt = statement(store, STMT_ledger_ids);
    bind_number(stmt, 1, tree);
    bind_number(stmt, 2, (int64_t)from);
    bind_number(stmt, 3, (int64_t)len);
    enum status status;
    while ((status = statement_row(store, stmt)) == STATUS_OK) {
        struct id id;
        struct merkle_hash leaf;
        if (!column_id(stmt, 0, &id)) {
            statement_end(store, stmt);
            return STATUS_CORRUPT;
        }
        merkle_leaf(&leaf, id.bytes, ID_SIZE);
        merkle_stack_add(&stack, &leaf);
    }
    if (status != STATUS_NOT_FOUND)
        return status;
    if (stack.size != len)
        return STATUS_NOT_FOUND;
    merkle_stack_root(&stack, hash);
    return STATUS_OK;
}

static enum status get_node(struct store *store, enum ledger_tree tree, uint8_t level,
                            uint64_t place, struct merkle_hash *hash)
{
    if (level < GROUP_LEVEL) {
        enum status found =
            hash_ids(store, tree, place << level, UINT64_C(1) << level, hash);
        return found == STATUS_NOT_FOUND ? STATUS_CORRUPT : found;
    }
    sqlite3_stmt *stmt = statement(store, STMT_ledger_get);
    bind_number(stmt, 1, tree);
    bind_number(stmt, 2, level);
    bind_number(stmt, 3, (int64_t)place);
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status == STATUS_NOT_FOUND ? STATUS_CORRUPT : status;
    struct bytes bytes = column_bytes(stmt, 0);
    bool is_whole = bytes.len == MERKLE_HASH_SIZE;
    if (is_whole)
        memcpy(hash->bytes, bytes.data, MERKLE_HASH_SIZE);
    statement_end(store, stmt);
    return is_whole ? STATUS_OK : STATUS_CORRUPT;
}

static enum status put_node(struct store *store, enum ledger_tree tree, uint8_t level,
                            uint64_t place, const struct merkle_hash *hash)
{
    sqlite3_stmt *stmt = statement(store, STMT_ledger_put);
    bind_number(stmt, 1, tree);
    bind_number(stmt, 2, level);
    bind_number(stmt, 3, (int64_t)place);
    bind_blob(stmt, 4, bytes_of(hash->bytes, MERKLE_HASH_SIZE));
    enum status status = statement_run(store, stmt);
    /* It stands there already, and so the count of groups is wrong. */
    return status == STATUS_EXISTS ? STATUS_CORRUPT : status;
}

/* --- growing --- */

/* The next group, and each larger subtree that it completes. */
static enum status add_group(struct store *store, enum ledger_tree tree)
{
    struct merkle_hash hash, left;
    uint64_t place = store->ledger_groups[tree];
    uint8_t level = GROUP_LEVEL;
    enum status status = hash_ids(store, tree, place << GROUP_LEVEL, GROUP_LEN, &hash);
    if (status == STATUS_OK)
        status = put_node(store, tree, level, place, &hash);
    /* A node that is gone is no gap: it is made anew by a rebuild. */
    for (; status == STATUS_OK && (place & 1) != 0; place >>= 1) {
        status = get_node(store, tree, level, place - 1, &left);
        if (status != STATUS_OK)
            break;
        merkle_node(&hash, &left, &hash);
        status = put_node(store, tree, ++level, place >> 1, &hash);
    }
    if (status == STATUS_OK)
        store->ledger_groups[tree]++;
    return status;
}

bool store_ledger_is_settled(const struct store *store)
{
    for (int tree = TREE_PRIVATE; tree <= TREE_SHARED; tree++)
        if (store->positions[tree] >> GROUP_LEVEL != store->ledger_groups[tree])
            return false;
    return true;
}

static enum status settle_tree(struct store *store, enum ledger_tree tree)
{
    enum status status = STATUS_OK;
    while (status == STATUS_OK &&
           store->positions[tree] >> GROUP_LEVEL > store->ledger_groups[tree])
        status = add_group(store, tree);
    /* Damage took an op away: the tree ends before it, and other work goes on. The check
     * says it, and whoever asks for a root. */
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status store_ledger_settle(struct store *store)
{
    if (!store->in_transaction)
        return STATUS_OK; /* the last one left nothing to do */
    enum status status = settle_tree(store, TREE_PRIVATE);
    return status == STATUS_OK ? settle_tree(store, TREE_SHARED) : status;
}

enum status store_ledger_count(struct store *store)
{
    enum status status = STATUS_OK;
    for (int tree = TREE_PRIVATE; status == STATUS_OK && tree <= TREE_SHARED; tree++) {
        sqlite3_stmt *stmt = statement(store, STMT_ledger_groups);
        bind_number(stmt, 1, tree);
        status = statement_row(store, stmt);
        if (status != STATUS_OK)
            return status;
        store->ledger_groups[tree] = (uint64_t)sqlite3_column_int64(stmt, 0);
        statement_end(store, stmt);
    }
    return status;
}

enum status store_ledger_clear(struct store *store)
{
    memset(store->ledger_groups, 0, sizeof(store->ledger_groups));
    return statement_run(store, statement(store, STMT_ledger_clear));
}

/* --- roots and proofs --- */

struct reading {
    struct store *store;
    enum ledger_tree tree;
    enum status status; /* why a hash was not given */
};

static bool node_at(void *context, uint8_t level, uint64_t place,
                    struct merkle_hash *hash)
{
    struct reading *reading = context;
    reading->status = get_node(reading->store, reading->tree, level, place, hash);
    return reading->status == STATUS_OK;
}

static enum status begin(struct reading *reading, uint64_t size,
                         struct merkle_source *source)
{
    struct store *store = reading->store;
    *source = (struct merkle_source){.node_at = node_at, .context = reading};
    if (size > store->positions[reading->tree])
        return STATUS_NOT_FOUND;
    return store_ledger_settle(store);
}

enum status store_ledger_root(struct store *store, enum ledger_tree tree, uint64_t size,
                              struct merkle_hash *root)
{
    struct reading reading = {store, tree, STATUS_OK};
    struct merkle_source source;
    enum status status = begin(&reading, size, &source);
    if (status == STATUS_OK && !merkle_root_at(&source, size, root))
        status = reading.status;
    return status;
}

enum status store_ledger_inclusion(struct store *store, enum ledger_tree tree,
                                   uint64_t position, uint64_t size,
                                   struct store_ledger_proof *proof)
{
    struct reading reading = {store, tree, STATUS_OK};
    struct merkle_source source;
    enum status status = begin(&reading, size, &source);
    if (status == STATUS_OK && position >= size)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK &&
        !merkle_inclusion(&source, position, size, proof->hashes, &proof->len))
        status = reading.status;
    return status;
}

enum status store_ledger_consistency(struct store *store, enum ledger_tree tree,
                                     uint64_t from, uint64_t to,
                                     struct store_ledger_proof *proof)
{
    struct reading reading = {store, tree, STATUS_OK};
    struct merkle_source source;
    enum status status = begin(&reading, to, &source);
    if (status == STATUS_OK && from > to)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK &&
        !merkle_consistency(&source, from, to, proof->hashes, &proof->len))
        status = reading.status;
    return status;
}
