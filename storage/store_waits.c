#include <string.h>

#include "storage/statement.h"

enum status store_wait_add(struct store *store, const struct id *op,
                           const struct id *missing)
{
    sqlite3_stmt *stmt = statement(store, STMT_wait_insert);
    bind_id(stmt, 1, op);
    bind_id(stmt, 2, missing);
    return statement_run(store, stmt);
}

static enum status waits_left(struct store *store, const struct id *op, int64_t *left)
{
    sqlite3_stmt *stmt = statement(store, STMT_wait_left);
    bind_id(stmt, 1, op);
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status;
    *left = sqlite3_column_int64(stmt, 0);
    statement_end(store, stmt);
    return STATUS_OK;
}

/* Collects first: fn promotes ops, which settles what waited for them in turn. */
enum status store_wait_settle(struct store *store, const struct id *missing,
                              store_id_fn *fn, void *context)
{
    if (store->waiting == 0)
        return STATUS_OK;
    struct buf waiting = {0};
    sqlite3_stmt *stmt = statement(store, STMT_wait_list);
    bind_id(stmt, 1, missing);
    enum status status;
    while ((status = statement_row(store, stmt)) == STATUS_OK) {
        struct id id;
        if (!column_id(stmt, 0, &id)) {
            statement_end(store, stmt);
            status = STATUS_CORRUPT;
            break;
        }
        buf_add(&waiting, id.bytes, ID_SIZE);
    }
    if (status == STATUS_NOT_FOUND)
        status = buf_status(&waiting);
    if (status == STATUS_OK && waiting.len > 0) {
        stmt = statement(store, STMT_wait_delete);
        bind_id(stmt, 1, missing);
        status = statement_run(store, stmt);
    }
    for (size_t at = 0; status == STATUS_OK && at < waiting.len; at += ID_SIZE) {
        struct id id;
        int64_t left;
        memcpy(id.bytes, waiting.data + at, ID_SIZE);
        status = waits_left(store, &id, &left);
        if (status == STATUS_OK && left == 0)
            status = fn(context, &id);
    }
    buf_deinit(&waiting);
    return status;
}
