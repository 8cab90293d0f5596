#include "node/core/served.h"

#include "node/cases/view.h"
#include "node/core/api.h"
#include "node/core/refold.h"

struct search {
    struct core *core;
    struct buf list;
    uint32_t len;
    bool is_refolded; /* looks at what this turn has brought, too */
    enum status status;
};

static enum status read_unserved(void *context, const struct store_scope *scope)
{
    *(bool *)context = view_is_unserved(scope->view);
    return STATUS_OK;
}

static bool look_at_record(void *context, struct bytes element)
{
    struct search *search = context;
    struct id id;
    bool is_unserved = false;
    if (!view_id(element, &id)) /* never: the fold wrote it */
        return true;
    if (search->is_refolded)
        search->status = refold_scope(search->core, &id);
    if (search->status == STATUS_OK)
        search->status =
            store_scope_get(search->core->store, &id, read_unserved, &is_unserved);
    /* After a loss of the disk a case may know of a record that is gone. */
    if (search->status == STATUS_NOT_FOUND)
        search->status = STATUS_OK;
    if (is_unserved) {
        search->len++;
        buf_add(&search->list, element.data, element.len);
    }
    return search->status == STATUS_OK;
}

static enum status search_case(struct search *search, struct bytes view)
{
    view_map_each(view, "sent", look_at_record, search);
    return core_check(search->core, search->status);
}

enum status served_pack(struct core *core, struct bytes view, struct buf *result)
{
    struct search search = {.core = core};
    enum status status = search_case(&search, view);
    pack_array(result, search.len);
    buf_append(result, &search.list);
    buf_deinit(&search.list);
    return status;
}

enum status served_check(struct core *core, const struct id *scope, struct bytes outcome,
                         struct err *err)
{
    struct search search = {.core = core, .is_refolded = true};
    struct buf view = {0};
    if (!view_outcome_needs_service(outcome))
        return STATUS_OK;
    enum status status = refold_scope(core, scope);
    if (status == STATUS_OK)
        status = api_view(core, scope, &view);
    status = core_check(core, status);
    if (status == STATUS_OK)
        status = search_case(&search, buf_bytes(&view));
    buf_deinit(&search.list);
    buf_deinit(&view);
    if (status == STATUS_OK && search.len > 0)
        return err_set(
            err, STATUS_DENIED,
            "nobody serves this (服务缺位): everybody who was asked to take part "
            "declined; say unsolved, or settle it in the village (agreement)");
    return status;
}
