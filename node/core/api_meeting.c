/* meeting.begin, item, done, list, show: what a weekly meeting decided: who does what,
 * about which case or record, until when. */
#include "node/cases/view.h"
#include "node/core/api.h"
#include "node/core/author.h"
#include "node/core/caller.h"
#include "node/core/digits.h"
#include "node/core/meeting_view.h"
#include "node/core/refold.h"
#include "node/core/shelf.h"
#include "node/core/state.h"

#define DIGITS_MIN 8

/* --- begin --- */

enum status api_meeting_begin(struct core *core, struct caller *caller,
                              const struct args *args, struct buf *result,
                              struct err *err)
{
    struct draft draft;
    struct id scope;
    draft_init(&draft, "meeting", NULL);
    enum status status = api_draft_text(args, "day", &draft, "day", err);
    if (status == STATUS_OK)
        status = api_draft_text(args, "text", &draft, "text", err);
    if (status == STATUS_OK)
        status = author_write(core, &draft, caller->signer.pair, &scope, err);
    draft_deinit(&draft);
    if (status == STATUS_OK)
        status = core_check(core, shelf_put(core, &scope, MATTER_MEETING));
    if (status != STATUS_OK)
        return status;
    pack_map(result, 2);
    pack_str(result, "meeting");
    pack_bin(result, scope.bytes, ID_SIZE);
    pack_str(result, "op");
    pack_bin(result, scope.bytes, ID_SIZE);
    return STATUS_OK;
}

/* --- an item --- */

static enum status find_about(struct core *core, const struct args *args,
                              struct id *about, struct err *err)
{
    struct bytes raw;
    bool has_case = args_raw(args, "case", &raw);
    if (has_case == args_raw(args, "escalation", &raw))
        return err_set(err, STATUS_INVALID,
                       "an item is about a case or about an escalation: say which");
    return has_case ? api_find_case(core, args, about, err)
                    : api_find_escalation(core, args, about, err);
}

/* Minutes, owner and day, as an item has them and as a task does. */
static enum status draft_what(const struct args *args, struct draft *draft,
                              struct err *err)
{
    enum status status = api_draft_text(args, "text", draft, "text", err);
    if (status == STATUS_OK)
        status = api_draft_text(args, "owner", draft, "owner", err);
    return status == STATUS_OK ? api_draft_text(args, "due", draft, "due", err) : status;
}

/* In the record, where its other holders see it. */
static enum status write_task(struct core *core, struct caller *caller,
                              const struct args *args, const struct id *about,
                              struct id *task, struct err *err)
{
    struct draft draft;
    draft_init(&draft, "assign", about);
    enum status status = draft_what(args, &draft, err);
    if (status == STATUS_OK) /* never: not, the item has said the same */
        status = author_write(core, &draft, caller->signer.pair, task, err);
    draft_deinit(&draft);
    return status;
}

static enum status write_item(struct core *core, struct caller *caller,
                              const struct args *args, const struct id *meeting,
                              const struct id *about, struct buf *result, struct err *err)
{
    struct draft draft;
    struct id task;
    enum status status = STATUS_OK;
    draft_init(&draft, "meeting-item", meeting);
    draft_bin(&draft, "about", about->bytes, ID_SIZE);
    status = draft_what(args, &draft, err);
    if (status == STATUS_OK && args_flag(args, "as_task"))
        status = write_task(core, caller, args, about, &task, err);
    if (status == STATUS_OK && args_flag(args, "as_task"))
        draft_bin(&draft, "task", task.bytes, ID_SIZE);
    if (status == STATUS_OK)
        return api_write(core, caller, &draft, result, err);
    draft_deinit(&draft);
    return status;
}

enum status api_meeting_item(struct core *core, struct caller *caller,
                             const struct args *args, struct buf *result, struct err *err)
{
    struct id meeting, about;
    struct bytes raw;
    if (args_flag(args, "as_task") && !args_raw(args, "escalation", &raw))
        return err_set(err, STATUS_INVALID,
                       "as_task gives a task in an escalation; a case has case.task");
    enum status status = shelf_find(core, MATTER_MEETING, args, "meeting", &meeting, err);
    if (status == STATUS_OK)
        status = find_about(core, args, &about, err);
    return status == STATUS_OK
               ? write_item(core, caller, args, &meeting, &about, result, err)
               : status;
}

/* --- an item is done --- */

struct meant {
    struct digits digits;
    struct id item, meeting;
    uint32_t found;
    struct core *core;
    const struct store_scope *scope; /* that is looked at */
};

static enum status match_item(void *context, const struct meeting_item *item)
{
    struct meant *meant = context;
    if (!digits_match(&meant->digits, &item->op))
        return STATUS_OK;
    meant->item = item->op;
    meant->meeting = meant->scope->id;
    meant->found++;
    return STATUS_OK;
}

