/* round.begin, look, finding, case: what is looked at in a round, and what becomes a case
 * of it. */
#include "node/cases/view.h"
#include "node/core/api.h"
#include "node/core/author.h"
#include "node/core/caller.h"
#include "node/core/checklist.h"
#include "node/core/digits.h"
#include "node/core/new_case.h"
#include "node/core/shelf.h"
#include "node/core/state.h"

#define TITLE_MAX 240
#define WORD_MAX 120
#define TEXT_MAX 4096
#define DIGITS_MIN 8

static void pack_op(struct buf *result, const char *name, const struct id *id)
{
    pack_str(result, name);
    pack_bin(result, id->bytes, ID_SIZE);
}

/* --- begin --- */

static enum status draft_round(struct core *core, const struct args *args,
                               struct bytes title, struct draft *draft, struct err *err)
{
    struct id scope;
    struct buf view = {0};
    struct checklist list;
    enum status status = shelf_find_titled(core, MATTER_CHECKLIST, title, &scope, err);
    if (status == STATUS_OK)
        status = core_check(core, api_view(core, &scope, &view));
    if (status == STATUS_OK && !checklist_newest(buf_bytes(&view), &list))
        status = err_set(err, STATUS_NOT_FOUND, "of that list nothing is left");
    if (status == STATUS_OK) {
        draft_bin(draft, "list", list.version.bytes, ID_SIZE);
        draft_raw(draft, "places", list.places);
        draft_text(draft, "title", shelf_title(buf_bytes(&view)));
        draft_raw(draft, "topics", list.topics);
        status = api_draft_text(args, "day", draft, "day", err);
    }
    buf_deinit(&view);
    return status;
}

enum status api_round_begin(struct core *core, struct caller *caller,
                            const struct args *args, struct buf *result, struct err *err)
{
    struct bytes title;
    struct draft draft;
    struct id scope;
    enum status status = args_text_optional(args, "list", TITLE_MAX, &title, err);
    if (status != STATUS_OK)
        return status;
    draft_init(&draft, "round", NULL);
    status = draft_round(core, args, title, &draft, err);
    if (status == STATUS_OK)
        status = author_write(core, &draft, caller->signer.pair, &scope, err);
    draft_deinit(&draft);
    if (status == STATUS_OK)
        status = core_check(core, shelf_put(core, &scope, MATTER_ROUND));
    if (status != STATUS_OK)
        return status;
    pack_map(result, 2);
    pack_op(result, "op", &scope);
    pack_op(result, "round", &scope);
    return STATUS_OK;
}

/* --- look --- */

enum status api_round_look(struct core *core, struct caller *caller,
                           const struct args *args, struct buf *result, struct err *err)
{
    struct id scope;
    struct draft draft;
    enum status status = shelf_find(core, MATTER_ROUND, args, "round", &scope, err);
    if (status != STATUS_OK)
        return status;
    draft_init(&draft, "looked", &scope);
    status = api_draft_text(args, "place", &draft, "place", err);
    if (status == STATUS_OK)
        status = api_draft_text(args, "topic", &draft, "topic", err);
    if (status == STATUS_OK)
        return api_write(core, caller, &draft, result, err);
    draft_deinit(&draft);
    return status;
}

/* --- a finding, and the case that it becomes --- */

struct finding {
    struct id round, op;
    struct bytes place, topic, text;
    struct bytes category, title; /* of the case; the title may be empty */
    struct id scope;              /* of the case */
    char number[CASE_NUMBER_SIZE];
};

static enum status read_case(const struct args *args, struct finding *finding,
                             struct err *err)
{
    enum status status = args_text(args, "category", WORD_MAX, &finding->category, err);
    if (status == STATUS_OK)
        status = args_text_optional(args, "title", TITLE_MAX, &finding->title, err);
    return status;
}

/* Without a title it is called by its place and topic, or by its place alone where both
 * are too long for one. */
static enum status write_case(struct core *core, struct caller *caller,
                              struct finding *finding, struct err *err)
{
    struct draft draft;
    struct buf title = {0};
    buf_add(&title, finding->title.data, finding->title.len);
    if (title.len == 0) {
        buf_add(&title, finding->place.data, finding->place.len);
        if (title.len + 1 + finding->topic.len <= TITLE_MAX) {
            buf_add(&title, " ", 1);
            buf_add(&title, finding->topic.data, finding->topic.len);
        }
    }
    draft_init(&draft, "case-new", NULL);
    draft_text(&draft, "category", finding->category);
    draft_text(&draft, "found-by", bytes_str("round"));
    draft_text(&draft, "narrative", finding->text);
    draft_text_optional(&draft, "place", finding->place);
    draft_text(&draft, "title", buf_bytes(&title));
    enum status status = buf_status(&title);
    if (status == STATUS_OK)
        status =
            new_case_write(core, caller, &draft, finding->number, &finding->scope, err);
    draft_deinit(&draft);
    buf_deinit(&title);
    return status;
}

static enum status link_case(struct core *core, struct caller *caller,
                             const struct finding *finding, struct id *op,
                             struct err *err)
{
    struct draft draft;
    draft_init(&draft, "finding-case", &finding->round);
    draft_bin(&draft, "case", finding->scope.bytes, ID_SIZE);
    draft_bin(&draft, "finding", finding->op.bytes, ID_SIZE);
    enum status status = author_write(core, &draft, caller->signer.pair, op, err);
    draft_deinit(&draft);
    return status;
}

