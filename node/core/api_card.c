/* card.set, card.list, card.show: plan cards, in versions that may stand side by side. */
#include "node/cases/matter.h"
#include "node/cases/view.h"
#include "node/core/api.h"
#include "node/core/author.h"
#include "node/core/plan_card.h"
#include "node/core/shelf.h"

#define TITLE_MAX 240

static enum status draft_rows(struct draft *draft, const struct args *args,
                              const char *name, const char *form, struct err *err)
{
    const struct schema_kind *kind = schema_kind(bytes_str(draft->kind));
    const struct schema_field *field = schema_field(kind, bytes_str(name));
    struct bytes value;
    if (!args_raw(args, name, &value))
        return err_set(err, STATUS_INVALID, "%s are missing", name);
    if (!schema_value_fits(field, value))
        return err_set(err, STATUS_INVALID, "%s are 1 to %u, each %s", name, field->max,
                       form);
    draft_raw(draft, name, value);
    return STATUS_OK;
}

/* The first version founds the scope, a later one goes into it. */
static enum status write_version(struct core *core, struct caller *caller,
                                 const struct args *args, struct bytes title,
                                 struct id *scope, bool is_first, struct id *op,
                                 struct err *err)
{
    struct draft draft;
    draft_init(&draft, is_first ? "card" : "card-text", is_first ? NULL : scope);
    if (is_first)
        draft_text(&draft, "title", title);
    enum status status = draft_rows(
        &draft, args, "roles", "[role, who], of at most 120 bytes, no role twice", err);
    if (status == STATUS_OK)
        status = draft_rows(&draft, args, "steps",
                            "[role, text, days after the activation]", err);
    if (status == STATUS_OK)
        status = api_draft_text(args, "trigger", &draft, "trigger", err);
    if (status == STATUS_OK)
        return shelf_write(core, caller, &draft, MATTER_CARD, scope, op, err);
    draft_deinit(&draft);
    return status;
}

enum status api_card_set(struct core *core, struct caller *caller,
                         const struct args *args, struct buf *result, struct err *err)
{
    struct bytes title;
    struct id scope, op;
    enum status status = args_text(args, "title", TITLE_MAX, &title, err);
    if (status != STATUS_OK)
        return status;
    status = shelf_find_titled(core, MATTER_CARD, title, &scope, err);
    if (status == STATUS_OK || status == STATUS_NOT_FOUND)
        status = write_version(core, caller, args, title, &scope,
                               status == STATUS_NOT_FOUND, &op, err);
    if (status != STATUS_OK)
        return core_check(core, status);
    pack_map(result, 2);
    pack_str(result, "card");
    pack_bin(result, scope.bytes, ID_SIZE);
    pack_str(result, "op");
    pack_bin(result, op.bytes, ID_SIZE);
    return STATUS_OK;
}

/* --- list and show --- */

struct rows {
    struct core *core;
    struct bytes view;
    struct buf rows;
    uint32_t len;
    enum status status;
};

static void pack_named(struct buf *out, const char *name, struct bytes map)
{
    struct bytes raw;
    pack_str(out, name);
    if (view_map_get(map, name, &raw))
        buf_add(out, raw.data, raw.len);
    else
        pack_nil(out);
}

static bool count_entry(void *context, struct bytes entry)
{
    struct plan_card_counts *counts = context;
    counts->versions += plan_card_is_version(entry);
    counts->activations += view_map_has_text(entry, "kind", "activated");
    return true;
}

static enum status add_card(void *context, const struct store_scope *scope)
{
    struct rows *rows = context;
    struct buf *out = &rows->rows;
    struct plan_card_counts counts = {0, 0};
    struct bytes trigger = {0};
    view_map_each(scope->view, "journal", count_entry, &counts);
    (void)view_text(scope->view, "trigger", &trigger); /* empty where it was erased */
    rows->len++;
    pack_map(out, 6);
    pack_str(out, "activations");
    pack_uint(out, counts.activations);
    pack_str(out, "card");
    pack_bin(out, scope->id.bytes, ID_SIZE);
    pack_str(out, "conflicts");
    pack_uint(out, view_conflicts(scope->view));
    pack_str(out, "title");
    pack_str_bytes(out, shelf_title(scope->view));
    pack_str(out, "trigger");
    pack_str_bytes(out, trigger);
    pack_str(out, "versions");
    pack_uint(out, counts.versions);
    return buf_status(out);
}