static enum status look_for_item(void *context, const struct store_scope *scope)
{
    struct meant *meant = context;
    meant->scope = scope;
    return meeting_items(meant->core, scope->view, match_item, meant);
}

enum status api_meeting_done(struct core *core, struct caller *caller,
                             const struct args *args, struct buf *result, struct err *err)
{
    struct meant meant = {.core = core};
    struct bytes text;
    struct draft draft;
    enum status status = args_text(args, "item", 2 * ID_SIZE, &text, err);
    if (status != STATUS_OK)
        return status;
    if (!digits_read(&meant.digits, text, DIGITS_MIN))
        return err_set(err, STATUS_INVALID,
                       "an item is named by the first %d digits of its op or more",
                       DIGITS_MIN);
    status = core_check(core, shelf_each(core, MATTER_MEETING, look_for_item, &meant));
    if (status == STATUS_OK && meant.found == 0)
        status =
            err_set(err, STATUS_NOT_FOUND, "there is no such item of a meeting here");
    if (status == STATUS_OK && meant.found > 1)
        status = err_set(err, STATUS_CONFLICT, "two items begin so; give more digits");
    if (status != STATUS_OK)
        return status;
    draft_init(&draft, "item-done", &meant.meeting);
    draft_bin(&draft, "item", meant.item.bytes, ID_SIZE);
    status = api_draft_text(args, "text", &draft, "text", err);
    if (status == STATUS_OK)
        return api_write(core, caller, &draft, result, err);
    draft_deinit(&draft);
    return status;
}

/* --- list and show --- */

struct rows {
    struct core *core;
    struct buf rows;
    uint32_t len, items, open;
};

static enum status count_item(void *context, const struct meeting_item *item)
{
    struct rows *rows = context;
    rows->items++;
    rows->open += !item->is_done;
    return STATUS_OK;
}

static void pack_named(struct buf *out, const char *name, struct bytes map)
{
    struct bytes raw;
    pack_str(out, name);
    if (view_map_get(map, name, &raw))
        buf_add(out, raw.data, raw.len);
    else
        pack_nil(out);
}

static enum status add_meeting(void *context, const struct store_scope *scope)
{
    struct rows *rows = context;
    struct buf *out = &rows->rows;
    struct bytes fields = {0};
    rows->items = rows->open = 0;
    enum status status = meeting_items(rows->core, scope->view, count_item, rows);
    (void)shelf_fields(scope->view, &fields); /* none: a meeting without effect */
    rows->len++;
    pack_map(out, 4);
    pack_named(out, "day", fields);
    pack_str(out, "items");
    pack_uint(out, rows->items);
    pack_str(out, "meeting");
    pack_bin(out, scope->id.bytes, ID_SIZE);
    pack_str(out, "open");
    pack_uint(out, rows->open);
    return status;
}

enum status api_meeting_list(struct core *core, struct caller *caller,
                             const struct args *args, struct buf *result, struct err *err)
{
    struct rows rows = {.core = core};
    uint64_t limit = args_number(args, "limit", MEETINGS_SHOWN_MAX);
    if (limit == 0 || limit > MEETINGS_SHOWN_MAX)
        limit = MEETINGS_SHOWN_MAX;
    enum status status =
        shelf_newest(core, MATTER_MEETING, (uint32_t)limit, add_meeting, &rows);
    pack_map(result, 1);
    pack_str(result, "meetings");
    pack_array(result, rows.len);
    buf_append(result, &rows.rows);
    buf_deinit(&rows.rows);
    return core_check(core, status);
}

static enum status add_item(void *context, const struct meeting_item *item)
{
    struct rows *rows = context;
    struct buf *out = &rows->rows;
    rows->len++;
    pack_map(out, 2);
    pack_str(out, "done");
    pack_bool(out, item->is_done);
    pack_str(out, "item");
    return meeting_item_pack(rows->core, item, out);
}

enum status api_meeting_show(struct core *core, struct caller *caller,
                             const struct args *args, struct buf *result, struct err *err)
{
    struct rows rows = {.core = core};
    struct id scope;
    struct buf view = {0};
    struct bytes fields = {0};
    enum status status = shelf_find(core, MATTER_MEETING, args, "meeting", &scope, err);
    if (status == STATUS_OK)
        status = api_view(core, &scope, &view);
    if (status == STATUS_OK)
        status = meeting_items(core, buf_bytes(&view), add_item, &rows);
    if (status == STATUS_OK) {
        (void)shelf_fields(buf_bytes(&view), &fields); /* none: it has no effect */
        pack_map(result, 4);
        pack_named(result, "day", fields);
        pack_str(result, "items");
        pack_array(result, rows.len);
        buf_append(result, &rows.rows);
        pack_str(result, "meeting");
        pack_bin(result, scope.bytes, ID_SIZE);
        pack_named(result, "text", fields);
    }
    buf_deinit(&rows.rows);
    buf_deinit(&view);
    return core_check(core, status);
}
