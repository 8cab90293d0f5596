#include "node/core/meeting_view.h"

#include "node/cases/schema.h"
#include "node/cases/view.h"
#include "node/core/api.h"
#include "node/core/state.h"
#include "proto/pack.h"

struct walk {
    struct core *core;
    struct bytes view;
    meeting_item_fn *fn;
    void *context;
    struct meeting_item item;
    enum status status;
};

/* --- is it done? --- */

static bool match_done(void *context, struct bytes entry)
{
    struct meeting_item *item = context;
    struct bytes fields = {0};
    (void)view_map_get(entry, "fields", &fields); /* each entry has them */
    item->is_done = view_map_has_text(entry, "kind", "item-done") &&
                    view_map_has_id(fields, "item", &item->op);
    return !item->is_done;
}

static bool match_task(void *context, struct bytes task)
{
    struct meeting_item *item = context;
    struct id done;
    if (!view_map_has_id(task, "op", &item->task))
        return true;
    item->is_done = view_map_id(task, "done", &done);
    return false;
}

static enum status look_at_record(void *context, const struct store_scope *scope)
{
    view_map_each(scope->view, "assigned", match_task, context);
    return STATUS_OK;
}

static enum status find_done(struct walk *walk)
{
    struct meeting_item *item = &walk->item;
    view_map_each(walk->view, "journal", match_done, item);
    if (item->is_done || !item->has_task)
        return STATUS_OK;
    enum status status =
        store_scope_get(walk->core->store, &item->about, look_at_record, item);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status; /* a disk lost the record */
}

/* --- each of them --- */

static bool read_item(void *context, struct bytes entry)
{
    struct walk *walk = context;
    struct meeting_item *item = &walk->item;
    struct bytes fields = {0};
    *item = (struct meeting_item){.is_done = false};
    if (!view_map_has_text(entry, "kind", "meeting-item"))
        return true;
    (void)view_map_id(entry, "op", &item->op); /* each entry has both */
    (void)view_map_get(entry, "fields", &fields);
    (void)view_map_id(fields, "about", &item->about);
    (void)view_map_text(fields, "text", &item->text);
    (void)view_map_text(fields, "owner", &item->owner);
    (void)view_map_text(fields, "due", &item->due);
    item->has_task = view_map_id(fields, "task", &item->task);
    walk->status = find_done(walk);
    if (walk->status == STATUS_OK)
        walk->status = walk->fn(walk->context, item);
    return walk->status == STATUS_OK;
}

enum status meeting_items(struct core *core, struct bytes view, meeting_item_fn *fn,
                          void *context)
{
    struct walk walk = {.core = core, .view = view, .fn = fn, .context = context};
    view_map_each(view, "journal", read_item, &walk);
    return walk.status;
}

/* --- as an answer --- */

static void pack_text(struct buf *out, const char *name, struct bytes text)
{
    pack_str(out, name);
    pack_str_bytes(out, text);
}

static void pack_subject(struct buf *out, const char *kind, struct bytes number,
                         struct bytes title, const struct meeting_item *item)
{
    pack_str(out, "kind");
    if (kind == NULL)
        pack_nil(out);
    else
        pack_str(out, kind);
    pack_text(out, "number", number);
    pack_text(out, "owner", item->owner);
    pack_text(out, "text", item->text);
    pack_text(out, "title", title);
}

struct packing {
    const struct meeting_item *item;
    struct buf *out;
};

static enum status pack_known(void *context, const struct store_scope *scope)
{
    const struct packing *packing = context;
    struct bytes title = {0};
    (void)view_text(scope->view, "title", &title); /* empty where withheld */
    pack_subject(packing->out, schema_scope_text(scope->kind),
                 api_case_number(scope->view), title, packing->item);
    return STATUS_OK;
}

enum status meeting_item_pack(struct core *core, const struct meeting_item *item,
                              struct buf *out)
{
    struct packing packing = {item, out};
    pack_map(out, 8);
    pack_str(out, "about");
    pack_bin(out, item->about.bytes, ID_SIZE);
    pack_text(out, "due", item->due);
    pack_str(out, "item");
    pack_bin(out, item->op.bytes, ID_SIZE);
    enum status status = store_scope_get(core->store, &item->about, pack_known, &packing);
    if (status != STATUS_NOT_FOUND)
        return status;
    pack_subject(out, NULL, (struct bytes){0}, (struct bytes){0}, item);
    return STATUS_OK;
}
