#include "storage/statement.h"

#include <string.h>

/*
 * Pairs: for each site with which this node reconciles, the scopes that both may hold,
 * the lattice over their digests, and the root of their set (store_set.c). Who shares
 * what is for the core to say; what follows from it is kept here, in the same
 * transaction.
 */

struct pair {
    int64_t number, root;
    uint64_t scopes_len;
};

static enum status find_pair(struct store *store, const struct id *site,
                             struct pair *pair)
{
    sqlite3_stmt *stmt = statement(store, STMT_pair_find);
    bind_id(stmt, 1, site);
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status;
    pair->number = sqlite3_column_int64(stmt, 0);
    pair->root = sqlite3_column_int64(stmt, 1);
    pair->scopes_len = (uint64_t)sqlite3_column_int64(stmt, 2);
    statement_end(store, stmt);
    return STATUS_OK;
}

static enum status get_lattice(struct store *store, int64_t pair, struct lattice *lattice)
{
    sqlite3_stmt *stmt = statement(store, STMT_pair_lattice_get);
    bind_number(stmt, 1, pair);
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status;
    struct bytes bytes = column_bytes(stmt, 0);
    if (bytes.len == LATTICE_SIZE)
        memcpy(lattice->bytes, bytes.data, LATTICE_SIZE);
    else
        status = STATUS_CORRUPT;
    statement_end(store, stmt);
    return status;
}

/* Takes one digest out of the lattice and puts another in; either may be NULL. */
static enum status change_lattice(struct store *store, int64_t pair, const struct id *out,
                                  const struct id *in)
{
    struct lattice lattice;
    enum status status = get_lattice(store, pair, &lattice);
    if (status != STATUS_OK)
        return status;
    if (out != NULL)
        lattice_take_out(&lattice, out->bytes);
    if (in != NULL)
        lattice_add(&lattice, in->bytes);
    sqlite3_stmt *stmt = statement(store, STMT_pair_lattice_put);
    bind_number(stmt, 1, pair);
    bind_blob(stmt, 2, bytes_of(lattice.bytes, LATTICE_SIZE));
    bind_number(stmt, 3, (in != NULL) - (out != NULL));
    return statement_run(store, stmt);
}

