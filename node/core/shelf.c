#include "node/core/shelf.h"

#include "node/cases/matter.h"
#include "node/cases/view.h"
#include "node/core/args.h"
#include "node/core/author.h"
#include "node/core/caller.h"
#include "node/core/digits.h"
#include "node/core/refold.h"
#include "node/core/state.h"

#define DIGITS_MIN 8

static const char *const plurals[] = {
    [MATTER_CASE] = "cases",           [MATTER_RULES] = "village rules",
    [MATTER_CHECKLIST] = "checklists", [MATTER_ROUND] = "rounds",
    [MATTER_CARD] = "plan cards",      [MATTER_MEETING] = "meetings"};

static enum status collect(void *context, const struct id *id)
{
    id_list_push(context, id);
    return STATUS_OK;
}

static enum status list(struct core *core, enum schema_matter matter,
                        struct id_list *papers)
{
    enum status status =
        store_number_find(core->store, bytes_str(matter_text(matter)), collect, papers);
    return status == STATUS_OK && papers->failed ? STATUS_NO_MEMORY : status;
}

enum status shelf_put(struct core *core, const struct id *scope,
                      enum schema_matter matter)
{
    return store_number_put(core->store, scope, bytes_str(matter_text(matter)));
}

enum status shelf_write(struct core *core, struct caller *caller, struct draft *draft,
                        enum schema_matter matter, struct id *scope, struct id *op,
                        struct err *err)
{
    bool is_first = draft->scope == NULL;
    enum status status = author_write(core, draft, caller->signer.pair, op, err);
    draft_deinit(draft);
    if (status != STATUS_OK || !is_first)
        return status;
    *scope = *op;
    return core_check(core, shelf_put(core, scope, matter));
}

/* As it is with the ops of this turn: whoever asks next may build on them. */
static enum status show(struct core *core, const struct id *paper, store_scope_fn *fn,
                        void *context)
{
    enum status status = refold_if_touched(core, paper);
    if (status != STATUS_OK)
        return status;
    return store_scope_get(core->store, paper, fn, context);
}

enum status shelf_each(struct core *core, enum schema_matter matter, store_scope_fn *fn,
                       void *context)
{
    struct id_list papers = {0};
    enum status status = list(core, matter, &papers);
    for (uint32_t i = 0; status == STATUS_OK && i < papers.len; i++)
        status = show(core, &papers.ids[i], fn, context);
    id_list_deinit(&papers);
    return status;
}

enum status shelf_newest(struct core *core, enum schema_matter matter, uint32_t max,
                         store_scope_fn *fn, void *context)
{
    struct id_list papers = {0};
    enum status status = list(core, matter, &papers);
    for (uint32_t i = papers.len; status == STATUS_OK && i > 0 && max > 0; i--, max--)
        status = show(core, &papers.ids[i - 1], fn, context);
    id_list_deinit(&papers);
    return status;
}

bool shelf_is_number(struct bytes text)
{
    for (int of = MATTER_CASE + 1; of < MATTERS; of++)
        if (bytes_equal_str(text, matter_text((enum schema_matter)of)))
            return true;
    return false;
}

/* --- which one is meant --- */

enum status shelf_find(struct core *core, enum schema_matter matter,
                       const struct args *args, const char *argument, struct id *scope,
                       struct err *err)
{
    struct bytes text;
    struct digits digits = {.len = 0}; /* all begin with none */
    struct id_list papers = {0};
    uint32_t found = 0;
    enum status status = args_text_optional(args, argument, 2 * ID_SIZE, &text, err);
    if (status != STATUS_OK)
        return status;
    if (text.len > 0 && !digits_read(&digits, text, DIGITS_MIN))
        return err_set(err, STATUS_INVALID,
                       "a %s is named by the first %d digits of its id or more",
                       matter_text(matter), DIGITS_MIN);
    status = core_check(core, list(core, matter, &papers));
    for (uint32_t i = 0; i < papers.len; i++) {
        if (!digits_match(&digits, &papers.ids[i]))
            continue;
        *scope = papers.ids[i]; /* the newest comes last */
        found++;
    }
    id_list_deinit(&papers);
    if (status != STATUS_OK)
        return status;
    if (found == 0)
        return err_set(err, STATUS_NOT_FOUND, "there is no such %s here",
                       matter_text(matter));
    if (found > 1 && text.len > 0)
        return err_set(err, STATUS_CONFLICT, "two begin so; give more digits");
    return core_check(core, refold_if_touched(core, scope));
}

struct titled {
    struct bytes title;
    struct id scope;
    uint32_t len;
};

static enum status match_title(void *context, const struct store_scope *scope)
{
    struct titled *titled = context;
    if (titled->title.len > 0 && !bytes_equal(titled->title, shelf_title(scope->view)))
        return STATUS_OK;
    if (titled->len++ == 0)
        titled->scope = scope->id;
    return STATUS_OK;
}

enum status shelf_find_titled(struct core *core, enum schema_matter matter,
                              struct bytes title, struct id *scope, struct err *err)
{
    struct titled titled = {.title = title};
    enum status status = core_check(core, shelf_each(core, matter, match_title, &titled));
    if (status != STATUS_OK)
        return status;
    if (titled.len == 0)
        return err_set(err, STATUS_NOT_FOUND, "there are no %s of that title",
                       plurals[matter]);
    if (titled.len > 1)
        return err_set(err, STATUS_CONFLICT, "there are %u %s; say which by their title",
                       titled.len, plurals[matter]);
    *scope = titled.scope;
    return STATUS_OK;
}

/* --- its founding op, the first entry of the journal --- */

static bool first_fields(void *context, struct bytes entry)
{
    (void)view_map_get(entry, "fields", context); /* each entry has them */
    return false;
}

bool shelf_fields(struct bytes view, struct bytes *fields)
{
    *fields = (struct bytes){0};
    view_map_each(view, "journal", first_fields, fields);
    return fields->len > 0;
}

struct bytes shelf_title(struct bytes view)
{
    struct bytes fields, title = {0};
    if (shelf_fields(view, &fields))
        (void)view_map_text(fields, "title", &title); /* empty where it was erased */
    return title;
}
