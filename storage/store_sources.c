#include "storage/store_sources.h"

#include "proto/limits.h"
#include "storage/statement.h"

static uint64_t column_or(sqlite3_stmt *stmt, int column, uint64_t otherwise)
{
    if (sqlite3_column_type(stmt, column) == SQLITE_NULL)
        return otherwise;
    return (uint64_t)sqlite3_column_int64(stmt, column);
}

enum status store_source_get(struct store *store, const struct id *site,
                             struct store_source *source)
{
    sqlite3_stmt *stmt = statement(store, STMT_source_get);
    bind_id(stmt, 1, site);
    enum status status = statement_row(store, stmt);
    *source =
        (struct store_source){.ops_max = QUOTA_OPS_MAX, .bytes_max = QUOTA_BYTES_MAX};
    if (status != STATUS_OK)
        return status == STATUS_NOT_FOUND ? STATUS_OK : status;
    source->ops = (uint64_t)sqlite3_column_int64(stmt, 0);
    source->bytes = (uint64_t)sqlite3_column_int64(stmt, 1);
    source->refused = (uint64_t)sqlite3_column_int64(stmt, 2);
    source->ops_max = column_or(stmt, 3, QUOTA_OPS_MAX);
    source->bytes_max = column_or(stmt, 4, QUOTA_BYTES_MAX);
    statement_end(store, stmt);
    return STATUS_OK;
}

enum status store_source_add(struct store *store, const struct id *site, uint64_t ops,
                             uint64_t bytes, uint64_t refused)
{
    sqlite3_stmt *stmt = statement(store, STMT_source_add);
    bind_id(stmt, 1, site);
    bind_number(stmt, 2, (int64_t)ops);
    bind_number(stmt, 3, (int64_t)bytes);
    bind_number(stmt, 4, (int64_t)refused);
    return statement_run(store, stmt);
}

enum status source_give_back(struct store *store, const struct id *site, uint64_t bytes)
{
    sqlite3_stmt *stmt = statement(store, STMT_source_give_back);
    bind_id(stmt, 1, site);
    bind_number(stmt, 2, (int64_t)bytes);
    return statement_run(store, stmt);
}

enum status store_source_limit(struct store *store, const struct id *site,
                               uint64_t ops_max, uint64_t bytes_max)
{
    sqlite3_stmt *stmt = statement(store, STMT_source_limit);
    bind_id(stmt, 1, site);
    bind_number(stmt, 2, (int64_t)ops_max);
    bind_number(stmt, 3, (int64_t)bytes_max);
    return statement_run(store, stmt);
}

enum status store_guest_add(struct store *store, const struct id *op,
                            const struct id *site, uint64_t size)
{
    sqlite3_stmt *stmt = statement(store, STMT_guest_insert);
    bind_id(stmt, 1, op);
    bind_id(stmt, 2, site);
    bind_number(stmt, 3, (int64_t)size);
    enum status status = statement_run(store, stmt);
    return status == STATUS_OK ? store_source_add(store, site, 1, size, 0) : status;
}

enum status store_guest_site(struct store *store, const struct id *op, struct id *site)
{
    sqlite3_stmt *stmt = statement(store, STMT_guest_site);
    bind_id(stmt, 1, op);
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status;
    if (!column_id(stmt, 0, site))
        status = STATUS_CORRUPT;
    statement_end(store, stmt);
    return status;
}

enum status store_guests_count(struct store *store, const struct id *site,
                               uint64_t *count)
{
    sqlite3_stmt *stmt = statement(store, STMT_guests_of_site);
    bind_id(stmt, 1, site);
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status;
    *count = (uint64_t)sqlite3_column_int64(stmt, 0);
    statement_end(store, stmt);
    return STATUS_OK;
}

enum status store_guests_leave(struct store *store, const struct id *site)
{
    if (store->waiting == 0)
        return STATUS_OK;
    sqlite3_stmt *stmt = statement(store, STMT_guests_leave);
    bind_id(stmt, 1, site);
    return statement_run(store, stmt);
}

enum status store_guest_oldest(struct store *store, const struct id *site, bool only_left,
                               struct id *op)
{
    sqlite3_stmt *stmt = statement(store, only_left ? STMT_guest_left : STMT_guest_any);
    bind_id(stmt, 1, site);
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status;
    if (!column_id(stmt, 0, op))
        status = STATUS_CORRUPT;
    statement_end(store, stmt);
    return status;
}

enum status store_guests_largest(struct store *store, struct id *site, uint64_t *count)
{
    sqlite3_stmt *stmt = statement(store, STMT_guests_largest);
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status;
    if (!column_id(stmt, 0, site))
        status = STATUS_CORRUPT;
    *count = (uint64_t)sqlite3_column_int64(stmt, 1);
    statement_end(store, stmt);
    return status;
}

enum status guest_promote(struct store *store, const struct id *op)
{
    sqlite3_stmt *stmt = statement(store, STMT_guest_delete);
    bind_id(stmt, 1, op);
    return statement_run(store, stmt);
}

enum status guest_forget(struct store *store, const struct id *op)
{
    struct id site;
    sqlite3_stmt *stmt = statement(store, STMT_guest_take);
    bind_id(stmt, 1, op);
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status == STATUS_NOT_FOUND ? STATUS_OK : status; /* our own */
    bool is_whole = column_id(stmt, 0, &site);
    int64_t size = sqlite3_column_int64(stmt, 1);
    statement_end(store, stmt);
    if (!is_whole)
        return STATUS_CORRUPT;
    stmt = statement(store, STMT_source_less);
    bind_id(stmt, 1, &site);
    bind_number(stmt, 2, size);
    return statement_run(store, stmt);
}
