#include "storage/store_snapshot.h"

#include "storage/statement.h"

enum status store_snapshot_ops(struct store *store, const struct id *scope, uint64_t size,
                               uint64_t time, const struct id *id, store_op_fn *fn,
                               void *context)
{
    sqlite3_stmt *stmt = statement(store, STMT_snapshot_ops);
    bind_id(stmt, 1, scope);
    bind_number(stmt, 2, (int64_t)size);
    bind_number(stmt, 3, (int64_t)time);
    bind_id(stmt, 4, id);
    return each_op(store, stmt, fn, context);
}

enum status store_snapshot_places(struct store *store, const struct id *scope,
                                  uint64_t size, store_snapshot_fn *fn, void *context)
{
    sqlite3_stmt *stmt = statement(store, STMT_snapshot_places);
    bind_id(stmt, 1, scope);
    bind_number(stmt, 2, (int64_t)size);
    enum status status;
    while ((status = statement_row(store, stmt)) == STATUS_OK) {
        status = fn(context, (uint64_t)sqlite3_column_int64(stmt, 0),
                    (uint64_t)sqlite3_column_int64(stmt, 1));
        if (status == STATUS_OK)
            continue;
        statement_end(store, stmt);
        return status;
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status store_snapshot_next(struct store *store, const struct id *after,
                                struct id *scope, enum scope_kind *kind)
{
    sqlite3_stmt *stmt = statement(store, STMT_snapshot_next);
    bind_id(stmt, 1, after);
    bind_number(stmt, 2, SCOPE_CASE);
    bind_number(stmt, 3, SCOPE_ESCALATION);
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status;
    *kind = (enum scope_kind)sqlite3_column_int(stmt, 1);
    status = column_id(stmt, 0, scope) ? STATUS_OK : STATUS_CORRUPT;
    statement_end(store, stmt);
    return status;
}
