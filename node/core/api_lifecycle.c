/* case.handle, settle, follow_up, close, reopen: how a case comes to its end. What must
 * come first is in node/cases/lifecycle; here only what would be no request is refused.
 */
#include "node/core/api.h"
#include "node/core/author.h"
#include "node/core/served.h"

#define OUTCOME_MAX 120

/* An argument, and the field of the step's kind that it is. */
struct step_text {
    const char *argument, *field;
};

/* Finds the case and begins the draft of a step with these texts; after OK it is the
 * caller's to write. */
static enum status begin(struct core *core, const struct args *args, const char *kind,
                         const struct step_text *texts, size_t len, struct id *scope,
                         struct draft *draft, struct err *err)
{
    enum status status = api_find_case(core, args, scope, err);
    draft_init(draft, kind, scope);
    for (size_t i = 0; status == STATUS_OK && i < len; i++)
        status = api_draft_text(args, texts[i].argument, draft, texts[i].field, err);
    if (status != STATUS_OK)
        draft_deinit(draft);
    return core_check(core, status);
}

#define BEGIN(kind, texts)                                                               \
    begin(core, args, kind, texts, sizeof(texts) / sizeof((texts)[0]), &scope, &draft,   \
          err)

/* What closes in one step has to say all of it; another close need not. */
static enum status need_all(const struct args *args, const struct step_text *texts,
                            size_t len, struct err *err)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < len; i++) {
        struct bytes text;
        status = args_text(args, texts[i].argument, OP_VALUE_MAX, &text, err);
    }
    return status;
}

/* Where everybody declined, nobody served it (served.h). */
static enum status check_served(struct core *core, const struct args *args,
                                const struct id *scope, struct err *err)
{
    struct bytes outcome;
    enum status status = args_text_optional(args, "outcome", OUTCOME_MAX, &outcome, err);
    if (status != STATUS_OK) /* never: it is one of the words, or is not there */
        return status;
    return served_check(core, scope, outcome, err);
}

enum status api_case_handle(struct core *core, struct caller *caller,
                            const struct args *args, struct buf *result, struct err *err)
{
    static const struct step_text texts[] = {{"owner", "owner"}};
    struct id scope;
    struct draft draft;
    enum status status = BEGIN("handle", texts);
    return status == STATUS_OK ? api_write(core, caller, &draft, result, err) : status;
}

enum status api_case_settle(struct core *core, struct caller *caller,
                            const struct args *args, struct buf *result, struct err *err)
{
    static const struct step_text texts[] = {
        {"outcome", "outcome"}, {"text", "text"}, {"agreement", "agreement"}};
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
        {"result", "result"}, {"text", "text"}, {"again", "again"}};
    struct id scope;
    struct draft draft;
    enum status status = BEGIN("follow-up", texts);
    return status == STATUS_OK ? api_write(core, caller, &draft, result, err) : status;
}

enum status api_case_close(struct core *core, struct caller *caller,
                           const struct args *args, struct buf *result, struct err *err)
{
    static const struct step_text texts[] = {{"text", "text"}};
    static const struct step_text by_word[] = {
        {"outcome", "outcome"}, {"text", "text"}, {"follow_up", "follow-up"}};
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
    enum status status =
        is_oral ? need_all(args, by_word, sizeof(by_word) / sizeof(by_word[0]), err)
                : STATUS_OK;
    if (status == STATUS_OK)
        status = is_oral ? BEGIN("close", by_word) : BEGIN("close", texts);
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
    static const struct step_text texts[] = {{"reason", "reason"}};
    struct id scope;
    struct draft draft;
    enum status status = BEGIN("reopen", texts);
    return status == STATUS_OK ? api_write(core, caller, &draft, result, err) : status;
}
