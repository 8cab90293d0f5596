#include "storage/store_seals.h"

#include <string.h>

#include "storage/statement.h"

static enum status take_origin(struct store *store, sqlite3_stmt *stmt, int column,
                               char origin[static SEAL_ORIGIN_SIZE])
{
    struct bytes text = column_bytes(stmt, column);
    bool is_whole = text.len == SEAL_ORIGIN_SIZE - 1;
    if (is_whole)
        memcpy(origin, text.data, text.len);
    origin[SEAL_ORIGIN_SIZE - 1] = '\0';
    statement_end(store, stmt);
    return is_whole ? STATUS_OK : STATUS_CORRUPT;
}

enum status store_seal_log_last(struct store *store, int64_t *log,
                                char origin[static SEAL_ORIGIN_SIZE])
{
    sqlite3_stmt *stmt = statement(store, STMT_seal_log_last);
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status;
    *log = sqlite3_column_int64(stmt, 0);
    return take_origin(store, stmt, 1, origin);
}

enum status store_seal_log_get(struct store *store, int64_t log,
                               char origin[static SEAL_ORIGIN_SIZE])
{
    sqlite3_stmt *stmt = statement(store, STMT_seal_log_get);
    bind_number(stmt, 1, log);
    enum status status = statement_row(store, stmt);
    return status == STATUS_OK ? take_origin(store, stmt, 0, origin) : status;
}

enum status store_seal_log_begin(struct store *store, const char *origin, int64_t *log)
{
    char last[SEAL_ORIGIN_SIZE];
    enum status status = store_seal_log_last(store, log, last);
    if (status != STATUS_OK && status != STATUS_NOT_FOUND)
        return status;
    *log = status == STATUS_OK ? *log + 1 : 0;
    sqlite3_stmt *stmt = statement(store, STMT_seal_log_add);
    bind_number(stmt, 1, *log);
    bind_text(stmt, 2, bytes_str(origin));
    return statement_run(store, stmt);
}

enum status store_seal_add(struct store *store, int64_t log,
                           const struct store_seal *seal)
{
    sqlite3_stmt *stmt = statement(store, STMT_seal_add);
    bind_number(stmt, 1, log);
    bind_number(stmt, 2, (int64_t)seal->place);
    bind_blob(stmt, 3, seal->leaf);
    bind_blob(stmt, 4, bytes_of(seal->secret, SEAL_SECRET_SIZE));
    bind_number(stmt, 5, (int64_t)seal->private_size);
    bind_number(stmt, 6, (int64_t)seal->shared_size);
    return statement_run(store, stmt);
}

enum status store_seals_len(struct store *store, int64_t log, uint64_t *len)
{
    sqlite3_stmt *stmt = statement(store, STMT_seals_len);
    bind_number(stmt, 1, log);
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status;
    *len = (uint64_t)sqlite3_column_int64(stmt, 0);
    statement_end(store, stmt);
    return STATUS_OK;
}

static enum status give_seal(sqlite3_stmt *stmt, store_seal_fn *fn, void *context)
{
    struct bytes secret = column_bytes(stmt, 2);
    struct store_seal seal = {
        .place = (uint64_t)sqlite3_column_int64(stmt, 0),
        .leaf = column_bytes(stmt, 1),
        .private_size = (uint64_t)sqlite3_column_int64(stmt, 3),
        .shared_size = (uint64_t)sqlite3_column_int64(stmt, 4),
    };
    if (secret.len != SEAL_SECRET_SIZE)
        return STATUS_CORRUPT;
    memcpy(seal.secret, secret.data, SEAL_SECRET_SIZE);
    return fn(context, &seal);
}

enum status store_seals(struct store *store, int64_t log, store_seal_fn *fn,
                        void *context)
{
    sqlite3_stmt *stmt = statement(store, STMT_seals_of_log);
    bind_number(stmt, 1, log);
    for (;;) {
        enum status status = statement_row(store, stmt);
        if (status != STATUS_OK)
            return status == STATUS_NOT_FOUND ? STATUS_OK : status;
        status = give_seal(stmt, fn, context);
        if (status == STATUS_OK)
            continue;
        statement_end(store, stmt);
        return status;
    }
}

enum status store_cosigned_put(struct store *store, int64_t log, const char *witness,
                               uint64_t size, struct bytes note)
{
    sqlite3_stmt *stmt = statement(store, STMT_cosigned_put);
    bind_number(stmt, 1, log);
    bind_text(stmt, 2, bytes_str(witness));
    bind_number(stmt, 3, (int64_t)size);
    bind_blob(stmt, 4, note);
    return statement_run(store, stmt);
}

enum status store_cosigned_get(struct store *store, int64_t log, const char *witness,
                               uint64_t *size)
{
    sqlite3_stmt *stmt = statement(store, STMT_cosigned_get);
    bind_number(stmt, 1, log);
    bind_text(stmt, 2, bytes_str(witness));
    *size = 0;
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status == STATUS_NOT_FOUND ? STATUS_OK : status;
    *size = (uint64_t)sqlite3_column_int64(stmt, 0);
    statement_end(store, stmt);
    return STATUS_OK;
}

enum status store_cosigned(struct store *store, int64_t log, store_cosigned_fn *fn,
                           void *context)
{
    sqlite3_stmt *stmt = statement(store, STMT_cosigned_of_log);
    bind_number(stmt, 1, log);
    for (;;) {
        enum status status = statement_row(store, stmt);
        if (status != STATUS_OK)
            return status == STATUS_NOT_FOUND ? STATUS_OK : status;
        status = fn(context, column_bytes(stmt, 0),
                    (uint64_t)sqlite3_column_int64(stmt, 1), column_bytes(stmt, 2));
        if (status == STATUS_OK)
            continue;
        statement_end(store, stmt);
        return status;
    }
}
