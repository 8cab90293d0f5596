#include <stdio.h>
#include <string.h>

#include "node/cases/schema.h"
#include "node/cases/view.h"
#include "node/core/api.h"
#include "node/core/author.h"
#include "node/core/course.h"
#include "node/core/new_case.h"
#include "node/core/served.h"

#define TEXT_MAX 12000
#define SETTABLE_TEXT_MAX 160 /* all fields of `set`, with commas */

enum status api_case_new(struct core *core, struct caller *caller,
                         const struct args *args, struct buf *result, struct err *err)
{
    struct draft draft;
    const char *field;
    char number[CASE_NUMBER_SIZE];
    struct id scope;
    enum status status = new_case_read(args, &draft, &field, err);
    if (status == STATUS_OK)
        status = new_case_write(core, caller, &draft, number, &scope, err);
    draft_deinit(&draft);
    if (status != STATUS_OK)
        return status;
    pack_map(result, 3);
    pack_str(result, "number");
    pack_str(result, number);
    pack_str(result, "op");
    pack_bin(result, scope.bytes, ID_SIZE);
    pack_str(result, "scope");
    pack_bin(result, scope.bytes, ID_SIZE);
    return STATUS_OK;
}

/* The number stands in the founding op, the first entry of the journal. */
static bool first_number(void *context, struct bytes element)
{
    struct bytes fields;
    if (view_map_get(element, "fields", &fields)) /* never: not, the fold wrote it */
        (void)view_map_text(fields, "number", context); /* stays empty */
    return false;
}

struct bytes api_case_number(struct bytes view)
{
    struct bytes number = {0};
    view_map_each(view, "journal", first_number, &number);
    return number;
}

void api_pack_number(struct buf *out, struct bytes view)
{
    pack_str(out, "number");
    pack_str_bytes(out, api_case_number(view));
}

enum status api_case_show(struct core *core, struct caller *caller,
                          const struct args *args, struct buf *result, struct err *err)
{
    struct id scope;
    struct buf view = {0};
    struct bytes sent = {0};
    struct course course;
    enum status status = api_find_case(core, args, &scope, err);
    if (status == STATUS_OK)
        status = api_view(core, &scope, &view);
    if (status != STATUS_OK)
        return status;
    pack_map(result, 8);
    pack_str(result, "names");
    status = api_pack_names(core, buf_bytes(&view), result);
    api_pack_number(result, buf_bytes(&view));
    pack_str(result, "records");
    if (status == STATUS_OK)
        status = api_pack_records(core, buf_bytes(&view), result);
    pack_str(result, "scope");
    pack_bin(result, scope.bytes, ID_SIZE);
    pack_str(result, "sent");
    (void)view_map_get(buf_bytes(&view), "sent", &sent); /* each view of a case has it */
    buf_add(result, sent.data, sent.len);
    pack_str(result, "unserved");
    if (status == STATUS_OK)
        status = served_pack(core, buf_bytes(&view), result);
    pack_str(result, "view");
    buf_add(result, view.data, view.len);
    pack_str(result, "waits_for_release");
    course_read(buf_bytes(&view), &course);
    pack_bool(result, course.waits_for_release);
    buf_deinit(&view);
    return status;
}

enum status api_case_note(struct core *core, struct caller *caller,
                          const struct args *args, struct buf *result, struct err *err)
{
    struct id scope;
    struct bytes text;
    enum status status = api_find_case(core, args, &scope, err);
    if (status == STATUS_OK)
        status = args_text(args, "text", TEXT_MAX, &text, err);
    if (status != STATUS_OK)
        return status;
    struct draft draft;
    draft_init(&draft, "note", &scope);
    draft_text(&draft, "text", text);
    return api_write(core, caller, &draft, result, err);
}

/* A field of the kind `set`, which a sentence lists. */
static enum status read_settable(const struct args *args,
                                 const struct schema_field **settable, struct err *err)
{
    const struct schema_kind *kind = schema_kind(bytes_str("set"));
    struct bytes field;
    char names[SETTABLE_TEXT_MAX] = "";
    enum status status = args_text(args, "field", OP_NAME_MAX, &field, err);
    if (status != STATUS_OK)
        return status;
    *settable = schema_field(kind, field);
    if (*settable != NULL)
        return STATUS_OK;
    for (uint32_t i = 0; i < kind->fields_len; i++)
        (void)snprintf(names + strlen(names), sizeof(names) - strlen(names), "%s%s",
                       i == 0 ? "" : ", ", kind->fields[i].name);
    return err_set(err, STATUS_INVALID, "what can be set: %s", names);
}

/* Two people at two screens: the second one is told, where it said what it began with. */
static enum status check_was(struct core *core, const struct args *args,
                             const struct id *scope, const struct schema_field *field,
                             struct err *err)
{
    struct bytes raw, was;
    struct buf view = {0};
    struct id op;
    char digits[2 * ID_SIZE + 1] = "";
    if (!args_raw(args, "was", &raw))
        return STATUS_OK;
    enum status status = args_text_optional(args, "was", sizeof(digits) - 1, &was, err);
    if (status == STATUS_OK)
        status = api_view(core, scope, &view);
    if (status == STATUS_OK && view_shown_op(buf_bytes(&view), field->name, &op))
        hex_encode(digits, op.bytes, ID_SIZE);
    if (status == STATUS_OK && !bytes_equal_str(was, digits))
        status = err_set(err, STATUS_CONFLICT,
                         "meanwhile somebody wrote something else there; read it, then "
                         "write again");
    buf_deinit(&view);
    return status;
}

enum status api_case_set(struct core *core, struct caller *caller,
                         const struct args *args, struct buf *result, struct err *err)
{
    const struct schema_field *field;
    struct id scope;
    struct bytes value;
    enum status status = api_find_case(core, args, &scope, err);
    if (status == STATUS_OK)
        status = read_settable(args, &field, err);
    if (status == STATUS_OK)
        status = args_text(args, "value", field->max, &value, err);
    if (status == STATUS_OK)
        status = check_was(core, args, &scope, field, err);
    if (status != STATUS_OK)
        return status;
    struct draft draft;
    draft_init(&draft, "set", &scope);
    draft_text(&draft, field->name, value);
    return api_write(core, caller, &draft, result, err);
}

enum status api_case_triage(struct core *core, struct caller *caller,
                            const struct args *args, struct buf *result, struct err *err)
{
    struct id scope;
    struct bytes decision, reason;
    enum status status = api_find_case(core, args, &scope, err);
    if (status == STATUS_OK)
        status = args_text(args, "decision", 16, &decision, err);
    if (status == STATUS_OK)
        status = args_text(args, "reason", TEXT_MAX, &reason, err);
    if (status != STATUS_OK)
        return status;
    struct draft draft;
    draft_init(&draft, "triage", &scope);
    draft_flag(&draft, "beyond", args_flag(args, "beyond"));
    draft_flag(&draft, "danger", args_flag(args, "danger"));
    draft_text(&draft, "decision", decision);
    draft_text(&draft, "reason", reason);
    draft_flag(&draft, "solvable", args_flag(args, "solvable"));
    return api_write(core, caller, &draft, result, err);
}
