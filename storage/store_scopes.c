#include "storage/statement.h"

static enum status number_of(struct store *store, const struct id *scope, int64_t *number)
{
    sqlite3_stmt *stmt = statement(store, STMT_scope_number);
    bind_id(stmt, 1, scope);
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status;
    *number = sqlite3_column_int64(stmt, 0);
    statement_end(store, stmt);
    return STATUS_OK;
}

static enum status put_row(struct store *store, const struct store_scope *scope)
{
    sqlite3_stmt *stmt = statement(store, STMT_scope_update);
    bind_id(stmt, 1, &scope->id);
    bind_number(stmt, 2, scope->kind);
    bind_id(stmt, 3, &scope->site);
    bind_blob(stmt, 4, scope->view);
    bind_id(stmt, 5, &scope->digest);
    bind_number(stmt, 6, (int64_t)scope->ops_len);
    bind_number(stmt, 7, (int64_t)scope->founded_seq);
    bind_number(stmt, 8, (int64_t)scope->touched_seq);
    return statement_run(store, stmt);
}

/* The digest of a scope before this fold, which the lattices of pairs still have. */
static enum status redigest(struct store *store, const struct store_scope *scope,
                            int64_t number)
{
    struct id before;
    sqlite3_stmt *stmt = statement(store, STMT_scope_digest);
    bind_number(stmt, 1, number);
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status;
    bool was_folded;
    status = column_id_or_null(stmt, 0, &before, &was_folded);
    statement_end(store, stmt);
    if (status != STATUS_OK)
        return status;
    return store_pairs_redigest(store, number, was_folded ? &before : NULL,
                                &scope->digest);
}

static enum status clear_of(struct store *store, enum statement which, int64_t number)
{
    sqlite3_stmt *stmt = statement(store, which);
    bind_number(stmt, 1, number);
    return statement_run(store, stmt);
}

enum status store_scope_put(struct store *store, const struct store_scope *scope,
                            const struct id *heads, uint32_t heads_len,
                            const struct id *holders, uint32_t holders_len)
{
    int64_t number;
    enum status status = number_of(store, &scope->id, &number);
    if (status == STATUS_OK)
        status = redigest(store, scope, number);
    if (status == STATUS_OK)
        status = put_row(store, scope);
    if (status == STATUS_OK)
        status = clear_of(store, STMT_heads_delete, number);
    if (status == STATUS_OK)
        status = clear_of(store, STMT_holders_delete, number);
    for (uint32_t i = 0; status == STATUS_OK && i < heads_len; i++) {
        sqlite3_stmt *stmt = statement(store, STMT_head_insert);
        bind_number(stmt, 1, number);
        bind_id(stmt, 2, &heads[i]);
        status = statement_run(store, stmt);
    }
    for (uint32_t i = 0; status == STATUS_OK && i < holders_len; i++) {
        sqlite3_stmt *stmt = statement(store, STMT_holder_insert);
        bind_id(stmt, 1, &holders[i]);
        bind_number(stmt, 2, number);
        status = statement_run(store, stmt);
    }
    return status;
}

static enum status read_scope(sqlite3_stmt *stmt, struct store_scope *scope)
{
    if (!column_id(stmt, 0, &scope->id) || !column_id(stmt, 2, &scope->site) ||
        !column_id(stmt, 4, &scope->digest))
        return STATUS_CORRUPT;
    scope->kind = (enum scope_kind)sqlite3_column_int(stmt, 1);
    scope->view = column_bytes(stmt, 3);
    scope->ops_len = (uint64_t)sqlite3_column_int64(stmt, 5);
    scope->founded_seq = (uint64_t)sqlite3_column_int64(stmt, 6);
    scope->touched_seq = (uint64_t)sqlite3_column_int64(stmt, 7);
    return STATUS_OK;
}

