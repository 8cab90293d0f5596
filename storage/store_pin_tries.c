#include "storage/store_pin_tries.h"

#include "storage/statement.h"

enum status store_pin_tries_get(struct store *store, const struct id *person,
                                uint64_t *count)
{
    sqlite3_stmt *stmt = statement(store, STMT_pin_tries_get);
    bind_id(stmt, 1, person);
    enum status status = statement_row(store, stmt);
    *count = 0;
    if (status != STATUS_OK)
        return status == STATUS_NOT_FOUND ? STATUS_OK : status;
    *count = (uint64_t)sqlite3_column_int64(stmt, 0);
    statement_end(store, stmt);
    return STATUS_OK;
}

enum status store_pin_tries_put(struct store *store, const struct id *person,
                                uint64_t count)
{
    sqlite3_stmt *stmt =
        statement(store, count > 0 ? STMT_pin_tries_put : STMT_pin_tries_remove);
    bind_id(stmt, 1, person);
    if (count > 0)
        bind_number(stmt, 2, (int64_t)count);
    return statement_run(store, stmt);
}
