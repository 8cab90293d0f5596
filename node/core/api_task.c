/* case.task, case.task_done, task.list: who does what in a case, and until when. */
#include "node/cases/view.h"
#include "node/core/api.h"
#include "node/core/author.h"
#include "node/core/digits.h"
#include "node/core/due_list.h"
#include "node/core/refold.h"
#include "node/core/state.h"
#include "node/core/undone.h"
#include "proto/date.h"
#include "storage/store_listings.h"

#define DIGITS_MIN 8

enum status api_case_task(struct core *core, struct caller *caller,
                          const struct args *args, struct buf *result, struct err *err)
{
    static const char *const fields[] = {"text", "owner", "due"};
    struct id scope;
    struct draft draft;
    enum status status = api_find_case(core, args, &scope, err);
    draft_init(&draft, "task", &scope);
    for (size_t i = 0; status == STATUS_OK && i < sizeof(fields) / sizeof(fields[0]); i++)
        status = api_draft_text(args, fields[i], &draft, fields[i], err);
    if (status == STATUS_OK)
        return api_write(core, caller, &draft, result, err);
    draft_deinit(&draft);
    return core_check(core, status);
}

/* --- which task is meant --- */

/* The tasks of a case that begin with these digits. */
struct meant {
    struct digits digits;
    struct id task;
    uint32_t found;
};

static bool match_task(void *context, struct bytes entry)
{
    struct meant *meant = context;
    struct id op = {0};
    (void)view_map_id(entry, "op", &op); /* each entry has it */
    if (view_map_has_text(entry, "kind", "task") && digits_match(&meant->digits, &op)) {
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
    struct meant meant = {.found = 0};
    enum status status = args_text(args, "task", 2 * ID_SIZE, &text, err);
    if (status == STATUS_OK && !digits_read(&meant.digits, text, DIGITS_MIN))
        status = err_set(err, STATUS_INVALID,
                         "a task is named by the first %d digits of its op or more",
                         DIGITS_MIN);
    if (status != STATUS_OK)
        return status;
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
    struct draft draft;
    enum status status = api_find_case(core, args, &scope, err);
    if (status == STATUS_OK)
        status = find_task(core, args, &scope, &task, err);
    if (status != STATUS_OK)
        return status;
    draft_init(&draft, "task-done", &scope);
    draft_bin(&draft, "task", task.bytes, ID_SIZE);
    status = api_draft_text(args, "remark", &draft, "text", err);
    if (status == STATUS_OK)
        return api_write(core, caller, &draft, result, err);
    draft_deinit(&draft);
    return core_check(core, status);
}

/* --- the list --- */

struct tasks {
    struct due_list *list;
    struct due_item item; /* of the case that is looked at */
    struct id_list done;
    bool is_all;
};

static bool note_done(void *context, struct bytes entry)
{
    struct bytes fields = {0};
    struct id task = {0};
    if (!view_map_has_text(entry, "kind", "task-done"))
        return true;
    (void)view_map_get(entry, "fields", &fields); /* each entry has them */
    (void)view_map_id(fields, "task", &task);     /* no task where it was erased */
    id_list_push(context, &task);
    return true;
}

static bool add_task(void *context, struct bytes entry)
{
    struct tasks *tasks = context;
    struct due_item item = tasks->item;
    struct bytes fields = {0}, due = {0};
    struct id op = {0};
    if (!view_map_has_text(entry, "kind", "task"))
        return true;
    (void)view_map_get(entry, "fields", &fields); /* each entry has them */
    (void)view_map_id(entry, "op", &op);          /* the same */
    bool is_done = id_list_has(&tasks->done, &op);
    if (is_done && !tasks->is_all)
        return true;
    item.op = &op;
    item.is_done = is_done;
    (void)view_map_text(fields, "text", &item.text);   /* empty where it was erased */
    (void)view_map_text(fields, "owner", &item.owner); /* the same */
    (void)view_map_text(fields, "due", &due);          /* the same */
    item.has_due = date_parse(due, &item.due);
    due_list_add(tasks->list, &item);
    return true;
}

void api_list_tasks(struct due_list *list, const struct id *scope, struct bytes view,
                    bool is_all)
{
    struct tasks tasks = {.list = list, .is_all = is_all};
    if (!is_all && bytes_equal_str(view_state(view), "closed"))
        return;
    tasks.item.wait = "task";
    tasks.item.scope = scope;
    tasks.item.number = api_case_number(view);
    (void)view_text(view, "title", &tasks.item.title); /* empty where it was erased */
    view_map_each(view, "journal", note_done, &tasks.done);
    id_list_sort(&tasks.done);
    list->failed |= tasks.done.failed;
    view_map_each(view, "journal", add_task, &tasks);
    id_list_deinit(&tasks.done);
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

/* What is closed has tasks for those alone who want to see all. */
static enum status list_cases(struct core *core, struct asked *asked)
{
    enum status status =
        asked->is_all ? store_scopes_of_kind(core->store, SCOPE_CASE, 0, list_case, asked)
                      : store_listings_waiting(core->store, SCOPE_CASE, UNDONE_ALWAYS,
                                               list_case, asked);
    return core_check(core, status);
}

enum status api_task_list(struct core *core, struct caller *caller,
                          const struct args *args, struct buf *result, struct err *err)
{
    struct asked asked = {.is_all = args_flag(args, "all")};
    struct bytes raw;
    struct id scope;
    due_list_begin(&asked.list, core, args_number(args, "limit", DUE_ITEMS));
    asked.list.is_overdue_only = args_flag(args, "overdue");
    enum status status = STATUS_OK;
    if (!args_raw(args, "case", &raw)) {
        status = list_cases(core, &asked);
    } else {
        status = api_find_case(core, args, &scope, err);
        if (status == STATUS_OK)
            status =
                core_check(core, store_scope_get(core->store, &scope, list_case, &asked));
    }
    if (status == STATUS_OK)
        status = core_check(core, due_list_pack(&asked.list, result));
    due_list_deinit(&asked.list);
    return status;
}
