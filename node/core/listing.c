#include "node/core/listing.h"

#include <string.h>

#include "node/cases/matter.h"
#include "node/cases/schema.h"
#include "node/cases/view.h"
#include "node/core/scope_ops.h"
#include "node/core/state.h"
#include "node/core/undone.h"
#include "proto/pack.h"
#include "storage/store_listings.h"

#define META_UNLISTED "unlisted" /* not empty: as migrations/0012.sql left it */
#define PARTIES_LISTED_MAX 64    /* as many as the schema lets a case have */

struct aliases {
    struct bytes texts[PARTIES_LISTED_MAX];
    size_t len;
};

static bool add_alias(void *context, struct bytes element)
{
    struct aliases *aliases = context;
    struct pack_reader reader = pack_reader_of(element);
    uint32_t count;
    enum status status = pack_read_array(&reader, &count, NULL);
    if (status == STATUS_OK) /* never: otherwise, the fold wrote it */
        status = pack_read_str(&reader, &aliases->texts[aliases->len], NULL);
    aliases->len += status == STATUS_OK;
    return aliases->len < PARTIES_LISTED_MAX;
}

/* Papers of the site live in scopes of the kind case, and are none. */
enum status listing_put(struct core *core, const struct op *founding, struct bytes view)
{
    if (matter_of(view) != MATTER_CASE)
        return STATUS_OK;
    struct aliases aliases = {.len = 0};
    struct id line;
    struct store_listing listing = {
        .scope = founding->id,
        .state = view_state(view),
        .opened = founding->wall,
        .conflicts = view_conflicts(view),
        .sent = view_map_count(view, "sent"),
        .is_minor = view_is_minor(view),
        .waits = undone_until(core, schema_founds(founding), view),
    };
    memcpy(listing.author.bytes, founding->author, sizeof(listing.author.bytes));
    (void)view_text(view, "category", &listing.category); /* empty where withheld */
    if (op_id(founding, "line", &line))
        listing.line = &line;
    view_map_each(view, "parties", add_alias, &aliases);
    listing.parties = aliases.texts;
    listing.parties_len = aliases.len;
    return store_listing_put(core->store, &listing);
}

static enum status collect(void *context, const struct store_scope *scope)
{
    id_list_push(context, &scope->id);
    return STATUS_OK;
}

struct kept {
    struct core *core;
    const struct op *founding;
};

static enum status list_view(void *context, const struct store_scope *scope)
{
    const struct kept *kept = context;
    return listing_put(kept->core, kept->founding, scope->view);
}

static enum status list_scope(struct core *core, const struct id *scope)
{
    struct scope_ops ops;
    enum status status = scope_ops_load(&ops, core->store, scope);
    if (status != STATUS_OK)
        return status;
    if (ops.len > 0) {
        struct kept kept = {core, ops.ops[0]};
        status = store_scope_get(core->store, scope, list_view, &kept);
    }
    scope_ops_deinit(&ops);
    return status;
}

static enum status list_all(struct core *core)
{
    struct id_list scopes = {0};
    enum status status =
        store_scopes_of_kind(core->store, SCOPE_CASE, 0, collect, &scopes);
    if (status == STATUS_OK)
        status = store_scopes_of_kind(core->store, SCOPE_ESCALATION, 0, collect, &scopes);
    if (status == STATUS_OK && scopes.failed)
        status = STATUS_NO_MEMORY;
    for (uint32_t i = 0; status == STATUS_OK && i < scopes.len; i++)
        status = list_scope(core, &scopes.ids[i]);
    id_list_deinit(&scopes);
    return status;
}

enum status listing_fill(struct core *core)
{
    struct buf mark = {0};
    enum status status = store_meta_get(core->store, META_UNLISTED, &mark);
    bool is_due = status == STATUS_OK && mark.len > 0;
    buf_deinit(&mark);
    if (!is_due)
        return status == STATUS_NOT_FOUND ? STATUS_OK : status;
    status = store_begin(core->store);
    if (status != STATUS_OK)
        return status;
    status = list_all(core);
    if (status == STATUS_OK)
        status = store_meta_put(core->store, META_UNLISTED, (struct bytes){0});
    if (status == STATUS_OK)
        return store_commit(core->store);
    store_roll_back(core->store);
    return status;
}
