#include "storage/store_backup.h"

#include "crypto/digest.h"
#include "proto/pack.h"
#include "storage/statement.h"
#include "storage/store_chunks.h"

#define COLUMNS_MAX 9

static const struct {
    const char *name;
    enum statement get, put, clear;
    uint32_t columns;
} tables[] = {
#define TABLE(name, columns)                                                             \
    {                                                                                    \
#name, STMT_backup_##name##_get, STMT_backup_##name##_put,                       \
            STMT_backup_##name##_clear, columns                                          \
    }
    TABLE(meta, 2),         TABLE(peers, 7),
    TABLE(deliveries, 3),   TABLE(sources, 6),
    TABLE(alarms, 6),       TABLE(retention, 4),
    TABLE(pastes, 9),       TABLE(devices, 6),
    TABLE(form_drafts, 4),  TABLE(bundle_sites, 3),
    TABLE(bundles_read, 4), TABLE(paste_pieces, 3), /* behind their pastes */
    TABLE(chunk_uses, 4),   TABLE(unshown, 3),
    TABLE(seal_logs, 2),    TABLE(seals, 6),
    TABLE(cosigned, 4),     TABLE(witnessed, 8),
    TABLE(seal_proofs, 5),
#undef TABLE
};
#define TABLES_LEN (sizeof(tables) / sizeof(tables[0]))

enum status store_backup_now(struct store *store, struct store_backup_mark *mark)
{
    sqlite3_stmt *stmt = statement(store, STMT_backup_chunk_last);
    *mark = (struct store_backup_mark){0};
    for (int tree = TREE_PRIVATE; tree <= TREE_SHARED; tree++)
        mark->ops[tree] = store->positions[tree];
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status;
    mark->chunk = sqlite3_column_int64(stmt, 0);
    statement_end(store, stmt);
    return STATUS_OK;
}

enum status store_backup_ops(struct store *store, enum ledger_tree tree, uint64_t from,
                             store_op_fn *fn, void *context)
{
    sqlite3_stmt *stmt = statement(store, STMT_backup_ops);
    bind_number(stmt, 1, tree);
    bind_number(stmt, 2, (int64_t)from);
    for (;;) {
        struct store_op op;
        enum status status = statement_row(store, stmt);
        if (status != STATUS_OK)
            return status == STATUS_NOT_FOUND ? STATUS_OK : status;
        status = op_of_row(stmt, &op);
        if (status == STATUS_OK)
            status = fn(context, &op);
        if (status == STATUS_OK)
            continue;
        statement_end(store, stmt);
        return status;
    }
}

enum status store_backup_op_put(struct store *store, const struct op *op,
                                struct bytes bytes, enum scope_kind kind,
                                enum ledger_tree tree, int64_t seq)
{
    enum status status = store_op_add(store, op, bytes, kind, tree);
    if (status != STATUS_OK)
        return status;
    sqlite3_stmt *stmt = statement(store, STMT_backup_op_seq);
    bind_id(stmt, 1, &op->id);
    bind_number(stmt, 2, seq);
    store_forget_last(store);
    return statement_run(store, stmt);
}

enum status store_backup_digest(struct store *store, enum ledger_tree tree, uint64_t len,
                                struct id *out)
{
    struct digest digest;
    sqlite3_stmt *stmt = statement(store, STMT_backup_ids);
    bind_number(stmt, 1, tree);
    bind_number(stmt, 2, (int64_t)len);
    digest_init(&digest, "fengqiao/1/ledger");
    for (uint64_t i = 0;; i++) {
        enum status status = statement_row(store, stmt);
        if (status == STATUS_NOT_FOUND) {
            digest_final(&digest, out->bytes);
            return i == len ? STATUS_OK : STATUS_NOT_FOUND;
        }
        struct id id;
        if (status == STATUS_OK && !column_id(stmt, 0, &id)) {
            statement_end(store, stmt);
            status = STATUS_CORRUPT;
        }
        if (status != STATUS_OK)
            return status;
        digest_add(&digest, id.bytes, ID_SIZE);
    }
}

enum status store_backup_chunks(struct store *store, int64_t after,
                                store_backup_chunk_fn *fn, void *context)
{
    sqlite3_stmt *stmt = statement(store, STMT_backup_chunks);
    bind_number(stmt, 1, after);
    for (;;) {
        enum status status = statement_row(store, stmt);
        if (status != STATUS_OK)
            return status == STATUS_NOT_FOUND ? STATUS_OK : status;
        status = fn(context, sqlite3_column_int64(stmt, 0), column_bytes(stmt, 1));
        if (status == STATUS_OK)
            continue;
        statement_end(store, stmt);
        return status;
    }
}

