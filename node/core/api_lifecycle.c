/* case.handle, settle, follow_up, close, reopen: how a case comes to its end. What must
 * come first is in node/cases/lifecycle; here only what would be no request is refused.
 */
#include "node/cases/schema.h"
#include "node/core/api.h"
#include "node/core/author.h"
#include "node/core/served.h"

#define WORD_MAX 120 /* of words and dates, so that a wrong one is told what is right */

/* An argument that is a field of the step's kind. */
struct step_text {
    const char *argument, *field;
    bool is_required;
};

static enum status check_text(const struct schema_field *field, const char *argument,
                              struct bytes text, struct err *err)
{
    struct buf value = {0};
    pack_str_bytes(&value, text);
    enum status status = buf_status(&value);
    if (status == STATUS_OK && !schema_value_fits(field, buf_bytes(&value)))
        status =
            field->type == TYPE_WORD
                ? err_set(err, STATUS_INVALID, "%s is one of: %s", argument, field->words)
                : err_set(err, STATUS_INVALID,
                          "%s is a date of the calendar, as 2026-01-31", argument);
    buf_deinit(&value);
    return status;
}

static enum status add_text(struct draft *draft, const struct args *args,
                            const struct step_text *text, struct err *err)
{
    struct bytes value;
    const struct schema_field *field =
        schema_field(schema_kind(bytes_str(draft->kind)), bytes_str(text->field));
    size_t max = field->type == TYPE_TEXT ? field->max : WORD_MAX;
    enum status status = text->is_required
                             ? args_text(args, text->argument, max, &value, err)
                             : args_text_optional(args, text->argument, max, &value, err);
    if (status == STATUS_OK && value.len > 0)
        status = check_text(field, text->argument, value, err);
    if (status == STATUS_OK)
        draft_text_optional(draft, text->field, value);
    return status;
}

/* Finds the case and begins the draft of a step with these texts; after OK it is the
 * caller's to write. */
static enum status begin(struct core *core, const struct args *args, const char *kind,
                         const struct step_text *texts, size_t len, struct id *scope,
                         struct draft *draft, struct err *err)
{
    enum status status = api_find_case(core, args, scope, err);
    draft_init(draft, kind, scope);
    for (size_t i = 0; status == STATUS_OK && i < len; i++)
        status = add_text(draft, args, &texts[i], err);
    if (status != STATUS_OK)
        draft_deinit(draft);
    return status;
}

#define BEGIN(kind, texts)                                                               \
    begin(core, args, kind, texts, sizeof(texts) / sizeof((texts)[0]), &scope, &draft,   \
          err)

/* Where everybody declined, nobody served it (served.h). */
static enum status check_served(struct core *core, const struct args *args,
                                const struct id *scope, struct err *err)
{
    struct bytes outcome;
    struct buf view = {0};
    enum status status = args_text_optional(args, "outcome", WORD_MAX, &outcome, err);
    if (status == STATUS_OK)
        status = core_check(core, api_view(core, scope, &view));
    if (status == STATUS_OK)
        status = served_check(core, buf_bytes(&view), outcome, err);
    buf_deinit(&view);
    return status;
}

enum status api_case_handle(struct core *core, struct caller *caller,
                            const struct args *args, struct buf *result, struct err *err)
{
    static const struct step_text texts[] = {{"owner", "owner", false}};
    struct id scope;
    struct draft draft;
    enum status status = BEGIN("handle", texts);
    return status == STATUS_OK ? api_write(core, caller, &draft, result, err) : status;
}

enum status api_case_settle(struct core *core, struct caller *caller,
                            const struct args *args, struct buf *result, struct err *err)
{
    static const struct step_text texts[] = {{"outcome", "outcome", true},
                                             {"text", "text", true},
                                             {"agreement", "agreement", false}};
    struct id scope;
    struct draft draft;
    enum status status = BEGIN("settle", texts);
    if (status != STATUS_OK)
        return status;
    status = check_served(core, args, &scope, err);
    if (status != STATUS_OK) {
        draft_deinit(&draft);
        return status;
    }
    if (args_flag(args, "oral"))
        draft_flag(&draft, "oral", true);
    return api_write(core, caller, &draft, result, err);
}

enum status api_case_follow_up(struct core *core, struct caller *caller,
                               const struct args *args, struct buf *result,
                               struct err *err)
{
    static const struct step_text texts[] = {
        {"result", "result", true}, {"text", "text", true}, {"again", "again", false}};
    struct id scope;
    struct draft draft;
    enum status status = BEGIN("follow-up", texts);
    return status == STATUS_OK ? api_write(core, caller, &draft, result, err) : status;
}

enum status api_case_close(struct core *core, struct caller *caller,
                           const struct args *args, struct buf *result, struct err *err)
{
    static const struct step_text texts[] = {{"text", "text", false}};
    static const struct step_text by_word[] = {{"outcome", "outcome", true},
                                               {"text", "text", true},
                                               {"follow_up", "follow-up", true}};
    struct id scope;
    struct draft draft;
    struct bytes raw;
    bool is_oral = args_flag(args, "oral");
    if (!is_oral &&
        (args_raw(args, "outcome", &raw) || args_raw(args, "follow_up", &raw)))
        return err_set(
            err, STATUS_INVALID,
            "an outcome is written by settling and a follow-up by following "
            "up; only an agreement by word of mouth (oral) closes in one step");
    enum status status = is_oral ? BEGIN("close", by_word) : BEGIN("close", texts);
    if (status != STATUS_OK)
        return status;
    status = check_served(core, args, &scope, err);
    if (status != STATUS_OK) {
        draft_deinit(&draft);
        return status;
    }
    if (is_oral)
        draft_flag(&draft, "oral", true);
    return api_write(core, caller, &draft, result, err);
}

enum status api_case_reopen(struct core *core, struct caller *caller,
                            const struct args *args, struct buf *result, struct err *err)
{
    static const struct step_text texts[] = {{"reason", "reason", true}};
    struct id scope;
    struct draft draft;
    enum status status = BEGIN("reopen", texts);
    return status == STATUS_OK ? api_write(core, caller, &draft, result, err) : status;
}
