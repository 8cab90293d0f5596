#include "node/core/far.h"

#include "node/cases/charter.h"
#include "node/core/charters.h"
#include "node/core/device.h"
#include "node/core/observer.h"

uint32_t far_readers(enum api_reads reads)
{
    static const uint32_t readers[] = {
        [READS_NOTHING] = UINT32_MAX,
        [READS_ANY] = UINT32_MAX,
        [READS_RECORDS] = ROLE_STEWARD | ROLE_MEDIATOR | ROLE_DESK | ROLE_JUDGE |
                          ROLE_AUTHORITY, /* who rules on a record has read it */
        [READS_CASES] = ROLE_STEWARD | ROLE_MEDIATOR,
        [READS_APART] = ROLE_STEWARD,
        [READS_AUDIT] = ROLE_STEWARD | ROLE_AUDITOR,
    };
    return readers[reads];
}

enum status far_may_read(struct core *core, const struct caller *caller,
                         enum api_reads reads, struct err *err)
{
    struct charter *charter;
    if (!caller->is_far)
        return STATUS_OK;
    enum status status = charters_own(core, &charter);
    if (status != STATUS_OK) /* never: device_check has read it */
        return status;
    return (charter_roles_now(charter, caller->person.bytes) & far_readers(reads)) != 0
               ? STATUS_OK
               : err_set(err, STATUS_DENIED,
                         "this is not shown to the roles of this device's person");
}

enum status far_check(struct core *core, struct caller *caller,
                      const struct api_method *method, struct err *err)
{
    if (!caller->is_far || method->reads == READS_NOTHING)
        return STATUS_OK;
    bool is_observer = false;
    enum status status = device_check(core, caller, err);
    if (status == STATUS_OK)
        status = observer_is(core, caller, &is_observer);
    /* Of an observer observer_check asks more. A failure: never, device_check has read
     * our charter. */
    if (status != STATUS_OK || is_observer)
        return status;
    return far_may_read(core, caller, method->reads, err);
}

void far_tick(struct core *core, struct caller *caller)
{
    if (core->now_ms >= far_deadline(caller))
        signer_wipe(&caller->signer);
}

void far_asked(struct core *core, struct caller *caller)
{
    far_tick(core, caller);
    caller->asked_ms = core->now_ms;
}

/* While a job is under way its end may still need the key. */
uint64_t far_deadline(const struct caller *caller)
{
    return caller->is_far && caller->signer.pair != NULL && caller->wait == CALLER_READY
               ? caller->asked_ms + FAR_UNLOCKED_MS
               : UINT64_MAX;
}