enum status store_scope_kind(struct store *store, const struct id *id,
                             enum scope_kind *kind)
{
    if (store->last_scope_number != 0 && id_equal(&store->last_scope, id)) {
        *kind = store->last_scope_kind;
        return STATUS_OK;
    }
    sqlite3_stmt *stmt = statement(store, STMT_scope_number);
    bind_id(stmt, 1, id);
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status;
    *kind = (enum scope_kind)sqlite3_column_int(stmt, 1);
    statement_end(store, stmt);
    return STATUS_OK;
}

enum status one_scope(struct store *store, sqlite3_stmt *stmt, store_scope_fn *fn,
                      void *context)
{
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status;
    struct store_scope scope;
    status = read_scope(stmt, &scope);
    if (status == STATUS_OK)
        status = fn(context, &scope);
    statement_end(store, stmt);
    return status;
}

enum status store_scope_get(struct store *store, const struct id *id, store_scope_fn *fn,
                            void *context)
{
    sqlite3_stmt *stmt = statement(store, STMT_scope_get);
    bind_id(stmt, 1, id);
    return one_scope(store, stmt, fn, context);
}

enum status store_scopes_of_kind(struct store *store, enum scope_kind kind,
                                 uint64_t limit, store_scope_fn *fn, void *context)
{
    sqlite3_stmt *stmt = statement(store, STMT_scopes_of_kind);
    bind_number(stmt, 1, kind);
    bind_number(stmt, 2, limit == 0 ? -1 : (int64_t)limit);
    return each_scope(store, stmt, fn, context);
}

