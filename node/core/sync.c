#include "node/core/sync.h"

#include <stdlib.h>
#include <string.h>

#include "node/core/admit.h"
#include "node/core/entry.h"
#include "node/core/handover.h"
#include "node/core/outgoing.h"
#include "node/core/pair.h"
#include "node/core/session.h"
#include "node/core/transfer.h"
#include "storage/store_sources.h"

/* What comes and goes while a round is under way shows in its next message: what is found
 * twice is known when it arrives, and what is missed makes the digests differ. */
static enum status open_set(struct core *core, struct session *session)
{
    struct sync *sync = &session->sync;
    negentropy_deinit(&sync->negentropy);
    enum status status = pair_open(core, &session->site);
    if (status == STATUS_OK)
        status = store_set_open(core->store, &session->site, &sync->set);
    if (status == STATUS_OK)
        negentropy_init(&sync->negentropy, store_set_source(&sync->set),
                        NEGENTROPY_MESSAGE_MAX);
    sync->set_len = 0;
    return core_check(core, status);
}

/* digest: in the first message of a round, else NULL. */
static void send_neg(struct session *session, const struct buf *bytes,
                     const struct id *digest)
{
    struct buf message = {0};
    pack_array(&message, digest == NULL ? 3 : 4);
    pack_str(&message, "neg");
    pack_uint(&message, session->sync.round);
    pack_bin(&message, bytes->data, bytes->len);
    if (digest != NULL)
        pack_bin(&message, digest->bytes, ID_SIZE);
    session_send(session, &message);
    buf_deinit(&message);
}

static void send_same(struct session *session)
{
    struct buf message = {0};
    pack_array(&message, 2);
    pack_str(&message, "same");
    pack_uint(&message, session->sync.round);
    session_send(session, &message);
    buf_deinit(&message);
}

static enum status begin_round(struct core *core, struct session *session)
{
    struct sync *sync = &session->sync;
    struct buf first = {0};
    sync->round++;
    sync->again = false;
    sync->started_ms = core->now_ms;
    transfer_begin(sync);
    uint64_t scopes_len;
    enum status status = open_set(core, session);
    if (status == STATUS_OK)
        status = core_check(core, negentropy_probe(&sync->negentropy, &first));
    if (status == STATUS_OK)
        status = pair_digest(core, &session->site, &sync->begun_digest, &scopes_len);
    if (status == STATUS_OK) {
        send_neg(session, &first, &sync->begun_digest);
        sync->state = SYNC_RECONCILING;
    }
    buf_deinit(&first);
    return status;
}

void sync_start(struct core *core, struct session *session)
{
    if (session->is_dialer)
        (void)begin_round(core, session); /* a failure of ours shows at the commit */
}

void sync_again(struct core *core, struct session *session)
{
    struct sync *sync = &session->sync;
    if (session->state != SESSION_READY) /* never: who calls has looked */
        return;
    sync->again = true;
    if (sync->state != SYNC_IDLE)
        return;
    if (session->is_dialer) {
        (void)begin_round(core, session); /* the same */
        return;
    }
    sync->again = false;
    struct buf message = {0};
    pack_array(&message, 1);
    pack_str(&message, "again");
    session_send(session, &message);
    buf_deinit(&message);
}

/* What Negentropy finds goes two ways. */
struct finding {
    struct core *core;
    struct session *session;
};

/* The peer lacks that op: it goes out, where it is here and may. */
static enum status take_lacking(struct core *core, struct session *session,
                                const struct id *id)
{
    struct store_place place;
    enum status status = outgoing_add(core, &session->sync.outgoing, id, &place);
    return status == STATUS_OK ? confirm_lacks(core, session, &place) : status;
}

static enum status on_have(void *context, const uint8_t id[static NEGENTROPY_ID_SIZE])
{
    struct finding *finding = context;
    struct id have;
    memcpy(have.bytes, id, ID_SIZE);
    return take_lacking(finding->core, finding->session, &have);
}

static enum status on_need(void *context, const uint8_t id[static NEGENTROPY_ID_SIZE])
{
    struct sync *sync = &((struct finding *)context)->session->sync;
    struct id need;
    memcpy(need.bytes, id, ID_SIZE);
    id_list_push(&sync->wanted, &need);
    return sync->wanted.failed ? STATUS_NO_MEMORY : STATUS_OK;
}

