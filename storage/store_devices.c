#include "storage/store_devices.h"

#include "storage/statement.h"

enum status store_device_add(struct store *store, const struct store_device *device,
                             int64_t *number)
{
    sqlite3_stmt *stmt = statement(store, STMT_device_insert);
    bind_id(stmt, 1, &device->digest);
    bind_id(stmt, 2, &device->person);
    bind_text(stmt, 3, device->label);
    bind_number(stmt, 4, (int64_t)device->since);
    enum status status = statement_run(store, stmt);
    if (status == STATUS_OK)
        *number = sqlite3_last_insert_rowid(store->db);
    return status;
}

static enum status give_row(sqlite3_stmt *stmt, store_device_fn *fn, void *context)
{
    struct store_device device = {
        .number = sqlite3_column_int64(stmt, 0),
        .label = column_bytes(stmt, 3),
        .since = (uint64_t)sqlite3_column_int64(stmt, 4),
        .seen = (uint64_t)sqlite3_column_int64(stmt, 5),
    };
    bool is_whole =
        column_id(stmt, 1, &device.digest) && column_id(stmt, 2, &device.person);
    return is_whole ? fn(context, &device) : STATUS_CORRUPT;
}

static enum status give_one(struct store *store, sqlite3_stmt *stmt, store_device_fn *fn,
                            void *context)
{
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status;
    status = give_row(stmt, fn, context);
    statement_end(store, stmt);
    return status;
}

enum status store_device_find(struct store *store, const struct id *digest,
                              store_device_fn *fn, void *context)
{
    sqlite3_stmt *stmt = statement(store, STMT_device_find);
    bind_id(stmt, 1, digest);
    return give_one(store, stmt, fn, context);
}

enum status store_device_get(struct store *store, int64_t number, store_device_fn *fn,
                             void *context)
{
    sqlite3_stmt *stmt = statement(store, STMT_device_get);
    bind_number(stmt, 1, number);
    return give_one(store, stmt, fn, context);
}

enum status store_devices(struct store *store, store_device_fn *fn, void *context)
{
    sqlite3_stmt *stmt = statement(store, STMT_device_all);
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

enum status store_device_seen(struct store *store, int64_t number, uint64_t wall)
{
    sqlite3_stmt *stmt = statement(store, STMT_device_seen);
    bind_number(stmt, 1, number);
    bind_number(stmt, 2, (int64_t)wall);
    return statement_run(store, stmt);
}

enum status store_device_remove(struct store *store, int64_t number)
{
    sqlite3_stmt *stmt = statement(store, STMT_device_remove);
    bind_number(stmt, 1, number);
    enum status status = statement_run(store, stmt);
    if (status == STATUS_OK && sqlite3_changes(store->db) == 0)
        return STATUS_NOT_FOUND;
    return status;
}

enum status store_devices_remove_of(struct store *store, const struct id *person)
{
    sqlite3_stmt *stmt = statement(store, STMT_device_remove_of);
    bind_id(stmt, 1, person);
    return statement_run(store, stmt);
}
