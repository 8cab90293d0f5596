/* case.task, case.task_done, task.list: who does what in a case, and until when. */
#include "node/cases/date.h"
#include "node/cases/schema.h"
#include "node/cases/view.h"
#include "node/core/api.h"
#include "node/core/author.h"
#include "node/core/due_list.h"
#include "node/core/refold.h"
#include "node/core/state.h"

#include <string.h>

#define TEXT_MAX 4096
#define OWNER_MAX 120
#define DIGITS_MIN 8

enum status api_case_task(struct core *core, struct caller *caller,
                          const struct args *args, struct buf *result, struct err *err)
{
    struct id scope;
    struct bytes text, owner, due;
    int64_t day;
    enum status status = api_find_case(core, args, &scope, err);
    if (status == STATUS_OK)
        status = args_text(args, "text", TEXT_MAX, &text, err);
    if (status == STATUS_OK)
        status = args_text(args, "owner", OWNER_MAX, &owner, err);
    if (status == STATUS_OK)
        status = args_text(args, "due", OWNER_MAX, &due, err);
    if (status == STATUS_OK && !date_parse(due, &day))
        status =
            err_set(err, STATUS_INVALID, "due is a date of the calendar, as 2026-01-31");
    if (status != STATUS_OK)
        return status;
    struct draft draft;
    draft_init(&draft, "task", &scope);
    draft_text(&draft, "due", due);
    draft_text(&draft, "owner", owner);
    draft_text(&draft, "text", text);
    return api_write(core, caller, &draft, result, err);
}

/* --- which task is meant --- */

/* The first digits of an id, and the tasks of a case that begin with them. */
struct meant {
    char digits[2 * ID_SIZE + 1];
    size_t len;
    struct id task;
    uint32_t found;
};

static bool match_task(void *context, struct bytes entry)
{
    struct meant *meant = context;
    char hex[2 * ID_SIZE + 1];
    struct id op;
    if (!view_map_has_text(entry, "kind", "task") || !view_map_id(entry, "op", &op))
        return true;
    hex_encode(hex, op.bytes, ID_SIZE);
    if (memcmp(hex, meant->digits, meant->len) == 0) {
        meant->task = op;
        meant->found++;
    }
    return true;
}

static enum status find_task(struct core *core, const struct args *args,
                             const struct id *scope, struct id *task, struct err *err)
{
    struct bytes text;
    struct buf view = {0};
    struct meant meant = {.len = 0};
    enum status status = args_text(args, "task", 2 * ID_SIZE, &text, err);
    if (status != STATUS_OK)
        return status;
    if (text.len < DIGITS_MIN)
        return err_set(err, STATUS_INVALID,
                       "a task is named by the first %d digits of its op or more",
                       DIGITS_MIN);
    meant.len = text.len;
    for (size_t i = 0; i < text.len; i++) {
        char c = (char)text.data[i];
        meant.digits[i] = (char)(c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c);
    }
    /* A task of this turn is not folded yet. */
    status = core_check(core, refold_scope(core, scope));
    if (status == STATUS_OK)
        status = core_check(core, api_view(core, scope, &view));
    view_map_each(buf_bytes(&view), "journal", match_task, &meant);
    buf_deinit(&view);
    if (status != STATUS_OK)
        return status;
    if (meant.found == 0)
        return err_set(err, STATUS_NOT_FOUND, "there is no such task in this case");
    if (meant.found > 1)
        return err_set(err, STATUS_CONFLICT, "two tasks begin so; give more digits");
    *task = meant.task;
    return STATUS_OK;
}

enum status api_case_task_done(struct core *core, struct caller *caller,
                               const struct args *args, struct buf *result,
                               struct err *err)
{
    struct id scope, task;
    struct bytes remark;
    enum status status = api_find_case(core, args, &scope, err);
    if (status == STATUS_OK)
        status = find_task(core, args, &scope, &task, err);
    if (status == STATUS_OK)
        status = args_text_optional(args, "remark", TEXT_MAX, &remark, err);
    if (status != STATUS_OK)
        return status;
    struct draft draft;
    draft_init(&draft, "task-done", &scope);
    draft_bin(&draft, "task", task.bytes, ID_SIZE);
    draft_text_optional(&draft, "text", remark);
    return api_write(core, caller, &draft, result, err);
}

/* --- the list --- */

struct tasks {
    struct due_list *list;
    struct due_item item; /* of the case that is looked at */
    struct bytes view;
    bool is_all;
};

struct done {
    const struct id *task;
    bool is_done;
};

static bool match_done(void *context, struct bytes entry)
{
    struct done *done = context;
    struct bytes fields;
    done->is_done |= view_map_has_text(entry, "kind", "task-done") &&
                     view_map_get(entry, "fields", &fields) &&
                     view_map_has_id(fields, "task", done->task);
    return !done->is_done;
}

static bool add_task(void *context, struct bytes entry)
{
    struct tasks *tasks = context;
    struct due_item item = tasks->item;
    struct bytes fields, due;
    struct id op;
    if (!view_map_has_text(entry, "kind", "task") || !view_map_id(entry, "op", &op) ||
        !view_map_get(entry, "fields", &fields))
        return true;
    struct done done = {.task = &op};
    view_map_each(tasks->view, "journal", match_done, &done);
    if (done.is_done && !tasks->is_all)
        return true;
    item.op = &op;
    item.is_done = done.is_done;
    (void)view_map_text(fields, "text", &item.text);   /* empty where it was erased */
    (void)view_map_text(fields, "owner", &item.owner); /* the same */
    item.has_due = view_map_text(fields, "due", &due) && date_parse(due, &item.due);
    due_list_add(tasks->list, &item);
    return true;
}

void api_list_tasks(struct due_list *list, const struct id *scope, struct bytes view,
                    bool is_all)
{
    struct tasks tasks = {.list = list, .view = view, .is_all = is_all};
    if (!is_all && bytes_equal_str(view_state(view), "closed"))
        return;
    tasks.item.wait = "task";
    tasks.item.scope = scope;
    tasks.item.number = api_case_number(view);
    (void)view_text(view, "title", &tasks.item.title); /* empty where it was erased */
    view_map_each(view, "journal", add_task, &tasks);
}

struct asked {
    struct due_list list;
    bool is_all;
};

static enum status list_case(void *context, const struct store_scope *scope)
{
    struct asked *asked = context;
    api_list_tasks(&asked->list, &scope->id, scope->view, asked->is_all);
    return STATUS_OK;
}

enum status api_task_list(struct core *core, struct caller *caller,
                          const struct args *args, struct buf *result, struct err *err)
{
    struct asked asked = {.is_all = args_flag(args, "all")};
    struct bytes raw;
    struct id scope;
    uint64_t limit = args_number(args, "limit", DUE_ITEMS);
    if (limit > DUE_ITEMS_MAX)
        limit = DUE_ITEMS_MAX;
    due_list_begin(&asked.list, core);
    asked.list.is_overdue_only = args_flag(args, "overdue");
    enum status status = STATUS_OK;
    if (!args_raw(args, "case", &raw)) {
        status = core_check(
            core, store_scopes_of_kind(core->store, SCOPE_CASE, 0, list_case, &asked));
    } else {
        status = api_find_case(core, args, &scope, err);
        if (status == STATUS_OK)
            status =
                core_check(core, store_scope_get(core->store, &scope, list_case, &asked));
    }
    if (status == STATUS_OK)
        status = core_check(core, due_list_pack(&asked.list, limit, result));
    due_list_deinit(&asked.list);
    return status;
}