static void send_wants(struct session *session)
{
    struct sync *sync = &session->sync;
    uint32_t at = 0;
    do {
        uint32_t left = sync->wanted.len - at;
        uint32_t count = left < IDS_PER_MESSAGE_MAX ? left : IDS_PER_MESSAGE_MAX;
        struct buf message = {0};
        pack_array(&message, 4);
        pack_str(&message, "want");
        pack_uint(&message, sync->round);
        pack_array(&message, count);
        for (uint32_t i = 0; i < count; i++)
            pack_bin(&message, sync->wanted.ids[at + i].bytes, ID_SIZE);
        at += count;
        pack_bool(&message, at == sync->wanted.len);
        session_send(session, &message);
        buf_deinit(&message);
    } while (at < sync->wanted.len);
    sync->wanted_left = sync->wanted.len;
}

static enum status dialer_neg(struct core *core, struct session *session,
                              struct bytes bytes)
{
    struct sync *sync = &session->sync;
    struct finding finding = {core, session};
    struct negentropy_sink sink = {&finding, on_have, on_need};
    struct buf next = {0};
    bool done = false;
    enum status status = core_check(
        core, negentropy_continue(&sync->negentropy, bytes, &next, &sink, &done, NULL));
    if (status == STATUS_OK && !done)
        send_neg(session, &next, NULL);
    buf_deinit(&next);
    if (status != STATUS_OK || !done)
        return status;
    negentropy_deinit(&sync->negentropy);
    sync->state = SYNC_MOVING;
    sync->their_want_done = true; /* the dialer alone asks */
    status = confirm_settle(core, session);
    if (status != STATUS_OK)
        return status;
    status = tried_sift(&sync->tried, &sync->outgoing, &sync->wanted);
    if (core_check(core, status) != STATUS_OK)
        return status;
    send_wants(session);
    outgoing_sort(&sync->outgoing);
    return transfer_pump(core, session);
}

enum status sync_received_all(struct core *core, const struct id *site)
{
    enum status status = entry_settle(core);
    if (status == STATUS_OK)
        status = core_check(core, store_guests_leave(core->store, site));
    return status;
}

enum status sync_received(struct core *core, struct session *session)
{
    return sync_received_all(core, &session->site);
}

/* Where the probe finds nothing and the digests are equal, one word ends the round. */
static enum status settle_at_once(struct core *core, struct session *session,
                                  const struct id *digest, bool *is_same)
{
    struct sync *sync = &session->sync;
    struct id own;
    uint64_t scopes_len;
    enum status status = pair_digest(core, &session->site, &own, &scopes_len);
    *is_same = status == STATUS_OK && id_equal(&own, digest);
    if (status != STATUS_OK || !*is_same)
        return status;
    status = sync_received(core, session);
    if (status != STATUS_OK)
        return status;
    send_same(session);
    sync->their_digest = *digest;
    sync_conclude(core, session);
    return STATUS_OK;
}

/* digest: NULL but in the first message of a round. */
static enum status listener_neg(struct core *core, struct session *session,
                                uint64_t round, struct bytes bytes,
                                const struct id *digest)
{
    struct sync *sync = &session->sync;
    enum status status = STATUS_OK;
    if ((round != sync->round) != (digest != NULL))
        return STATUS_INVALID;
    if (digest != NULL) {
        sync->round = round;
        sync->started_ms = core->now_ms;
        transfer_begin(sync);
        sync->state = SYNC_RECONCILING;
        status = open_set(core, session);
    }
    if (status == STATUS_OK && sync->state != SYNC_RECONCILING)
        return STATUS_INVALID;
    struct buf answer = {0};
    bool is_same = false;
    if (status == STATUS_OK)
        status =
            core_check(core, negentropy_answer(&sync->negentropy, bytes, &answer, NULL));
    if (status == STATUS_OK) {
        struct negentropy_source set = store_set_source(&sync->set);
        size_t len = set.len(set.context);
        sync->set_len = len > sync->set_len ? len : sync->set_len;
    }
    /* The version alone: nothing to say to any range. */
    if (status == STATUS_OK && digest != NULL && answer.len == 1)
        status = settle_at_once(core, session, digest, &is_same);
    if (status == STATUS_OK && !is_same)
        send_neg(session, &answer, NULL);
    buf_deinit(&answer);
    return status;
}

