#include "storage/store_lacking.h"

#include "storage/statement.h"

enum status store_lacking_add(struct store *store, const struct store_piece *piece)
{
    sqlite3_stmt *stmt = statement(store, STMT_lacking_insert);
    bind_id(stmt, 1, &piece->op);
    bind_number(stmt, 2, piece->piece);
    bind_id(stmt, 3, &piece->digest);
    bind_id(stmt, 4, &piece->scope);
    return statement_run(store, stmt);
}

static enum status read_piece(struct store *store, sqlite3_stmt *stmt,
                              struct store_piece *piece)
{
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status;
    piece->piece = (uint32_t)sqlite3_column_int64(stmt, 1);
    bool is_whole = column_id(stmt, 0, &piece->op) &&
                    column_id(stmt, 2, &piece->digest) &&
                    column_id(stmt, 3, &piece->scope);
    statement_end(store, stmt);
    return is_whole ? STATUS_OK : STATUS_CORRUPT;
}

enum status store_lacking_next(struct store *store, const struct id *site,
                               const struct id *from, struct store_piece *piece)
{
    sqlite3_stmt *stmt = statement(store, STMT_lacking_next);
    bind_id(stmt, 1, from);
    bind_id(stmt, 2, site);
    return read_piece(store, stmt, piece);
}

enum status store_lacking_get(struct store *store, const struct id *op, uint32_t number,
                              struct store_piece *piece)
{
    sqlite3_stmt *stmt = statement(store, STMT_lacking_get);
    bind_id(stmt, 1, op);
    bind_number(stmt, 2, number);
    return read_piece(store, stmt, piece);
}

enum status store_lacking_came(struct store *store, const struct id *op, uint32_t number)
{
    sqlite3_stmt *stmt = statement(store, STMT_lacking_delete);
    bind_id(stmt, 1, op);
    bind_number(stmt, 2, number);
    return statement_run(store, stmt);
}

enum status store_lacking_drop(struct store *store, const struct id *op)
{
    sqlite3_stmt *stmt = statement(store, STMT_lacking_drop);
    bind_id(stmt, 1, op);
    return statement_run(store, stmt);
}

enum status store_lacking_of(struct store *store, const struct id *op, uint64_t *count)
{
    sqlite3_stmt *stmt = statement(store, STMT_lacking_count);
    bind_id(stmt, 1, op);
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status;
    *count = (uint64_t)sqlite3_column_int64(stmt, 0);
    statement_end(store, stmt);
    return STATUS_OK;
}
