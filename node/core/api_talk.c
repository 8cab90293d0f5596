/* More of what the sites say to each other about a record: referring, ruling, declining,
 * tasks, grades, and who takes part. */
#include "node/cases/disclosure.h"
#include "node/cases/view.h"
#include "node/core/api.h"
#include "node/core/author.h"
#include "node/core/digits.h"

#define CLASSES_MAX 8

/* An op that carries these texts, up to the NULL, and nothing else; each argument is
 * called as its field. */
static enum status say(struct core *core, struct caller *caller, const struct args *args,
                       const char *kind, const char *const *fields, struct buf *result,
                       struct err *err)
{
    struct id scope;
    struct draft draft;
    enum status status = api_find_escalation(core, args, &scope, err);
    if (status != STATUS_OK)
        return status;
    draft_init(&draft, kind, &scope);
    for (; status == STATUS_OK && *fields != NULL; fields++)
        status = api_draft_text(args, *fields, &draft, *fields, err);
    if (status == STATUS_OK)
        return api_write(core, caller, &draft, result, err);
    draft_deinit(&draft);
    return core_check(core, status);
}

enum status api_escalation_refer(struct core *core, struct caller *caller,
                                 const struct args *args, struct buf *result,
                                 struct err *err)
{
    static const char *const fields[] = {"channel", "text", NULL};
    return say(core, caller, args, "refer", fields, result, err);
}

enum status api_escalation_rule(struct core *core, struct caller *caller,
                                const struct args *args, struct buf *result,
                                struct err *err)
{
    static const char *const fields[] = {"text", NULL};
    return say(core, caller, args, "rule", fields, result, err);
}

enum status api_escalation_task(struct core *core, struct caller *caller,
                                const struct args *args, struct buf *result,
                                struct err *err)
{
    static const char *const fields[] = {"text", "owner", "due", NULL};
    return say(core, caller, args, "assign", fields, result, err);
}

enum status api_escalation_grade(struct core *core, struct caller *caller,
                                 const struct args *args, struct buf *result,
                                 struct err *err)
{
    static const char *const fields[] = {"word", "reason", NULL};
    return say(core, caller, args, "grade", fields, result, err);
}

enum status api_escalation_joint(struct core *core, struct caller *caller,
                                 const struct args *args, struct buf *result,
                                 struct err *err)
{
    static const char *const fields[] = {"word", "text", NULL};
    return say(core, caller, args, "joint", fields, result, err);
}

/* --- about another op --- */

struct op_search {
    struct digits digits;
    uint32_t found;
    struct id op;
};

static bool match_op(void *context, struct bytes element)
{
    struct op_search *search = context;
    struct id op;
    if (!view_map_id(element, "op", &op)) /* never: the fold wrote it */
        return true;
    if (digits_match(&search->digits, &op)) {
        search->op = op;
        search->found++;
    }
    return true;
}

/* Which of the ops of a record `op` means. */
static enum status find_op(struct core *core, const struct args *args,
                           const struct id *scope, struct id *op, struct err *err)
{
    struct op_search search = {.found = 0};
    struct bytes text;
    struct buf view = {0};
    enum status status = args_text(args, "op", 80, &text, err);
    if (status == STATUS_OK)
        status = core_check(core, api_view(core, scope, &view));
    if (status != STATUS_OK)
        return status;
    if (digits_read(&search.digits, text, OP_TEXT_MIN))
        view_map_each(buf_bytes(&view), "journal", match_op, &search);
    buf_deinit(&view);
    if (search.found == 0)
        return err_set(err, STATUS_NOT_FOUND,
                       "nothing in this record has that id; fengqiao show gives the ids "
                       "of advice, invitations and tasks");
    if (search.found > 1)
        return err_set(err, STATUS_CONFLICT,
                       "several have an id that begins so; give more digits");
    *op = search.op;
    return STATUS_OK;
}

static enum status say_about(struct core *core, struct caller *caller,
                             const struct args *args, const char *kind,
                             struct buf *result, struct err *err)
{
    struct id scope, op;
    struct draft draft;
    enum status status = api_find_escalation(core, args, &scope, err);
    if (status == STATUS_OK)
        status = find_op(core, args, &scope, &op, err);
    if (status != STATUS_OK)
        return status;
    draft_init(&draft, kind, &scope);
    draft_bin(&draft, "op", op.bytes, ID_SIZE);
    status = api_draft_text(args, "text", &draft, "text", err);
    if (status == STATUS_OK)
        return api_write(core, caller, &draft, result, err);
    draft_deinit(&draft);
    return core_check(core, status);
}

enum status api_escalation_decline(struct core *core, struct caller *caller,
                                   const struct args *args, struct buf *result,
                                   struct err *err)
{
    return say_about(core, caller, args, "decline", result, err);
}

enum status api_escalation_task_done(struct core *core, struct caller *caller,
                                     const struct args *args, struct buf *result,
                                     struct err *err)
{
    return say_about(core, caller, args, "assign-done", result, err);
}

/* --- who takes part --- */

/* What the invited may see: as much as we, where nothing is said. */
static enum status read_classes(struct core *core, const struct args *args,
                                const struct id *scope, uint32_t *classes,
                                struct err *err)
{
    struct bytes words[CLASSES_MAX];
    struct buf view = {0};
    size_t len;
    *classes = 0;
    enum status status = api_texts(args, "classes", words, CLASSES_MAX, &len, err);
    for (size_t i = 0; status == STATUS_OK && i < len; i++)
        if (!disclosure_class_add(words[i], classes))
            status =
                err_set(err, STATUS_INVALID,
                        "what may be shown: record, context, parties, consent, talk");
    if (status != STATUS_OK || len > 0)
        return status;
    status = core_check(core, api_view(core, scope, &view));
    if (status == STATUS_OK)
        *classes = api_own_classes(core, buf_bytes(&view));
    buf_deinit(&view);
    return status;
}

enum status api_escalation_invite(struct core *core, struct caller *caller,
                                  const struct args *args, struct buf *result,
                                  struct err *err)
{
    struct id scope, site;
    struct draft draft;
    uint32_t classes = 0;
    enum status status = api_find_escalation(core, args, &scope, err);
    if (status == STATUS_OK)
        status = api_find_peer(core, args, &site, err);
    if (status == STATUS_OK)
        status = read_classes(core, args, &scope, &classes, err);
    if (status != STATUS_OK)
        return status;
    draft_init(&draft, "invite", &scope);
    draft_uint(&draft, "classes", classes);
    draft_bin(&draft, "site", site.bytes, ID_SIZE);
    status = api_draft_text(args, "text", &draft, "text", err);
    if (status == STATUS_OK)
        return api_write(core, caller, &draft, result, err);
    draft_deinit(&draft);
    return core_check(core, status);
}
