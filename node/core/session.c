#include "node/core/session.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "node/cases/charter.h"
#include "node/core/added_machine.h"
#include "node/core/charters.h"
#include "node/core/instance.h"
#include "node/core/pair.h"
#include "node/core/pairing.h"
#include "node/core/renewal.h"
#include "node/core/restored.h"
#include "node/core/replica.h"
#include "node/core/seal_claim.h"
#include "node/core/seal_talk.h"
#include "node/core/transfer.h"
#include "node/core/unpaired.h"
#include "crypto/secret.h"

#define DIAL_DEADLINE_MS 20000
#define SILENCE_MAX_MS (10 * 60 * 1000)

struct session *session_find(struct core *core, uint64_t conn)
{
    for (int i = 0; i < SESSIONS_MAX; i++)
        if (core->sessions[i] != NULL && core->sessions[i]->conn == conn)
            return core->sessions[i];
    return NULL;
}

struct session *session_with(struct core *core, const struct id *site)
{
    for (int i = 0; i < SESSIONS_MAX; i++) {
        struct session *session = core->sessions[i];
        if (session != NULL && session->state == SESSION_READY &&
            id_equal(&session->site, site))
            return session;
    }
    return NULL;
}

struct session *session_of(struct core *core, const struct store_peer *peer)
{
    if (!id_equal(&peer->site, &core->site))
        return session_with(core, &peer->site);
    for (int i = 0; i < SESSIONS_MAX; i++) {
        struct session *session = core->sessions[i];
        if (session != NULL && session->state == SESSION_READY &&
            replica_has(core, session) &&
            memcmp(session->peer_key, peer->node_key, sizeof(peer->node_key)) == 0)
            return session;
    }
    return NULL;
}

uint32_t sessions_ready(const struct core *core)
{
    uint32_t ready = 0;
    for (int i = 0; i < SESSIONS_MAX; i++)
        ready += core->sessions[i] != NULL && core->sessions[i]->state == SESSION_READY;
    return ready;
}

static struct session *new_session(struct core *core, uint64_t conn)
{
    for (int i = 0; i < SESSIONS_MAX; i++) {
        if (core->sessions[i] != NULL)
            continue;
        struct session *session = calloc(1, sizeof(*session));
        if (session == NULL) {
            (void)core_check(core, STATUS_NO_MEMORY);
            return NULL;
        }
        session->conn = conn;
        session->opened_ms = core->now_ms;
        session->deadline_ms = core->now_ms + HANDSHAKE_DEADLINE_MS;
        session->invite = -1;
        core->sessions[i] = session;
        return session;
    }
    return NULL;
}

static void free_session(struct core *core, struct session *session)
{
    for (int i = 0; i < SESSIONS_MAX; i++)
        if (core->sessions[i] == session)
            core->sessions[i] = NULL;
    channel_deinit(&session->channel);
    sync_deinit(&session->sync);
    signer_wipe(&session->signer);
    free(session);
}

void sessions_free(struct core *core)
{
    for (int i = 0; i < SESSIONS_MAX; i++)
        if (core->sessions[i] != NULL)
            free_session(core, core->sessions[i]);
}

/* Somebody dialed us and was never known: a stranger, as far as the log goes. */
static bool is_strange(const struct session *session)
{
    return !session->is_dialer && session->state == SESSION_HANDSHAKE;
}

void session_end(struct core *core, struct session *session, bool is_clean,
                 const char *why)
{
    if (session->state == SESSION_CLOSING)
        return;
    if (is_clean && channel_is_open(&session->channel)) {
        channel_finish(&session->channel);
        session_flush(core, session);
    }
    if (is_strange(session))
        refusal_note(core, session->conn, why);
    else
        core_trace(core, "session conn=%llu end=%s", (unsigned long long)session->conn,
                   why);
    session->state = SESSION_CLOSING;
    struct action *action = core_act(core, ACTION_CLOSE);
    if (action != NULL)
        action->conn = session->conn;
    pairing_failed(core, session);
}

void session_send(struct session *session, const struct buf *message)
{
    if (buf_status(message) == STATUS_OK)
        channel_send(&session->channel, buf_bytes(message));
    else
        session->lacks_message = true;
}