enum status store_backup_chunk_put(struct store *store, struct bytes sealed)
{
    struct id digest;
    sqlite3_stmt *stmt = statement(store, STMT_backup_chunk_put);
    store_chunk_digest(&digest, sealed);
    bind_id(stmt, 1, &digest);
    bind_blob(stmt, 2, sealed);
    return statement_run(store, stmt);
}

const char *store_backup_table_name(uint32_t table)
{
    return table < TABLES_LEN ? tables[table].name : NULL;
}

int store_backup_table_above(uint32_t table)
{
    int above = 0;
    if (tables[table].get != STMT_backup_paste_pieces_get)
        return -1;
    while (tables[above].get != STMT_backup_pastes_get)
        above++;
    return above;
}

static void pack_column(struct buf *row, sqlite3_stmt *stmt, int column)
{
    struct bytes bytes;
    switch (sqlite3_column_type(stmt, column)) {
    case SQLITE_INTEGER:
        /* No table of the node's own has one below zero. */
        pack_uint(row, (uint64_t)sqlite3_column_int64(stmt, column));
        break;
    case SQLITE_TEXT:
        pack_str_bytes(row, column_bytes(stmt, column));
        break;
    case SQLITE_BLOB:
        bytes = column_bytes(stmt, column);
        pack_bin(row, bytes.data, bytes.len);
        break;
    default:
        pack_nil(row);
    }
}

enum status store_backup_table(struct store *store, uint32_t table,
                               store_backup_row_fn *fn, void *context)
{
    sqlite3_stmt *stmt = statement(store, tables[table].get);
    struct buf row = {0};
    enum status status;
    for (;;) {
        status = statement_row(store, stmt);
        if (status != STATUS_OK)
            break;
        buf_clear(&row);
        pack_array(&row, tables[table].columns);
        for (uint32_t i = 0; i < tables[table].columns; i++)
            pack_column(&row, stmt, (int)i);
        status = buf_status(&row);
        if (status == STATUS_OK)
            status = fn(context, buf_bytes(&row));
        if (status == STATUS_OK)
            continue;
        statement_end(store, stmt);
        break;
    }
    buf_wipe(&row); /* wrapped keys */
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status store_backup_clear(struct store *store, uint32_t table)
{
    enum status status = STATUS_OK;
    if (tables[table].get == STMT_backup_pastes_get)
        status = statement_run(store, statement(store, STMT_backup_paste_pieces_clear));
    if (status != STATUS_OK)
        return status;
    return statement_run(store, statement(store, tables[table].clear));
}

static bool bind_column(sqlite3_stmt *stmt, int index, const struct pack_item *item)
{
    switch (item->type) {
    case PACK_UINT:
        if (item->number > INT64_MAX)
            return false;
        bind_number(stmt, index, (int64_t)item->number);
        return true;
    case PACK_STR:
        bind_text(stmt, index, item->bytes);
        return true;
    case PACK_BIN:
        bind_blob(stmt, index, item->bytes);
        return true;
    default: /* what was never bound is NULL */
        return item->type == PACK_NIL;
    }
}

enum status store_backup_row_put(struct store *store, uint32_t table, struct bytes row)
{
    struct pack_reader reader = pack_reader_of(row);
    struct pack_item items[COLUMNS_MAX];
    uint32_t elements;
    enum status status = pack_read_array(&reader, &elements, NULL);
    if (status != STATUS_OK || elements != tables[table].columns)
        return STATUS_INVALID;
    for (uint32_t i = 0; status == STATUS_OK && i < elements; i++)
        status = pack_next(&reader, &items[i], NULL);
    if (status != STATUS_OK || !pack_at_end(&reader))
        return STATUS_INVALID;
    sqlite3_stmt *stmt = statement(store, tables[table].put);
    for (uint32_t i = 0; i < elements; i++)
        if (!bind_column(stmt, (int)i + 1, &items[i])) {
            statement_end(store, stmt);
            return STATUS_INVALID;
        }
    return statement_run(store, stmt);
}

enum status store_backup_end(struct store *store)
{
    return statement_run(store, statement(store, STMT_backup_chunks_unused));
}
