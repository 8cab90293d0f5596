/* card.activate: the steps of a plan card become tasks of a case, each with its owner and
 * its day, and the card remembers that it was activated. */
#include "node/cases/due.h"
#include "node/cases/schema.h"
#include "node/cases/view.h"
#include "node/core/api.h"
#include "node/core/author.h"
#include "node/core/caller.h"
#include "node/core/new_case.h"
#include "node/core/plan_card.h"
#include "node/core/refold.h"
#include "node/core/shelf.h"
#include "node/core/state.h"
#include "proto/date.h"

#define TITLE_MAX 240
#define WORD_MAX 120
#define REASON_MAX 4096

struct activation {
    struct id card, version;
    struct bytes title, fields; /* of the version; borrowed from its view */
    struct bytes category, reason;
    int64_t day;
    struct id scope; /* of the case */
    char number[CASE_NUMBER_SIZE];
    uint32_t tasks;
};

/* --- what is asked for --- */

/* Today, where the clock is trusted; else somebody has to say which day it is. */
static enum status read_day(const struct core *core, const struct args *args,
                            int64_t *day, struct err *err)
{
    struct bytes text;
    enum status status = args_day(args, "day", &text, err);
    if (status != STATUS_OK)
        return status;
    *day = date_of_seconds(core->wall, SITE_MINUTES_EAST);
    if (text.len > 0)
        (void)date_parse(text, day); /* it is one */
    else if (!due_is_trusted(core->wall, core->quality))
        return err_set(err, STATUS_INVALID, "day is missing: the clock is not trusted");
    return STATUS_OK;
}

static enum status read_activation(struct core *core, const struct args *args,
                                   struct activation *activation, struct err *err)
{
    struct bytes raw;
    bool has_case = args_raw(args, "case", &raw);
    enum status status = read_day(core, args, &activation->day, err);
    if (status == STATUS_OK)
        status = args_text_optional(args, "reason", REASON_MAX, &activation->reason, err);
    if (status == STATUS_OK && has_case)
        status = api_find_case(core, args, &activation->scope, err);
    if (status == STATUS_OK && !has_case)
        status = args_text(args, "category", WORD_MAX, &activation->category, err);
    return status;
}

/* --- what is written --- */

/* What sets the card off, and why it was. */
static enum status write_case(struct core *core, struct caller *caller,
                              struct activation *activation, struct err *err)
{
    struct bytes trigger = {0};
    struct buf story = {0};
    struct draft draft;
    (void)view_map_text(activation->fields, "trigger", &trigger); /* or it was erased */
    buf_add(&story, trigger.data, trigger.len);
    if (activation->reason.len > 0) {
        buf_add(&story, "\n", 1);
        buf_add(&story, activation->reason.data, activation->reason.len);
    }
    draft_init(&draft, "case-new", NULL);
    draft_text(&draft, "category", activation->category);
    draft_text(&draft, "found-by", bytes_str("card"));
    draft_text(&draft, "narrative", buf_bytes(&story));
    draft_text(&draft, "title", activation->title);
    enum status status = buf_status(&story);
    if (status == STATUS_OK)
        status = new_case_write(core, caller, &draft, activation->number,
                                &activation->scope, err);
    draft_deinit(&draft);
    buf_deinit(&story);
    return status;
}

struct owner {
    struct bytes role, who;
};

static bool match_role(void *context, struct bytes element)
{
    struct owner *owner = context;
    struct pack_reader reader = pack_reader_of(element);
    struct bytes role = {0}, who = {0};
    (void)schema_next_role(&reader, &role, &who); /* it fitted */
    if (!bytes_equal(role, owner->role))
        return true;
    owner->who = who;
    return false;
}

struct task_writer {
    struct core *core;
    struct caller *caller;
    struct activation *activation;
    struct err *err;
    enum status status;
};

