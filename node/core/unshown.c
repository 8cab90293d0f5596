#include "node/core/unshown.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "node/core/purge.h"
#include "node/core/refold.h"
#include "node/core/replica.h"
#include "node/core/session.h"
#include "storage/store_unshown.h"

/* As many as one message can carry the answers to. */
#define ASKED_MAX 6
_Static_assert(ASKED_MAX *OP_SIZE_MAX + 1024 <= MESSAGE_SIZE_MAX, "answers fit");

/* --- what is noted --- */

static uint32_t shown_of(const struct op *op)
{
    uint32_t shown = 0;
    for (uint32_t i = 0; i < op->fields_len; i++)
        shown |= (uint32_t)op->fields[i].is_shown << i;
    return shown;
}

static bool is_whole(const struct op *op)
{
    for (uint32_t i = 0; i < op->fields_len; i++)
        if (!op->fields[i].is_shown)
            return false;
    return true;
}

enum status unshown_note(struct core *core, const struct op *op)
{
    if (is_whole(op) || !replica_any(core))
        return STATUS_OK;
    return core_check(core, store_unshown_add(core->store, &op->id));
}

/* --- asking --- */

#define NAME_SIZE (16 + 2 * 32)

/* What a machine was asked for last stands in the node's notes. */
static void name_of(const struct session *session, char name[static NAME_SIZE])
{
    char hex[2 * 32 + 1];
    hex_encode(hex, session->channel.remote_static, 32);
    (void)snprintf(name, NAME_SIZE, "shown-by-%s", hex);
}