/* What the listener found equal may have changed here since. */
static enum status receive_same(struct core *core, struct session *session,
                                struct pack_reader *reader)
{
    struct sync *sync = &session->sync;
    uint64_t round;
    enum status status = pack_read_uint(reader, &round, NULL);
    if (status != STATUS_OK)
        return status;
    if (!session->is_dialer || sync->state != SYNC_RECONCILING || round != sync->round ||
        sync->is_differing)
        return STATUS_INVALID;
    negentropy_deinit(&sync->negentropy);
    status = sync_received(core, session);
    if (status != STATUS_OK)
        return status;
    sync->their_digest = sync->begun_digest;
    sync_conclude(core, session);
    return STATUS_OK;
}

static enum status receive_neg(struct core *core, struct session *session,
                               struct pack_reader *reader)
{
    uint64_t round;
    struct bytes bytes;
    enum status status = pack_read_uint(reader, &round, NULL);
    if (status == STATUS_OK)
        status = pack_read_bin(reader, &bytes, NULL);
    if (status != STATUS_OK)
        return status;
    if (!session->is_dialer)
        return listener_neg(core, session, round, bytes, NULL);
    if (session->sync.state != SYNC_RECONCILING || round != session->sync.round)
        return STATUS_INVALID;
    session->sync.is_differing = true;
    return dialer_neg(core, session, bytes);
}

static enum status receive_begin(struct core *core, struct session *session,
                                 struct pack_reader *reader)
{
    uint64_t round;
    struct bytes bytes;
    struct id digest;
    enum status status = pack_read_uint(reader, &round, NULL);
    if (status == STATUS_OK)
        status = pack_read_bin(reader, &bytes, NULL);
    if (status == STATUS_OK)
        status = pack_read_fixed(reader, digest.bytes, ID_SIZE, NULL);
    if (status != STATUS_OK)
        return status;
    if (session->is_dialer)
        return STATUS_INVALID;
    return listener_neg(core, session, round, bytes, &digest);
}

static enum status receive_want(struct core *core, struct session *session,
                                struct pack_reader *reader)
{
    struct sync *sync = &session->sync;
    uint64_t round;
    uint32_t count;
    struct pack_item last;
    enum status status = pack_read_uint(reader, &round, NULL);
    if (status == STATUS_OK)
        status = pack_read_array(reader, &count, NULL);
    if (status != STATUS_OK)
        return status;
    if (session->is_dialer || round != sync->round || sync->state == SYNC_IDLE ||
        count > IDS_PER_MESSAGE_MAX || sync->their_want_done)
        return STATUS_INVALID;
    sync->state = SYNC_MOVING;
    for (uint32_t i = 0; i < count; i++) {
        struct id id;
        status = pack_read_fixed(reader, id.bytes, ID_SIZE, NULL);
        if (status != STATUS_OK)
            return status;
        /* Nobody lacks more than there is. */
        if (sync->outgoing.len == sync->set_len) {
            status = confirm_impossible(core, session);
            return status == STATUS_OK ? STATUS_INVALID : status;
        }
        status = take_lacking(core, session, &id);
        if (status != STATUS_OK)
            return status;
    }
    status = pack_next(reader, &last, NULL);
    if (status != STATUS_OK || last.type != PACK_BOOL)
        return STATUS_INVALID;
    if (last.number == 0)
        return STATUS_OK;
    sync->their_want_done = true;
    negentropy_deinit(&sync->negentropy);
    status = confirm_settle(core, session);
    if (status != STATUS_OK)
        return status;
    /* Asked for twice is sent once; the count still has to come out even. */
    outgoing_sort(&sync->outgoing);
    return transfer_pump(core, session);
}