void session_flush(struct core *core, struct session *session)
{
    if (session->state == SESSION_DIALING)
        return; /* there is nobody to send it to yet */
    channel_flush(&session->channel);
    if (session->lacks_message || channel_status(&session->channel) != STATUS_OK) {
        (void)core_check(core, STATUS_NO_MEMORY);
        return;
    }
    if (session->channel.out.len == 0)
        return;
    struct action *action = core_act(core, ACTION_SEND);
    if (action == NULL)
        return;
    action->conn = session->conn;
    action->bytes = session->channel.out;
    session->channel.out = (struct buf){0};
}

static enum status init_channel(struct core *core, struct session *session,
                                const uint8_t *remote_static, const uint8_t *psk)
{
    uint8_t ephemeral[32];
    struct channel_config config = {
        .is_initiator = session->is_dialer,
        .pattern = psk != NULL ? NOISE_XXPSK0 : NOISE_XK,
        .network = core->network,
        .s_secret = session->is_former ? core->former.noise_secret : core->noise_secret,
        .s_public = session->is_former ? core->former.noise_key : core->noise_key,
        .e_secret = ephemeral,
        .remote_static = remote_static,
        .replays = session->is_dialer ? NULL : core->replays,
    };
    if (!session->is_dialer && core->former.is_set) {
        config.also_secret = core->former.noise_secret;
        config.also_public = core->former.noise_key;
    }
    rng_fill(&core->rng, "ephemeral", NULL, ephemeral, sizeof(ephemeral));
    if (psk != NULL)
        config.psks[config.psks_len++] = psk;
    for (int i = 0; !session->is_dialer && i < INVITES_MAX; i++)
        if (core->invites[i].is_open && core->invites[i].is_ready)
            config.psks[config.psks_len++] = core->invites[i].psk;
    enum status status = channel_init(&session->channel, &config);
    secret_wipe(ephemeral, sizeof(ephemeral));
    return core_check(core, status);
}

struct session *session_dial(struct core *core, const char *address,
                             const uint8_t *remote_static, bool as_former,
                             const uint8_t *psk)
{
    struct session *session = new_session(core, core->next_conn);
    if (session == NULL)
        return NULL;
    core->next_conn += 2;
    session->is_dialer = true;
    session->is_former = as_former;
    session->is_pairing = psk != NULL;
    session->deadline_ms = core->now_ms + DIAL_DEADLINE_MS;
    (void)snprintf(session->address, sizeof(session->address), "%s", address);
    if (remote_static != NULL)
        memcpy(session->peer_key, remote_static, sizeof(session->peer_key));
    if (init_channel(core, session, remote_static, psk) != STATUS_OK) {
        free_session(core, session);
        return NULL;
    }
    struct action *action = core_act(core, ACTION_DIAL);
    if (action != NULL) {
        action->conn = session->conn;
        (void)snprintf(action->text, sizeof(action->text), "%s", address);
    }
    return session;
}

/* The oldest half-open connection makes room for a new one. */
static void limit_half_open(struct core *core)
{
    struct session *oldest = NULL;
    int half_open = 0;
    for (int i = 0; i < SESSIONS_MAX; i++) {
        struct session *session = core->sessions[i];
        if (session == NULL || session->is_dialer || session->state != SESSION_HANDSHAKE)
            continue;
        half_open++;
        if (oldest == NULL || session->opened_ms < oldest->opened_ms)
            oldest = session;
    }
    if (half_open >= HALF_OPEN_MAX)
        session_end(core, oldest, false, "half-open");
}

void session_accept(struct core *core, uint64_t conn)
{
    limit_half_open(core);
    struct session *session = new_session(core, conn);
    if (session == NULL) {
        refusal_note(core, conn, "no-room");
        struct action *action = core_act(core, ACTION_CLOSE);
        if (action != NULL)
            action->conn = conn;
        return;
    }
    session->state = SESSION_HANDSHAKE;
    if (init_channel(core, session, NULL, NULL) != STATUS_OK) /* never: it says nothing */
        session_end(core, session, false, "memory");
}