enum status api_card_list(struct core *core, struct caller *caller,
                          const struct args *args, struct buf *result, struct err *err)
{
    struct rows rows = {.len = 0};
    enum status status = shelf_each(core, MATTER_CARD, add_card, &rows);
    pack_map(result, 1);
    pack_str(result, "cards");
    pack_array(result, rows.len);
    buf_append(result, &rows.rows);
    buf_deinit(&rows.rows);
    return core_check(core, status);
}

static bool add_version(void *context, struct bytes entry)
{
    struct rows *rows = context;
    struct buf *out = &rows->rows;
    struct bytes fields = {0};
    struct id op = {0};
    if (!plan_card_is_version(entry))
        return true;
    (void)view_map_get(entry, "fields", &fields); /* each entry has them */
    (void)view_map_id(entry, "op", &op);          /* the same */
    rows->len++;
    pack_map(out, 6);
    pack_named(out, "op", entry);
    pack_named(out, "roles", fields);
    pack_str(out, "stands");
    pack_bool(out, plan_card_stands(rows->view, &op));
    pack_named(out, "steps", fields);
    pack_named(out, "trigger", fields);
    pack_named(out, "wall", entry);
    return true;
}

static bool add_activation(void *context, struct bytes entry)
{
    struct rows *rows = context;
    struct buf *out = &rows->rows;
    struct bytes fields = {0};
    struct id scope = {0};
    if (!view_map_has_text(entry, "kind", "activated"))
        return true;
    (void)view_map_get(entry, "fields", &fields); /* each entry has them */
    (void)view_map_id(fields, "case", &scope);    /* no case where it was erased */
    rows->len++;
    pack_map(out, 7);
    pack_named(out, "case", fields);
    pack_named(out, "day", fields);
    rows->status = api_pack_number_of(rows->core, &scope, out);
    pack_named(out, "op", entry);
    pack_named(out, "reason", fields);
    pack_named(out, "version", fields);
    pack_named(out, "wall", entry);
    return rows->status == STATUS_OK;
}

static enum status pack_rows(struct rows *rows, const char *name, view_fn *fn,
                             struct buf *result)
{
    rows->len = 0;
    buf_clear(&rows->rows);
    view_map_each(rows->view, "journal", fn, rows);
    pack_str(result, name);
    pack_array(result, rows->len);
    buf_append(result, &rows->rows);
    return rows->status == STATUS_OK ? buf_status(&rows->rows) : rows->status;
}

enum status api_card_show(struct core *core, struct caller *caller,
                          const struct args *args, struct buf *result, struct err *err)
{
    struct bytes title;
    struct id scope;
    struct buf view = {0};
    struct rows rows = {.core = core};
    enum status status = args_text_optional(args, "title", TITLE_MAX, &title, err);
    if (status == STATUS_OK)
        status = shelf_find_titled(core, MATTER_CARD, title, &scope, err);
    if (status == STATUS_OK)
        status = api_view(core, &scope, &view);
    if (status == STATUS_OK) {
        rows.view = buf_bytes(&view);
        pack_map(result, 5);
        status = pack_rows(&rows, "activations", add_activation, result);
        pack_str(result, "card");
        pack_bin(result, scope.bytes, ID_SIZE);
        pack_named(result, "conflicts", rows.view);
        pack_str(result, "title");
        pack_str_bytes(result, shelf_title(rows.view));
        if (status == STATUS_OK)
            status = pack_rows(&rows, "versions", add_version, result);
    }
    buf_deinit(&rows.rows);
    buf_deinit(&view);
    return core_check(core, status);
}