enum status store_pairs_redigest(struct store *store, int64_t scope,
                                 const struct id *before, const struct id *after)
{
    if (before != NULL && id_equal(before, after))
        return STATUS_OK;
    sqlite3_stmt *stmt = statement(store, STMT_scope_roots);
    bind_number(stmt, 1, scope);
    enum status status;
    while ((status = statement_row(store, stmt)) == STATUS_OK) {
        status = change_lattice(store, sqlite3_column_int64(stmt, 0), before, after);
        if (status != STATUS_OK) {
            statement_end(store, stmt);
            return status;
        }
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status store_pair_add(struct store *store, const struct id *site)
{
    struct pair pair;
    int64_t root;
    enum status status = find_pair(store, site, &pair);
    if (status != STATUS_NOT_FOUND)
        return status == STATUS_OK ? STATUS_EXISTS : status;
    status = tree_make(store->tree, &root);
    if (status != STATUS_OK)
        return status;
    sqlite3_stmt *stmt = statement(store, STMT_pair_insert);
    bind_id(stmt, 1, site);
    bind_number(stmt, 2, root);
    return statement_run(store, stmt);
}

struct moving {
    struct store *store;
    int64_t root;
    bool is_gone;
};

static enum status move_item(void *context, uint64_t wall, const struct id *id)
{
    const struct moving *moving = context;
    return store_set_note(moving->store, moving->root, wall, id, moving->is_gone);
}

/* Number and digest of a scope that was folded. */
static enum status find_scope(struct store *store, const struct id *id, int64_t *number,
                              struct id *digest)
{
    sqlite3_stmt *stmt = statement(store, STMT_scope_folded);
    bind_id(stmt, 1, id);
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status;
    *number = sqlite3_column_int64(stmt, 0);
    bool was_folded;
    status = column_id_or_null(stmt, 1, digest, &was_folded);
    statement_end(store, stmt);
    return status == STATUS_OK && !was_folded ? STATUS_NOT_FOUND : status;
}

/* Everything that follows from a scope coming in or going out. */
static enum status move_scope(struct store *store, const struct id *site,
                              const struct id *scope, bool is_gone)
{
    struct pair pair;
    struct id digest;
    int64_t number;
    enum status status = find_pair(store, site, &pair);
    if (status == STATUS_OK)
        status = find_scope(store, scope, &number, &digest);
    if (status != STATUS_OK)
        return status;
    sqlite3_stmt *stmt =
        statement(store, is_gone ? STMT_shared_delete : STMT_shared_insert);
    bind_number(stmt, 1, number);
    bind_number(stmt, 2, pair.number);
    status = statement_run(store, stmt);
    if (status == STATUS_OK && sqlite3_changes(store->db) == 0)
        return is_gone ? STATUS_NOT_FOUND : STATUS_EXISTS;
    if (status == STATUS_OK)
        status = change_lattice(store, pair.number, is_gone ? &digest : NULL,
                                is_gone ? NULL : &digest);
    struct moving moving = {store, pair.root, is_gone};
    return status == STATUS_OK ? store_scope_items(store, scope, move_item, &moving)
                               : status;
}

enum status store_pair_put(struct store *store, const struct id *site,
                           const struct id *scope)
{
    return move_scope(store, site, scope, false);
}

enum status store_pair_drop(struct store *store, const struct id *site,
                            const struct id *scope)
{
    return move_scope(store, site, scope, true);
}

enum status store_pair_has(struct store *store, const struct id *site,
                           const struct id *scope)
{
    sqlite3_stmt *stmt = statement(store, STMT_shared_has);
    bind_id(stmt, 1, site);
    bind_id(stmt, 2, scope);
    enum status status = statement_row(store, stmt);
    if (status == STATUS_OK)
        statement_end(store, stmt);
    return status;
}

enum status store_pairs(struct store *store, store_id_fn *fn, void *context)
{
    return each_id(store, statement(store, STMT_pairs_all), fn, context);
}

enum status store_pair_scopes(struct store *store, const struct id *site, store_id_fn *fn,
                              void *context)
{
    sqlite3_stmt *stmt = statement(store, STMT_shared_of_pair);
    bind_id(stmt, 1, site);
    return each_id(store, stmt, fn, context);
}

enum status store_scope_pairs(struct store *store, const struct id *scope,
                              store_id_fn *fn, void *context)
{
    sqlite3_stmt *stmt = statement(store, STMT_shared_of_scope);
    bind_id(stmt, 1, scope);
    return each_id(store, stmt, fn, context);
}

enum status store_pair_lattice(struct store *store, const struct id *site,
                               struct lattice *lattice, uint64_t *scopes_len)
{
    struct pair pair;
    enum status status = find_pair(store, site, &pair);
    if (status != STATUS_OK)
        return status;
    *scopes_len = pair.scopes_len;
    return get_lattice(store, pair.number, lattice);
}

enum status store_pair_reckon(struct store *store, const struct id *site,
                              struct lattice *lattice, uint64_t *scopes_len)
{
    struct pair pair;
    enum status status = find_pair(store, site, &pair);
    if (status != STATUS_OK)
        return status;
    *lattice = (struct lattice){{0}};
    *scopes_len = 0;
    sqlite3_stmt *stmt = statement(store, STMT_shared_digests);
    bind_number(stmt, 1, pair.number);
    while ((status = statement_row(store, stmt)) == STATUS_OK) {
        struct id digest;
        if (!column_id(stmt, 0, &digest)) {
            statement_end(store, stmt);
            return STATUS_CORRUPT;
        }
        lattice_add(lattice, digest.bytes);
        (*scopes_len)++;
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status store_set_open(struct store *store, const struct id *site,
                           struct store_set *set)
{
    struct pair pair;
    enum status status = find_pair(store, site, &pair);
    if (status == STATUS_OK)
        *set = (struct store_set){.store = store, .root = pair.root};
    return status;
}

static enum status clear_pair(struct store *store, int64_t number)
{
    int64_t root;
    enum status status = tree_make(store->tree, &root);
    if (status != STATUS_OK)
        return status;
    sqlite3_stmt *stmt = statement(store, STMT_pair_clear);
    bind_number(stmt, 1, number);
    bind_number(stmt, 2, root);
    return statement_run(store, stmt);
}

enum status store_pairs_clear(struct store *store)
{
    store_sets_forget(store);
    enum status status = statement_run(store, statement(store, STMT_shared_clear));
    if (status == STATUS_OK)
        status = statement_run(store, statement(store, STMT_nodes_clear));
    if (status != STATUS_OK)
        return status;
    sqlite3_stmt *stmt = statement(store, STMT_pairs_numbers);
    while ((status = statement_row(store, stmt)) == STATUS_OK) {
        status = clear_pair(store, sqlite3_column_int64(stmt, 0));
        if (status != STATUS_OK) {
            statement_end(store, stmt);
            return status;
        }
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}
