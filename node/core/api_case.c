#include <string.h>

#include "node/cases/view.h"
#include "node/core/api.h"
#include "node/core/author.h"
#include "node/core/case_number.h"
#include "node/core/served.h"

#define TITLE_MAX 300
#define TEXT_MAX 12000
#define WORD_MAX 120
#define FIELDS_MAX 16

enum status api_case_new(struct core *core, struct caller *caller,
                         const struct args *args, struct buf *result, struct err *err)
{
    static const struct {
        const char *argument, *field;
        size_t max;
        bool required;
    } texts[] = {
        {"category", "category", WORD_MAX, true},
        {"title", "title", TITLE_MAX, true},
        {"narrative", "narrative", TEXT_MAX, true},
        {"context", "context", TEXT_MAX, false},
        {"found_by", "found-by", WORD_MAX, false},
        {"place", "place", TITLE_MAX, false},
        {"wish", "wish", TEXT_MAX, false},
    };
    struct draft draft;
    struct bytes parties;
    char number[CASE_NUMBER_SIZE];
    enum status status = case_number_next(core, number);
    draft_init(&draft, "case-new", NULL);
    draft_text(&draft, "number", bytes_str(number));
    for (size_t i = 0; status == STATUS_OK && i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct bytes text;
        status =
            texts[i].required
                ? args_text(args, texts[i].argument, texts[i].max, &text, err)
                : args_text_optional(args, texts[i].argument, texts[i].max, &text, err);
        if (status == STATUS_OK)
            draft_text_optional(&draft, texts[i].field, text);
    }
    if (status == STATUS_OK && args_raw(args, "parties", &parties))
        draft_raw(&draft, "parties", parties);
    if (args_flag(args, "minor"))
        draft_flag(&draft, "minor", true);
    struct id scope;
    if (status == STATUS_OK)
        status = author_write(core, &draft, caller->signer.pair, &scope, err);
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
    return core_check(core, store_number_put(core->store, &scope, bytes_str(number)));
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
    enum status status = api_find_case(core, args, &scope, err);
    if (status == STATUS_OK)
        status = api_view(core, &scope, &view);
    if (status != STATUS_OK)
        return status;
    pack_map(result, 7);
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
    buf_append(result, &view);
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

enum status api_case_set(struct core *core, struct caller *caller,
                         const struct args *args, struct buf *result, struct err *err)
{
    static const char *const registers[] = {
        "category", "context", "found-by", "narrative", "place", "title", "wish"};
    struct id scope;
    struct bytes field, value;
    enum status status = api_find_case(core, args, &scope, err);
    if (status == STATUS_OK)
        status = args_text(args, "field", OP_NAME_MAX, &field, err);
    if (status == STATUS_OK)
        status = args_text(args, "value", TEXT_MAX, &value, err);
    if (status != STATUS_OK)
        return status;
    for (size_t i = 0; i < sizeof(registers) / sizeof(registers[0]); i++) {
        if (!bytes_equal_str(field, registers[i]))
            continue;
        struct draft draft;
        draft_init(&draft, "set", &scope);
        draft_text(&draft, registers[i], value);
        return api_write(core, caller, &draft, result, err);
    }
    return err_set(
        err, STATUS_INVALID,
        "what can be set: category, context, found-by, narrative, place, title, "
        "wish");
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
