#include "node/core/seal_talk.h"

#include <string.h>

#include "node/cases/charter.h"
#include "node/core/charters.h"
#include "node/core/replica.h"
#include "node/core/seal_claim.h"
#include "node/core/seal_seen.h"
#include "node/core/session.h"

/* So many checkpoints of an hour are looked at: an honest machine has one a day, and a
 * few more where it goes on from elsewhere. */
#define HEARD_MAX 64
#define HEARD_MS (60 * 60 * 1000)

/* --- who shows it to whom --- */

/* The machine at the other end, as its site's charter has it; NULL: not any more. */
static const struct charter_node *machine_of(struct core *core,
                                             const struct session *session)
{
    const struct charter *charter = charters_of_site(core, &session->site);
    size_t len = 0;
    const struct charter_node *nodes =
        charter == NULL ? NULL : charter_nodes(charter, &len);
    for (size_t i = 0; i < len; i++)
        if (!nodes[i].is_revoked &&
            memcmp(nodes[i].noise_key, session->peer_key, KEY_SIZE) == 0)
            return &nodes[i];
    return NULL;
}

bool seal_talk_is_witness(struct core *core, const struct id *site)
{
    const struct charter *own = charters_of_site(core, &core->site);
    const struct id *parent = own == NULL ? NULL : charter_parent(own);
    if (own == NULL || parent != NULL)
        return parent != NULL && id_equal(parent, site);
    const struct charter_link *link = charter_link(own, site);
    return link != NULL && !link->is_parent;
}

void seal_talk_begin(struct core *core, struct session *session)
{
    if (session->minor >= SESSION_MINOR_SEAL && !session->is_former &&
        !replica_has(core, session) && seal_talk_is_witness(core, &session->site))
        session->seal_talk.is_due = true;
}

/* --- showing --- */

static enum status show(struct core *core, struct session *session)
{
    struct seal_log log;
    struct buf message = {0};
    uint64_t seen = 0;
    const struct charter_node *machine = machine_of(core, session);
    enum status status = seal_log_read(core, &log);
    if (status == STATUS_OK && machine != NULL)
        status = seal_seen_get(core, &log, machine->key, &seen);
    if (status == STATUS_OK && machine != NULL && log.len > 0)
        status = seal_claim_write(core, &log, seen, NULL, &message);
    if (status == STATUS_OK && message.len > 0)
        session_send(session, &message);
    buf_deinit(&message);
    seal_log_free(&log);
    session->seal_talk.is_due = false;
    session->seal_talk.shown = core->seal_clock.grown;
    return core_check(core, status == STATUS_NOT_FOUND ? STATUS_OK : status);
}

void seal_talk_after_turn(struct core *core)
{
    for (int i = 0; i < SESSIONS_MAX; i++) {
        struct session *session = core->sessions[i];
        if (session == NULL || session->state != SESSION_READY)
            continue;
        if (session->seal_talk.shown != core->seal_clock.grown)
            seal_talk_begin(core, session);
        if (!session->seal_talk.is_due)
            continue;
        (void)show(core, session); /* a failure of ours shows at the commit */
        session_flush(core, session);
    }
}

/* --- looking at another's --- */

static void send_note(struct session *session, const char *name, const struct buf *note)
{
    struct buf message = {0};
    pack_array(&message, 2);
    pack_str(&message, name);
    pack_bin(&message, note->data, note->len);
    session_send(session, &message);
    buf_deinit(&message);
}

/* What is held, and our word on it, which may have been lost on its way. */
static enum status send_held(struct core *core, struct session *session,
                             const struct buf *held)
{
    struct buf note = {0};
    enum status status = STATUS_OK;
    if (held->len > 0)
        status = witness_cosign_held(core, buf_bytes(held), &note);
    send_note(session, "witnessed", held);
    if (status == STATUS_OK && note.len > 0)
        send_note(session, "cosignature", &note);
    buf_deinit(&note);
    return status;
}

static bool hears_too_many(const struct core *core, struct seal_talk *talk)
{
    if (core->now_ms - talk->heard_ms >= HEARD_MS) {
        talk->heard_ms = core->now_ms;
        talk->heard = 0;
    }
    return talk->heard++ >= HEARD_MAX;
}

/* To the end of the message. */
static enum status skip(struct pack_reader *reader)
{
    enum status status = STATUS_OK;
    struct bytes value;
    while (status == STATUS_OK && !pack_at_end(reader))
        status = pack_value(reader, 1, &value, NULL);
    return status;
}

enum status seal_talk_checkpoint(struct core *core, struct session *session,
                                 struct pack_reader *reader)
{
    enum witness_answer answer = WITNESS_NOTHING;
    struct buf note = {0};
    const struct charter_node *machine = machine_of(core, session);
    if (replica_has(core, session) || hears_too_many(core, &session->seal_talk))
        return STATUS_INVALID;
    /* Its site has revoked it, and it does not know that yet. */
    if (machine == NULL)
        return skip(reader);
    enum status status =
        seal_claim_judge(core, &session->site, machine, false, reader, &answer, &note);
    if (status == STATUS_OK && answer == WITNESS_COSIGNED)
        send_note(session, "cosignature", &note);
    if (status == STATUS_OK && answer == WITNESS_HOLDS)
        status = send_held(core, session, &note);
    buf_deinit(&note);
    return status;
}

/* --- what a witness says of ours --- */

enum status seal_talk_cosignature(struct core *core, struct session *session,
                                  struct pack_reader *reader)
{
    struct bytes note;
    const struct charter_node *machine = machine_of(core, session);
    enum status status = pack_read_bin(reader, &note, NULL);
    if (status != STATUS_OK || machine == NULL)
        return status;
    return seal_seen_cosigned(core, machine->key, note);
}

/* It has seen what we do not have, or something else: this machine was set back, or has a
 * copy. It says so, and goes on in another log. */
static enum status own_up(struct core *core, struct session *session,
                          const struct seal_head *held)
{
    struct seal_log log;
    struct buf message = {0};
    enum status status = seal_log_read(core, &log);
    if (status == STATUS_OK)
        status = seal_claim_own_up(core, &log, held, &message);
    if (status == STATUS_OK)
        session_send(session, &message);
    buf_deinit(&message);
    seal_log_free(&log);
    return status == STATUS_OK ? seal_log_begin_behind(core, held)
                               : core_check(core, status);
}

enum status seal_talk_witnessed(struct core *core, struct session *session,
                                struct pack_reader *reader)
{
    struct bytes note;
    struct seal_head head;
    enum seal_seen seen = SEAL_SEEN_OTHER;
    const struct charter_node *machine = machine_of(core, session);
    enum status status = pack_read_bin(reader, &note, NULL);
    if (status == STATUS_OK && machine != NULL)
        status = seal_seen_held(core, machine->key, note, &seen, &head);
    if (status != STATUS_OK || seen == SEAL_SEEN_OTHER)
        return status;
    if (seen == SEAL_SEEN_MORE)
        return own_up(core, session, &head);
    session->seal_talk.is_due = true;
    return STATUS_OK;
}
