#include "node/core/caller.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/secret.h"
#include "node/cases/charter.h"
#include "node/core/api.h"
#include "node/core/backup_out.h"
#include "node/core/bundle_in.h"
#include "node/core/bundle_out.h"
#include "node/core/charters.h"
#include "node/core/far.h"
#include "node/core/observer.h"
#include "node/core/once.h"
#include "node/core/pairing.h"
#include "node/core/people.h"
#include "node/core/person_pin.h"
#include "node/core/retry.h"
#include "node/core/session.h"
#include "node/core/shown.h"
#include "node/core/waiting.h"
#include "proto/words.h"

static struct caller *find(struct core *core, uint64_t number)
{
    for (int i = 0; i < CALLERS_MAX; i++)
        if (core->callers[i] != NULL && core->callers[i]->number == number)
            return core->callers[i];
    return NULL;
}

/* Those from afar cannot take the room of the others. */
void caller_opened(struct core *core, uint64_t number, bool is_far)
{
    int first = is_far ? CONTROL_CLIENTS_MAX : 0;
    int end = is_far ? CALLERS_MAX : CONTROL_CLIENTS_MAX;
    for (int i = first; i < end; i++) {
        if (core->callers[i] != NULL)
            continue;
        struct caller *caller = calloc(1, sizeof(*caller));
        if (caller == NULL) {
            (void)core_check(core, STATUS_NO_MEMORY);
            return;
        }
        caller->number = number;
        caller->is_far = is_far;
        core->callers[i] = caller;
        return;
    }
}

static void free_caller(struct caller *caller)
{
    signer_wipe(&caller->signer);
    backup_out_free(caller->backup_out);
    bundle_in_free(caller->bundle_in);
    bundle_out_free(caller->bundle_out);
    secret_wipe(caller, sizeof(*caller));
    free(caller);
}

void caller_closed(struct core *core, uint64_t number)
{
    for (int i = 0; i < CALLERS_MAX; i++) {
        if (core->callers[i] == NULL || core->callers[i]->number != number)
            continue;
        free_caller(core->callers[i]);
        core->callers[i] = NULL;
    }
    for (int i = 0; i < SESSIONS_MAX; i++)
        if (core->sessions[i] != NULL && core->sessions[i]->client == number)
            core->sessions[i]->client = 0;
}

void callers_free(struct core *core)
{
    for (int i = 0; i < CALLERS_MAX; i++) {
        if (core->callers[i] != NULL)
            free_caller(core->callers[i]);
        core->callers[i] = NULL;
    }
}

bool caller_is_steward(struct core *core, const struct caller *caller)
{
    struct charter *charter = charters_of_site(core, &core->site);
    return charter != NULL &&
           (charter_roles_now(charter, caller->signer.key) & ROLE_STEWARD) != 0;
}

#define RESULT_MAX (CONTROL_MESSAGE_MAX - 1024) /* what else an answer says fits */

void caller_answer(struct core *core, struct caller *caller, enum status status,
                   struct buf *result, const struct err *err)
{
    struct err other = {0};
    caller->wait = CALLER_READY;
    if (status == STATUS_OK) {
        status = observer_cut(core, caller, result, &other);
        err = status == STATUS_OK ? err : &other;
    }
    struct action *action = core_act(core, ACTION_REPLY);
    if (action == NULL)
        return;
    action->client = caller->number;
    struct buf *out = &action->bytes;
    if (status == STATUS_OK && result->len > RESULT_MAX) {
        /* Else the connection would end without a word. */
        status = err_set(&other, STATUS_TOO_LARGE,
                         "the answer has %zu bytes, and one carries at most %u; ask for "
                         "less: for one case, or with a limit",
                         result->len, RESULT_MAX);
        err = &other;
    }
    pack_array(out, 3);
    pack_uint(out, caller->request);
    pack_str(out, status_name(status));
    if (status != STATUS_OK)
        pack_str(out, err_text(err, status));
    else if (result->len == 0 && !result->failed)
        pack_map(out, 0);
    else
        buf_append(out, result);
    /* Half an answer is none: the turn fails. */
    (void)core_check(core, buf_status(out));
}

struct request {
    uint64_t number; /* 0 where it cannot be read */
    struct bytes name, arguments;
    struct bytes once; /* empty: it may be done again */
};

static enum status check_unlocked(const struct caller *caller, struct err *err)
{
    return caller->signer.pair != NULL
               ? STATUS_OK
               : err_set(err, STATUS_DENIED,
                         "this is for a person: unlock with a PIN first");
}