/* The dialer decides whether another round makes sense. */
static void go_on_unequal(struct core *core, struct session *session)
{
    struct sync *sync = &session->sync;
    bool is_moving =
        sync->outgoing.len + sync->wanted.len > 0 && sync->rounds_unequal < ROUNDS_MAX;
    enum status status = tried_take(&sync->tried, &sync->outgoing, &sync->wanted);
    if (core_check(core, status) != STATUS_OK)
        return;
    if (!is_moving) {
        doubt_unequal(core, session);
        sync->rounds_unequal = 0;
        tried_rest(&sync->tried, core->now_ms);
    }
    if (is_moving || sync->again)
        sync_again(core, session);
}

enum status sync_renew(struct core *core, struct session *session)
{
    struct sync *sync = &session->sync;
    tried_renew(&sync->tried);
    if (sync->set.store == NULL)
        return STATUS_OK; /* no round yet */
    return store_set_open(core->store, &session->site, &sync->set);
}

uint64_t sync_deadline(const struct session *session)
{
    const struct sync *sync = &session->sync;
    if (!session->is_dialer || session->state != SESSION_READY ||
        sync->state != SYNC_IDLE)
        return UINT64_MAX;
    return sync->tried.look_ms;
}

void sync_tick(struct core *core, struct session *session)
{
    if (core->now_ms < sync_deadline(session))
        return;
    tried_look(&session->sync.tried);
    sync_again(core, session);
}

void sync_conclude(struct core *core, struct session *session)
{
    struct sync *sync = &session->sync;
    struct id own;
    uint64_t scopes_len;
    if (pair_digest(core, &session->site, &own, &scopes_len) != STATUS_OK)
        return;
    sync->state = SYNC_IDLE;
    pieces_begin(&session->pieces);
    if (id_equal(&own, &sync->their_digest)) {
        sync->rounds_unequal = 0;
        tried_agreed(&sync->tried, core->now_ms);
        doubt_agreed(core, session);
        sync->agreed_ms = core->now_ms;
        sync->agreed_started_ms = sync->started_ms;
        (void)confirm_agreed(core, session); /* a failure of ours shows at the commit */
        (void)session_note(core, session);   /* a failure of ours shows at the commit */
        handover_send(core, session);
        unshown_begin(core, session);
        core_trace(core, "sync conn=%llu round=%llu agreed scopes=%llu",
                   (unsigned long long)session->conn, (unsigned long long)sync->round,
                   (unsigned long long)scopes_len);
        if (sync->again)
            sync_again(core, session);
        return;
    }
    sync->rounds_unequal++;
    core_trace(core, "sync conn=%llu round=%llu unequal times=%u",
               (unsigned long long)session->conn, (unsigned long long)sync->round,
               sync->rounds_unequal);
    if (session->is_dialer)
        go_on_unequal(core, session);
    else if (sync->outgoing.len == 0 && !sync->has_come)
        doubt_unequal(core, session);
}

enum status sync_message(struct core *core, struct session *session, struct bytes name,
                         struct pack_reader *reader, uint32_t elements)
{
    static const struct {
        const char *name;
        uint32_t elements;
        enum status (*receive)(struct core *, struct session *, struct pack_reader *);
    } table[] = {
        {"neg", 4, receive_begin},  {"neg", 3, receive_neg},
        {"same", 2, receive_same},  {"want", 4, receive_want},
        {"ops", 4, transfer_ops},   {"ack", 3, transfer_ack},
        {"done", 3, transfer_done}, {"fetch", 3, pieces_fetch},
        {"piece", 4, pieces_piece}, {"keys", 3, handover_receive},
        {"show", 2, unshown_give},  {"shown", 2, unshown_take},
    };
    if (bytes_equal_str(name, "again") && elements == 1) {
        sync_again(core, session);
        return session->is_dialer ? STATUS_OK : STATUS_INVALID;
    }
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
        if (bytes_equal_str(name, table[i].name) && elements == table[i].elements)
            return table[i].receive(core, session, reader);
    return STATUS_INVALID;
}

void sync_deinit(struct sync *sync)
{
    negentropy_deinit(&sync->negentropy);
    outgoing_clear(&sync->outgoing);
    id_list_deinit(&sync->wanted);
    tried_deinit(&sync->tried);
    carried_deinit(&sync->carried);
    confirm_deinit(&sync->confirm);
    transfer_deinit(sync);
}
