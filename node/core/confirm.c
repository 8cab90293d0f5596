#include "node/core/confirm.h"

#include "node/core/alarm.h"
#include "node/core/restored.h"
#include "node/core/session.h"
#include "storage/store_bundles.h"

#define CHANGED_MAX 1024 /* scopes */

static const uint8_t *node_of(const struct session *session)
{
    return session->channel.remote_static;
}

/* What was written for a site by stick, it knows by the session now. */
static enum status tell_bundles(struct core *core, const struct id *site)
{
    struct store_bundle_site of;
    enum status status = store_bundle_site(core->store, site, &of);
    if (status != STATUS_OK || of.written == 0)
        return status;
    return store_bundle_agreed(core->store, site);
}

enum status confirm_agreed(struct core *core, struct session *session)
{
    struct confirm *confirm = &session->sync.confirm;
    /* What is not folded yet is in the graph, and in no digest. */
    if (core->touched.len > 0)
        return STATUS_OK;
    enum status status = STATUS_OK;
    if (!confirm->has_agreed)
        status = store_confirmed_put(core->store, node_of(session), &session->site,
                                     &core->site);
    for (uint32_t i = 0;
         status == STATUS_OK && confirm->has_agreed && i < confirm->changed.len; i++)
        status = store_confirmed_put_scope(core->store, node_of(session), &session->site,
                                           &confirm->changed.ids[i]);
    confirm->has_agreed = true;
    id_list_deinit(&confirm->changed);
    if (status == STATUS_OK)
        status = tell_bundles(core, &session->site);
    if (status == STATUS_OK)
        status = restored_agreed(core, &session->site);
    return core_check(core, status);
}

void confirm_note_change(struct confirm *confirm, const struct id *scope)
{
    if (!confirm->has_agreed)
        return;
    id_list_push(&confirm->changed, scope);
    if (!confirm->changed.failed && confirm->changed.len < CHANGED_MAX)
        return;
    confirm_begin_anew(confirm); /* too many to keep apart */
}

void confirm_begin_anew(struct confirm *confirm)
{
    id_list_deinit(&confirm->changed);
    confirm->has_agreed = false;
}

/* The lookup is made for an op that is nowhere as well: who asks learns nothing by the
 * time that it takes. */
enum status confirm_lacks(struct core *core, struct session *session,
                          const struct store_place *place)
{
    struct confirm *confirm = &session->sync.confirm;
    if (!confirm->has_scope || !id_equal(&confirm->scope, &place->scope)) {
        enum status status = store_confirmed_get(core->store, node_of(session),
                                                 &place->scope, &confirm->place);
        if (status != STATUS_OK)
            return core_check(core, status);
        confirm->scope = place->scope;
        confirm->has_scope = true;
    }
    if (place->seq != 0 && !place->waits && place->position < confirm->place)
        confirm->missing++;
    return STATUS_OK;
}

enum status confirm_settle(struct core *core, struct session *session)
{
    struct confirm *confirm = &session->sync.confirm;
    uint64_t missing = confirm->missing;
    confirm->missing = 0;
    confirm->has_scope = false;
    if (missing == 0)
        return STATUS_OK;
    /* It begins anew, so that the same loss is said once. */
    confirm->has_agreed = false;
    enum status status = store_confirmed_forget(core->store, node_of(session));
    if (status == STATUS_OK)
        status = store_bundle_agreed(core->store, &session->site);
    return status == STATUS_OK ? alarm_raise(core, &session->site, node_of(session),
                                             ALARM_ROLLBACK, missing)
                               : core_check(core, status);
}

enum status confirm_impossible(struct core *core, struct session *session)
{
    return alarm_raise(core, &session->site, node_of(session), ALARM_IMPOSSIBLE, 0);
}

void confirm_deinit(struct confirm *confirm)
{
    id_list_deinit(&confirm->changed);
}
