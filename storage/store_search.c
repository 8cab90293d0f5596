#include "storage/store_search.h"

#include "storage/statement.h"

/* The postings that stand there, one after the other: length, token, length, places. */
static enum status read_old(struct store *store, int64_t number, struct buf *old)
{
    sqlite3_stmt *stmt = statement(store, STMT_postings_of);
    bind_number(stmt, 1, number);
    enum status status;
    while ((status = statement_row(store, stmt)) == STATUS_OK) {
        for (int column = 0; column < 2; column++) {
            struct bytes part = column_bytes(stmt, column);
            buf_add_u32(old, (uint32_t)part.len);
            buf_add(old, part.data, part.len);
        }
    }
    return status == STATUS_NOT_FOUND ? buf_status(old) : status;
}

static struct bytes take_part(struct bytes *left)
{
    uint32_t len = (uint32_t)left->data[0] << 24 | (uint32_t)left->data[1] << 16 |
                   (uint32_t)left->data[2] << 8 | left->data[3];
    struct bytes part = bytes_of(left->data + 4, len);
    left->data += 4 + len;
    left->len -= 4 + len;
    return part;
}

static bool take_old(struct bytes *left, struct store_posting *posting)
{
    if (left->len == 0)
        return false;
    posting->token = take_part(left);
    posting->places = take_part(left);
    return true;
}

static enum status put_one(struct store *store, int64_t number,
                           const struct store_posting *posting)
{
    sqlite3_stmt *stmt = statement(store, STMT_posting_put);
    bind_number(stmt, 1, number);
    bind_text(stmt, 2, posting->token);
    bind_blob(stmt, 3, posting->places);
    return statement_run(store, stmt);
}

static enum status delete_one(struct store *store, int64_t number, struct bytes token)
{
    sqlite3_stmt *stmt = statement(store, STMT_posting_delete);
    bind_number(stmt, 1, number);
    bind_text(stmt, 2, token);
    return statement_run(store, stmt);
}

/* Both lists ascend: what only the old one has goes, what differs is written. */
static enum status merge(struct store *store, int64_t number, struct bytes old,
                         store_posting_fn *next, void *context)
{
    struct store_posting before, now;
    bool has_before = take_old(&old, &before), has_now = next(context, &now);
    enum status status = STATUS_OK;
    while (status == STATUS_OK && (has_before || has_now)) {
        int order = !has_before ? 1
                    : !has_now  ? -1
                                : bytes_compare(before.token, now.token);
        if (order < 0)
            status = delete_one(store, number, before.token);
        else if (order > 0 || !bytes_equal(before.places, now.places))
            status = put_one(store, number, &now);
        if (order <= 0)
            has_before = take_old(&old, &before);
        if (order >= 0)
            has_now = next(context, &now);
    }
    return status;
}

enum status store_search_put(struct store *store, const struct id *scope,
                             store_posting_fn *next, void *context)
{
    struct buf old = {0};
    sqlite3_stmt *stmt = statement(store, STMT_scope_number);
    bind_id(stmt, 1, scope);
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status;
    int64_t number = sqlite3_column_int64(stmt, 0);
    statement_end(store, stmt);
    status = read_old(store, number, &old);
    if (status == STATUS_OK)
        status = merge(store, number, buf_bytes(&old), next, context);
    buf_deinit(&old);
    return status;
}

enum status store_search_seek(struct store *store, struct bytes token, int64_t *number)
{
    sqlite3_stmt *stmt = statement(store, STMT_posting_seek);
    bind_text(stmt, 1, token);
    bind_number(stmt, 2, *number);
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status;
    *number = sqlite3_column_int64(stmt, 0);
    statement_end(store, stmt);
    return STATUS_OK;
}

enum status store_search_places(struct store *store, int64_t number, struct bytes token,
                                struct buf *places)
{
    sqlite3_stmt *stmt = statement(store, STMT_posting_places);
    bind_number(stmt, 1, number);
    bind_text(stmt, 2, token);
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status;
    struct bytes found = column_bytes(stmt, 0);
    buf_clear(places);
    buf_add(places, found.data, found.len);
    statement_end(store, stmt);
    return buf_status(places);
}

enum status store_search_scope(struct store *store, int64_t number, store_scope_fn *fn,
                               void *context)
{
    sqlite3_stmt *stmt = statement(store, STMT_scope_at);
    bind_number(stmt, 1, number);
    return one_scope(store, stmt, fn, context);
}
