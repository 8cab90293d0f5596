#include "tests/sim/life/watch_ask.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "node/cases/attached.h"
#include "node/core/session.h"
#include "node/core/sync.h"

/* A fingerprint over everything that fits nobody's. */
static const uint8_t probe[] = {0x61, 0,    0,    1,    0x5e, 0x5e, 0x5e,
                                0x5e, 0x5e, 0x5e, 0x5e, 0x5e, 0x5e, 0x5e,
                                0x5e, 0x5e, 0x5e, 0x5e, 0x5e, 0x5e};

/* --- what it may not have --- */

struct search {
    const struct sim_host *host;
    const struct id *asker;
    struct id op;
    bool is_found;
};

struct match {
    const struct id *scope;
    bool is_held;
};

static enum status match_scope(void *context, const struct id *scope)
{
    struct match *match = context;
    match->is_held |= id_equal(scope, match->scope);
    return STATUS_OK;
}

static enum status look_at_record(void *context, const struct store_scope *scope)
{
    struct search *search = context;
    struct match match = {.scope = &scope->id};
    enum status status =
        store_scopes_held(search->host->config.store, SCOPE_ESCALATION,
                          &search->host->site, search->asker, match_scope, &match);
    if (status == STATUS_OK && !match.is_held) {
        search->op = scope->id; /* the op that founds it */
        search->is_found = true;
    }
    return status;
}

/* --- asking --- */

/* The session's own messages, without a channel. False: they are refused. */
static bool ask(struct core *core, struct session *session, const struct id *id,
                struct buf *answer)
{
    struct buf neg = {0}, want = {0};
    uint64_t round = session->sync.round + 1;
    pack_uint(&neg, round);
    pack_bin(&neg, probe, sizeof(probe));
    pack_bin(&neg, id->bytes, ID_SIZE); /* nor is that the digest of anything */
    pack_uint(&want, round);
    pack_array(&want, 1);
    pack_bin(&want, id->bytes, ID_SIZE);
    pack_bool(&want, true);
    struct pack_reader reader = pack_reader_of(buf_bytes(&neg));
    enum status status = sync_message(core, session, bytes_str("neg"), &reader, 4);
    size_t before = session->channel.pending.len;
    reader = pack_reader_of(buf_bytes(&want));
    if (status == STATUS_OK)
        status = sync_message(core, session, bytes_str("want"), &reader, 4);
    const struct buf *pending = &session->channel.pending;
    buf_add(answer, pending->data + before, pending->len - before);
    buf_deinit(&neg);
    buf_deinit(&want);
    return status == STATUS_OK;
}

/* --- pieces of a file --- */

struct file_search {
    const struct search *of;
    struct id op;
    bool is_found;
};

static enum status look_at_op(void *context, const struct store_op *row)
{
    struct file_search *search = context;
    struct op *op = calloc(1, sizeof(*op));
    struct attached file;
    assert(op != NULL);
    if (op_decode_bytes(op, row->bytes, NULL) == STATUS_OK && attached_read(op, &file) &&
        (op_is_kind(op, "attach") || id_equal(&row->scope, &search->of->op))) {
        search->op = row->id;
        search->is_found = true;
    }
    free(op);
    return STATUS_OK;
}

/* Forgotten again: nothing of it may count as said. */
static bool fetch(struct core *core, struct session *session, const struct id *op,
                  struct buf *answer)
{
    struct buf words = {0};
    pack_bin(&words, op->bytes, ID_SIZE);
    pack_uint(&words, 0);
    struct pack_reader reader = pack_reader_of(buf_bytes(&words));
    const struct buf *pending = &session->channel.pending;
    size_t before = pending->len;
    session->pieces.has_answered = false;
    enum status status = sync_message(core, session, bytes_str("fetch"), &reader, 3);
    session->pieces.has_answered = false;
    /* But for the id, which is the asker's own word. */
    const size_t head = 4 + 1 + 1 + strlen("piece") + 2 + ID_SIZE;
    if (pending->len >= before + head)
        buf_add(answer, pending->data + before + head, pending->len - before - head);
    buf_deinit(&words);
    return status == STATUS_OK;
}

/* Of a case, or of a record that the asker does not hold. */
static void fetch_both(struct sim_host *host, struct session *session,
                       const struct search *of)
{
    struct file_search search = {.of = of};
    const struct id nobodys = {{0x77}};
    struct buf forbidden = {0}, unknown = {0};
    if (store_ops_all(host->config.store, 1, look_at_op, &search) != STATUS_OK ||
        !search.is_found)
        return;
    if (!fetch(host->core, session, &search.op, &forbidden) ||
        !fetch(host->core, session, &nobodys, &unknown))
        sim_fail(host->sim, "I3", "%s does not answer who asks for a piece",
                 host->address);
    else if (unknown.len == 0 || !bytes_equal(buf_bytes(&forbidden), buf_bytes(&unknown)))
        sim_fail(host->sim, "I3", "%s gives a piece of a file of others", host->address);
    else
        sim_ever(host->sim, EVER_FILE_ASKED);
    buf_deinit(&forbidden);
    buf_deinit(&unknown);
}

static void ask_both(struct sim_host *host, struct session *session)
{
    struct search search = {.host = host, .asker = &session->site};
    const struct id nobodys = {{0x77}};
    struct buf forbidden = {0}, unknown = {0};
    if (store_scopes_of_kind(host->config.store, SCOPE_ESCALATION, 0, look_at_record,
                             &search) != STATUS_OK ||
        core_begin(host->core) != STATUS_OK)
        return;
    fetch_both(host, session, &search);
    if (!search.is_found) {
        store_roll_back(host->config.store);
        return;
    }
    if (!ask(host->core, session, &search.op, &forbidden) ||
        !ask(host->core, session, &nobodys, &unknown))
        sim_fail(host->sim, "I3", "%s does not answer who asks", host->address);
    else if (unknown.len == 0 || !bytes_equal(buf_bytes(&forbidden), buf_bytes(&unknown)))
        sim_fail(host->sim, "I3",
                 "%s answers otherwise about a record of others than about none",
                 host->address);
    store_roll_back(host->config.store);
    buf_deinit(&forbidden);
    buf_deinit(&unknown);
}

void watch_ask_end(struct sim_host *host)
{
    for (int i = 0; i < SESSIONS_MAX && !sim_has_failed(host->sim); i++) {
        struct session *session = host->core->sessions[i];
        if (session != NULL && session->state == SESSION_READY &&
            !id_equal(&session->site, &host->site) && !session->is_dialer &&
            session->sync.state == SYNC_IDLE && session->sync.jobs_len == 0)
            ask_both(host, session);
    }
}
