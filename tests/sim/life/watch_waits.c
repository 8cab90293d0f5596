#include "tests/sim/life/watch_waits.h"

#include "node/cases/matter.h"
#include "node/cases/view.h"
#include "node/core/state.h"
#include "node/core/undone.h"
#include "storage/store_listings.h"

struct waits {
    struct sim_host *host;
    struct id_list read, recalled;
};

static enum status note(void *context, const struct store_scope *scope)
{
    id_list_push(context, &scope->id);
    return STATUS_OK;
}

/* --- as the views say it themselves --- */

struct ours {
    const struct id *site;
    bool waits;
};

static bool match_holder(void *context, struct bytes holder)
{
    static const char *const states[] = {"received", "opened", "accepted"};
    struct ours *ours = context;
    if (!view_map_has_id(holder, "site", ours->site))
        return true;
    for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
        ours->waits = ours->waits || view_map_has_text(holder, "state", states[i]);
    return false;
}

static enum status look_at_case(void *context, const struct store_scope *scope)
{
    const struct waits *waits = context;
    if (matter_of(scope->view) == MATTER_CASE &&
        !bytes_equal_str(view_state(scope->view), "closed") &&
        !id_list_has(&waits->read, &scope->id))
        sim_fail(waits->host->sim, "API", "%s reads an open case for no list of it",
                 waits->host->address);
    return STATUS_OK;
}

static enum status look_at_record(void *context, const struct store_scope *scope)
{
    const struct waits *waits = context;
    struct sim_host *host = waits->host;
    struct ours ours = {.site = &host->site};
    bool is_recalled = false, is_read = id_list_has(&waits->read, &scope->id);
    (void)view_map_flag(scope->view, "recalled", &is_recalled); /* stays false */
    view_map_each(scope->view, "holders", match_holder, &ours);
    if (ours.waits && !id_equal(&scope->site, &host->site) && !is_read)
        sim_fail(host->sim, "API", "%s reads a record that waits for it for no list",
                 host->address);
    if (is_recalled && is_read)
        sim_fail(host->sim, "API", "%s waits for what was recalled", host->address);
    if (is_recalled && !id_list_has(&waits->recalled, &scope->id))
        sim_fail(host->sim, "API", "%s does not list a recall", host->address);
    return STATUS_OK;
}

/* Cases and records are numbered alike: by the op that founded them. */
void watch_waits_end(struct sim_host *host)
{
    struct waits waits = {.host = host};
    struct store *store = host->config.store;
    const struct store_filter filter = {
        .kind = SCOPE_ESCALATION, .state = bytes_str("recalled"), .limit = UINT64_MAX};
    if (host->is_flawed)
        return;
    enum status status =
        store_listings_waiting(store, SCOPE_CASE, UNDONE_ALWAYS, note, &waits.read);
    if (status == STATUS_OK)
        status = store_listings_waiting(store, SCOPE_ESCALATION, UNDONE_ALWAYS, note,
                                        &waits.read);
    if (status == STATUS_OK)
        status = store_listings(store, &filter, note, &waits.recalled);
    id_list_sort(&waits.read);
    id_list_sort(&waits.recalled);
    if (status == STATUS_OK)
        status = store_scopes_of_kind(store, SCOPE_CASE, 0, look_at_case, &waits);
    if (status == STATUS_OK)
        status = store_scopes_of_kind(store, SCOPE_ESCALATION, 0, look_at_record, &waits);
    if (status != STATUS_OK)
        sim_fail(host->sim, "I14", "%s: what waits cannot be read", host->address);
    id_list_deinit(&waits.read);
    id_list_deinit(&waits.recalled);
}
