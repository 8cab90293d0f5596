#include "storage/store_unshown.h"

#include "storage/statement.h"

static enum status run_for_op(struct store *store, enum statement number,
                              const struct id *op)
{
    sqlite3_stmt *stmt = statement(store, number);
    bind_id(stmt, 1, op);
    return statement_run(store, stmt);
}

enum status store_unshown_add(struct store *store, const struct id *op)
{
    return run_for_op(store, STMT_unshown_insert, op);
}

enum status store_unshown_next(struct store *store, int64_t behind, int64_t *number,
                               struct id *op)
{
    sqlite3_stmt *stmt = statement(store, STMT_unshown_next);
    bind_number(stmt, 1, behind);
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status;
    *number = sqlite3_column_int64(stmt, 0);
    bool is_whole = column_id(stmt, 1, op);
    statement_end(store, stmt);
    return is_whole ? STATUS_OK : STATUS_CORRUPT;
}

enum status store_unshown_has(struct store *store, const struct id *op)
{
    sqlite3_stmt *stmt = statement(store, STMT_unshown_get);
    bind_id(stmt, 1, op);
    enum status status = statement_row(store, stmt);
    if (status == STATUS_OK)
        statement_end(store, stmt);
    return status;
}

enum status store_unshown_close(struct store *store, const struct id *op)
{
    return run_for_op(store, STMT_unshown_close, op);
}
