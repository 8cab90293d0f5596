#include "storage/store_form_drafts.h"

#include "storage/statement.h"
#include "storage/store_scrub.h"

enum status store_form_draft_put(struct store *store, const struct id *person,
                                 const struct store_form_draft *draft)
{
    sqlite3_stmt *stmt = statement(store, STMT_form_draft_put);
    bind_id(stmt, 1, person);
    bind_text(stmt, 2, draft->form);
    bind_number(stmt, 3, (int64_t)draft->wall);
    bind_blob(stmt, 4, draft->fields);
    return statement_run(store, stmt);
}

static enum status give_row(sqlite3_stmt *stmt, store_form_draft_fn *fn, void *context)
{
    const struct store_form_draft draft = {
        .form = column_bytes(stmt, 0),
        .wall = (uint64_t)sqlite3_column_int64(stmt, 1),
        .fields = column_bytes(stmt, 2),
    };
    return fn(context, &draft);
}

enum status store_form_draft_get(struct store *store, const struct id *person,
                                 struct bytes form, store_form_draft_fn *fn,
                                 void *context)
{
    sqlite3_stmt *stmt = statement(store, STMT_form_draft_get);
    bind_id(stmt, 1, person);
    bind_text(stmt, 2, form);
    enum status status = statement_row(store, stmt);
    if (status != STATUS_OK)
        return status;
    status = give_row(stmt, fn, context);
    statement_end(store, stmt);
    return status;
}

enum status store_form_drafts(struct store *store, const struct id *person,
                              store_form_draft_fn *fn, void *context)
{
    sqlite3_stmt *stmt = statement(store, STMT_form_draft_all);
    enum status status;
    bind_id(stmt, 1, person);
    while ((status = statement_row(store, stmt)) == STATUS_OK) {
        status = give_row(stmt, fn, context);
        if (status != STATUS_OK) {
            statement_end(store, stmt);
            return status;
        }
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status store_form_draft_remove(struct store *store, const struct id *person,
                                    struct bytes form)
{
    sqlite3_stmt *stmt = statement(store, STMT_form_draft_remove);
    bind_id(stmt, 1, person);
    bind_text(stmt, 2, form);
    enum status status = statement_run(store, stmt);
    if (status == STATUS_OK && sqlite3_changes(store->db) == 0)
        return STATUS_NOT_FOUND;
    if (status == STATUS_OK)
        store_scrub_later(store);
    return status;
}

enum status store_form_drafts_remove_of(struct store *store, const struct id *person)
{
    sqlite3_stmt *stmt = statement(store, STMT_form_draft_remove_of);
    bind_id(stmt, 1, person);
    enum status status = statement_run(store, stmt);
    if (status == STATUS_OK && sqlite3_changes(store->db) > 0)
        store_scrub(store);
    return status;
}
