#include "storage/store_retention.h"

#include "storage/statement.h"

enum status store_retention_begin(struct store *store, const struct id *scope)
{
    sqlite3_stmt *stmt = statement(store, STMT_retention_begin);
    bind_id(stmt, 1, scope);
    return statement_run(store, stmt);
}

enum status store_retention_put(struct store *store, const struct store_retention *row)
{
    sqlite3_stmt *stmt = statement(store, STMT_retention_put);
    bind_id(stmt, 1, &row->scope);
    bind_number(stmt, 2, (int64_t)row->closed_at);
    bind_number(stmt, 3, row->due);
    bind_number(stmt, 4, (int64_t)row->notice_s);
    enum status status = statement_run(store, stmt);
    if (status == STATUS_OK && sqlite3_changes(store->db) == 0)
        return STATUS_NOT_FOUND;
    return status;
}

enum status store_retention_end(struct store *store, const struct id *scope)
{
    sqlite3_stmt *stmt = statement(store, STMT_retention_end);
    bind_id(stmt, 1, scope);
    return statement_run(store, stmt);
}

enum status store_retention_restart(struct store *store)
{
    return statement_run(store, statement(store, STMT_retention_restart));
}

enum status store_retention_count_due(struct store *store, uint64_t *count)
{
    sqlite3_stmt *stmt = statement(store, STMT_retention_count_due);
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status;
    *count = (uint64_t)sqlite3_column_int64(stmt, 0);
    statement_end(store, stmt);
    return STATUS_OK;
}

enum status store_retentions(struct store *store, store_retention_fn *fn, void *context)
{
    sqlite3_stmt *stmt = statement(store, STMT_retention_all);
    enum status status;
    while ((status = statement_row(store, stmt)) == STATUS_OK) {
        struct store_retention row = {
            .closed_at = (uint64_t)sqlite3_column_int64(stmt, 1),
            .due = (uint8_t)sqlite3_column_int(stmt, 2),
            .notice_s = (uint64_t)sqlite3_column_int64(stmt, 3),
        };
        status = column_id(stmt, 0, &row.scope) ? fn(context, &row) : STATUS_CORRUPT;
        if (status != STATUS_OK) {
            statement_end(store, stmt);
            return status;
        }
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}
