/* checklist.set, checklist.list: places and topics that rounds go by, in versions. */
#include "node/cases/matter.h"
#include "node/cases/view.h"
#include "node/core/api.h"
#include "node/core/author.h"
#include "node/core/checklist.h"
#include "node/core/shelf.h"

#define TITLE_MAX 240

static enum status draft_names(struct draft *draft, const struct args *args,
                               const char *name, struct err *err)
{
    const struct schema_kind *kind = schema_kind(bytes_str(draft->kind));
    const struct schema_field *field = schema_field(kind, bytes_str(name));
    struct bytes value;
    if (!args_raw(args, name, &value))
        return err_set(err, STATUS_INVALID, "%s are missing", name);
    if (!schema_value_fits(field, value))
        return err_set(err, STATUS_INVALID,
                       "%s are 1 to %u, of at most 120 bytes each, none twice", name,
                       field->max);
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
    draft_init(&draft, is_first ? "checklist" : "checklist-text",
               is_first ? NULL : scope);
    if (is_first)
        draft_text(&draft, "title", title);
    enum status status = draft_names(&draft, args, "places", err);
    if (status == STATUS_OK)
        status = draft_names(&draft, args, "topics", err);
    if (status == STATUS_OK)
        return shelf_write(core, caller, &draft, MATTER_CHECKLIST, scope, op, err);
    draft_deinit(&draft);
    return status;
}

enum status api_checklist_set(struct core *core, struct caller *caller,
                              const struct args *args, struct buf *result,
                              struct err *err)
{
    struct bytes title;
    struct id scope, op;
    enum status status = args_text(args, "title", TITLE_MAX, &title, err);
    if (status != STATUS_OK)
        return status;
    status = shelf_find_titled(core, MATTER_CHECKLIST, title, &scope, err);
    if (status == STATUS_OK || status == STATUS_NOT_FOUND)
        status = write_version(core, caller, args, title, &scope,
                               status == STATUS_NOT_FOUND, &op, err);
    if (status != STATUS_OK)
        return core_check(core, status);
    pack_map(result, 2);
    pack_str(result, "list");
    pack_bin(result, scope.bytes, ID_SIZE);
    pack_str(result, "op");
    pack_bin(result, op.bytes, ID_SIZE);
    return STATUS_OK;
}

struct lists {
    struct buf rows;
    uint32_t len;
};

static void pack_raw(struct buf *out, const char *name, struct bytes raw)
{
    pack_str(out, name);
    buf_add(out, raw.data, raw.len);
}

static enum status add_list(void *context, const struct store_scope *scope)
{
    struct lists *lists = context;
    struct buf *out = &lists->rows;
    struct checklist list;
    if (!checklist_newest(scope->view, &list))
        return STATUS_OK;
    lists->len++;
    pack_map(out, 5);
    pack_str(out, "list");
    pack_bin(out, scope->id.bytes, ID_SIZE);
    pack_raw(out, "places", list.places);
    pack_str(out, "title");
    pack_str_bytes(out, shelf_title(scope->view));
    pack_raw(out, "topics", list.topics);
    pack_str(out, "versions");
    pack_uint(out, list.versions);
    return buf_status(out);
}

enum status api_checklist_list(struct core *core, struct caller *caller,
                               const struct args *args, struct buf *result,
                               struct err *err)
{
    struct lists lists = {.len = 0};
    enum status status = shelf_each(core, MATTER_CHECKLIST, add_list, &lists);
    pack_map(result, 1);
    pack_str(result, "lists");
    pack_array(result, lists.len);
    buf_append(result, &lists.rows);
    buf_deinit(&lists.rows);
    return core_check(core, status);
}
