#include "node/core/evidence_plan.h"

#include "node/cases/charter.h"
#include "node/cases/view.h"
#include "node/core/charters.h"
#include "node/core/restored.h"
#include "storage/store_snapshot.h"

bool evidence_plan_has_cases(const struct evidence_what *what)
{
    return what->about == EVIDENCE_CASE || what->has_cases;
}

/* --- a scope --- */

/* Which of its records the file has, and whether one of them is of the period. */
struct look {
    const struct evidence_what *what;
    uint64_t records;
    bool is_in_period;
};

static enum status look_at(void *context, uint64_t position, uint64_t wall)
{
    struct look *look = context;
    (void)position;
    look->records++;
    if (wall >= look->what->from && wall <= look->what->to)
        look->is_in_period = true;
    return STATUS_OK;
}

static enum status count(struct core *core, const struct evidence_what *what,
                         const struct evidence_plan *plan, struct evidence_scope *scope)
{
    struct look look = {.what = what};
    enum status status = store_snapshot_places(
        core->store, &scope->id, plan->sizes[scope->tree - 1], look_at, &look);
    bool is_in = scope->kind == SCOPE_CHARTER || what->about != EVIDENCE_PERIOD ||
                 look.is_in_period;
    scope->records = look.records;
    if (status != STATUS_OK)
        return status;
    return is_in && look.records > 0 ? STATUS_OK : STATUS_NOT_FOUND;
}

static enum status read_view(void *context, const struct store_scope *row)
{
    struct evidence_scope *scope = context;
    scope->founder = row->site;
    scope->is_minor = view_is_minor(row->view);
    (void)view_map_flag(row->view, "recalled", &scope->is_recalled); /* a case: none */
    return STATUS_OK;
}

/* A case is in the file where cases may be, and a record where nobody may have recalled
 * it since the backup that this node was made from. */
static enum status may_be_in(struct core *core, const struct evidence_what *what,
                             const struct evidence_scope *scope)
{
    bool withholds = false;
    if (scope->kind == SCOPE_CASE)
        return evidence_plan_has_cases(what) ? STATUS_OK : STATUS_NOT_FOUND;
    if (scope->kind != SCOPE_ESCALATION || what->about == EVIDENCE_CASE)
        return STATUS_NOT_FOUND;
    enum status status =
        restored_withholds(core, &scope->id, &scope->founder, NULL, &withholds);
    return status == STATUS_OK && withholds ? STATUS_NOT_FOUND : status;
}

static bool is_about_one(const struct evidence_what *what)
{
    return what->about == EVIDENCE_ESCALATION || what->about == EVIDENCE_CASE;
}

enum status evidence_plan_get(struct core *core, const struct evidence_what *what,
                              const struct evidence_plan *plan, const struct id *id,
                              struct evidence_scope *scope)
{
    *scope = (struct evidence_scope){.id = *id};
    enum status status = store_scope_kind(core->store, id, &scope->kind);
    if (status != STATUS_OK)
        return status;
    scope->tree = scope->kind == SCOPE_CASE ? TREE_PRIVATE : TREE_SHARED;
    if (scope->kind == SCOPE_CHARTER)
        return id_list_has(&plan->charters, id) ? count(core, what, plan, scope)
                                                : STATUS_NOT_FOUND;
    if (is_about_one(what) && !id_equal(id, &what->scope))
        return STATUS_NOT_FOUND;
    status = store_scope_get(core->store, id, read_view, scope);
    if (status == STATUS_OK)
        status = may_be_in(core, what, scope);
    return status == STATUS_OK ? count(core, what, plan, scope) : status;
}

enum status evidence_plan_next(struct core *core, const struct evidence_what *what,
                               const struct evidence_plan *plan, const struct id *after,
                               struct evidence_scope *scope)
{
    static const struct id none = {{0}};
    struct id at = *after;
    if (is_about_one(what))
        return id_equal(after, &none)
                   ? evidence_plan_get(core, what, plan, &what->scope, scope)
                   : STATUS_NOT_FOUND;
    for (;;) {
        enum scope_kind kind;
        enum status status = store_snapshot_next(core->store, &at, &at, &kind);
        if (status == STATUS_OK)
            status = evidence_plan_get(core, what, plan, &at, scope);
        else
            return status;
        if (status != STATUS_NOT_FOUND)
            return status;
    }
}

