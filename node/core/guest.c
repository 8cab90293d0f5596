#include "node/core/guest.h"

#include "node/core/state.h"
#include "storage/store_sources.h"

static enum status refuse(struct err *err)
{
    return err_set(err, STATUS_BUSY, "too many ops wait for what they build on");
}

static enum status drop_oldest(struct core *core, const struct id *site, bool only_left,
                               struct err *err)
{
    struct id op;
    enum status status = store_guest_oldest(core->store, site, only_left, &op);
    if (status == STATUS_NOT_FOUND)
        return refuse(err);
    if (status == STATUS_OK)
        status = store_op_remove_waiting(core->store, &op);
    return core_check(core, status);
}

/* The room as a whole is full: whoever has most of it gives way, unless that is the one
 * who comes. */
static enum status make_room_for_all(struct core *core, uint64_t own, struct err *err)
{
    struct id largest;
    uint64_t most;
    enum status status = store_guests_largest(core->store, &largest, &most);
    if (status == STATUS_NOT_FOUND || (status == STATUS_OK && most <= own + 1))
        return refuse(err);
    return status == STATUS_OK ? drop_oldest(core, &largest, false, err)
                               : core_check(core, status);
}

enum status guest_make_room(struct core *core, const struct id *site, struct err *err)
{
    uint64_t waiting, own = 0;
    enum status status = store_ops_count(core->store, TREE_WAITING, &waiting);
    if (status == STATUS_OK && site != NULL)
        status = store_guests_count(core->store, site, &own);
    if (status != STATUS_OK)
        return core_check(core, status);
    if (own >= WAITING_SITE_MAX)
        return drop_oldest(core, site, true, err);
    if (waiting < WAITING_OPS_MAX)
        return STATUS_OK;
    return site == NULL ? refuse(err) : make_room_for_all(core, own, err);
}
