#include "storage/store_bundles.h"

#include <string.h>

#include "storage/statement.h"

enum status store_bundle_site(struct store *store, const struct id *site,
                              struct store_bundle_site *out)
{
    sqlite3_stmt *stmt = statement(store, STMT_bundle_site_get);
    bind_id(stmt, 1, site);
    *out = (struct store_bundle_site){0};
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status == STATUS_NOT_FOUND ? STATUS_OK : status;
    out->written = (uint64_t)sqlite3_column_int64(stmt, 0);
    out->acked = (uint64_t)sqlite3_column_int64(stmt, 1);
    out->acked_seq = sqlite3_column_int64(stmt, 2);
    out->acked_wall = (uint64_t)sqlite3_column_int64(stmt, 3);
    statement_end(store, stmt);
    return STATUS_OK;
}

static enum status run_for_site(struct store *store, enum statement number,
                                const struct id *site)
{
    sqlite3_stmt *stmt = statement(store, number);
    bind_id(stmt, 1, site);
    return statement_run(store, stmt);
}

/* A statement that changes one row and gives a number of it. NOT_FOUND: it changed none.
 */
static enum status changed_row(struct store *store, sqlite3_stmt *stmt, int64_t *number)
{
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status;
    *number = sqlite3_column_int64(stmt, 0);
    status = statement_row(store, stmt); /* it is done when it has no more to give */
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status store_bundle_begin(struct store *store, const struct id *site, uint64_t least,
                               uint64_t wall, uint64_t *number)
{
    int64_t given = 0;
    enum status status = run_for_site(store, STMT_bundle_site_put, site);
    if (status != STATUS_OK)
        return status;
    sqlite3_stmt *stmt = statement(store, STMT_bundle_site_next);
    bind_id(stmt, 1, site);
    bind_number(stmt, 2, (int64_t)least);
    status = changed_row(store, stmt, &given);
    if (status != STATUS_OK)
        return status;
    *number = (uint64_t)given;
    stmt = statement(store, STMT_bundle_made_put);
    bind_id(stmt, 1, site);
    bind_number(stmt, 2, given);
    bind_number(stmt, 3, (int64_t)wall);
    return statement_run(store, stmt);
}

enum status store_bundle_leap(struct store *store, uint64_t leap)
{
    sqlite3_stmt *stmt = statement(store, STMT_bundle_site_leap);
    bind_number(stmt, 1, (int64_t)leap);
    return statement_run(store, stmt);
}

enum status store_bundle_ops(struct store *store, const struct id *site, uint64_t number,
                             uint64_t ops)
{
    sqlite3_stmt *stmt = statement(store, STMT_bundle_made_ops);
    bind_id(stmt, 1, site);
    bind_number(stmt, 2, (int64_t)number);
    bind_number(stmt, 3, (int64_t)ops);
    return statement_run(store, stmt);
}

enum status store_bundle_written(struct store *store, const struct id *site,
                                 uint64_t number, uint64_t wall)
{
    int64_t changed;
    sqlite3_stmt *stmt = statement(store, STMT_bundle_made_written);
    bind_id(stmt, 1, site);
    bind_number(stmt, 2, (int64_t)number);
    bind_number(stmt, 3, (int64_t)wall);
    return changed_row(store, stmt, &changed);
}

static enum status run_up_to(struct store *store, enum statement which,
                             const struct id *site, uint64_t number)
{
    sqlite3_stmt *stmt = statement(store, which);
    bind_id(stmt, 1, site);
    bind_number(stmt, 2, (int64_t)number);
    return statement_run(store, stmt);
}

enum status store_bundle_behind(struct store *store, const struct id *site,
                                uint64_t number)
{
    enum status status = run_for_site(store, STMT_bundle_site_put, site);
    return status == STATUS_OK ? run_up_to(store, STMT_bundle_site_behind, site, number)
                               : status;
}

enum status store_bundle_acked(struct store *store, const struct id *site,
                               uint64_t number, uint64_t wall)
{
    int64_t changed;
    sqlite3_stmt *stmt = statement(store, STMT_bundle_acked);
    bind_id(stmt, 1, site);
    bind_number(stmt, 2, (int64_t)number);
    bind_number(stmt, 3, (int64_t)wall);
    enum status status = changed_row(store, stmt, &changed);
    if (status == STATUS_OK)
        status = run_up_to(store, STMT_bundle_acked_made, site, number);
    if (status == STATUS_OK)
        status = run_up_to(store, STMT_bundle_acked_tell, site, number);
    return status;
}

enum status store_bundle_agreed(struct store *store, const struct id *site)
{
    static const enum statement steps[] = {
        STMT_bundle_site_put, STMT_bundle_agreed, STMT_bundle_agreed_tell,
        STMT_bundle_agreed_made, STMT_bundle_agreed_held};
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < sizeof(steps) / sizeof(steps[0]); i++)
        status = run_for_site(store, steps[i], site);
    return status;
}

enum status store_bundle_forget(struct store *store, const struct id *site)
{
    static const enum statement steps[] = {STMT_bundle_agreed_held,
                                           STMT_bundle_lacks_clear};
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < sizeof(steps) / sizeof(steps[0]); i++)
        status = run_for_site(store, steps[i], site);
    return status;
}