enum status api_check_export(const struct caller *caller, struct err *err)
{
    return caller->is_far ? check_unlocked(caller, err) : STATUS_OK;
}

static enum status check_who(const struct caller *caller, const struct api_method *method,
                             struct err *err)
{
    if (method->who == API_ANYBODY || (method->who == API_KNOWN && caller->has_person))
        return STATUS_OK;
    return method->who == API_EXPORT ? api_check_export(caller, err)
                                     : check_unlocked(caller, err);
}

static enum status run_method(struct core *core, struct caller *caller,
                              const struct api_method *method,
                              const struct request *request, struct buf *result,
                              struct err *err)
{
    struct args args = {request->arguments, method->arguments};
    caller->method = method;
    enum status status = far_check(core, caller, method, err);
    if (status == STATUS_OK)
        status = observer_check(core, caller, method, &args.names, err);
    if (status == STATUS_OK)
        status = args_check(&args, err);
    if (status != STATUS_OK)
        return status;
    status = check_who(caller, method, err);
    if (status != STATUS_OK)
        return status;
    if (method->who == API_STEWARD && !caller_is_steward(core, caller))
        return err_set(err, STATUS_DENIED, "only a steward may do this (%s)",
                       method->name);
    if (request->once.len > 0 && method->who != API_ANYBODY && method->who != API_EXPORT)
        return once_call(core, caller, method, &args, request->once, result, err);
    return method->call(core, caller, &args, result, err);
}

static enum status read_request(struct bytes bytes, struct request *request,
                                struct err *err)
{
    struct pack_reader reader = pack_reader_of(bytes);
    uint32_t elements;
    *request = (struct request){0};
    enum status status = pack_check(bytes, err);
    if (status == STATUS_OK)
        status = pack_read_array(&reader, &elements, err);
    if (status == STATUS_OK && elements != 3 && elements != 4)
        return err_set(err, STATUS_INVALID,
                       "a request is [number, method, arguments] and perhaps a once");
    if (status == STATUS_OK)
        status = pack_read_uint(&reader, &request->number, err);
    if (status == STATUS_OK)
        status = pack_read_str(&reader, &request->name, err);
    if (status == STATUS_OK)
        status = pack_value(&reader, 1, &request->arguments, err);
    if (status != STATUS_OK || elements == 3)
        return status;
    if (pack_read_bin(&reader, &request->once, NULL) != STATUS_OK ||
        request->once.len != ONCE_SIZE)
        return err_set(err, STATUS_INVALID, "a once is a bin of %d bytes", ONCE_SIZE);
    return STATUS_OK;
}

static enum status run_request(struct core *core, struct caller *caller,
                               const struct request *request, struct buf *result,
                               struct err *err)
{
    for (size_t i = 0; i < api_methods_len; i++)
        if (bytes_equal_str(request->name, api_methods[i].name))
            return run_method(core, caller, &api_methods[i], request, result, err);
    return err_set(err, STATUS_UNSUPPORTED, "this node knows no method of that name");
}

/* The answer to the request before is still to come, under its own number. */
static void refuse_second(struct core *core, const struct caller *caller, uint64_t number)
{
    struct caller other = {.number = caller->number, .request = number};
    struct err err = {0};
    enum status status =
        err_set(&err, STATUS_BUSY, "the request before is not answered yet");
    caller_answer(core, &other, status, NULL, &err);
}

void caller_request(struct core *core, uint64_t number, struct bytes bytes)
{
    struct caller *caller = find(core, number);
    if (caller == NULL)
        return;
    struct err err = {0};
    struct buf result = {0};
    struct request request;
    enum status status = read_request(bytes, &request, &err);
    if (caller->wait != CALLER_READY) {
        refuse_second(core, caller, request.number);
        return;
    }
    caller->request = request.number;
    far_asked(core, caller);
    if (status == STATUS_OK)
        status = run_request(core, caller, &request, &result, &err);
    (void)core_check(core, status); /* a failure of ours undoes what was half written */
    if (caller->wait == CALLER_READY)
        caller_answer(core, caller, status, &result, &err);
    buf_deinit(&result);
}

void caller_start_job(struct core *core, struct caller *caller, struct job *job,
                      enum caller_wait wait)
{
    struct action *action = core_act(core, ACTION_JOB);
    if (action == NULL) {
        job_free(job);
        return;
    }
    job->client = caller->number;
    caller->wait = wait;
    action->job = job;
}

