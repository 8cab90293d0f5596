#include <assert.h>

#include "storage/statement.h"
#include "storage/store_scrub.h"

/* The number of a scope, its row made where it is new. */
static enum status scope_number(struct store *store, const struct id *scope,
                                enum scope_kind kind, int64_t *number)
{
    if (store->last_scope_number != 0 && id_equal(&store->last_scope, scope) &&
        store->last_scope_kind == kind) {
        *number = store->last_scope_number;
        return STATUS_OK;
    }
    sqlite3_stmt *stmt = statement(store, STMT_scope_number);
    bind_id(stmt, 1, scope);
    enum status status = statement_row(store, stmt);
    if (status == STATUS_OK) {
        *number = sqlite3_column_int64(stmt, 0);
        enum scope_kind known = (enum scope_kind)sqlite3_column_int(stmt, 1);
        statement_end(store, stmt);
        if (known == 0 && kind != 0) {
            stmt = statement(store, STMT_scope_set_kind);
            bind_id(stmt, 1, scope);
            bind_number(stmt, 2, kind);
            status = statement_run(store, stmt);
        }
        kind = known == 0 ? kind : known;
    } else if (status == STATUS_NOT_FOUND) {
        stmt = statement(store, STMT_scope_insert);
        bind_id(stmt, 1, scope);
        bind_number(stmt, 2, kind);
        status = statement_run(store, stmt);
        *number = sqlite3_last_insert_rowid(store->db);
    }
    if (status == STATUS_OK) {
        store->last_scope = *scope;
        store->last_scope_number = *number;
        store->last_scope_kind = kind;
    }
    return status;
}

enum status store_op_add(struct store *store, const struct op *op, struct bytes bytes,
                         enum scope_kind kind, enum ledger_tree tree)
{
    if (op->time == 0 || op->time > INT64_MAX || op->wall > INT64_MAX)
        return STATUS_INVALID;
    int64_t number;
    enum status status = scope_number(store, &op->scope, kind, &number);
    if (status != STATUS_OK)
        return status;
    sqlite3_stmt *stmt = statement(store, STMT_op_insert);
    bind_id(stmt, 1, &op->id);
    bind_number(stmt, 2, number);
    bind_number(stmt, 3, (int64_t)op->time);
    bind_number(stmt, 4, (int64_t)op->wall);
    bind_number(stmt, 5, tree);
    if (tree != TREE_WAITING)
        bind_number(stmt, 6, (int64_t)store->positions[tree]);
    bind_blob(stmt, 7, bytes);
    status = statement_run(store, stmt);
    if (status == STATUS_EXISTS)
        return STATUS_CORRUPT; /* the position is taken, and so the counters are wrong */
    if (status == STATUS_OK && sqlite3_changes(store->db) == 0)
        return STATUS_EXISTS;
    if (status != STATUS_OK)
        return status;
    if (tree == TREE_WAITING)
        store->waiting++;
    else
        store->positions[tree]++;
    store->last_op = op->id;
    store->last_place = (struct store_place){
        .seq = sqlite3_last_insert_rowid(store->db),
        .scope = op->scope,
        .time = op->time,
        .position = tree == TREE_WAITING ? 0 : store->positions[tree] - 1,
        .waits = tree == TREE_WAITING,
    };
    /* What is private is in the set of our own machines alone, if there are any. */
    return store_sets_note(store, number, op->wall, &op->id, false);
}

static enum status forget_waits(struct store *store, const struct id *id)
{
    sqlite3_stmt *stmt = statement(store, STMT_wait_delete_op);
    bind_id(stmt, 1, id);
    return statement_run(store, stmt);
}

enum status store_op_promote(struct store *store, const struct id *id,
                             enum scope_kind kind, enum ledger_tree tree)
{
    struct store_place place;
    enum status status = store_op_find(store, id, &place);
    if (status != STATUS_OK)
        return status;
    if (!place.waits)
        return STATUS_EXISTS;
    store_forget_last(store); /* its place, and the kind of its scope */
    sqlite3_stmt *stmt = statement(store, STMT_scope_set_kind);
    bind_id(stmt, 1, &place.scope);
    bind_number(stmt, 2, kind);
    status = statement_run(store, stmt);
    if (status != STATUS_OK)
        return status;
    stmt = statement(store, STMT_op_promote);
    bind_id(stmt, 1, id);
    bind_number(stmt, 2, tree);
    bind_number(stmt, 3, (int64_t)store->positions[tree]);
    status = statement_run(store, stmt);
    if (status == STATUS_EXISTS)
        return STATUS_CORRUPT; /* as in store_op_add */
    if (status != STATUS_OK)
        return status;
    status = forget_waits(store, id);
    if (status == STATUS_OK)
        status = guest_promote(store, id);
    if (status != STATUS_OK)
        return status;
    store->positions[tree]++;
    store->waiting--;
    return STATUS_OK;
}

