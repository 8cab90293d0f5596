#include "node/core/observer.h"

#include <assert.h>
#include <string.h>

#include "node/cases/charter.h"
#include "node/cases/observed.h"
#include "node/core/charters.h"
#include "node/core/far.h"

#define WHOLE true
#define EVENTS false

/* Closed unless it stands here. A list is not narrowed by what its rows say: whoever may
 * ask which cases are of a category knows the category of each; nor is it taken away,
 * for that leaves out the cases of minors. */
static const struct observer_way ways[] = {
    {"unlock", "person? pin", WHOLE},
    {"status", "", WHOLE},
    {"site", "", WHOLE},
    {"api.methods", "", WHOLE},
    {"policy", "", WHOLE},
    {"person.pin", "old pin", WHOLE},
    {"quorum.show", "", WHOLE},
    {"recovery.show", "", WHOLE},
    {"device.invite", "", WHOLE},
    {"device.claim", "code label?", WHOLE},
    {"device.enter", "token:bytes", WHOLE},
    {"device.list", "", WHOLE},
    {"device.revoke", "device:number", WHOLE},
    {"device.lock", "", WHOLE},
    {"peer.list", "", WHOLE},
    {"seal.list", "limit?:number after?:number", WHOLE},
    {"seal.witnessed", "", WHOLE},
    {"seal.proofs", "", WHOLE},
    {"seal.proof", "number:number", WHOLE},
    {"seal.request", "witness? old?:number", WHOLE},
    {"backup.status", "", WHOLE},
    {"case.list",
     "state? since?:number until?:number conflicts?:flag escalated?:flag limit?:number "
     "after?",
     EVENTS},
    {"case.show", "case", EVENTS},
    {"task.list", "case? overdue?:flag all?:flag limit?:number", EVENTS},
    {"due", "overdue?:flag limit?:number", EVENTS},
    {"inbox",
     "state? since?:number until?:number from? unserved?:flag limit?:number after?",
     EVENTS},
    {"escalation.show", "escalation", EVENTS},
    {"recall.list", "", EVENTS},
    {"audit.explain", "escalation", EVENTS},
};

const struct observer_way *observer_way_of(const char *method)
{
    for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
        if (strcmp(ways[i].method, method) == 0)
            return &ways[i];
    return NULL;
}

/* All roles of one who observes; 0: it is none, or nobody yet. */
static enum status roles_of(struct core *core, const struct caller *caller,
                            uint32_t *roles)
{
    const uint8_t *person = caller->signer.pair != NULL ? caller->signer.key
                            : caller->has_person        ? caller->person.bytes
                                                        : NULL;
    struct charter *charter;
    *roles = 0;
    if (person == NULL)
        return STATUS_OK;
    enum status status = charters_own(core, &charter);
    if (status != STATUS_OK)
        return status;
    uint32_t all = charter_roles_now(charter, person);
    if ((all & ROLE_OBSERVER) != 0 && (all & far_readers(READS_RECORDS)) == 0)
        *roles = all;
    return STATUS_OK;
}

enum status observer_is(struct core *core, const struct caller *caller, bool *is)
{
    uint32_t roles;
    enum status status = roles_of(core, caller, &roles);
    *is = roles != 0;
    return status;
}

/* Is the method for another role of that person, and not for just any? */
static bool is_for_another(const struct api_method *method, uint32_t roles)
{
    uint32_t readers = far_readers(method->reads);
    return readers != UINT32_MAX && (readers & roles & ~(uint32_t)ROLE_OBSERVER) != 0;
}

static enum status refuse(struct err *err)
{
    return err_set(
        err, STATUS_DENIED,
        "an observer sees what happened, by whom and when, and writes nothing: "
        "this is not shown to observers");
}

enum status observer_check(struct core *core, const struct caller *caller,
                           const struct api_method *method, const char **names,
                           struct err *err)
{
    uint32_t roles;
    const struct observer_way *way = observer_way_of(method->name);
    enum status status = roles_of(core, caller, &roles);
    *names = method->arguments;
    if (status != STATUS_OK || roles == 0 || is_for_another(method, roles))
        return status;
    if (way == NULL)
        return refuse(err);
    *names = way->arguments;
    return STATUS_OK;
}

enum status observer_cut(struct core *core, const struct caller *caller,
                         struct buf *answer, struct err *err)
{
    uint32_t roles;
    struct buf whole = *answer;
    enum status status = roles_of(core, caller, &roles);
    if (status != STATUS_OK || roles == 0 || answer->len == 0 ||
        is_for_another(caller->method, roles))
        return status;
    const struct observer_way *way = observer_way_of(caller->method->name);
    if (way == NULL)
        return refuse(err);
    if (way->is_whole)
        return STATUS_OK;
    *answer = (struct buf){0};
    status = whole.failed ? STATUS_NO_MEMORY : observed_cut(buf_bytes(&whole), answer);
    buf_deinit(&whole);
    assert(status != STATUS_INVALID); /* we wrote it */
    return core_check(core, status);
}
