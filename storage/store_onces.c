#include "storage/store_onces.h"

#include "proto/limits.h"
#include "storage/statement.h"

enum status store_once_add(struct store *store, const struct id *once,
                           const struct id *asked, struct bytes answer)
{
    sqlite3_stmt *stmt = statement(store, STMT_once_insert);
    bind_id(stmt, 1, once);
    bind_id(stmt, 2, asked);
    bind_blob(stmt, 3, answer);
    enum status status = statement_run(store, stmt);
    if (status != STATUS_OK)
        return status;
    stmt = statement(store, STMT_once_forget);
    bind_number(stmt, 1, sqlite3_last_insert_rowid(store->db) - ONCES_MAX);
    return statement_run(store, stmt);
}

enum status store_once_get(struct store *store, const struct id *once, struct id *asked,
                           struct buf *answer)
{
    sqlite3_stmt *stmt = statement(store, STMT_once_get);
    bind_id(stmt, 1, once);
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status;
    struct bytes bytes = column_bytes(stmt, 1);
    bool is_whole = column_id(stmt, 0, asked);
    buf_add(answer, bytes.data, bytes.len);
    statement_end(store, stmt);
    return is_whole ? buf_status(answer) : STATUS_CORRUPT;
}
