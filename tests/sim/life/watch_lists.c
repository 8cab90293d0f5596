#include "tests/sim/life/watch_lists.h"

#include "node/cases/matter.h"
#include "node/cases/view.h"
#include "node/core/state.h"
#include "storage/store_listings.h"

#define PAGE_LEN 3

static enum status collect(void *context, const struct store_scope *scope)
{
    if (matter_of(scope->view) == MATTER_CASE)
        id_list_push(context, &scope->id);
    return STATUS_OK;
}

/* All pages, one behind the other; more than there can be means that they do not end. */
static uint32_t read_pages(struct sim_host *host, enum scope_kind kind, uint32_t all,
                           struct id_list *listed)
{
    struct store_filter filter = {.kind = kind, .limit = PAGE_LEN};
    struct id last;
    uint32_t pages = 0;
    for (; pages <= all; pages++) {
        uint32_t before = listed->len;
        enum status status = store_listings(host->config.store, &filter, collect, listed);
        if (status != STATUS_OK) {
            sim_fail(host->sim, "API", "%s does not list: %s", host->address,
                     status_name(status));
            return 0;
        }
        if (listed->len == before)
            break;
        last = listed->ids[listed->len - 1];
        filter.after = &last;
    }
    return pages;
}

struct looking {
    struct sim_host *host;
    const struct id *id;
    bool is_found;
};

static enum status look_for(void *context, const struct store_scope *scope)
{
    struct looking *looking = context;
    looking->is_found = looking->is_found || id_equal(&scope->id, looking->id);
    return STATUS_OK;
}

/* By what its view says, a filter leaves it. */
static enum status find_by_filters(void *context, const struct store_scope *scope)
{
    struct sim_host *host = context;
    if (matter_of(scope->view) != MATTER_CASE)
        return STATUS_OK;
    struct looking looking = {host, &scope->id, false};
    struct store_filter filter = {.kind = scope->kind,
                                  .state = view_state(scope->view),
                                  .site = &scope->site,
                                  .has_conflict = view_conflicts(scope->view) > 0,
                                  .is_sent = view_map_count(scope->view, "sent") > 0,
                                  .limit = UINT32_MAX};
    (void)view_text(scope->view, "category", &filter.category); /* none: any */
    enum status status = store_listings(host->config.store, &filter, look_for, &looking);
    if (status == STATUS_OK && !looking.is_found)
        sim_fail(host->sim, "API", "%s does not list a record by what it says",
                 host->address);
    return status;
}

static void look_at(struct sim_host *host, enum scope_kind kind)
{
    struct store *store = host->config.store;
    struct id_list all = {0}, listed = {0};
    enum status status = store_scopes_of_kind(store, kind, 0, collect, &all);
    uint32_t pages = status == STATUS_OK ? read_pages(host, kind, all.len, &listed) : 0;
    if (pages > 1)
        sim_ever(host->sim, EVER_PAGES);
    if (status == STATUS_OK)
        status = store_scopes_of_kind(store, kind, 0, find_by_filters, host);
    uint32_t rows = listed.len;
    id_list_sort(&all);
    id_list_sort(&listed); /* and each once */
    bool is_same =
        !all.failed && !listed.failed && rows == all.len && listed.len == all.len;
    for (uint32_t i = 0; is_same && i < all.len; i++)
        is_same = id_equal(&all.ids[i], &listed.ids[i]);
    if (status != STATUS_OK || !is_same)
        sim_fail(host->sim, "API", "%s lists %u of %u records in %u rows", host->address,
                 listed.len, all.len, rows);
    id_list_deinit(&all);
    id_list_deinit(&listed);
}

void watch_lists_end(struct sim_host *host)
{
    look_at(host, SCOPE_CASE);
    look_at(host, SCOPE_ESCALATION);
}
