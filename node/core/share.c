#include "node/core/share.h"

#include "crypto/digest.h"
#include "node/cases/charter.h"
#include "node/cases/disclosure.h"
#include "node/cases/view.h"
#include "node/core/charters.h"

/* Above all classes that a record may name: charters are shown whole. */
#define SHARE_ALL (~0u)

/* A site's charter and those of its ancestors, as far as they are known here. */
static void add_chain(struct core *core, const struct id *site, struct id_list *out)
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

struct gather {
    struct core *core;
    struct id_list *out;
    struct id_list sites;
};

static bool gather_site(void *context, struct bytes element)
{
    struct gather *gather = context;
    struct id site;
    if (view_id(element, &site))
        id_list_push(&gather->sites, &site);
    return true;
}

/* Whoever holds it may have written in it, and is judged by its charter. */
static enum status gather_holders(void *context, const struct store_scope *scope)
{
    view_map_each(scope->view, "held", gather_site, context);
    return STATUS_OK;
}

static enum status gather_scope(void *context, const struct id *id)
{
    struct gather *gather = context;
    id_list_push(gather->out, id);
    return STATUS_OK;
}

enum status share_scopes(struct core *core, const struct id *other, struct id_list *out)
{
    struct gather gather = {.core = core, .out = out};
    id_list_clear(out);
    enum status status = store_scopes_held(core->store, SCOPE_ESCALATION, &core->site,
                                           other, gather_scope, &gather);
    uint32_t escalations = out->len;
    for (uint32_t i = 0; status == STATUS_OK && i < escalations; i++)
        status = store_scope_get(core->store, &out->ids[i], gather_holders, &gather);
    if (status != STATUS_OK)
        goto free_sites;
    id_list_push(&gather.sites, &core->site);
    id_list_push(&gather.sites, other);
    id_list_sort(&gather.sites);
    for (uint32_t i = 0; i < gather.sites.len; i++)
        add_chain(core, &gather.sites.ids[i], out);
    id_list_sort(out);
    if (out->failed || gather.sites.failed)
        status = STATUS_NO_MEMORY;
free_sites:
    id_list_deinit(&gather.sites);
    return core_check(core, status);
}

static enum status add_digest(void *context, const struct store_scope *scope)
{
    digest_add(context, scope->digest.bytes, ID_SIZE);
    return STATUS_OK;
}

enum status share_digest(struct core *core, const struct id_list *scopes, struct id *out)
{
    struct digest digest;
    digest_init(&digest, "fengqiao/1/pair");
    for (uint32_t i = 0; i < scopes->len; i++) {
        enum status status =
            store_scope_get(core->store, &scopes->ids[i], add_digest, &digest);
        if (status != STATUS_OK)
            return core_check(core, status);
    }
    digest_final(&digest, out->bytes);
    return STATUS_OK;
}

struct classes_of {
    const struct id *site;
    uint32_t classes;
    bool is_charter;
};

static bool find_classes(void *context, struct bytes element)
{
    struct classes_of *want = context;
    struct id site;
    uint64_t classes;
    if (!view_map_id(element, "site", &site) || !id_equal(&site, want->site) ||
        !view_map_uint(element, "classes", &classes))
        return true;
    want->classes = (uint32_t)classes;
    return false;
}

static enum status read_classes(void *context, const struct store_scope *scope)
{
    struct classes_of *want = context;
    want->is_charter = scope->kind == SCOPE_CHARTER;
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
    *classes = want.is_charter ? SHARE_ALL : want.classes;
    return core_check(core, status);
}

uint32_t share_mask(const struct op *op, uint32_t classes)
{
    return classes == SHARE_ALL ? ~0u : disclosure_mask(op, classes);
}
