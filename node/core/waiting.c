#include "node/core/waiting.h"

#include <stdio.h>
#include <string.h>

#include "crypto/secret.h"
#include "node/cases/charter.h"
#include "node/core/api.h"
#include "node/core/charters.h"
#include "node/core/check_words.h"
#include "node/core/pairing.h"
#include "node/core/replica.h"
#include "node/core/session.h"
#include "proto/words.h"

#define SYNC_TIMEOUT_S 30
#define SEEK_TIMEOUT_S 65 /* two beacons, and a little */

static enum status stretch(struct core *core, struct caller *caller,
                           enum caller_wait wait)
{
    struct job *job = job_new(JOB_STRETCH);
    if (job == NULL)
        return core_check(core, STATUS_NO_MEMORY);
    job->pin_len = (uint32_t)strlen(caller->code);
    memcpy(job->pin, caller->code, job->pin_len);
    caller_start_job(core, caller, job, wait);
    return STATUS_OK;
}

static enum status invite(struct core *core, struct caller *caller, bool is_for_machine,
                          struct err *err)
{
    int free_slot = -1;
    for (int i = 0; i < INVITES_MAX; i++)
        if (!core->invites[i].is_open)
            free_slot = i;
    if (free_slot < 0)
        return err_set(err, STATUS_BUSY,
                       "%d invitations are open; use one, or wait 10 minutes",
                       INVITES_MAX);
    struct invite *invite = &core->invites[free_slot];
    uint8_t random[12];
    rng_fill(&core->rng, "invite", NULL, random, sizeof(random));
    words_code(caller->code, random);
    secret_wipe(random, sizeof(random));
    if (!signer_copy(&invite->signer, &caller->signer))
        return core_check(core, STATUS_NO_MEMORY);
    invite->is_open = true;
    invite->is_ready = false;
    invite->is_for_machine = is_for_machine;
    invite->expires_ms = core->now_ms + INVITE_LIFETIME_MS;
    caller->invite = free_slot;
    return stretch(core, caller, CALLER_INVITING);
}

enum status api_peer_invite(struct core *core, struct caller *caller,
                            const struct args *args, struct buf *result, struct err *err)
{
    return invite(core, caller, false, err);
}

enum status api_node_invite(struct core *core, struct caller *caller,
                            const struct args *args, struct buf *result, struct err *err)
{
    return invite(core, caller, true, err);
}

enum status waiting_invited(struct core *core, struct caller *caller, struct job *job,
                            struct buf *result, struct err *err)
{
    struct invite *invite = &core->invites[caller->invite];
    if (job->result != WRAP_OK || !invite->is_open) {
        invite_close(invite);
        return err_set(err, STATUS_NO_MEMORY, "the code could not be made");
    }
    memcpy(invite->psk, job->seed, 32);
    invite->is_ready = true;
    pack_map(result, 3);
    pack_str(result, "code");
    pack_str(result, caller->code);
    pack_str(result, "expires_in_s");
    pack_uint(result, INVITE_LIFETIME_MS / 1000);
    pack_str(result, "key");
    pack_bin(result, core->noise_key, 32);
    secret_wipe(caller->code, sizeof(caller->code));
    return STATUS_OK;
}

enum status api_peer_join(struct core *core, struct caller *caller,
                          const struct args *args, struct buf *result, struct err *err)
{
    struct bytes code, at;
    char typed[256];
    int position;
    enum status status = args_text(args, "code", sizeof(typed) - 1, &code, err);
    if (status == STATUS_OK)
        status = args_text_optional(args, "at", sizeof(caller->address) - 1, &at, err);
    if (status != STATUS_OK)
        return status;
    (void)snprintf(typed, sizeof(typed), "%.*s", (int)code.len, (const char *)code.data);
    if (!words_normalise(caller->code, typed, &position)) {
        if (position == WORDS_CODE_LEN)
            return err_set(err, STATUS_INVALID, "a code has six words");
        return err_set(err, STATUS_INVALID, "word %d of the code is misspelt",
                       position + 1);
    }
    if (at.len == 0 && !core->discovery.hears)
        return err_set(err, STATUS_INVALID,
                       "this node was started without --beacon and finds nobody by "
                       "itself: say where the other one is");
    (void)snprintf(caller->address, sizeof(caller->address), "%.*s", (int)at.len,
                   at.len > 0 ? (const char *)at.data : "");
    if (at.len > 0 && strrchr(caller->address, ':') == NULL)
        return err_set(err, STATUS_INVALID, "the address is HOST:PORT");
    return stretch(core, caller, CALLER_JOINING);
}

static enum status call(struct core *core, struct caller *caller, const uint8_t *psk,
                        struct err *err)
{
    struct session *session = session_dial(core, caller->address, NULL, false, psk);
    if (session == NULL && core->store_status == STATUS_OK)
        return err_set(err, STATUS_BUSY,
                       "all %d connections are taken; try again in a minute",
                       SESSIONS_MAX);
    if (session == NULL || !signer_copy(&session->signer, &caller->signer))
        return core_check(core, STATUS_NO_MEMORY);
    session->client = caller->number;
    return STATUS_OK;
}

