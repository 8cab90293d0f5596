#include "node/core/share.h"

#include "node/cases/charter.h"
#include "node/cases/disclosure.h"
#include "node/cases/view.h"
#include "node/core/charters.h"
#include "node/core/purge.h"
#include "node/core/restored.h"

void share_charters(struct core *core, const struct id *site, struct id_list *out)
{
    struct id at = *site;
    for (int i = 0; i < CHARTER_CHAIN_MAX; i++) {
        struct charter *charter = charters_of_site(core, &at);
        if (charter == NULL)
            return;
        id_list_push(out, &at);
        const struct id *parent = charter_parent(charter);
        if (parent == NULL)
            return;
        at = *parent;
    }
}

static enum status push_id(void *context, const struct id *id)
{
    id_list_push(context, id);
    return STATUS_OK;
}

enum status share_scopes(struct core *core, const struct id *other, struct id_list *out)
{
    struct id_list sites = {0};
    id_list_clear(out);
    enum status status = store_scopes_held(core->store, SCOPE_ESCALATION, &core->site,
                                           other, push_id, out);
    /* Whoever holds one may have written in it, and is judged by its charter. */
    if (status == STATUS_OK)
        status = store_sites_beside(core->store, SCOPE_ESCALATION, &core->site, other,
                                    push_id, &sites);
    id_list_push(&sites, &core->site);
    id_list_push(&sites, other);
    id_list_sort(&sites);
    for (uint32_t i = 0; i < sites.len; i++)
        share_charters(core, &sites.ids[i], out);
    id_list_sort(out);
    if (status == STATUS_OK && (out->failed || sites.failed))
        status = STATUS_NO_MEMORY;
    id_list_deinit(&sites);
    return core_check(core, status);
}

struct terms_of {
    const struct id *site;
    struct share_terms *terms;
    enum scope_kind kind;
};

static bool find_classes(void *context, struct bytes element)
{
    struct terms_of *want = context;
    uint64_t classes = 0;
    if (!view_map_has_id(element, "site", want->site))
        return true;
    (void)view_map_uint(element, "classes", &classes); /* none where it is no number */
    want->terms->classes = (uint32_t)classes;
    return false;
}

static enum status read_terms(void *context, const struct store_scope *scope)
{
    struct terms_of *want = context;
    want->kind = scope->kind;
    want->terms->founder = scope->site;
    view_map_each(scope->view, "holders", find_classes, want);
    (void)view_map_flag(scope->view, "recalled", &want->terms->is_recalled); /* or not */
    return STATUS_OK;
}

/* A site whose grant has no effect any more is no holder in the view: classes 0, so facts
 * alone, which it needs to judge the ops as everybody does. */
enum status share_terms(struct core *core, const struct id *other, const struct id *scope,
                        struct share_terms *terms)
{
    struct terms_of want = {.site = other, .terms = terms};
    *terms = (struct share_terms){0};
    if (id_equal(other, &core->site)) /* never: it has its own door */
        return STATUS_DENIED;
    enum status status = store_scope_get(core->store, scope, read_terms, &want);
    if (want.kind == SCOPE_CASE) /* never: no pair has one; a second lock */
        return STATUS_DENIED;
    if (want.kind == SCOPE_CHARTER)
        terms->classes = SHARE_ALL;
    /* Its founder may have its own words; the others wait. To cut fields would be worse:
     * who has an op never asks for more of it. */
    bool withholds = false;
    if (status == STATUS_OK && want.kind == SCOPE_ESCALATION &&
        !id_equal(other, &terms->founder))
        status = restored_withholds(core, scope, &terms->founder, other, &withholds);
    if (withholds)
        return STATUS_NOT_FOUND;
    return core_check(core, status);
}

uint32_t share_mask(struct core *core, const struct op *op,
                    const struct share_terms *terms)
{
    uint32_t mask =
        terms->classes == SHARE_ALL ? ~0u : disclosure_mask(op, terms->classes);
    return terms->is_recalled ? mask & purge_keeps(core, op, &terms->founder) : mask;
}
