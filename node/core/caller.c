#include "node/core/caller.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/secret.h"
#include "node/cases/charter.h"
#include "node/core/api.h"
#include "node/core/charters.h"
#include "node/core/pairing.h"
#include "node/core/people.h"
#include "node/core/retry.h"
#include "node/core/session.h"
#include "node/core/shown.h"
#include "node/core/waiting.h"
#include "proto/words.h"

static struct caller *find(struct core *core, uint64_t number)
{
    for (int i = 0; i < CONTROL_CLIENTS_MAX; i++)
        if (core->callers[i] != NULL && core->callers[i]->number == number)
            return core->callers[i];
    return NULL;
}

void caller_opened(struct core *core, uint64_t number)
{
    for (int i = 0; i < CONTROL_CLIENTS_MAX; i++) {
        if (core->callers[i] != NULL)
            continue;
        struct caller *caller = calloc(1, sizeof(*caller));
        if (caller == NULL) {
            (void)core_check(core, STATUS_NO_MEMORY);
            return;
        }
        caller->number = number;
        core->callers[i] = caller;
        return;
    }
}

static void free_caller(struct caller *caller)
{
    signer_wipe(&caller->signer);
    secret_wipe(caller, sizeof(*caller));
    free(caller);
}

void caller_closed(struct core *core, uint64_t number)
{
    for (int i = 0; i < CONTROL_CLIENTS_MAX; i++) {
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
    for (int i = 0; i < CONTROL_CLIENTS_MAX; i++) {
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
                   const struct buf *result, const struct err *err)
{
    struct err too_large = {0};
    caller->wait = CALLER_READY;
    struct action *action = core_act(core, ACTION_REPLY);
    if (action == NULL)
        return;
    action->client = caller->number;
    struct buf *out = &action->bytes;
    if (status == STATUS_OK && result->len > RESULT_MAX) {
        /* Else the connection would end without a word. */
        status = err_set(&too_large, STATUS_TOO_LARGE,
                         "the answer has %zu bytes, and one carries at most %u; ask for "
                         "less: for one case, or with a limit",
                         result->len, RESULT_MAX);
        err = &too_large;
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

static enum status run_method(struct core *core, struct caller *caller,
                              const struct api_method *method, struct bytes map,
                              struct buf *result, struct err *err)
{
    struct args args = {map, method->arguments};
    enum status status = args_check(&args, err);
    if (status != STATUS_OK)
        return status;
    if (method->who != API_ANYBODY && caller->signer.pair == NULL)
        return err_set(err, STATUS_DENIED,
                       "this is for a person: unlock with a PIN first");
    if (method->who == API_STEWARD && !caller_is_steward(core, caller))
        return err_set(err, STATUS_DENIED, "only a steward may do this (%s)",
                       method->name);
    return method->call(core, caller, &args, result, err);
}

struct request {
    uint64_t number; /* 0 where it cannot be read */
    struct bytes name, arguments;
};

static enum status read_request(struct bytes bytes, struct request *request,
                                struct err *err)
{
    struct pack_reader reader = pack_reader_of(bytes);
    uint32_t elements;
    *request = (struct request){0};
    enum status status = pack_check(bytes, err);
    if (status == STATUS_OK)
        status = pack_read_array(&reader, &elements, err);
    if (status == STATUS_OK && elements != 3)
        return err_set(err, STATUS_INVALID, "a request is [number, method, arguments]");
    if (status == STATUS_OK)
        status = pack_read_uint(&reader, &request->number, err);
    if (status == STATUS_OK)
        status = pack_read_str(&reader, &request->name, err);
    if (status == STATUS_OK)
        status = pack_value(&reader, 1, &request->arguments, err);
    return status;
}

static enum status run_request(struct core *core, struct caller *caller,
                               const struct request *request, struct buf *result,
                               struct err *err)
{
    for (size_t i = 0; i < api_methods_len; i++)
        if (bytes_equal_str(request->name, api_methods[i].name))
            return run_method(core, caller, &api_methods[i], request->arguments, result,
                              err);
    return err_set(err, STATUS_UNSUPPORTED, "this node knows no method of that name");
}

/* The answer to the request before is still to come, under its own number. */
static void refuse_second(struct core *core, const struct caller *caller, uint64_t number)
{
    struct caller other = *caller;
    struct err err = {0};
    other.request = number;
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

void caller_job_done(struct core *core, struct job *job)
{
    struct caller *caller = find(core, job->client);
    struct buf result = {0};
    struct err err = {0};
    enum status status = STATUS_OK;
    if (caller == NULL || caller->wait == CALLER_READY) {
        job_free(job);
        return;
    }
    switch (caller->wait) { /* never: another; no job belongs to it */
    case CALLER_UNLOCKING:
        status = people_unlocked(core, caller, job, &result, &err);
        break;
    case CALLER_ADDING:
        status = people_wrapped(core, caller, job, &result, &err);
        break;
    case CALLER_INVITING:
        status = waiting_invited(core, caller, job, &result, &err);
        break;
    case CALLER_JOINING:
        status = waiting_dial(core, caller, job, &err);
        break;
    case CALLER_RETRYING:
        status = retry_verified(core, caller, job, &result, &err);
        break;
    case CALLER_SHOWING:
        status = shown_unwrapped(core, caller, job, &result, &err);
        break;
    default:
        break;
    }
    bool dials = caller->wait == CALLER_JOINING && status == STATUS_OK;
    if (!dials)
        caller_answer(core, caller, status, &result, &err);
    job_free(job);
    if (result.data != NULL)
        secret_wipe(result.data, result.capacity); /* SHOWING */
    buf_deinit(&result);
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
    for (int i = 0; i < CONTROL_CLIENTS_MAX; i++)
        if (core->callers[i] != NULL && core->callers[i]->wait == CALLER_SYNCING)
            waiting_sync(core, core->callers[i]);
}

uint64_t callers_deadline(const struct core *core)
{
    uint64_t deadline = UINT64_MAX;
    for (int i = 0; i < CONTROL_CLIENTS_MAX; i++) {
        const struct caller *caller = core->callers[i];
        if (caller != NULL && caller->wait == CALLER_SYNCING &&
            caller->deadline_ms < deadline)
            deadline = caller->deadline_ms;
    }
    return deadline;
}