enum status waiting_dial(struct core *core, struct caller *caller, struct job *job,
                         struct err *err)
{
    secret_wipe(caller->code, sizeof(caller->code));
    if (job->result != WRAP_OK)
        return err_set(err, STATUS_NO_MEMORY, "the code could not be used");
    if (caller->address[0] != '\0')
        return call(core, caller, job->seed, err);
    memcpy(caller->psk, job->seed, sizeof(caller->psk));
    caller->deadline_ms = core->now_ms + SEEK_TIMEOUT_S * 1000;
    caller->wait = CALLER_SEEKING;
    return STATUS_OK;
}

void waiting_found(struct core *core, struct caller *caller, const char *address)
{
    struct err err = {0};
    (void)snprintf(caller->address, sizeof(caller->address), "%s", address);
    caller->wait = CALLER_JOINING;
    enum status status = call(core, caller, caller->psk, &err);
    secret_wipe(caller->psk, sizeof(caller->psk));
    if (status != STATUS_OK)
        caller_answer(core, caller, status, NULL, &err);
}

void waiting_seek(struct core *core, struct caller *caller)
{
    struct err err = {0};
    if (core->now_ms < caller->deadline_ms)
        return;
    secret_wipe(caller->psk, sizeof(caller->psk));
    enum status status =
        err_set(&err, STATUS_UNREACHABLE,
                "no node with that code was heard on this network for %d seconds; it has "
                "to be started with --listen and --beacon, or say where it is",
                SEEK_TIMEOUT_S);
    caller_answer(core, caller, status, NULL, &err);
}

void waiting_pack_joined(struct core *core, const struct session *session,
                         struct buf *result)
{
    struct charter *charter = charters_of_site(core, &session->site);
    char words[CHECK_WORDS_SIZE];
    check_words_of(words, session);
    pack_map(result, 3);
    pack_str(result, "name");
    /* Pairing has looked at its nodes; where it cannot be read again, the turn fails. */
    pack_str(result, charter == NULL ? "" : charter_name(charter));
    pack_str(result, "site");
    pack_bin(result, session->site.bytes, ID_SIZE);
    pack_str(result, "words");
    pack_str(result, words);
}

enum status api_sync(struct core *core, struct caller *caller, const struct args *args,
                     struct buf *result, struct err *err)
{
    uint64_t timeout_s = args_number(args, "timeout_s", SYNC_TIMEOUT_S);
    caller->since_ms = core->now_ms;
    caller->deadline_ms =
        core->now_ms +
        (args_flag(args, "wait") ? (timeout_s < 86400 ? timeout_s : 86400) * 1000 : 0);
    caller->wait = CALLER_SYNCING;
    dialing_hasten(core);
    for (int i = 0; i < SESSIONS_MAX; i++) {
        struct session *session = core->sessions[i];
        if (session == NULL || session->state != SESSION_READY)
            continue;
        sync_again(core, session);
        session_flush(core, session);
    }
    return STATUS_OK;
}

struct progress {
    struct core *core;
    const struct caller *caller;
    struct buf agreed, waiting;
    uint32_t agreed_len, waiting_len, unreachable;
};

static enum status look_at_peer(void *context, const struct store_peer *peer)
{
    struct progress *progress = context;
    struct core *core = progress->core;
    if (id_equal(&peer->site, &core->site) && !replica_is_machine(core, peer->node_key))
        return STATUS_OK; /* one of ours that was revoked */
    const struct session *session = session_of(core, peer);
    /* A round that began after the request counts; one that was under way may have looked
     * too early. */
    bool has_agreed = session != NULL && session->sync.agreed_ms > 0 &&
                      !session->sync.again && session->sync.state == SYNC_IDLE &&
                      session->sync.agreed_started_ms >= progress->caller->since_ms;
    struct buf *list = has_agreed ? &progress->agreed : &progress->waiting;
    pack_bin(list, peer->site.bytes, ID_SIZE);
    if (has_agreed)
        progress->agreed_len++;
    else
        progress->waiting_len++;
    /* A peer that dials us cannot be called; it is not waited for unless it is here. */
    if (!has_agreed && (session != NULL || peer->address.len > 0))
        progress->unreachable++;
    return STATUS_OK;
}

void waiting_sync(struct core *core, struct caller *caller)
{
    struct progress progress = {.core = core, .caller = caller};
    enum status status = store_peers(core->store, look_at_peer, &progress);
    bool is_over = core->now_ms >= caller->deadline_ms;
    if (core_check(core, status) == STATUS_OK && (progress.unreachable == 0 || is_over)) {
        struct buf result = {0};
        struct err err = {0};
        pack_map(&result, 2);
        pack_str(&result, "agreed");
        pack_array(&result, progress.agreed_len);
        buf_append(&result, &progress.agreed);
        pack_str(&result, "waiting");
        pack_array(&result, progress.waiting_len);
        buf_append(&result, &progress.waiting);
        if (progress.unreachable > 0)
            status =
                err_set(&err, STATUS_UNREACHABLE,
                        "%u of %u peers have not agreed yet; what waits is kept and "
                        "goes when they answer",
                        progress.unreachable, progress.agreed_len + progress.waiting_len);
        caller_answer(core, caller, status, &result, &err);
        buf_deinit(&result);
    }
    buf_deinit(&progress.agreed);
    buf_deinit(&progress.waiting);
}