/* A note that a disk spoilt: it is asked for all of them again. */
static enum status read_asked(struct core *core, const struct session *session,
                              int64_t *number)
{
    char name[NAME_SIZE];
    struct buf value = {0};
    uint64_t asked = 0;
    name_of(session, name);
    enum status status = store_meta_get(core->store, name, &value);
    struct pack_reader reader = pack_reader_of(buf_bytes(&value));
    bool is_sound = status == STATUS_OK &&
                    pack_read_uint(&reader, &asked, NULL) == STATUS_OK &&
                    asked <= INT64_MAX;
    *number = is_sound ? (int64_t)asked : 0;
    buf_deinit(&value);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status write_asked(struct core *core, const struct session *session)
{
    char name[NAME_SIZE];
    struct buf value = {0};
    name_of(session, name);
    pack_uint(&value, (uint64_t)session->unshown.to);
    enum status status = buf_status(&value);
    if (status == STATUS_OK)
        status = store_meta_put(core->store, name, buf_bytes(&value));
    buf_deinit(&value);
    return core_check(core, status);
}

static enum status read_shown(void *context, const struct store_op *row)
{
    uint32_t *shown = context;
    struct op *op = calloc(1, sizeof(*op));
    if (op == NULL)
        return STATUS_NO_MEMORY;
    enum status status =
        op_decode_bytes(op, row->bytes, NULL) == STATUS_OK ? STATUS_OK : STATUS_CORRUPT;
    *shown = shown_of(op);
    free(op);
    return status;
}

/* One more question; it may be forgotten since (entry.h). */
static enum status add_question(struct core *core, const struct id *op,
                                struct buf *questions, uint32_t *count)
{
    uint32_t shown = 0;
    enum status status = store_op_get(core->store, op, read_shown, &shown);
    if (status != STATUS_OK)
        return status == STATUS_NOT_FOUND ? STATUS_OK : status;
    pack_array(questions, 2);
    pack_bin(questions, op->bytes, ID_SIZE);
    pack_uint(questions, shown);
    ++*count;
    return STATUS_OK;
}

static void send_show(struct session *session, const struct buf *questions,
                      uint32_t count)
{
    struct buf message = {0};
    pack_array(&message, 2);
    pack_str(&message, "show");
    pack_array(&message, count);
    buf_append(&message, questions);
    session_send(session, &message);
    buf_deinit(&message);
    session->unshown.is_asked = true;
}

static enum status ask(struct core *core, struct session *session)
{
    struct buf questions = {0};
    struct id op;
    uint32_t count = 0;
    int64_t number;
    enum status status = read_asked(core, session, &number);
    while (status == STATUS_OK && count < ASKED_MAX) {
        status = store_unshown_next(core->store, number, &number, &op);
        if (status == STATUS_OK)
            status = add_question(core, &op, &questions, &count);
    }
    if (status == STATUS_NOT_FOUND)
        status = STATUS_OK;
    session->unshown.to = number;
    session->unshown.is_due = count > 0;
    if (status == STATUS_OK && count > 0)
        send_show(session, &questions, count);
    buf_deinit(&questions);
    return core_check(core, status);
}

void unshown_begin(struct core *core, struct session *session)
{
    if (replica_has(core, session) && session->minor >= SESSION_MINOR_SHOW)
        session->unshown.is_due = true;
}

void unshown_after_turn(struct core *core)
{
    for (int i = 0; i < SESSIONS_MAX; i++) {
        struct session *session = core->sessions[i];
        if (session == NULL)
            continue;
        session->unshown.has_answered = false;
        if (session->state != SESSION_READY || !session->unshown.is_due ||
            session->unshown.is_asked)
            continue;
        (void)ask(core, session); /* a failure of ours shows at the commit */
        session_flush(core, session);
    }
}

/* --- answering --- */

struct answer {
    struct buf ops;
    uint32_t count;
    uint32_t known; /* what the asker is shown of the op that is looked at */
};

static enum status add_answer(void *context, const struct store_op *row)
{
    struct answer *answer = context;
    uint32_t shown = 0;
    enum status status = read_shown(&shown, row);
    if (status != STATUS_OK || (shown & ~answer->known) == 0)
        return status;
    pack_bin(&answer->ops, row->bytes.data, row->bytes.len);
    answer->count++;
    return STATUS_OK;
}

/* The door of replica.h; what is not behind it is not here. */
static enum status answer_one(struct core *core, const struct session *session,
                              const struct id *id, struct answer *answer)
{
    struct share_terms terms;
    struct store_place place;
    enum status status = store_op_find(core->store, id, &place);
    if (status == STATUS_OK && place.waits)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK)
        status =
            replica_terms(core, replica_machine(core, session), &place.scope, &terms);
    if (status == STATUS_OK)
        status = store_op_get(core->store, id, add_answer, answer);
    return status == STATUS_NOT_FOUND ? STATUS_OK : core_check(core, status);
}

enum status unshown_give(struct core *core, struct session *session,
                         struct pack_reader *reader)
{
    struct answer answer = {.count = 0};
    struct buf message = {0};
    uint32_t count = 0;
    /* Who has not read the last answer asks for memory, and not for fields. */
    if (!replica_has(core, session) || session->unshown.has_answered)
        return STATUS_INVALID;
    session->unshown.has_answered = true;
    enum status status = pack_read_array(reader, &count, NULL);
    if (status == STATUS_OK && count > ASKED_MAX)
        status = STATUS_INVALID;
    for (uint32_t i = 0; status == STATUS_OK && i < count; i++) {
        struct id id;
        uint64_t known = 0;
        uint32_t two;
        status = pack_read_array(reader, &two, NULL);
        if (status == STATUS_OK && two != 2)
            status = STATUS_INVALID;
        if (status == STATUS_OK)
            status = pack_read_fixed(reader, id.bytes, ID_SIZE, NULL);
        if (status == STATUS_OK)
            status = pack_read_uint(reader, &known, NULL);
        answer.known = (uint32_t)known;
        if (status == STATUS_OK)
            status = answer_one(core, session, &id, &answer);
    }
    pack_array(&message, 2);
    pack_str(&message, "shown");
    pack_array(&message, answer.count);
    buf_append(&message, &answer.ops);
    if (status == STATUS_OK)
        session_send(session, &message);
    buf_deinit(&answer.ops);
    buf_deinit(&message);
    return status;
}

