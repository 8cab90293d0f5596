#include "node/core/notice.h"

#include "node/cases/view.h"
#include "node/core/author.h"
#include "node/core/state.h"

struct arrival {
    const struct core *core;
    bool is_foreign, is_received;
};

static bool find_own_state(void *context, struct bytes element)
{
    struct arrival *arrival = context;
    struct id site;
    struct bytes state;
    if (!view_map_id(element, "site", &site) || !id_equal(&site, &arrival->core->site))
        return true;
    arrival->is_foreign = true;
    /* Our own state begins with what we said; before that it is "sent" or nothing. */
    arrival->is_received = view_map_text(element, "state", &state) && state.len > 0 &&
                           !bytes_equal_str(state, "sent");
    return false;
}

static enum status look(void *context, const struct store_scope *scope)
{
    struct arrival *arrival = context;
    if (scope->kind != SCOPE_ESCALATION || id_equal(&scope->site, &arrival->core->site))
        return STATUS_OK;
    view_map_each(scope->view, "holders", find_own_state, arrival);
    return STATUS_OK;
}

static enum status acknowledge(struct core *core, const struct id *scope)
{
    struct draft draft;
    draft_init(&draft, "received", scope);
    enum status status = author_write(core, &draft, core->node_seed, NULL, NULL);
    draft_deinit(&draft);
    /* Not ours to say after all (a charter is missing yet): say nothing. */
    return status == STATUS_DENIED || status == STATUS_INVALID ? STATUS_OK : status;
}

enum status notice_arrivals(struct core *core)
{
    for (uint32_t i = 0; i < core->changed.len; i++) {
        struct arrival arrival = {.core = core};
        enum status status =
            store_scope_get(core->store, &core->changed.ids[i], look, &arrival);
        if (status == STATUS_NOT_FOUND)
            continue;
        if (status == STATUS_OK && arrival.is_foreign && !arrival.is_received)
            status = acknowledge(core, &core->changed.ids[i]);
        if (status != STATUS_OK)
            return core_check(core, status);
    }
    return STATUS_OK;
}
