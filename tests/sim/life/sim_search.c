#include "tests/sim/life/sim_search.h"

#include <string.h>

#include "node/cases/view.h"
#include "tests/sim/life/sim_people.h"
#include "tests/sim/life/sim_sealed.h"

struct look {
    struct id scope;
    bool is_found;
};

static bool is_it(void *context, struct bytes hit)
{
    struct look *look = context;
    look->is_found = view_map_has_id(hit, "scope", &look->scope);
    return !look->is_found;
}

static enum status is_here(void *context, const struct store_scope *scope)
{
    (void)context;
    (void)scope;
    return STATUS_OK;
}

/* What the store still has is found; a disk that lies may have lost the case. */
static void on_found(struct sim_host *host, struct sim_errand *errand,
                     struct bytes status, struct bytes result)
{
    struct look look = {.scope = host->cases[errand->which].scope};
    if (!bytes_equal_str(status, "OK"))
        return;
    view_map_each(result, "hits", is_it, &look);
    bool is_minors = strcmp(host->cases[errand->which].party, SIM_MINOR) == 0;
    if (look.is_found && is_minors)
        sim_fail(host->sim, "API", "%s finds a case of a minor", host->address);
    if (is_minors)
        return;
    if (look.is_found)
        sim_ever(host->sim, EVER_SEARCH_FOUND);
    else if (store_scope_get(host->config.store, &look.scope, is_here, NULL) == STATUS_OK)
        sim_fail(host->sim, "API", "%s does not find its case %s", host->address,
                 host->cases[errand->which].number);
}

void sim_search(struct sim_host *host, struct sim_errand *errand,
                const struct sim_case *c)
{
    errand->done = on_found;
    errand->which = (uint32_t)(c - host->cases);
    sim_people_ask(host, errand, "search", "words", c->printed, NULL);
}