static bool write_task(void *context, struct bytes element)
{
    struct task_writer *writer = context;
    struct activation *activation = writer->activation;
    struct pack_reader reader = pack_reader_of(element);
    struct owner owner = {{0}, {0}};
    struct bytes text;
    uint64_t days;
    char due[DATE_TEXT_SIZE];
    struct draft draft;
    struct id op;
    if (!schema_next_step(&reader, &owner.role, &text, &days)) /* never: it fitted */
        return true;
    view_map_each(activation->fields, "roles", match_role, &owner);
    int64_t day = activation->day + (int64_t)days;
    date_text(due, day < DATE_LAST ? day : DATE_LAST);
    draft_init(&draft, "task", &activation->scope);
    draft_text(&draft, "due", bytes_str(due));
    draft_text(&draft, "owner", owner.who);
    draft_text(&draft, "text", text);
    writer->status =
        author_write(writer->core, &draft, writer->caller->signer.pair, &op, writer->err);
    draft_deinit(&draft);
    activation->tasks += writer->status == STATUS_OK;
    return writer->status == STATUS_OK;
}

static enum status remember(struct core *core, struct caller *caller,
                            const struct activation *activation, struct id *op,
                            struct err *err)
{
    char day[DATE_TEXT_SIZE];
    struct draft draft;
    date_text(day, activation->day);
    draft_init(&draft, "activated", &activation->card);
    draft_bin(&draft, "case", activation->scope.bytes, ID_SIZE);
    draft_text(&draft, "day", bytes_str(day));
    draft_text_optional(&draft, "reason", activation->reason);
    draft_bin(&draft, "version", activation->version.bytes, ID_SIZE);
    enum status status = author_write(core, &draft, caller->signer.pair, op, err);
    draft_deinit(&draft);
    return status;
}

/* Whether the caller may is known after the first of them; before it nothing is left. */
static enum status activate(struct core *core, struct caller *caller,
                            struct activation *activation, struct id *op, struct err *err)
{
    struct task_writer writer = {core, caller, activation, err, STATUS_OK};
    enum status status = STATUS_OK;
    if (activation->category.len > 0)
        status = write_case(core, caller, activation, err);
    if (status != STATUS_OK)
        return status;
    view_map_each(activation->fields, "steps", write_task, &writer);
    if (writer.status == STATUS_OK)
        writer.status = remember(core, caller, activation, op, err);
    return writer.status;
}

static void pack_activation(const struct activation *activation, const struct id *op,
                            struct buf *result)
{
    pack_map(result, 4);
    pack_str(result, "case");
    pack_bin(result, activation->scope.bytes, ID_SIZE);
    pack_str(result, "number"); /* of a case that was made; else empty */
    pack_str(result, activation->number);
    pack_str(result, "op");
    pack_bin(result, op->bytes, ID_SIZE);
    pack_str(result, "tasks");
    pack_uint(result, activation->tasks);
}

enum status api_card_activate(struct core *core, struct caller *caller,
                              const struct args *args, struct buf *result,
                              struct err *err)
{
    struct activation activation = {.number = ""};
    struct buf view = {0};
    struct bytes title;
    struct id op;
    enum status status = args_text_optional(args, "title", TITLE_MAX, &title, err);
    if (status == STATUS_OK)
        status = shelf_find_titled(core, MATTER_CARD, title, &activation.card, err);
    if (status == STATUS_OK)
        status = core_check(core, api_view(core, &activation.card, &view));
    activation.title = shelf_title(buf_bytes(&view));
    if (status == STATUS_OK)
        status = plan_card_choose(buf_bytes(&view), args, &activation.version,
                                  &activation.fields, err);
    if (status == STATUS_OK)
        status = read_activation(core, args, &activation, err);
    if (status == STATUS_OK)
        status = activate(core, caller, &activation, &op, err);
    if (status == STATUS_OK)
        pack_activation(&activation, &op, result);
    buf_deinit(&view);
    return status;
}