void session_connected(struct core *core, uint64_t conn)
{
    struct session *session = session_find(core, conn);
    if (session == NULL || session->state != SESSION_DIALING)
        return;
    session->state = SESSION_HANDSHAKE;
    session->deadline_ms = core->now_ms + HANDSHAKE_DEADLINE_MS;
    session_flush(core, session);
}

/* Is that machine one of a linked site's? site: of this one; NULL: of any. More than one
 * charter may name a machine, whether its own steward agrees or not. */
static bool is_of_linked(struct core *core, const uint8_t *noise_key,
                         const struct id *site)
{
    struct charter *own = charters_of_site(core, &core->site);
    if (own == NULL)
        return false;
    size_t len;
    const struct charter_link *links = charter_links(own, &len);
    for (size_t i = 0; i < len; i++) {
        if (site != NULL && !id_equal(&links[i].site, site))
            continue;
        const struct charter *charter = charters_of_site(core, &links[i].site);
        if (charter != NULL && charter_has_machine(charter, noise_key))
            return true;
    }
    return false;
}

/* One of a linked site's, or another one of our own's? */
static bool is_linked(struct core *core, const uint8_t *noise_key, const struct id *site)
{
    bool may_be_ours = site == NULL || id_equal(site, &core->site);
    return (may_be_ours && replica_is_machine(core, noise_key)) ||
           is_of_linked(core, noise_key, site);
}

static void send_hello(struct core *core, struct session *session)
{
    struct buf message = {0};
    pack_array(&message, 3);
    pack_str(&message, "hello");
    pack_uint(&message, SESSION_MINOR);
    pack_bin(&message, core->site.bytes, ID_SIZE);
    session_send(session, &message);
    buf_deinit(&message);
}

/* The handshake is done: is the other one we know, or one with an invitation? */
static bool greet(struct core *core, struct session *session)
{
    memcpy(session->peer_key, session->channel.remote_static, sizeof(session->peer_key));
    session->is_pairing = session->channel.pattern == NOISE_XXPSK0;
    session->is_former = session->is_former || session->channel.is_also;
    if (!session->is_pairing && !is_linked(core, session->channel.remote_static, NULL)) {
        if (!session->is_dialer)
            unpaired_knocked(core, session->channel.remote_static);
        return false;
    }
    session->state = SESSION_GREETING;
    session->deadline_ms = core->now_ms + HANDSHAKE_DEADLINE_MS;
    if (session->is_pairing && !session->is_dialer && !pairing_claim(core, session))
        return false;
    send_hello(core, session);
    return true;
}

/* An older connection with the same machine, or NULL: a site may have several. */
static struct session *find_older(struct core *core, const struct session *session)
{
    for (int i = 0; i < SESSIONS_MAX; i++) {
        struct session *other = core->sessions[i];
        if (other != NULL && other != session && other->state == SESSION_READY &&
            id_equal(&other->site, &session->site) &&
            memcmp(other->peer_key, session->peer_key, sizeof(other->peer_key)) == 0)
            return other;
    }
    return NULL;
}

/* Where both dialed at once, both ends keep what the lower key dialed. */
static bool gives_way(const struct core *core, const struct session *session,
                      const struct session *older)
{
    uint64_t apart_ms = session->opened_ms - older->opened_ms;
    if (session->opened_ms < older->opened_ms)
        apart_ms = older->opened_ms - session->opened_ms;
    const uint8_t *key = session->is_former ? core->former.noise_key : core->noise_key;
    bool is_lower = memcmp(key, session->peer_key, sizeof(core->noise_key)) < 0;
    return session->is_dialer != older->is_dialer && apart_ms <= DIAL_DEADLINE_MS &&
           session->is_dialer != is_lower;
}

/* One connection with a machine is enough: else the newer one stays. EXISTS: this one
 * does not. */
static enum status become_ready(struct core *core, struct session *session)
{
    struct session *older = find_older(core, session);
    if (older != NULL && gives_way(core, session, older))
        return STATUS_EXISTS;
    if (older != NULL)
        session_end(core, older, true, "replaced");
    session->state = SESSION_READY;
    session->is_pairing = false;
    session->was_ready = true;
    session->deadline_ms = core->now_ms + SILENCE_MAX_MS;
    dialing_ready(core, session);
    unpaired_ready(core, session);
    renewal_ready(core, session);
    (void)session_note(core, session); /* a failure of ours shows at the commit */
    restored_tell(core, session);
    instance_say(core, session);
    seal_talk_begin(core, session);
    sync_start(core, session);
    return STATUS_OK;
}

