#include "storage/store_pastes.h"

#include "storage/statement.h"
#include "storage/store_scrub.h"

enum status store_paste_add(struct store *store, const struct store_paste *paste,
                            int64_t *number)
{
    sqlite3_stmt *stmt = statement(store, STMT_paste_insert);
    bind_id(stmt, 1, &paste->digest);
    bind_id(stmt, 2, &paste->author);
    bind_number(stmt, 3, (int64_t)paste->wall);
    bind_number(stmt, 4, (int64_t)paste->left_s);
    bind_text(stmt, 5, paste->text);
    bind_text(stmt, 6, paste->type);
    bind_number(stmt, 7, (int64_t)paste->size);
    bind_blob(stmt, 8, paste->key);
    enum status status = statement_run(store, stmt);
    if (status == STATUS_OK)
        *number = sqlite3_last_insert_rowid(store->db);
    return status;
}

enum status store_paste_piece_add(struct store *store, int64_t number, uint32_t piece,
                                  struct bytes sealed)
{
    sqlite3_stmt *stmt = statement(store, STMT_paste_piece_insert);
    bind_number(stmt, 1, number);
    bind_number(stmt, 2, piece);
    bind_blob(stmt, 3, sealed);
    return statement_run(store, stmt);
}

enum status store_paste_piece_get(struct store *store, int64_t number, uint32_t piece,
                                  struct buf *sealed)
{
    sqlite3_stmt *stmt = statement(store, STMT_paste_piece_get);
    bind_number(stmt, 1, number);
    bind_number(stmt, 2, piece);
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status;
    struct bytes bytes = column_bytes(stmt, 0);
    buf_add(sealed, bytes.data, bytes.len);
    statement_end(store, stmt);
    return buf_status(sealed);
}

static enum status read_number(struct store *store, sqlite3_stmt *stmt, int64_t *number)
{
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status;
    *number = sqlite3_column_int64(stmt, 0);
    statement_end(store, stmt);
    return STATUS_OK;
}

enum status store_paste_find(struct store *store, const struct id *digest,
                             int64_t *number)
{
    sqlite3_stmt *stmt = statement(store, STMT_paste_find);
    bind_id(stmt, 1, digest);
    return read_number(store, stmt, number);
}

static enum status give_row(sqlite3_stmt *stmt, store_paste_fn *fn, void *context)
{
    struct store_paste paste = {
        .number = sqlite3_column_int64(stmt, 0),
        .wall = (uint64_t)sqlite3_column_int64(stmt, 3),
        .left_s = (uint64_t)sqlite3_column_int64(stmt, 4),
        .text = column_bytes(stmt, 5),
        .type = column_bytes(stmt, 6),
        .size = (uint64_t)sqlite3_column_int64(stmt, 7),
        .key = column_bytes(stmt, 8),
    };
    bool is_whole =
        column_id(stmt, 1, &paste.digest) && column_id(stmt, 2, &paste.author);
    return is_whole ? fn(context, &paste) : STATUS_CORRUPT;
}

enum status store_paste_get(struct store *store, int64_t number, store_paste_fn *fn,
                            void *context)
{
    sqlite3_stmt *stmt = statement(store, STMT_paste_get);
    bind_number(stmt, 1, number);
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status;
    status = give_row(stmt, fn, context);
    statement_end(store, stmt);
    return status;
}

enum status store_pastes(struct store *store, store_paste_fn *fn, void *context)
{
    sqlite3_stmt *stmt = statement(store, STMT_paste_all);
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

enum status store_pastes_run(struct store *store, uint64_t ran_s, uint32_t *ended)
{
    sqlite3_stmt *stmt = statement(store, STMT_paste_run);
    int64_t number;
    bind_number(stmt, 1, (int64_t)ran_s);
    enum status status = statement_run(store, stmt);
    *ended = 0;
    while (status == STATUS_OK) {
        status = read_number(store, statement(store, STMT_paste_ended), &number);
        if (status == STATUS_OK)
            status = store_paste_remove(store, number);
        *ended += status == STATUS_OK;
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status store_paste_remove(struct store *store, int64_t number)
{
    sqlite3_stmt *stmt = statement(store, STMT_paste_pieces_remove);
    bind_number(stmt, 1, number);
    enum status status = statement_run(store, stmt);
    if (status != STATUS_OK)
        return status;
    stmt = statement(store, STMT_paste_remove);
    bind_number(stmt, 1, number);
    status = statement_run(store, stmt);
    if (status == STATUS_OK && sqlite3_changes(store->db) == 0)
        return STATUS_NOT_FOUND;
    if (status == STATUS_OK)
        store_scrub(store);
    return status;
}