static void pack_case(const struct finding *finding, const struct id *op,
                      struct buf *result)
{
    pack_map(result, 4);
    pack_op(result, "case", &finding->scope);
    pack_op(result, "finding", &finding->op);
    pack_str(result, "number");
    pack_str(result, finding->number);
    pack_op(result, "op", op);
}

static enum status answer_case(struct core *core, struct caller *caller,
                               struct finding *finding, struct buf *result,
                               struct err *err)
{
    struct id op;
    enum status status = write_case(core, caller, finding, err);
    if (status == STATUS_OK)
        status = link_case(core, caller, finding, &op, err);
    if (status == STATUS_OK)
        pack_case(finding, &op, result);
    return status;
}

static enum status read_finding(const struct args *args, struct finding *finding,
                                struct err *err)
{
    enum status status = args_text(args, "place", WORD_MAX, &finding->place, err);
    if (status == STATUS_OK)
        status = args_text(args, "topic", WORD_MAX, &finding->topic, err);
    if (status == STATUS_OK)
        status = args_text(args, "text", TEXT_MAX, &finding->text, err);
    if (status == STATUS_OK && args_flag(args, "as_case"))
        status = read_case(args, finding, err);
    return status;
}

enum status api_round_finding(struct core *core, struct caller *caller,
                              const struct args *args, struct buf *result,
                              struct err *err)
{
    struct finding finding = {.number = ""};
    struct draft draft;
    enum status status =
        shelf_find(core, MATTER_ROUND, args, "round", &finding.round, err);
    if (status == STATUS_OK)
        status = read_finding(args, &finding, err);
    if (status != STATUS_OK)
        return status;
    draft_init(&draft, "finding", &finding.round);
    draft_text(&draft, "place", finding.place);
    draft_text(&draft, "text", finding.text);
    draft_text(&draft, "topic", finding.topic);
    if (!args_flag(args, "as_case"))
        return api_write(core, caller, &draft, result, err);
    status = author_write(core, &draft, caller->signer.pair, &finding.op, err);
    draft_deinit(&draft);
    return status == STATUS_OK ? answer_case(core, caller, &finding, result, err)
                               : status;
}

/* --- a finding of before becomes a case --- */

/* The first digits of an id, and the findings of a round that begin with them. */
struct meant {
    struct digits digits;
    struct finding *finding;
    uint32_t found;
    bool is_case; /* it became one before */
};

static bool match_finding(void *context, struct bytes entry)
{
    struct meant *meant = context;
    struct finding *finding = meant->finding;
    struct bytes fields = {0};
    struct id op = {0};
    (void)view_map_get(entry, "fields", &fields); /* each entry has them */
    (void)view_map_id(entry, "op", &op);          /* the same */
    if (view_map_has_text(entry, "kind", "finding-case") &&
        view_map_has_id(fields, "finding", &finding->op))
        meant->is_case = true;
    if (!view_map_has_text(entry, "kind", "finding") ||
        !digits_match(&meant->digits, &op))
        return true;
    meant->found++;
    finding->op = op;
    (void)view_map_text(fields, "place", &finding->place); /* empty where erased */
    (void)view_map_text(fields, "text", &finding->text);   /* the same */
    (void)view_map_text(fields, "topic", &finding->topic); /* the same */
    return true;
}

static enum status find_finding(const struct args *args, struct bytes view,
                                struct finding *finding, struct err *err)
{
    struct bytes text;
    struct meant meant = {.finding = finding};
    enum status status = args_text(args, "finding", 2 * ID_SIZE, &text, err);
    if (status != STATUS_OK)
        return status;
    if (!digits_read(&meant.digits, text, DIGITS_MIN))
        return err_set(err, STATUS_INVALID,
                       "a finding is named by the first %d digits of its op or more",
                       DIGITS_MIN);
    view_map_each(view, "journal", match_finding, &meant);
    if (meant.found == 0)
        return err_set(err, STATUS_NOT_FOUND, "there is no such finding in this round");
    if (meant.found > 1)
        return err_set(err, STATUS_CONFLICT, "two findings begin so; give more digits");
    if (meant.is_case)
        return err_set(err, STATUS_EXISTS, "that finding became a case before");
    if (finding->text.len == 0)
        return err_set(err, STATUS_NOT_FOUND, "of that finding nothing is left");
    return STATUS_OK;
}

enum status api_round_case(struct core *core, struct caller *caller,
                           const struct args *args, struct buf *result, struct err *err)
{
    struct finding finding = {.number = ""};
    struct buf view = {0};
    enum status status =
        shelf_find(core, MATTER_ROUND, args, "round", &finding.round, err);
    if (status == STATUS_OK)
        status = core_check(core, api_view(core, &finding.round, &view));
    if (status == STATUS_OK)
        status = find_finding(args, buf_bytes(&view), &finding, err);
    if (status == STATUS_OK)
        status = read_case(args, &finding, err);
    if (status == STATUS_OK)
        status = answer_case(core, caller, &finding, result, err);
    buf_deinit(&view);
    return status;
}
