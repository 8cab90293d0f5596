#include "storage/store_chunks.h"

#include "crypto/digest.h"
#include "storage/statement.h"
#include "storage/store_scrub.h"
#include "storage/store_sources.h"

void store_chunk_digest(struct id *digest, struct bytes sealed)
{
    digest_of(digest->bytes, "fengqiao/1/chunk", sealed.data, sealed.len);
}

enum status store_chunk_add(struct store *store, const struct id *op, uint32_t piece,
                            const struct id *digest, struct bytes sealed)
{
    sqlite3_stmt *stmt = statement(store, STMT_chunk_insert);
    bind_id(stmt, 1, digest);
    bind_blob(stmt, 2, sealed);
    enum status status = statement_run(store, stmt);
    if (status == STATUS_OK && sqlite3_changes(store->db) > 0) {
        int64_t number = sqlite3_last_insert_rowid(store->db);
        stmt = statement(store, STMT_chunk_last);
        bind_number(stmt, 1, number);
        status = statement_run(store, stmt);
    }
    if (status != STATUS_OK)
        return status;
    stmt = statement(store, STMT_chunk_use);
    bind_id(stmt, 1, op);
    bind_number(stmt, 2, piece);
    bind_id(stmt, 3, digest);
    return statement_run(store, stmt);
}

static enum status read_bytes(struct store *store, sqlite3_stmt *stmt, struct buf *sealed)
{
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status;
    struct bytes bytes = column_bytes(stmt, 0);
    buf_add(sealed, bytes.data, bytes.len);
    statement_end(store, stmt);
    return buf_status(sealed);
}

enum status store_chunk_get(struct store *store, const struct id *digest,
                            struct buf *sealed)
{
    sqlite3_stmt *stmt = statement(store, STMT_chunk_get);
    bind_id(stmt, 1, digest);
    return read_bytes(store, stmt, sealed);
}

enum status store_chunk_of(struct store *store, const struct id *op, uint32_t piece,
                           struct buf *sealed)
{
    sqlite3_stmt *stmt = statement(store, STMT_chunk_get_of);
    bind_id(stmt, 1, op);
    bind_number(stmt, 2, piece);
    return read_bytes(store, stmt, sealed);
}

static enum status read_number(struct store *store, sqlite3_stmt *stmt, uint64_t *number)
{
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status;
    *number = (uint64_t)sqlite3_column_int64(stmt, 0);
    statement_end(store, stmt);
    return STATUS_OK;
}

enum status store_chunks_of(struct store *store, const struct id *op, uint64_t *count)
{
    sqlite3_stmt *stmt = statement(store, STMT_chunk_count);
    bind_id(stmt, 1, op);
    return read_number(store, stmt, count);
}

enum status store_chunks_size(struct store *store, uint64_t *bytes)
{
    return read_number(store, statement(store, STMT_chunk_sizes), bytes);
}

enum status store_chunk_brought(struct store *store, const struct id *op, uint32_t piece,
                                const struct id *site, uint64_t size)
{
    sqlite3_stmt *stmt = statement(store, STMT_chunk_brought);
    bind_id(stmt, 1, op);
    bind_number(stmt, 2, piece);
    bind_id(stmt, 3, site);
    enum status status = statement_run(store, stmt);
    return status == STATUS_OK ? store_source_add(store, site, 0, size, 0) : status;
}

struct use {
    int64_t piece, chunk;
    bool is_brought;
    struct id site; /* then */
    uint64_t size;
};

static enum status first_use(struct store *store, const struct id *op, struct use *use)
{
    sqlite3_stmt *stmt = statement(store, STMT_chunk_first_of);
    bind_id(stmt, 1, op);
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status;
    use->piece = sqlite3_column_int64(stmt, 0);
    use->chunk = sqlite3_column_int64(stmt, 1);
    status = column_id_or_null(stmt, 2, &use->site, &use->is_brought);
    use->size = (uint64_t)sqlite3_column_int64(stmt, 3);
    statement_end(store, stmt);
    return status;
}

static enum status drop_one(struct store *store, const struct id *op)
{
    struct use use;
    enum status status = first_use(store, op, &use);
    if (status != STATUS_OK)
        return status;
    sqlite3_stmt *stmt = statement(store, STMT_chunk_unuse);
    bind_id(stmt, 1, op);
    bind_number(stmt, 2, use.piece);
    status = statement_run(store, stmt);
    if (status == STATUS_OK && use.is_brought)
        status = source_give_back(store, &use.site, use.size);
    if (status != STATUS_OK)
        return status;
    stmt = statement(store, STMT_chunk_delete);
    bind_number(stmt, 1, use.chunk);
    store_scrub(store);
    return statement_run(store, stmt);
}

enum status store_chunks_drop(struct store *store, const struct id *op)
{
    enum status status;
    while ((status = drop_one(store, op)) == STATUS_OK)
        ;
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status store_chunks_move(struct store *store, const struct id *from,
                              const struct id *to)
{
    sqlite3_stmt *stmt = statement(store, STMT_chunk_move);
    bind_id(stmt, 1, from);
    bind_id(stmt, 2, to);
    enum status status = statement_run(store, stmt);
    return status == STATUS_OK ? store_chunks_drop(store, from) : status;
}