enum status each_scope(struct store *store, sqlite3_stmt *stmt, store_scope_fn *fn,
                       void *context)
{
    enum status status;
    while ((status = statement_row(store, stmt)) == STATUS_OK) {
        struct store_scope scope;
        status = read_scope(stmt, &scope);
        if (status == STATUS_OK)
            status = fn(context, &scope);
        if (status != STATUS_OK) {
            statement_end(store, stmt);
            return status;
        }
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status store_scope_next(struct store *store, int64_t *number, struct id *scope,
                             enum scope_kind *kind)
{
    sqlite3_stmt *stmt = statement(store, STMT_scope_next);
    bind_number(stmt, 1, *number);
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status;
    *number = sqlite3_column_int64(stmt, 0);
    bool is_id = column_id(stmt, 1, scope);
    *kind = (enum scope_kind)sqlite3_column_int(stmt, 2);
    statement_end(store, stmt);
    return is_id ? STATUS_OK : STATUS_CORRUPT;
}

enum status store_scope_last(struct store *store, int64_t *number)
{
    sqlite3_stmt *stmt = statement(store, STMT_scope_last);
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status;
    *number = sqlite3_column_int64(stmt, 0);
    statement_end(store, stmt);
    return STATUS_OK;
}

enum status store_scopes_count(struct store *store, enum scope_kind kind, uint64_t *count)
{
    sqlite3_stmt *stmt = statement(store, STMT_scopes_count);
    bind_number(stmt, 1, kind);
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status;
    *count = (uint64_t)sqlite3_column_int64(stmt, 0);
    statement_end(store, stmt);
    return STATUS_OK;
}

enum status each_id(struct store *store, sqlite3_stmt *stmt, store_id_fn *fn,
                    void *context)
{
    enum status status;
    while ((status = statement_row(store, stmt)) == STATUS_OK) {
        struct id id;
        status = column_id(stmt, 0, &id) ? fn(context, &id) : STATUS_CORRUPT;
        if (status != STATUS_OK) {
            statement_end(store, stmt);
            return status;
        }
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status store_scopes_unfounded(struct store *store, store_id_fn *fn, void *context)
{
    return each_id(store, statement(store, STMT_scopes_unfounded), fn, context);
}

enum status store_scopes_held(struct store *store, enum scope_kind kind,
                              const struct id *site_a, const struct id *site_b,
                              store_id_fn *fn, void *context)
{
    sqlite3_stmt *stmt = statement(store, STMT_scopes_held);
    bind_number(stmt, 1, kind);
    bind_id(stmt, 2, site_a);
    bind_id(stmt, 3, site_b);
    return each_id(store, stmt, fn, context);
}

enum status store_sites_beside(struct store *store, enum scope_kind kind,
                               const struct id *site_a, const struct id *site_b,
                               store_id_fn *fn, void *context)
{
    sqlite3_stmt *stmt = statement(store, STMT_sites_beside);
    bind_number(stmt, 1, kind);
    bind_id(stmt, 2, site_a);
    bind_id(stmt, 3, site_b);
    return each_id(store, stmt, fn, context);
}

enum status store_scope_holders(struct store *store, const struct id *scope,
                                store_id_fn *fn, void *context)
{
    sqlite3_stmt *stmt = statement(store, STMT_scope_holders);
    bind_id(stmt, 1, scope);
    return each_id(store, stmt, fn, context);
}

enum status store_scope_heads(struct store *store, const struct id *scope,
                              store_id_fn *fn, void *context)
{
    sqlite3_stmt *stmt = statement(store, STMT_scope_heads);
    bind_id(stmt, 1, scope);
    return each_id(store, stmt, fn, context);
}

enum status store_scope_items(struct store *store, const struct id *scope,
                              store_item_fn *fn, void *context)
{
    sqlite3_stmt *stmt = statement(store, STMT_scope_items);
    bind_id(stmt, 1, scope);
    enum status status;
    while ((status = statement_row(store, stmt)) == STATUS_OK) {
        struct id id;
        uint64_t wall = (uint64_t)sqlite3_column_int64(stmt, 0);
        status = column_id(stmt, 1, &id) ? fn(context, wall, &id) : STATUS_CORRUPT;
        if (status != STATUS_OK) {
            statement_end(store, stmt);
            return status;
        }
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status store_scopes_clear(struct store *store)
{
    static const enum statement all[] = {STMT_heads_clear,          STMT_holders_clear,
                                         STMT_numbers_clear,        STMT_postings_clear,
                                         STMT_listed_parties_clear, STMT_listings_clear,
                                         STMT_lacking_clear,        STMT_scopes_reset};
    enum status status = store_pairs_clear(store);
    if (status == STATUS_OK)
        status = store_ledger_clear(store);
    for (size_t i = 0; status == STATUS_OK && i < sizeof(all) / sizeof(all[0]); i++)
        status = statement_run(store, statement(store, all[i]));
    return status;
}

enum status store_number_put(struct store *store, const struct id *scope,
                             struct bytes number)
{
    sqlite3_stmt *stmt = statement(store, STMT_number_insert);
    bind_text(stmt, 1, number);
    bind_id(stmt, 2, scope);
    return statement_run(store, stmt);
}

enum status store_number_find(struct store *store, struct bytes number, store_id_fn *fn,
                              void *context)
{
    sqlite3_stmt *stmt = statement(store, STMT_number_find);
    bind_text(stmt, 1, number);
    return each_id(store, stmt, fn, context);
}

/* The highest of one length. */
static enum status last_of_length(struct store *store, struct bytes prefix,
                                  struct bytes end, size_t len, struct buf *last)
{
    sqlite3_stmt *stmt = statement(store, STMT_number_last);
    bind_text(stmt, 1, prefix);
    bind_text(stmt, 2, end);
    bind_number(stmt, 3, (int64_t)len);
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status;
    struct bytes highest = column_bytes(stmt, 0);
    buf_add(last, highest.data, highest.len);
    statement_end(store, stmt);
    return buf_status(last);
}

enum status store_number_last(struct store *store, struct bytes prefix, struct buf *last)
{
    buf_clear(last);
    if (prefix.len == 0)
        return STATUS_INVALID;
    struct buf end = {0}; /* above all that begins with prefix */
    buf_add(&end, prefix.data, prefix.len);
    enum status status = buf_status(&end);
    if (status != STATUS_OK)
        return status;
    end.data[end.len - 1]++;
    status = STATUS_NOT_FOUND;
    for (size_t digits = 7; status == STATUS_NOT_FOUND && digits >= 4; digits--)
        status =
            last_of_length(store, prefix, buf_bytes(&end), prefix.len + digits, last);
    buf_deinit(&end);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}
