#include "node/core/notice.h"

#include "node/cases/charter.h"
#include "node/cases/view.h"
#include "node/core/author.h"
#include "node/core/charters.h"
#include "node/core/state.h"

struct arrival {
    struct core *core;
    bool is_ours, is_received;
};

static bool find_own_state(void *context, struct bytes element)
{
    struct arrival *arrival = context;
    struct id site;
    struct bytes state;
    if (!view_map_id(element, "site", &site) || !id_equal(&site, &arrival->core->site))
        return true;
    /* Our own state begins with what we said; before that it is "sent" or nothing. */
    arrival->is_received = view_map_text(element, "state", &state) && state.len > 0 &&
                           !bytes_equal_str(state, "sent");
    return false;
}

static enum status look_at_fold(void *context, const struct store_scope *scope)
{
    struct arrival *arrival = context;
    arrival->is_ours = id_equal(&scope->site, &arrival->core->site);
    view_map_each(scope->view, "holders", find_own_state, arrival);
    return STATUS_OK;
}

static enum status look_at_founding(void *context, const struct store_op *row)
{
    struct arrival *arrival = context;
    struct op op;
    if (op_decode_bytes(&op, row->bytes, NULL) != STATUS_OK)
        return STATUS_CORRUPT;
    struct charter *author =
        op.authority_len == 0 ? NULL : charters_of_head(arrival->core, &op.authority[0]);
    arrival->is_ours =
        author != NULL && id_equal(charter_site(author), &arrival->core->site);
    return STATUS_OK;
}

/* A record from elsewhere to which we have not said "received" yet? The fold of earlier
 * turns tells what we said; one that is new is known by its founding op. */
static enum status is_due(struct core *core, const struct id *scope, bool *due)
{
    struct arrival arrival = {.core = core};
    enum scope_kind kind;
    *due = false;
    enum status status = store_scope_kind(core->store, scope, &kind);
    if (status != STATUS_OK || kind != SCOPE_ESCALATION)
        return status;
    status = store_scope_get(core->store, scope, look_at_fold, &arrival);
    if (status == STATUS_NOT_FOUND)
        status = store_op_get(core->store, scope, look_at_founding, &arrival);
    *due = !arrival.is_ours && !arrival.is_received;
    return status;
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
    id_list_sort(&core->touched); /* each scope once */
    /* What we say touches the same scope again, at the end of the list. */
    uint32_t touched_len = core->touched.len;
    for (uint32_t i = 0; i < touched_len; i++) {
        struct id scope = core->touched.ids[i];
        bool due;
        enum status status = is_due(core, &scope, &due);
        if (status == STATUS_OK && due)
            status = acknowledge(core, &scope);
        if (status != STATUS_OK)
            return core_check(core, status);
    }
    return STATUS_OK;
}
