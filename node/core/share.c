#include "node/core/share.h"

#include "node/cases/charter.h"
#include "node/cases/disclosure.h"
#include "node/cases/view.h"
#include "node/core/charters.h"

/* Above all classes that a record may name: charters are shown whole. */
#define SHARE_ALL (~0u)

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

struct classes_of {
    const struct id *site;
    uint32_t classes;
    enum scope_kind kind;
};

static bool find_classes(void *context, struct bytes element)
{
    struct classes_of *want = context;
    uint64_t classes = 0;
    if (!view_map_has_id(element, "site", want->site))
        return true;
    (void)view_map_uint(element, "classes", &classes); /* none where it is no number */
    want->classes = (uint32_t)classes;
    return false;
}

static enum status read_classes(void *context, const struct store_scope *scope)
{
    struct classes_of *want = context;
    want->kind = scope->kind;
    view_map_each(scope->view, "holders", find_classes, want);
    return STATUS_OK;
}

/* A site whose grant has no effect any more is no holder in the view: classes 0, so facts
 * alone, which it needs to judge the ops as everybody does. */
enum status share_classes(struct core *core, const struct id *other,
                          const struct id *scope, uint32_t *classes)
{
    struct classes_of want = {.site = other};
    enum status status = store_scope_get(core->store, scope, read_classes, &want);
    if (want.kind == SCOPE_CASE) /* never: no pair has one; a second lock */
        return STATUS_DENIED;
    *classes = want.kind == SCOPE_CHARTER ? SHARE_ALL : want.classes;
    return core_check(core, status);
}

uint32_t share_mask(const struct op *op, uint32_t classes)
{
    return classes == SHARE_ALL ? ~0u : disclosure_mask(op, classes);
}
