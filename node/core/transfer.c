#include "node/core/transfer.h"

#include "node/core/intake.h"
#include "node/core/pair.h"
#include "node/core/session.h"

void transfer_begin(struct sync *sync)
{
    outgoing_clear(&sync->outgoing);
    id_list_clear(&sync->wanted);
    sync->wanted_left = 0;
    sync->their_want_done = false;
    sync->done_sent = false;
    sync->done_received = false;
    sync->is_differing = false;
    sync->has_come = false;
}

enum status transfer_ops(struct core *core, struct session *session,
                         struct pack_reader *reader)
{
    struct sync *sync = &session->sync;
    if (sync->state == SYNC_IDLE || sync->jobs_len == SYNC_JOBS_MAX)
        return STATUS_INVALID;
    struct sync_job *slot =
        &sync->jobs[(sync->jobs_first + sync->jobs_len) % SYNC_JOBS_MAX];
    *slot = (struct sync_job){0};
    enum status status =
        intake_read(core, session->conn, reader, &slot->job, &slot->skipped);
    if (status != STATUS_OK)
        return status;
    slot->ops = slot->job->ops_len;
    struct action *action = core_act(core, ACTION_JOB);
    if (action == NULL) {
        job_free(slot->job);
        return STATUS_NO_MEMORY;
    }
    action->job = slot->job;
    sync->jobs_len++;
    return STATUS_OK;
}

/* What became of the messages that one acknowledgement is about. */
struct taken {
    uint64_t messages;
    uint64_t ops; /* in them */
    struct intake_refused refused;
};

static void send_ack(struct session *session, const struct taken *taken)
{
    struct buf message = {0};
    pack_array(&message, 3);
    pack_str(&message, "ack");
    pack_uint(&message, taken->messages);
    pack_array(&message, taken->refused.len);
    buf_append(&message, &taken->refused.positions);
    session_send(session, &message);
    buf_deinit(&message);
}

static struct sync_job *job_at(struct sync *sync, uint32_t i)
{
    return &sync->jobs[(sync->jobs_first + i) % SYNC_JOBS_MAX];
}

/* How many are done, from the first on. */
static uint32_t jobs_ready(struct sync *sync)
{
    uint32_t ready = 0;
    while (ready < sync->jobs_len && job_at(sync, ready)->is_done)
        ready++;
    return ready;
}

void transfer_job_done(struct core *core, struct session *session, struct job *job)
{
    struct sync *sync = &session->sync;
    for (uint32_t i = 0; i < sync->jobs_len; i++)
        if (job_at(sync, i)->job == job)
            job_at(sync, i)->is_done = true;
    /* The pool may finish out of order; ops come in the order they were sent. A commit
     * for each message would cost more than it saves while others are under way. */
    uint32_t ready = jobs_ready(sync);
    if (ready < sync->jobs_len && ready < TRANSFER_BATCH)
        return;
    struct taken taken = {0};
    for (; ready > 0; ready--) {
        struct sync_job *slot = &sync->jobs[sync->jobs_first];
        taken.refused.base = taken.ops;
        if (intake_admit(core, &session->site, slot->job, &taken.refused) == STATUS_OK) {
            taken.messages++;
            taken.ops += slot->ops;
            sync->has_come = true;
        }
        uint32_t came = slot->ops + slot->skipped;
        sync->wanted_left -= came < sync->wanted_left ? came : sync->wanted_left;
        job_free(slot->job);
        slot->job = NULL;
        sync->jobs_first = (sync->jobs_first + 1) % SYNC_JOBS_MAX;
        sync->jobs_len--;
    }
    if (taken.messages > 0)
        send_ack(session, &taken);
    buf_deinit(&taken.refused.positions);
}

enum status transfer_ack(struct core *core, struct session *session,
                         struct pack_reader *reader)
{
    struct sync *sync = &session->sync;
    uint64_t count;
    enum status status = pack_read_uint(reader, &count, NULL);
    if (status != STATUS_OK)
        return status;
    status = carried_acknowledged(core, &sync->carried, &session->site, count, reader);
    if (status == STATUS_TOO_LARGE && confirm_impossible(core, session) != STATUS_OK)
        return STATUS_NO_MEMORY; /* whichever it was ends the turn */
    return status == STATUS_OK ? transfer_pump(core, session) : status;
}

static enum status send_done(struct core *core, struct session *session)
{
    struct sync *sync = &session->sync;
    struct id digest;
    uint64_t scopes_len;
    enum status status = pair_digest(core, &session->site, &digest, &scopes_len);
    if (status != STATUS_OK)
        return status;
    struct buf message = {0};
    pack_array(&message, 3);
    pack_str(&message, "done");
    pack_uint(&message, sync->round);
    pack_bin(&message, digest.bytes, ID_SIZE);
    session_send(session, &message);
    buf_deinit(&message);
    sync->done_sent = true;
    return STATUS_OK;
}

enum status transfer_pump(struct core *core, struct session *session)
{
    struct sync *sync = &session->sync;
    if (sync->state != SYNC_MOVING || !sync->their_want_done)
        return STATUS_OK;
    while (sync->carried.len < SYNC_WINDOW && sync->outgoing.at < sync->outgoing.len) {
        enum status status = outgoing_send(core, session);
        if (status != STATUS_OK)
            return status;
    }
    bool all_sent = sync->outgoing.at == sync->outgoing.len && sync->carried.len == 0;
    if (!all_sent || sync->wanted_left > 0 || sync->jobs_len > 0)
        return STATUS_OK;
    if (!sync->done_sent && (session->is_dialer || sync->done_received)) {
        enum status status = send_done(core, session);
        if (status != STATUS_OK)
            return status;
    }
    if (sync->done_sent && sync->done_received)
        sync_conclude(core, session);
    return STATUS_OK;
}

enum status transfer_done(struct core *core, struct session *session,
                          struct pack_reader *reader)
{
    struct sync *sync = &session->sync;
    uint64_t round;
    enum status status = pack_read_uint(reader, &round, NULL);
    if (status == STATUS_OK)
        status = pack_read_fixed(reader, sync->their_digest.bytes, ID_SIZE, NULL);
    if (status != STATUS_OK)
        return status;
    if (round != sync->round || sync->state != SYNC_MOVING || sync->done_received)
        return STATUS_INVALID;
    sync->done_received = true;
    status = sync_received(core, session);
    return status == STATUS_OK ? transfer_pump(core, session) : status;
}

void transfer_deinit(struct sync *sync)
{
    /* Those that are with the pool are freed when they come back. */
    for (uint32_t i = 0; i < sync->jobs_len; i++)
        if (job_at(sync, i)->is_done)
            job_free(job_at(sync, i)->job);
    sync->jobs_len = 0;
}