/* Of a far caller: its try of a PIN is counted, and whoever lost the device meanwhile
 * asked in vain. */
static enum status far_done(struct core *core, const struct caller *caller,
                            const struct job *job, struct err *err)
{
    enum status status = STATUS_OK;
    if (!caller->is_far)
        return STATUS_OK;
    if (job->type == JOB_UNWRAP)
        status = pin_try_end(core, &caller->person, job->result);
    if (status == STATUS_OK && !caller->has_person)
        status = err_set(err, STATUS_DENIED, "this device is not signed in any more");
    return status;
}

/* Begins what the job was for, or ends it. */
static enum status finish_job(struct core *core, struct caller *caller, struct job *job,
                              struct buf *result, struct err *err)
{
    switch (caller->wait) { /* never: another; no job belongs to it */
    case CALLER_UNLOCKING:
        return people_unlocked(core, caller, job, result, err);
    case CALLER_ADDING:
        return people_wrapped(core, caller, job, result, err);
    case CALLER_INVITING:
        return waiting_invited(core, caller, job, result, err);
    case CALLER_JOINING:
        return waiting_dial(core, caller, job, err);
    case CALLER_RETRYING:
        return retry_verified(core, caller, job, result, err);
    case CALLER_OPENING:
        return person_pin_opened(core, caller, job, err);
    case CALLER_REWRAPPING:
        return person_pin_wrapped(core, caller, job, err);
    case CALLER_SHOWING:
        return shown_unwrapped(core, caller, job, result, err);
    case CALLER_READING:
        return bundle_in_job_done(core, caller, job, result, err);
    default:
        return STATUS_OK;
    }
}

void caller_job_done(struct core *core, struct job *job)
{
    struct caller *caller = find(core, job->client);
    struct buf result = {0};
    struct err err = {0};
    enum status status;
    if (caller == NULL || caller->wait == CALLER_READY) {
        job_free(job);
        return;
    }
    bool goes_on = caller->wait == CALLER_JOINING || caller->wait == CALLER_OPENING;
    status = far_done(core, caller, job, &err);
    if (status == STATUS_OK)
        status = finish_job(core, caller, job, &result, &err);
    goes_on = goes_on || caller->bundle_in != NULL;
    if (status != STATUS_OK || !goes_on)
        caller_answer(core, caller, status, &result, &err);
    job_free(job);
    buf_wipe(&result); /* SHOWING */
}

void caller_joined(struct core *core, struct session *session)
{
    struct caller *caller = find(core, session->client);
    assert(caller != NULL); /* caller_closed takes it from the session */
    session->client = 0;
    struct buf result = {0};
    waiting_pack_joined(core, session, &result);
    caller_answer(core, caller, STATUS_OK, &result, NULL);
    buf_deinit(&result);
}

void caller_join_failed(struct core *core, struct session *session)
{
    struct caller *caller = find(core, session->client);
    assert(caller != NULL); /* caller_closed takes it from the session */
    session->client = 0;
    struct err err = {0};
    enum status status = err_set(
        &err, session->state == SESSION_DIALING ? STATUS_UNREACHABLE : STATUS_DENIED,
        "%s",
        session->state == SESSION_DIALING
            ? "nobody answers at that address; is the parent's node running?"
            : "the other side ended the pairing: the code is wrong, used or older than "
              "10 "
              "minutes, or the tiers do not fit; ask for a new invitation");
    caller_answer(core, caller, status, NULL, &err);
}

void callers_tick(struct core *core)
{
    for (int i = 0; i < CALLERS_MAX; i++) {
        struct caller *caller = core->callers[i];
        if (caller != NULL && caller->wait == CALLER_SYNCING)
            waiting_sync(core, caller);
        if (caller != NULL && caller->wait == CALLER_SEEKING)
            waiting_seek(core, caller);
        if (caller != NULL)
            far_tick(core, caller);
    }
}

uint64_t callers_deadline(const struct core *core)
{
    uint64_t deadline = UINT64_MAX;
    for (int i = 0; i < CALLERS_MAX; i++) {
        const struct caller *caller = core->callers[i];
        if (caller != NULL &&
            (caller->wait == CALLER_SYNCING || caller->wait == CALLER_SEEKING) &&
            caller->deadline_ms < deadline)
            deadline = caller->deadline_ms;
        if (caller != NULL && far_deadline(caller) < deadline)
            deadline = far_deadline(caller);
    }
    return deadline;
}
