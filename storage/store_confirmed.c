#include "storage/store_confirmed.h"

#include "storage/statement.h"

enum status store_confirmed_put(struct store *store, const uint8_t node[static 32],
                                const struct id *site, const struct id *own)
{
    uint64_t since;
    enum status status = store_confirmed_get(store, node, own, &since);
    if (status != STATUS_OK)
        return status;
    bool is_whole = since == 0 || id_equal(site, own);
    sqlite3_stmt *stmt =
        statement(store, is_whole ? STMT_confirmed_pair : STMT_confirmed_since);
    bind_blob(stmt, 1, bytes_of(node, 32));
    bind_id(stmt, 2, site);
    bind_number(stmt, 3, (int64_t)store->positions[TREE_SHARED]);
    if (is_whole) {
        bind_number(stmt, 4, (int64_t)store->positions[TREE_PRIVATE]);
    } else {
        bind_number(stmt, 4, (int64_t)since);
        bind_id(stmt, 5, own);
    }
    return statement_run(store, stmt);
}

enum status store_confirmed_put_scope(struct store *store, const uint8_t node[static 32],
                                      const struct id *site, const struct id *scope)
{
    sqlite3_stmt *stmt = statement(store, STMT_confirmed_scope);
    bind_blob(stmt, 1, bytes_of(node, 32));
    bind_id(stmt, 2, site);
    bind_number(stmt, 3, (int64_t)store->positions[TREE_SHARED]);
    bind_id(stmt, 4, scope);
    bind_number(stmt, 5, (int64_t)store->positions[TREE_PRIVATE]);
    return statement_run(store, stmt);
}

enum status store_confirmed_get(struct store *store, const uint8_t node[static 32],
                                const struct id *scope, uint64_t *place)
{
    sqlite3_stmt *stmt = statement(store, STMT_confirmed_get);
    bind_blob(stmt, 1, bytes_of(node, 32));
    bind_id(stmt, 2, scope);
    *place = 0;
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status == STATUS_NOT_FOUND ? STATUS_OK : status;
    *place = (uint64_t)sqlite3_column_int64(stmt, 0);
    statement_end(store, stmt);
    return STATUS_OK;
}

enum status store_confirmed_count(struct store *store, const uint8_t node[static 32],
                                  enum scope_kind kind, uint64_t *count)
{
    sqlite3_stmt *stmt = statement(store, STMT_confirmed_count);
    bind_blob(stmt, 1, bytes_of(node, 32));
    bind_number(stmt, 2, kind);
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status;
    *count = (uint64_t)sqlite3_column_int64(stmt, 0);
    statement_end(store, stmt);
    return STATUS_OK;
}

enum status store_confirmed_forget(struct store *store, const uint8_t node[static 32])
{
    sqlite3_stmt *stmt = statement(store, STMT_confirmed_forget);
    bind_blob(stmt, 1, bytes_of(node, 32));
    return statement_run(store, stmt);
}

enum status store_alarm_raise(struct store *store, const struct store_alarm *alarm)
{
    sqlite3_stmt *stmt = statement(store, STMT_alarm_raise);
    bind_id(stmt, 1, &alarm->site);
    bind_blob(stmt, 2, bytes_of(alarm->node, sizeof(alarm->node)));
    bind_number(stmt, 3, alarm->kind);
    bind_number(stmt, 4, (int64_t)alarm->wall);
    bind_number(stmt, 5, (int64_t)alarm->ops);
    return statement_run(store, stmt);
}

static bool read_alarm(sqlite3_stmt *stmt, struct store_alarm *alarm)
{
    struct bytes node = column_bytes(stmt, 1);
    int kind = sqlite3_column_int(stmt, 2);
    if (!column_id(stmt, 0, &alarm->site) || node.len != sizeof(alarm->node) ||
        kind < ALARM_ROLLBACK || kind >= ALARM_KINDS)
        return false;
    for (size_t i = 0; i < sizeof(alarm->node); i++)
        alarm->node[i] = node.data[i];
    alarm->kind = (enum store_alarm_kind)kind;
    alarm->wall = (uint64_t)sqlite3_column_int64(stmt, 3);
    alarm->times = (uint64_t)sqlite3_column_int64(stmt, 4);
    alarm->ops = (uint64_t)sqlite3_column_int64(stmt, 5);
    return true;
}

enum status store_alarms(struct store *store, const struct id *site, store_alarm_fn *fn,
                         void *context)
{
    sqlite3_stmt *stmt = statement(store, STMT_alarms_of_site);
    enum status status;
    bind_id(stmt, 1, site);
    while ((status = statement_row(store, stmt)) == STATUS_OK) {
        struct store_alarm alarm;
        status = read_alarm(stmt, &alarm) ? fn(context, &alarm) : STATUS_CORRUPT;
        if (status != STATUS_OK) {
            statement_end(store, stmt);
            return status;
        }
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status store_alarms_clear(struct store *store, const struct id *site)
{
    sqlite3_stmt *stmt = statement(store, STMT_alarms_clear);
    bind_id(stmt, 1, site);
    return statement_run(store, stmt);
}
