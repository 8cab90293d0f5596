#include "proto/limits.h"
#include "storage/statement.h"

/* Steps a statement that gives one row of one or two numbers. */
static enum status read_numbers(struct store *store, sqlite3_stmt *stmt, uint64_t *first,
                                uint64_t *second)
{
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status;
    *first = (uint64_t)sqlite3_column_int64(stmt, 0);
    if (second != NULL)
        *second = (uint64_t)sqlite3_column_int64(stmt, 1);
    statement_end(store, stmt);
    return STATUS_OK;
}

enum status store_quarantine_count(struct store *store, const struct id *site,
                                   uint64_t *rows, uint64_t *bytes)
{
    sqlite3_stmt *stmt = statement(store, STMT_quarantine_of_site);
    bind_id(stmt, 1, site);
    return read_numbers(store, stmt, rows, bytes);
}

enum status store_quarantine_count_all(struct store *store, uint64_t *rows)
{
    return read_numbers(store, statement(store, STMT_quarantine_count), rows, NULL);
}

static enum status trim(struct store *store, const struct id *site)
{
    sqlite3_stmt *stmt = statement(store, STMT_quarantine_trim_site);
    bind_id(stmt, 1, site);
    return statement_run(store, stmt);
}

/* What a site has brought too much costs its own oldest rows, never another's. */
static enum status trim_site(struct store *store, const struct id *site)
{
    for (;;) {
        uint64_t rows, bytes;
        enum status status = store_quarantine_count(store, site, &rows, &bytes);
        if (status != STATUS_OK ||
            (rows <= QUARANTINE_SITE_MAX && bytes <= QUARANTINE_SITE_BYTES_MAX))
            return status;
        status = trim(store, site);
        if (status != STATUS_OK)
            return status;
    }
}

/* Many sites together: it costs the one that has most. */
static enum status trim_all(struct store *store)
{
    uint64_t rows;
    struct id site;
    enum status status = store_quarantine_count_all(store, &rows);
    if (status != STATUS_OK || rows <= QUARANTINE_MAX)
        return status;
    sqlite3_stmt *stmt = statement(store, STMT_quarantine_largest);
    status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status;
    bool is_whole = column_id(stmt, 0, &site);
    statement_end(store, stmt);
    return is_whole ? trim(store, &site) : STATUS_CORRUPT;
}

enum status store_quarantine_add(struct store *store, const struct store_quarantine *row)
{
    sqlite3_stmt *stmt = statement(store, STMT_quarantine_insert);
    bind_id(stmt, 1, &row->digest);
    bind_id(stmt, 2, &row->op);
    bind_id(stmt, 3, &row->site);
    bind_number(stmt, 4, (int64_t)row->wall);
    bind_text(stmt, 5, row->reason);
    bind_blob(stmt, 6, row->bytes);
    enum status status = statement_run(store, stmt);
    if (status != STATUS_OK || sqlite3_changes(store->db) == 0)
        return status; /* the same bytes: it stands there already */
    status = trim_site(store, &row->site);
    return status == STATUS_OK ? trim_all(store) : status;
}

enum status store_quarantine_has(struct store *store, const struct id *op, bool *has)
{
    uint64_t rows;
    sqlite3_stmt *stmt = statement(store, STMT_quarantine_has);
    bind_id(stmt, 1, op);
    enum status status = read_numbers(store, stmt, &rows, NULL);
    if (status == STATUS_OK)
        *has = rows > 0;
    return status;
}

static enum status give_row(sqlite3_stmt *stmt, store_quarantine_fn *fn, void *context)
{
    struct store_quarantine row = {.number = sqlite3_column_int64(stmt, 0)};
    bool is_whole = column_id(stmt, 1, &row.digest) && column_id(stmt, 2, &row.op) &&
                    column_id(stmt, 3, &row.site);
    row.wall = (uint64_t)sqlite3_column_int64(stmt, 4);
    row.reason = column_bytes(stmt, 5);
    row.bytes = column_bytes(stmt, 6);
    return is_whole ? fn(context, &row) : STATUS_CORRUPT;
}

enum status store_quarantine_list(struct store *store, store_quarantine_fn *fn,
                                  void *context)
{
    sqlite3_stmt *stmt = statement(store, STMT_quarantine_list);
    enum status status;
    while ((status = statement_row(store, stmt)) == STATUS_OK) {
        status = give_row(stmt, fn, context);
        if (status != STATUS_OK) {
            statement_end(store, stmt);
            return status;
        }
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status store_quarantine_get(struct store *store, int64_t number,
                                 store_quarantine_fn *fn, void *context)
{
    sqlite3_stmt *stmt = statement(store, STMT_quarantine_get);
    bind_number(stmt, 1, number);
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status;
    status = give_row(stmt, fn, context);
    statement_end(store, stmt);
    return status;
}

enum status store_quarantine_remove(struct store *store, int64_t number)
{
    sqlite3_stmt *stmt = statement(store, STMT_quarantine_remove);
    bind_number(stmt, 1, number);
    enum status status = statement_run(store, stmt);
    if (status == STATUS_OK && sqlite3_changes(store->db) == 0)
        return STATUS_NOT_FOUND;
    return status;
}