/* --- which charters --- */

struct gathering {
    struct core *core;
    struct id_list *sites;
};

/* The site, and those above it, as far as they are known here. */
static void add_site(struct gathering *gathering, const struct id *site)
{
    struct id at = *site;
    for (int i = 0; i < CHARTER_CHAIN_MAX; i++) {
        struct charter *charter = charters_of_site(gathering->core, &at);
        if (charter == NULL)
            return;
        id_list_push(gathering->sites, &at);
        const struct id *parent = charter_parent(charter);
        if (parent == NULL)
            return;
        at = *parent;
    }
}

static bool add_holder(void *context, struct bytes element)
{
    struct id site;
    if (view_id(element, &site)) /* always: the fold wrote it */
        add_site(context, &site);
    return true;
}

static enum status add_holders(void *context, const struct store_scope *row)
{
    view_map_each(row->view, "held", add_holder, context);
    return STATUS_OK;
}

/* --- which seals --- */

struct need {
    struct evidence_seals *seals;
    enum ledger_tree tree;
};

static enum status need_place(void *context, uint64_t position, uint64_t wall)
{
    struct need *need = context;
    (void)wall;
    evidence_seals_need(need->seals, need->tree, position);
    return STATUS_OK;
}

static enum status need_seals(struct core *core, struct evidence_plan *plan,
                              const struct id *scope, enum ledger_tree tree)
{
    struct need need = {&plan->seals, tree};
    return store_snapshot_places(core->store, scope, plan->sizes[tree - 1], need_place,
                                 &need);
}

/* --- the plan --- */

static enum status add_scopes(struct core *core, const struct evidence_what *what,
                              struct evidence_plan *plan)
{
    struct gathering gathering = {core, &plan->charters};
    struct evidence_scope scope = {.records = 0};
    enum status status = STATUS_OK;
    if (what->about != EVIDENCE_ESCALATION)
        add_site(&gathering, &core->site);
    while (status == STATUS_OK) {
        status = evidence_plan_next(core, what, plan, &scope.id, &scope);
        if (status == STATUS_OK && scope.kind == SCOPE_ESCALATION)
            status = store_scope_get(core->store, &scope.id, add_holders, &gathering);
        if (status == STATUS_OK)
            status = need_seals(core, plan, &scope.id, scope.tree);
        if (status == STATUS_OK && plan->charters.len > 64 * EVIDENCE_SITES_MAX)
            id_list_sort(&plan->charters); /* doubles go */
    }
    id_list_sort(&plan->charters);
    if (status == STATUS_NOT_FOUND) /* that was the last one */
        status = plan->charters.failed ? STATUS_NO_MEMORY : STATUS_OK;
    return status;
}

enum status evidence_plan_make(struct core *core, const struct evidence_what *what,
                               struct evidence_plan *plan, struct err *err)
{
    *plan = (struct evidence_plan){.seals.log = -1};
    enum status status = store_ops_count(core->store, TREE_PRIVATE, &plan->sizes[0]);
    if (status == STATUS_OK)
        status = store_ops_count(core->store, TREE_SHARED, &plan->sizes[1]);
    if (status == STATUS_OK)
        status = evidence_seals_read(core, &plan->seals);
    if (status == STATUS_OK)
        status = add_scopes(core, what, plan);
    if (status == STATUS_OK && plan->charters.len > EVIDENCE_SITES_MAX)
        return err_set(err, STATUS_TOO_LARGE,
                       "the records are of more than %u sites, which no file may have; "
                       "ask for a shorter period",
                       EVIDENCE_SITES_MAX);
    for (uint32_t i = 0; status == STATUS_OK && i < plan->charters.len; i++)
        status = need_seals(core, plan, &plan->charters.ids[i], TREE_SHARED);
    if (status == STATUS_OK)
        evidence_seals_count(&plan->seals);
    return status;
}

void evidence_plan_free(struct evidence_plan *plan)
{
    id_list_deinit(&plan->charters);
    evidence_seals_free(&plan->seals);
}
