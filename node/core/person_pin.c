#include "node/core/person_pin.h"

#include <string.h>

#include "crypto/secret.h"
#include "node/core/api.h"
#include "node/core/handover.h"
#include "node/core/people.h"

enum status api_person_pin(struct core *core, struct caller *caller,
                           const struct args *args, struct buf *result, struct err *err)
{
    struct bytes old, pin;
    enum status status = args_text(args, "old", WRAP_PIN_MAX, &old, err);
    if (status == STATUS_OK)
        status = args_text(args, "pin", WRAP_PIN_MAX, &pin, err);
    if (status == STATUS_OK)
        status = people_check_pin(pin, err);
    if (status != STATUS_OK)
        return status;
    memcpy(caller->pin, pin.data, pin.len);
    caller->pin_len = (uint32_t)pin.len;
    return people_unwrap(core, caller, caller->signer.key, old, CALLER_OPENING, err);
}

enum status person_pin_opened(struct core *core, struct caller *caller, struct job *job,
                              struct err *err)
{
    struct job *wrap = NULL;
    enum status status = people_wrap_status(job->result, err);
    if (status == STATUS_OK) {
        wrap = job_new(JOB_WRAP);
        status = wrap == NULL ? core_check(core, STATUS_NO_MEMORY) : STATUS_OK;
    }
    if (status == STATUS_OK) {
        memcpy(wrap->seed, job->seed, sizeof(wrap->seed));
        rng_fill(&core->rng, "wrap", core->site.bytes, wrap->random,
                 sizeof(wrap->random));
        memcpy(wrap->pin, caller->pin, caller->pin_len);
        wrap->pin_len = caller->pin_len;
        caller_start_job(core, caller, wrap, CALLER_REWRAPPING);
    }
    secret_wipe(caller->pin, sizeof(caller->pin));
    return status;
}

enum status person_pin_wrapped(struct core *core, struct caller *caller, struct job *job,
                               struct err *err)
{
    enum status status = people_wrap_status(job->result, err);
    if (status != STATUS_OK)
        return status;
    return handover_rewrapped(core, caller->signer.pair, job->wrapped);
}
