#include "storage/statement.h"

enum status store_meta_get(struct store *store, const char *name, struct buf *value)
{
    sqlite3_stmt *stmt = statement(store, STMT_meta_get);
    bind_text(stmt, 1, bytes_str(name));
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status;
    struct bytes bytes = column_bytes(stmt, 0);
    buf_clear(value);
    buf_add(value, bytes.data, bytes.len);
    statement_end(store, stmt);
    return buf_status(value);
}

enum status store_meta_put(struct store *store, const char *name, struct bytes value)
{
    sqlite3_stmt *stmt = statement(store, STMT_meta_put);
    bind_text(stmt, 1, bytes_str(name));
    bind_blob(stmt, 2, value);
    return statement_run(store, stmt);
}

enum status store_meta_remove(struct store *store, const char *name)
{
    sqlite3_stmt *stmt = statement(store, STMT_meta_remove);
    bind_text(stmt, 1, bytes_str(name));
    return statement_run(store, stmt);
}

enum status store_peer_put(struct store *store, const struct store_peer *peer)
{
    sqlite3_stmt *stmt = statement(store, STMT_peer_put);
    bind_id(stmt, 1, &peer->site);
    bind_blob(stmt, 2, bytes_of(peer->node_key, sizeof(peer->node_key)));
    bind_text(stmt, 3, peer->address);
    bind_number(stmt, 4, (int64_t)peer->paired_at);
    bind_number(stmt, 5, (int64_t)peer->heard_at);
    bind_number(stmt, 6, (int64_t)peer->agreed_at);
    bind_number(stmt, 7, peer->is_parent);
    return statement_run(store, stmt);
}

enum status store_peer_rename(struct store *store, const struct id *site,
                              const uint8_t former[static 32],
                              const uint8_t key[static 32])
{
    sqlite3_stmt *stmt = statement(store, STMT_peer_rename);
    bind_id(stmt, 1, site);
    bind_blob(stmt, 2, bytes_of(former, 32));
    bind_blob(stmt, 3, bytes_of(key, 32));
    return statement_run(store, stmt);
}

enum status store_peers(struct store *store, store_peer_fn *fn, void *context)
{
    sqlite3_stmt *stmt = statement(store, STMT_peers_all);
    enum status status;
    while ((status = statement_row(store, stmt)) == STATUS_OK) {
        struct store_peer peer = {0};
        struct bytes key = column_bytes(stmt, 1);
        if (!column_id(stmt, 0, &peer.site) || key.len != sizeof(peer.node_key)) {
            statement_end(store, stmt);
            return STATUS_CORRUPT;
        }
        for (size_t i = 0; i < sizeof(peer.node_key); i++)
            peer.node_key[i] = key.data[i];
        peer.address = column_bytes(stmt, 2);
        peer.paired_at = (uint64_t)sqlite3_column_int64(stmt, 3);
        peer.heard_at = (uint64_t)sqlite3_column_int64(stmt, 4);
        peer.agreed_at = (uint64_t)sqlite3_column_int64(stmt, 5);
        peer.is_parent = sqlite3_column_int(stmt, 6) != 0;
        status = fn(context, &peer);
        if (status != STATUS_OK) {
            statement_end(store, stmt);
            return status;
        }
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status store_delivery_put(struct store *store, const struct id *op,
                               const struct id *site, uint64_t wall)
{
    sqlite3_stmt *stmt = statement(store, STMT_delivery_put);
    bind_id(stmt, 1, op);
    bind_id(stmt, 2, site);
    bind_number(stmt, 3, (int64_t)wall);
    return statement_run(store, stmt);
}

enum status store_delivery_get(struct store *store, const struct id *op,
                               const struct id *site, uint64_t *wall)
{
    sqlite3_stmt *stmt = statement(store, STMT_delivery_get);
    bind_id(stmt, 1, op);
    bind_id(stmt, 2, site);
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status;
    *wall = (uint64_t)sqlite3_column_int64(stmt, 0);
    statement_end(store, stmt);
    return STATUS_OK;
}