/* --- taking --- */

/* The same header, and so the same names and commitments in the same order. Does held
 * show more than before? */
static bool fill(struct op *held, const struct op *from)
{
    bool is_more = false;
    for (uint32_t i = 0; i < held->fields_len; i++) {
        if (held->fields[i].is_shown || !from->fields[i].is_shown)
            continue;
        held->fields[i] = from->fields[i];
        is_more = true;
    }
    return is_more;
}

static enum status put(struct core *core, const struct op *op)
{
    struct buf whole = {0}, kept = {0};
    op_encode(op, ~0u, &whole);
    struct bytes bytes = buf_bytes(&whole);
    enum status status = buf_status(&whole);
    if (status == STATUS_OK)
        status = purge_arriving(core, op, &bytes, &kept);
    if (status == STATUS_OK)
        status = store_op_replace(core->store, &op->id, bytes);
    if (status == STATUS_OK && is_whole(op))
        status = store_unshown_close(core->store, &op->id);
    buf_deinit(&whole);
    buf_deinit(&kept);
    refold_touch(core, &op->scope);
    return status;
}

static enum status copy_bytes(void *context, const struct store_op *row)
{
    struct buf *bytes = context;
    buf_add(bytes, row->bytes.data, row->bytes.len);
    return buf_status(bytes);
}

/* What a disk spoilt has another id, and is left to the patrol. */
static enum status fill_held(struct core *core, struct bytes bytes, const struct op *from)
{
    struct op *held = calloc(1, sizeof(*held));
    if (held == NULL)
        return STATUS_NO_MEMORY;
    enum status status =
        op_decode_bytes(held, bytes, NULL) == STATUS_OK ? STATUS_OK : STATUS_CORRUPT;
    if (status == STATUS_OK)
        status = op_rebuild(held);
    if (status == STATUS_OK && id_equal(&held->id, &from->id) &&
        memcmp(held->signature, from->signature, OP_SIGNATURE_SIZE) == 0 &&
        fill(held, from) && op_values_fit(held)) {
        core_trace(core, "shown by a machine of ours");
        status = put(core, held);
    }
    free(held);
    return status;
}

static enum status take_op(struct core *core, const struct op *from)
{
    struct buf bytes = {0};
    enum status status = store_unshown_has(core->store, &from->id);
    if (status == STATUS_OK)
        status = store_op_get(core->store, &from->id, copy_bytes, &bytes);
    if (status == STATUS_OK)
        status = fill_held(core, buf_bytes(&bytes), from);
    buf_deinit(&bytes);
    return status == STATUS_NOT_FOUND ? STATUS_OK : core_check(core, status);
}

static enum status take_one(struct core *core, struct bytes bytes)
{
    struct op *op = calloc(1, sizeof(*op));
    if (op == NULL)
        return core_check(core, STATUS_NO_MEMORY);
    enum status status = op_decode_bytes(op, bytes, NULL);
    if (status == STATUS_OK)
        status = core_check(core, op_rebuild(op));
    if (status == STATUS_OK)
        status = take_op(core, op);
    free(op);
    return status;
}

enum status unshown_take(struct core *core, struct session *session,
                         struct pack_reader *reader)
{
    uint32_t count = 0;
    if (!session->unshown.is_asked)
        return STATUS_INVALID;
    session->unshown.is_asked = false;
    enum status status = pack_read_array(reader, &count, NULL);
    if (status == STATUS_OK && count > ASKED_MAX)
        status = STATUS_INVALID;
    for (uint32_t i = 0; status == STATUS_OK && i < count; i++) {
        struct bytes bytes;
        status = pack_read_bin(reader, &bytes, NULL);
        if (status == STATUS_OK)
            status = take_one(core, bytes);
    }
    return status == STATUS_OK ? write_asked(core, session) : status;
}