static enum status receive_hello(struct core *core, struct session *session,
                                 struct pack_reader *reader)
{
    struct id site;
    enum status status = pack_read_uint(reader, &session->minor, NULL);
    if (status == STATUS_OK)
        status = pack_read_fixed(reader, site.bytes, ID_SIZE, NULL);
    if (status != STATUS_OK)
        return status;
    if (session->is_pairing) {
        if (id_equal(&site, &core->site))
            return STATUS_INVALID; /* a machine of ours pairs otherwise */
        session->site = site;
        session->state = SESSION_PAIRING;
        session->deadline_ms = core->now_ms + DIAL_DEADLINE_MS;
        return pairing_start(core, session);
    }
    if (!is_linked(core, session->channel.remote_static, &site))
        return STATUS_UNVERIFIED;
    session->site = site;
    return become_ready(core, session);
}

static enum status ready_message(struct core *core, struct session *session,
                                 struct bytes name, struct pack_reader *reader,
                                 uint32_t elements)
{
    session->deadline_ms = core->now_ms + SILENCE_MAX_MS;
    if (bytes_equal_str(name, "restored") && elements == 1) {
        session->sync.confirm.has_agreed = false;
        return restored_heard(core, &session->site, session->channel.remote_static);
    }
    if (bytes_equal_str(name, "instance") && elements == 2)
        return instance_heard(core, session, reader);
    if (bytes_equal_str(name, "copy") && elements == 1)
        return instance_told(core, session);
    if (bytes_equal_str(name, "checkpoint") && elements == SEAL_CLAIM_ELEMENTS)
        return seal_talk_checkpoint(core, session, reader);
    if (bytes_equal_str(name, "cosignature") && elements == 2)
        return seal_talk_cosignature(core, session, reader);
    if (bytes_equal_str(name, "witnessed") && elements == 2)
        return seal_talk_witnessed(core, session, reader);
    return sync_message(core, session, name, reader, elements);
}

/* Messages are read item by item through the strict gate. They are not checked as one
 * value: an op may nest as deep inside a message as it may alone. */
static enum status dispatch_message(struct core *core, struct session *session,
                                    struct bytes name, struct pack_reader *reader,
                                    uint32_t elements)
{
    enum status status;
    bool is_early =
        session->state == SESSION_GREETING || session->state == SESSION_PAIRING;
    if (is_early && session->is_for_machine)
        return added_machine_message(core, session, name, reader, elements);
    switch (session->state) { /* never: one without an open channel */
    case SESSION_GREETING:
        if (bytes_equal_str(name, "hello") && elements == 3)
            return receive_hello(core, session, reader);
        return STATUS_INVALID;
    case SESSION_PAIRING:
        status = pairing_message(core, session, name, reader);
        if (status == STATUS_OK && session->linked_received)
            status = become_ready(core, session);
        return status;
    case SESSION_READY:
        return ready_message(core, session, name, reader, elements);
    default:
        return STATUS_OK; /* what comes after the end is nobody's */
    }
}

static enum status receive_message(struct core *core, struct session *session,
                                   struct bytes message)
{
    struct pack_reader reader = pack_reader_of(message);
    uint32_t elements;
    struct bytes name;
    enum status status = pack_read_array(&reader, &elements, NULL);
    if (status == STATUS_OK)
        status = pack_read_str(&reader, &name, NULL);
    if (status == STATUS_OK)
        status = dispatch_message(core, session, name, &reader, elements);
    if (status == STATUS_OK && !pack_at_end(&reader))
        status = STATUS_INVALID;
    return status;
}

