#include "node/cases/view.h"
#include "node/core/api.h"
#include "node/core/author.h"
#include "node/core/rulebook.h"
#include "node/core/shelf.h"

#define TITLE_MAX 240
#define VERSION_MAX 120

static enum status find_rules(struct core *core, struct bytes title, struct id *scope,
                              struct err *err)
{
    return shelf_find_titled(core, MATTER_RULES, title, scope, err);
}

/* --- add --- */

static enum status draft_version(struct draft *draft, const struct args *args,
                                 struct err *err)
{
    struct bytes version, from, clauses;
    enum status status = args_text(args, "version", VERSION_MAX, &version, err);
    if (status == STATUS_OK)
        status = args_day(args, "from", &from, err);
    if (status == STATUS_OK && !args_raw(args, "clauses", &clauses))
        status = err_set(err, STATUS_INVALID, "clauses are missing");
    if (status != STATUS_OK)
        return status;
    draft_raw(draft, "clauses", clauses);
    draft_text_optional(draft, "from", from);
    draft_text(draft, "version", version);
    return STATUS_OK;
}

/* The first version founds the scope, a later one goes into it. */
static enum status write_version(struct core *core, struct caller *caller,
                                 const struct args *args, struct bytes title,
                                 struct id *scope, bool is_first, struct id *op,
                                 struct err *err)
{
    struct draft draft;
    draft_init(&draft, is_first ? "rules" : "rule-text", is_first ? NULL : scope);
    if (is_first)
        draft_text(&draft, "title", title);
    enum status status = draft_version(&draft, args, err);
    if (status == STATUS_OK)
        return shelf_write(core, caller, &draft, MATTER_RULES, scope, op, err);
    draft_deinit(&draft);
    return status;
}

enum status api_rules_add(struct core *core, struct caller *caller,
                          const struct args *args, struct buf *result, struct err *err)
{
    struct bytes title;
    struct id scope, op;
    enum status status = args_text_optional(args, "title", TITLE_MAX, &title, err);
    if (status == STATUS_OK)
        status = find_rules(core, title, &scope, err);
    bool is_first = status == STATUS_NOT_FOUND;
    if (is_first && title.len == 0)
        return err_set(err, STATUS_INVALID, "title is missing: of which rules?");
    if (status == STATUS_OK || is_first)
        status = write_version(core, caller, args, title, &scope, is_first, &op, err);
    if (status != STATUS_OK)
        return core_check(core, status);
    pack_map(result, 2);
    pack_str(result, "op");
    pack_bin(result, op.bytes, ID_SIZE);
    pack_str(result, "rules");
    pack_bin(result, scope.bytes, ID_SIZE);
    return STATUS_OK;
}

/* --- list and show --- */

struct listing {
    struct buf rows;
    uint32_t len;
};

static void pack_named(struct buf *out, struct bytes map, const char *name)
{
    struct bytes raw;
    pack_str(out, name);
    if (view_map_get(map, name, &raw))
        buf_add(out, raw.data, raw.len);
    else
        pack_nil(out);
}

static bool count_version(void *context, struct bytes entry)
{
    struct bytes fields;
    *(uint32_t *)context += rulebook_is_version(entry, &fields);
    return true;
}

static enum status list_rules(void *context, const struct store_scope *scope)
{
    struct listing *listing = context;
    struct buf *out = &listing->rows;
    struct bytes entry, fields = {0};
    uint32_t versions = 0;
    view_map_each(scope->view, "journal", count_version, &versions);
    (void)rulebook_newest(scope->view, &entry);   /* none: of all nothing is left */
    (void)view_map_get(entry, "fields", &fields); /* then there are none either */
    listing->len++;
    pack_map(out, 5);
    pack_named(out, fields, "from");
    pack_str(out, "rules");
    pack_bin(out, scope->id.bytes, ID_SIZE);
    pack_str(out, "title");
    pack_str_bytes(out, shelf_title(scope->view));
    pack_named(out, fields, "version");
    pack_str(out, "versions");
    pack_uint(out, versions);
    return buf_status(out);
}

enum status api_rules_list(struct core *core, struct caller *caller,
                           const struct args *args, struct buf *result, struct err *err)
{
    struct listing listing = {0};
    enum status status = rulebook_each(core, list_rules, &listing);
    pack_map(result, 1);
    pack_str(result, "rules");
    pack_array(result, listing.len);
    buf_append(result, &listing.rows);
    buf_deinit(&listing.rows);
    return core_check(core, status);
}

static bool show_version(void *context, struct bytes entry)
{
    struct listing *listing = context;
    struct buf *out = &listing->rows;
    struct bytes fields;
    if (!rulebook_is_version(entry, &fields))
        return true;
    listing->len++;
    pack_map(out, 5);
    pack_named(out, fields, "clauses");
    pack_named(out, fields, "from");
    pack_named(out, entry, "op");
    pack_named(out, fields, "version");
    pack_named(out, entry, "wall");
    return true;
}

enum status api_rules_show(struct core *core, struct caller *caller,
                           const struct args *args, struct buf *result, struct err *err)
{
    struct bytes title;
    struct id scope;
    struct buf view = {0};
    struct listing listing = {0};
    enum status status = args_text_optional(args, "title", TITLE_MAX, &title, err);
    if (status == STATUS_OK)
        status = find_rules(core, title, &scope, err);
    if (status == STATUS_OK)
        status = api_view(core, &scope, &view);
    if (status == STATUS_OK) {
        view_map_each(buf_bytes(&view), "journal", show_version, &listing);
        pack_map(result, 3);
        pack_str(result, "rules");
        pack_bin(result, scope.bytes, ID_SIZE);
        pack_str(result, "title");
        pack_str_bytes(result, shelf_title(buf_bytes(&view)));
        pack_str(result, "versions");
        pack_array(result, listing.len);
        buf_append(result, &listing.rows);
    }
    buf_deinit(&listing.rows);
    buf_deinit(&view);
    return core_check(core, status);
}
