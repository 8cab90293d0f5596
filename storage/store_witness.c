#include "storage/store_witness.h"

#include <string.h>

#include "crypto/digest.h"
#include "storage/statement.h"

static bool take_origin(sqlite3_stmt *stmt, int column,
                        char origin[static SEAL_ORIGIN_SIZE])
{
    struct bytes text = column_bytes(stmt, column);
    if (text.len != SEAL_ORIGIN_SIZE - 1)
        return false;
    memcpy(origin, text.data, text.len);
    origin[text.len] = '\0';
    return true;
}

static enum status give_log(sqlite3_stmt *stmt, store_witnessed_fn *fn, void *context)
{
    struct id machine, root;
    struct store_witnessed log = {
        .head.size = (uint64_t)sqlite3_column_int64(stmt, 3),
        .note = column_bytes(stmt, 5),
        .wall = (uint64_t)sqlite3_column_int64(stmt, 6),
        .is_closed = column_bytes(stmt, 7).len > 0,
    };
    if (!take_origin(stmt, 0, log.head.origin) || !column_id(stmt, 1, &log.site) ||
        !column_id(stmt, 2, &machine) || !column_id(stmt, 4, &root) ||
        (log.is_closed && !take_origin(stmt, 7, log.successor)))
        return STATUS_CORRUPT;
    memcpy(log.machine, machine.bytes, sizeof(log.machine));
    memcpy(log.head.root.bytes, root.bytes, sizeof(log.head.root.bytes));
    return fn(context, &log);
}

static enum status each_log(struct store *store, sqlite3_stmt *stmt,
                            store_witnessed_fn *fn, void *context)
{
    for (;;) {
        enum status status = statement_row(store, stmt);
        if (status != STATUS_OK)
            return status == STATUS_NOT_FOUND ? STATUS_OK : status;
        status = give_log(stmt, fn, context);
        if (status == STATUS_OK)
            continue;
        statement_end(store, stmt);
        return status;
    }
}

enum status store_witnessed_put(struct store *store, const struct store_witnessed *log)
{
    sqlite3_stmt *stmt = statement(store, STMT_witnessed_put);
    bind_text(stmt, 1, bytes_str(log->head.origin));
    bind_id(stmt, 2, &log->site);
    bind_blob(stmt, 3, bytes_of(log->machine, KEY_SIZE));
    bind_number(stmt, 4, (int64_t)log->head.size);
    bind_blob(stmt, 5, bytes_of(log->head.root.bytes, MERKLE_HASH_SIZE));
    bind_blob(stmt, 6, log->note);
    bind_number(stmt, 7, (int64_t)log->wall);
    return statement_run(store, stmt);
}

enum status store_witnessed_get(struct store *store, const char *origin,
                                store_witnessed_fn *fn, void *context)
{
    sqlite3_stmt *stmt = statement(store, STMT_witnessed_get);
    bind_text(stmt, 1, bytes_str(origin));
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status;
    status = give_log(stmt, fn, context);
    statement_end(store, stmt);
    return status;
}

enum status store_witnessed_open(struct store *store,
                                 const uint8_t machine[static KEY_SIZE],
                                 store_witnessed_fn *fn, void *context)
{
    sqlite3_stmt *stmt = statement(store, STMT_witnessed_of_machine);
    bind_blob(stmt, 1, bytes_of(machine, KEY_SIZE));
    return each_log(store, stmt, fn, context);
}

enum status store_witnessed(struct store *store, store_witnessed_fn *fn, void *context)
{
    return each_log(store, statement(store, STMT_witnessed_all), fn, context);
}

enum status store_witnessed_close(struct store *store, const char *origin,
                                  const char *successor)
{
    sqlite3_stmt *stmt = statement(store, STMT_witnessed_close);
    bind_text(stmt, 1, bytes_str(origin));
    bind_text(stmt, 2, bytes_str(successor));
    return statement_run(store, stmt);
}

/* --- proofs --- */

static enum status count_proofs(struct store *store, const char *origin, uint64_t *len)
{
    sqlite3_stmt *stmt = statement(store, STMT_seal_proofs_len);
    bind_text(stmt, 1, bytes_str(origin));
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status;
    *len = (uint64_t)sqlite3_column_int64(stmt, 0);
    statement_end(store, stmt);
    return STATUS_OK;
}

enum status store_seal_proof_add(struct store *store, const char *origin, uint64_t wall,
                                 struct bytes file)
{
    struct id digest;
    uint64_t len = 0;
    enum status status = count_proofs(store, origin, &len);
    if (status != STATUS_OK || len >= SEAL_PROOFS_KEPT)
        return status;
    digest_of(digest.bytes, "fengqiao/1/seal-proof", file.data, file.len);
    sqlite3_stmt *stmt = statement(store, STMT_seal_proof_add);
    bind_text(stmt, 1, bytes_str(origin));
    bind_number(stmt, 2, (int64_t)wall);
    bind_blob(stmt, 3, file);
    bind_id(stmt, 4, &digest);
    return statement_run(store, stmt);
}

enum status store_seal_proofs(struct store *store, store_seal_proof_fn *fn, void *context)
{
    sqlite3_stmt *stmt = statement(store, STMT_seal_proofs_all);
    for (;;) {
        enum status status = statement_row(store, stmt);
        if (status != STATUS_OK)
            return status == STATUS_NOT_FOUND ? STATUS_OK : status;
        status = fn(context, sqlite3_column_int64(stmt, 0), column_bytes(stmt, 1),
                    (uint64_t)sqlite3_column_int64(stmt, 2), column_bytes(stmt, 3));
        if (status == STATUS_OK)
            continue;
        statement_end(store, stmt);
        return status;
    }
}
