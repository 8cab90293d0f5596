#include "node/core/answer_due.h"

#include "node/cases/due.h"
#include "node/cases/view.h"
#include "node/core/state.h"
#include "storage/store.h"

struct holding {
    const struct id *site;
    uint64_t received;
    bool waits;
};

static bool match_holder(void *context, struct bytes element)
{
    struct holding *holding = context;
    if (view_map_has_id(element, "site", holding->site))
        holding->waits = view_map_has_text(element, "state", "received") ||
                         view_map_has_text(element, "state", "opened") ||
                         view_map_has_text(element, "state", "accepted");
    return true;
}

static bool match_receipt(void *context, struct bytes entry)
{
    struct holding *holding = context;
    if (!view_map_has_text(entry, "kind", "received") ||
        !view_map_has_id(entry, "site", holding->site))
        return true;
    (void)view_map_uint(entry, "wall", &holding->received); /* stays 0: unknown */
    return false;
}

bool answer_due_waits(const struct core *core, struct bytes view)
{
    struct holding holding = {.site = &core->site};
    view_map_each(view, "holders", match_holder, &holding);
    return holding.waits;
}

void answer_due_read(const struct core *core, const struct due_table *table,
                     uint32_t tier, const struct store_scope *scope,
                     struct answer_due *answer)
{
    struct holding holding = {.site = &core->site};
    struct bytes category = {0};
    *answer = (struct answer_due){.waits = false};
    if (!answer_due_waits(core, scope->view)) /* the founder is not waited for */
        return;
    (void)view_text(scope->view, "category", &category); /* empty where withheld */
    view_map_each(scope->view, "journal", match_receipt, &holding);
    *answer = (struct answer_due){
        .waits = true,
        .received = holding.received,
        .days = due_days(table, DUE_ANSWER, tier, category),
    };
}