enum status store_bundles_made(struct store *store, const struct id *site,
                               store_bundle_made_fn *fn, void *context)
{
    sqlite3_stmt *stmt = statement(store, STMT_bundle_made_list);
    bind_id(stmt, 1, site);
    for (;;) {
        enum status status = statement_row(store, stmt);
        if (status != STATUS_OK)
            return status == STATUS_NOT_FOUND ? STATUS_OK : status;
        struct store_bundle_made made = {
            .number = (uint64_t)sqlite3_column_int64(stmt, 0),
            .wall = (uint64_t)sqlite3_column_int64(stmt, 1),
            .ops = (uint64_t)sqlite3_column_int64(stmt, 2),
            .is_written = sqlite3_column_int(stmt, 3) != 0,
        };
        status = fn(context, &made);
        if (status == STATUS_OK)
            continue;
        statement_end(store, stmt);
        return status;
    }
}

enum status store_bundle_news(struct store *store, const struct id *site,
                              int64_t since_seq, uint64_t limit, store_id_fn *fn,
                              void *context)
{
    sqlite3_stmt *stmt = statement(store, STMT_bundle_tell_list);
    bind_id(stmt, 1, site);
    bind_number(stmt, 2, since_seq);
    bind_number(stmt, 3, (int64_t)limit);
    return each_id(store, stmt, fn, context);
}

enum status store_bundle_tell(struct store *store, const struct id *site,
                              const struct id *scope)
{
    sqlite3_stmt *stmt = statement(store, STMT_bundle_tell_put);
    bind_id(stmt, 1, site);
    bind_id(stmt, 2, scope);
    return statement_run(store, stmt);
}

enum status store_bundle_told(struct store *store, const struct id *site, uint64_t number)
{
    return run_up_to(store, STMT_bundle_tell_number, site, number);
}

enum status store_bundle_read(struct store *store, const struct id *site,
                              const struct store_bundle_read *read)
{
    sqlite3_stmt *stmt = statement(store, STMT_bundle_read_put);
    bind_blob(stmt, 1, bytes_of(read->node, sizeof(read->node)));
    bind_id(stmt, 2, site);
    bind_number(stmt, 3, (int64_t)read->number);
    bind_number(stmt, 4, (int64_t)read->wall);
    bind_id(stmt, 5, &read->digest);
    return statement_run(store, stmt);
}

enum status store_bundle_read_get(struct store *store, const uint8_t node[static 32],
                                  struct store_bundle_read *read)
{
    sqlite3_stmt *stmt = statement(store, STMT_bundle_read_get);
    bind_blob(stmt, 1, bytes_of(node, 32));
    *read = (struct store_bundle_read){0};
    memcpy(read->node, node, sizeof(read->node));
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status == STATUS_NOT_FOUND ? STATUS_OK : status;
    read->number = (uint64_t)sqlite3_column_int64(stmt, 0);
    read->wall = (uint64_t)sqlite3_column_int64(stmt, 1);
    if (!column_id(stmt, 2, &read->digest))
        read->digest = (struct id){{0}};
    statement_end(store, stmt);
    return STATUS_OK;
}

enum status store_bundles_read(struct store *store, const struct id *site,
                               store_bundle_read_fn *fn, void *context)
{
    sqlite3_stmt *stmt = statement(store, STMT_bundle_read_list);
    bind_id(stmt, 1, site);
    for (;;) {
        enum status status = statement_row(store, stmt);
        if (status != STATUS_OK)
            return status == STATUS_NOT_FOUND ? STATUS_OK : status;
        struct store_bundle_read read = {
            .number = (uint64_t)sqlite3_column_int64(stmt, 1),
            .wall = (uint64_t)sqlite3_column_int64(stmt, 2),
        };
        struct bytes node = column_bytes(stmt, 0);
        status = node.len == sizeof(read.node) ? STATUS_OK : STATUS_CORRUPT;
        if (status == STATUS_OK) {
            memcpy(read.node, node.data, sizeof(read.node));
            status = fn(context, &read);
        }
        if (status == STATUS_OK)
            continue;
        statement_end(store, stmt);
        return status;
    }
}

enum status store_bundle_held_put(struct store *store, const struct id *site,
                                  const struct id *scope, const struct id *heads,
                                  uint32_t heads_len)
{
    sqlite3_stmt *stmt = statement(store, STMT_bundle_held_clear);
    bind_id(stmt, 1, site);
    bind_id(stmt, 2, scope);
    enum status status = statement_run(store, stmt);
    for (uint32_t i = 0; status == STATUS_OK && i < heads_len; i++) {
        stmt = statement(store, STMT_bundle_held_put);
        bind_id(stmt, 1, site);
        bind_id(stmt, 2, scope);
        bind_id(stmt, 3, &heads[i]);
        status = statement_run(store, stmt);
    }
    return status;
}

enum status store_bundle_held(struct store *store, const struct id *site,
                              const struct id *scope, store_id_fn *fn, void *context)
{
    sqlite3_stmt *stmt = statement(store, STMT_bundle_held_get);
    bind_id(stmt, 1, site);
    bind_id(stmt, 2, scope);
    return each_id(store, stmt, fn, context);
}

enum status store_bundle_lacks_clear(struct store *store, const struct id *site)
{
    return run_for_site(store, STMT_bundle_lacks_clear, site);
}

enum status store_bundle_lacks_add(struct store *store, const struct id *site,
                                   const struct id *op)
{
    sqlite3_stmt *stmt = statement(store, STMT_bundle_lacks_put);
    bind_id(stmt, 1, site);
    bind_id(stmt, 2, op);
    return statement_run(store, stmt);
}

enum status store_bundle_lacks(struct store *store, const struct id *site,
                               store_id_fn *fn, void *context)
{
    sqlite3_stmt *stmt = statement(store, STMT_bundle_lacks_list);
    bind_id(stmt, 1, site);
    return each_id(store, stmt, fn, context);
}