enum status store_op_remove_waiting(struct store *store, const struct id *id)
{
    sqlite3_stmt *stmt = statement(store, STMT_op_remove_waiting);
    bind_id(stmt, 1, id);
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status;
    int64_t scope = sqlite3_column_int64(stmt, 0);
    uint64_t wall = (uint64_t)sqlite3_column_int64(stmt, 1);
    statement_end(store, stmt);
    store->waiting--;
    status = store_sets_note(store, scope, wall, id, true);
    if (status != STATUS_OK)
        return status;
    status = forget_waits(store, id);
    if (status == STATUS_OK)
        status = guest_forget(store, id);
    if (status != STATUS_OK)
        return status;
    /* Whoever sends ops of made-up scopes leaves no rows behind. */
    store_forget_last(store);
    stmt = statement(store, STMT_scope_remove);
    bind_number(stmt, 1, scope);
    return statement_run(store, stmt);
}

enum status store_op_replace(struct store *store, const struct id *id, struct bytes bytes)
{
    sqlite3_stmt *stmt = statement(store, STMT_op_replace);
    bind_id(stmt, 1, id);
    bind_blob(stmt, 2, bytes);
    enum status status = statement_run(store, stmt);
    if (status == STATUS_OK && sqlite3_changes(store->db) == 0)
        return STATUS_NOT_FOUND;
    if (status == STATUS_OK)
        store_scrub(store);
    return status;
}

enum status store_op_find(struct store *store, const struct id *id,
                          struct store_place *place)
{
    if (store->last_place.seq != 0 && id_equal(&store->last_op, id)) {
        *place = store->last_place;
        return STATUS_OK;
    }
    sqlite3_stmt *stmt = statement(store, STMT_op_find);
    bind_id(stmt, 1, id);
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status;
    place->seq = sqlite3_column_int64(stmt, 0);
    if (!column_id(stmt, 1, &place->scope))
        status = STATUS_CORRUPT;
    place->time = (uint64_t)sqlite3_column_int64(stmt, 2);
    place->waits = sqlite3_column_int(stmt, 3) == TREE_WAITING;
    place->position = (uint64_t)sqlite3_column_int64(stmt, 4);
    statement_end(store, stmt);
    return status;
}

enum status op_of_row(sqlite3_stmt *stmt, struct store_op *op)
{
    op->seq = sqlite3_column_int64(stmt, 0);
    if (!column_id(stmt, 1, &op->id) || !column_id(stmt, 2, &op->scope))
        return STATUS_CORRUPT;
    op->time = (uint64_t)sqlite3_column_int64(stmt, 3);
    op->wall = (uint64_t)sqlite3_column_int64(stmt, 4);
    int tree = sqlite3_column_int(stmt, 5);
    if (tree < TREE_WAITING || tree > TREE_SHARED)
        return STATUS_CORRUPT;
    op->tree = (enum ledger_tree)tree;
    op->position = (uint64_t)sqlite3_column_int64(stmt, 6);
    op->bytes = column_bytes(stmt, 7);
    return STATUS_OK;
}

enum status each_op(struct store *store, sqlite3_stmt *stmt, store_op_fn *fn,
                    void *context)
{
    enum status status;
    while ((status = statement_row(store, stmt)) == STATUS_OK) {
        struct store_op op;
        status = op_of_row(stmt, &op);
        if (status == STATUS_OK)
            status = fn(context, &op);
        if (status != STATUS_OK) {
            statement_end(store, stmt);
            return status;
        }
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* Calls fn for the one row of a statement that selects an op. */
static enum status one_op(struct store *store, sqlite3_stmt *stmt, store_op_fn *fn,
                          void *context)
{
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status;
    struct store_op op;
    status = op_of_row(stmt, &op);
    if (status == STATUS_OK)
        status = fn(context, &op);
    statement_end(store, stmt);
    return status;
}

enum status store_op_get(struct store *store, const struct id *id, store_op_fn *fn,
                         void *context)
{
    sqlite3_stmt *stmt = statement(store, STMT_op_get);
    bind_id(stmt, 1, id);
    return one_op(store, stmt, fn, context);
}

enum status store_op_at(struct store *store, int64_t seq, store_op_fn *fn, void *context)
{
    sqlite3_stmt *stmt = statement(store, STMT_op_at);
    bind_number(stmt, 1, seq);
    return one_op(store, stmt, fn, context);
}

enum status store_ops_of_scope(struct store *store, const struct id *scope,
                               store_op_fn *fn, void *context)
{
    sqlite3_stmt *stmt = statement(store, STMT_ops_of_scope);
    bind_id(stmt, 1, scope);
    return each_op(store, stmt, fn, context);
}

enum status store_ops_waiting(struct store *store, const struct id *scope,
                              store_op_fn *fn, void *context)
{
    sqlite3_stmt *stmt = statement(store, STMT_ops_waiting_of_scope);
    bind_id(stmt, 1, scope);
    return each_op(store, stmt, fn, context);
}

enum status store_ops_all(struct store *store, int64_t seq_min, store_op_fn *fn,
                          void *context)
{
    sqlite3_stmt *stmt = statement(store, STMT_ops_all);
    bind_number(stmt, 1, seq_min);
    return each_op(store, stmt, fn, context);
}

enum status store_ops_count(struct store *store, enum ledger_tree tree, uint64_t *count)
{
    *count = tree == TREE_WAITING ? store->waiting : store->positions[tree];
    return STATUS_OK;
}
