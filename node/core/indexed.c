#include "node/core/indexed.h"

#include "node/cases/postings.h"
#include "node/core/state.h"
#include "storage/store_search.h"

/* Of token.c, searchable.c and postings.c: a change there is a new number here. */
#define INDEX_VERSION "1"

static bool next_posting(void *context, struct store_posting *posting)
{
    return postings_next(context, &posting->token, &posting->places);
}

enum status indexed_put(struct core *core, const struct id *scope, struct bytes view)
{
    struct postings postings = {0};
    enum status status = postings_read(&postings, view);
    if (status == STATUS_OK)
        status = store_search_put(core->store, scope, next_posting, &postings);
    if (status == STATUS_OK)
        status = buf_status(&postings.places);
    postings_deinit(&postings);
    return status;
}

enum status indexed_begin(struct core *core)
{
    return store_meta_put(core->store, "search", bytes_str(INDEX_VERSION));
}

static enum status put_scope(void *context, const struct store_scope *scope)
{
    return indexed_put(context, &scope->id, scope->view);
}

static enum status put_all(struct core *core)
{
    enum status status =
        store_scopes_of_kind(core->store, SCOPE_CASE, 0, put_scope, core);
    if (status == STATUS_OK)
        status = store_scopes_of_kind(core->store, SCOPE_ESCALATION, 0, put_scope, core);
    return status == STATUS_OK ? indexed_begin(core) : status;
}

enum status indexed_settle(struct core *core)
{
    struct buf version = {0};
    enum status status = store_meta_get(core->store, "search", &version);
    bool is_new =
        status == STATUS_OK && bytes_equal_str(buf_bytes(&version), INDEX_VERSION);
    buf_deinit(&version);
    if (is_new || (status != STATUS_OK && status != STATUS_NOT_FOUND))
        return status;
    status = store_begin(core->store);
    if (status != STATUS_OK)
        return status;
    status = put_all(core);
    if (status == STATUS_OK)
        return store_commit(core->store);
    store_roll_back(core->store);
    return status;
}