void session_bytes(struct core *core, uint64_t conn, struct bytes bytes)
{
    struct session *session = session_find(core, conn);
    if (session == NULL || session->state == SESSION_CLOSING)
        return;
    enum status status = channel_receive(&session->channel, bytes, NULL);
    if (status == STATUS_OK && session->state == SESSION_HANDSHAKE &&
        channel_is_open(&session->channel) && !greet(core, session)) {
        session_end(core, session, false, "not-paired");
        return;
    }
    while (status == STATUS_OK) {
        struct bytes message;
        status = channel_next(&session->channel, &message);
        if (status == STATUS_OK)
            status = receive_message(core, session, message);
    }
    assert(session->state != SESSION_CLOSING); /* no message ends it but by its status */
    if (status != STATUS_NOT_FOUND) {
        session_end(core, session, false, status_name(status));
        return;
    }
    session_flush(core, session);
    if (channel_is_finished(&session->channel))
        session_end(core, session, true, "fin");
}

void session_job_done(struct core *core, struct job *job)
{
    struct session *session = session_find(core, job->conn);
    if (session == NULL) {
        job_free(job);
        return;
    }
    transfer_job_done(core, session, job);
    if (session->state == SESSION_READY && transfer_pump(core, session) != STATUS_OK)
        session_end(core, session, false, "sync");
    session_flush(core, session);
}

/* A key that its site revoked is refused at the door; one that is inside already goes as
 * soon as the word of it is here. */
static void end_revoked(struct core *core)
{
    for (int i = 0; i < SESSIONS_MAX; i++) {
        struct session *session = core->sessions[i];
        if (session == NULL || session->state != SESSION_READY)
            continue;
        for (uint32_t j = 0; j < core->changed.len; j++) {
            if (!id_equal(&core->changed.ids[j], &session->site))
                continue;
            if (!is_linked(core, session->channel.remote_static, &session->site))
                session_end(core, session, false, "revoked");
            break;
        }
    }
}

void sessions_after_turn(struct core *core)
{
    end_revoked(core);
    for (int i = 0; i < SESSIONS_MAX && core->changed.len > 0; i++) {
        struct session *session = core->sessions[i];
        bool is_due = false;
        if (session == NULL || session->state != SESSION_READY)
            continue;
        for (uint32_t j = 0; j < core->changed.len; j++) {
            /* A failure of ours shows at the commit. */
            if (pair_has(core, &session->site, &core->changed.ids[j]) != STATUS_OK)
                continue;
            confirm_note_change(&session->sync.confirm, &core->changed.ids[j]);
            is_due = true;
        }
        if (!is_due || session->sync.again)
            continue;
        sync_again(core, session);
        session_flush(core, session);
    }
}

void session_closed(struct core *core, uint64_t conn)
{
    struct session *session = session_find(core, conn);
    if (session == NULL)
        return;
    if (is_strange(session))
        refusal_note(core, conn, "closed");
    else if (session->state != SESSION_CLOSING)
        core_trace(core, "session conn=%llu end=closed", (unsigned long long)conn);
    if (session->state == SESSION_READY)
        (void)session_note(core, session); /* a failure of ours shows at the commit */
    if (session->is_dialer)
        unpaired_closed(core, session);
    dialing_ended(core, session);
    pairing_failed(core, session);
    free_session(core, session);
}

void sessions_end(struct core *core)
{
    core->is_ending = true;
    for (int i = 0; i < SESSIONS_MAX; i++)
        if (core->sessions[i] != NULL)
            session_end(core, core->sessions[i], true, "stopping");
}

void sessions_tick(struct core *core)
{
    for (int i = 0; i < SESSIONS_MAX; i++) {
        struct session *session = core->sessions[i];
        if (session == NULL || session->state == SESSION_CLOSING)
            continue;
        if (core->now_ms >= session->deadline_ms)
            session_end(core, session, false, "deadline");
        else
            sync_tick(core, session);
        session_flush(core, session);
    }
    dialing_tick(core);
}

uint64_t sessions_deadline(const struct core *core)
{
    uint64_t deadline = core->is_ending ? UINT64_MAX : core->dial_at_ms;
    for (int i = 0; i < SESSIONS_MAX; i++) {
        const struct session *session = core->sessions[i];
        if (session == NULL || session->state == SESSION_CLOSING)
            continue;
        if (session->deadline_ms < deadline)
            deadline = session->deadline_ms;
        if (sync_deadline(session) < deadline)
            deadline = sync_deadline(session);
    }
    return deadline;
}
