#include "storage/store_listings.h"

#include "storage/statement.h"

static int64_t bounded(uint64_t seconds)
{
    return seconds > INT64_MAX ? INT64_MAX : (int64_t)seconds;
}

enum status store_listing_put(struct store *store, const struct store_listing *listing)
{
    sqlite3_stmt *stmt = statement(store, STMT_listed_parties_delete);
    bind_id(stmt, 1, &listing->scope);
    enum status status = statement_run(store, stmt);
    if (status != STATUS_OK)
        return status;
    stmt = statement(store, STMT_listing_put);
    bind_id(stmt, 1, &listing->scope);
    bind_id(stmt, 2, &listing->author);
    bind_text(stmt, 3, listing->state);
    bind_text(stmt, 4, listing->category);
    bind_number(stmt, 5, (int64_t)listing->opened);
    bind_number(stmt, 6, (int64_t)listing->conflicts);
    bind_number(stmt, 7, (int64_t)listing->sent);
    bind_number(stmt, 8, listing->is_minor);
    if (listing->line != NULL)
        bind_id(stmt, 9, listing->line);
    bind_number(stmt, 10, bounded(listing->waits));
    status = statement_run(store, stmt);
    for (size_t i = 0; status == STATUS_OK && i < listing->parties_len; i++) {
        stmt = statement(store, STMT_listed_party_insert);
        bind_id(stmt, 1, &listing->scope);
        bind_text(stmt, 2, listing->parties[i]);
        status = statement_run(store, stmt);
    }
    return status;
}

/* The filter with an index of its own that leaves least to look at. */
static enum statement choose(const struct store_filter *filter)
{
    if (filter->has_conflict)
        return STMT_listings_in_conflict;
    if (filter->party.len > 0)
        return STMT_listings_of_party;
    if (filter->is_to_do)
        return STMT_listings_to_do;
    return filter->state.len > 0 ? STMT_listings_of_state : STMT_listings_page;
}

static enum status place_of(struct store *store, const struct id *after, int64_t *place)
{
    *place = INT64_MAX;
    if (after == NULL)
        return STATUS_OK;
    sqlite3_stmt *stmt = statement(store, STMT_listing_place);
    bind_id(stmt, 1, after);
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status;
    *place = sqlite3_column_int64(stmt, 0);
    statement_end(store, stmt);
    return STATUS_OK;
}

static void bind_text_if(sqlite3_stmt *stmt, int index, struct bytes text)
{
    if (text.len > 0)
        bind_text(stmt, index, text);
}

static void bind_id_if(sqlite3_stmt *stmt, int index, const struct id *id)
{
    if (id != NULL)
        bind_id(stmt, index, id);
}

/* What is not bound is NULL, and no filter. */
enum status store_listings(struct store *store, const struct store_filter *filter,
                           store_scope_fn *fn, void *context)
{
    int64_t place;
    enum status status = place_of(store, filter->after, &place);
    if (status != STATUS_OK)
        return status;
    sqlite3_stmt *stmt = statement(store, choose(filter));
    bind_number(stmt, 1, filter->kind);
    bind_number(stmt, 2, place);
    bind_text_if(stmt, 3, filter->state);
    bind_text_if(stmt, 4, filter->category);
    bind_number(stmt, 5, bounded(filter->since));
    bind_number(stmt, 6, filter->until == 0 ? INT64_MAX : bounded(filter->until));
    bind_id_if(stmt, 7, filter->author);
    bind_id_if(stmt, 8, filter->site);
    bind_id_if(stmt, 9, filter->not_site);
    bind_number(stmt, 10, filter->is_sent ? 1 : 0);
    bind_number(stmt, 11, bounded(filter->limit));
    if (filter->party.len > 0)
        bind_text(stmt, 12, filter->party);
    bind_number(stmt, 13, filter->no_minors ? 0 : 1);
    return each_scope(store, stmt, fn, context);
}

enum status store_listings_waiting(struct store *store, enum scope_kind kind,
                                   uint64_t since, store_scope_fn *fn, void *context)
{
    sqlite3_stmt *stmt = statement(store, STMT_listings_waiting);
    bind_number(stmt, 1, kind);
    bind_number(stmt, 2, bounded(since));
    return each_scope(store, stmt, fn, context);
}

enum status store_listing_of_line(struct store *store, const struct id *line,
                                  struct id *scope)
{
    sqlite3_stmt *stmt = statement(store, STMT_listing_of_line);
    bind_id(stmt, 1, line);
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status;
    bool is_id = column_id(stmt, 0, scope);
    statement_end(store, stmt);
    return is_id ? STATUS_OK : STATUS_CORRUPT;
}

enum status store_listings_count(struct store *store, enum scope_kind kind,
                                 uint64_t *count)
{
    sqlite3_stmt *stmt = statement(store, STMT_listings_count);
    bind_number(stmt, 1, kind);
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status;
    *count = (uint64_t)sqlite3_column_int64(stmt, 0);
    statement_end(store, stmt);
    return STATUS_OK;
}

enum status store_listings_grown(struct store *store, enum scope_kind kind,
                                 uint64_t begin, uint64_t middle, uint32_t rows,
                                 uint32_t max, store_growth_fn *fn, void *context)
{
    sqlite3_stmt *stmt = statement(store, STMT_listings_grown);
    bind_number(stmt, 1, kind);
    bind_number(stmt, 2, bounded(middle));
    bind_number(stmt, 3, bounded(begin));
    bind_number(stmt, 4, rows);
    bind_number(stmt, 5, max);
    enum status status;
    while ((status = statement_row(store, stmt)) == STATUS_OK) {
        struct store_growth growth = {column_bytes(stmt, 0),
                                      (uint64_t)sqlite3_column_int64(stmt, 1),
                                      (uint64_t)sqlite3_column_int64(stmt, 2)};
        status = fn(context, &growth);
        if (status != STATUS_OK) {
            statement_end(store, stmt);
            return status;
        }
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}
