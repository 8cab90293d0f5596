#include "node/core/outgoing.h"

#include <stdlib.h>

#include "node/core/charters.h"
#include "node/core/session.h"
#include "node/core/share.h"

#define MESSAGE_TARGET (96u * 1024) /* a message ends after the op that reaches this */

struct place {
    bool is_here, is_charter;
    int64_t seq;
    struct id id;
};

static int compare_places(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    if (x->is_charter != y->is_charter)
        return x->is_charter ? -1 : 1;
    return x->seq < y->seq ? -1 : x->seq > y->seq;
}

struct finder {
    struct core *core;
    struct place *place;
};

static enum status find_place(void *context, const struct store_op *row)
{
    struct finder *finder = context;
    finder->place->seq = row->seq;
    finder->place->is_charter = charters_of_site(finder->core, &row->scope) != NULL;
    return STATUS_OK;
}

enum status outgoing_sort(struct core *core, struct id_list *ids)
{
    if (ids->len == 0)
        return STATUS_OK;
    struct place *places = calloc(ids->len, sizeof(*places));
    if (places == NULL)
        return core_check(core, STATUS_NO_MEMORY);
    enum status status = STATUS_OK;
    for (uint32_t i = 0; i < ids->len && status == STATUS_OK; i++) {
        places[i].id = ids->ids[i];
        struct finder finder = {core, &places[i]};
        status = store_op_get(core->store, &ids->ids[i], find_place, &finder);
        if (status == STATUS_NOT_FOUND)
            status = STATUS_OK;
    }
    qsort(places, ids->len, sizeof(*places), compare_places);
    for (uint32_t i = 0; i < ids->len; i++)
        ids->ids[i] = places[i].id;
    free(places);
    return core_check(core, status);
}

struct message {
    struct core *core;
    struct session *session;
    struct id ids[DICTIONARY_MAX / 8];
    struct op_dictionary dictionary;
    struct buf ops;
    uint32_t ops_len, skipped;
    bool took;
};

static void name_once(struct message *message, const struct id *id)
{
    struct op_dictionary *dictionary = &message->dictionary;
    for (uint32_t i = dictionary->len; i > 0; i--)
        if (id_equal(&message->ids[i - 1], id))
            return;
    if (dictionary->len < sizeof(message->ids) / sizeof(message->ids[0]))
        message->ids[dictionary->len++] = *id;
}

static enum status take_op(void *context, const struct store_op *row)
{
    struct message *message = context;
    struct sync *sync = &message->session->sync;
    /* The egress rule: a scope that the pair does not share is, to the other, a scope
     * that does not exist. */
    if (!id_list_has(&sync->scopes, &row->scope))
        return STATUS_OK;
    struct op op;
    if (op_decode_bytes(&op, row->bytes, NULL) != STATUS_OK)
        return STATUS_CORRUPT;
    op_trust(&op, &row->id);
    uint32_t show;
    enum status status = share_mask(message->core, &message->session->site, &op, &show);
    if (status != STATUS_OK)
        return status;
    if (op.has_secret && show != ~0u) {
        /* Withheld fields go as commitments, which a full copy does not hold. */
        status = op_rebuild(&op);
        if (status != STATUS_OK)
            return status;
    }
    if (!op.is_founding)
        name_once(message, &op.scope);
    struct id author;
    for (int i = 0; i < ID_SIZE; i++)
        author.bytes[i] = op.author[i];
    name_once(message, &author);
    for (uint32_t i = 0; i < op.authority_len; i++)
        name_once(message, &op.authority[i]);
    op_encode_wire(&op, show, &message->dictionary, &message->ops);
    message->took = true;
    if (op.is_founding && op_is_kind(&op, "escalate"))
        id_list_push(&sync->carried[sync->unacked], &row->id);
    return STATUS_OK;
}

enum status outgoing_send(struct core *core, struct session *session)
{
    struct sync *sync = &session->sync;
    struct message *message = calloc(1, sizeof(*message));
    if (message == NULL)
        return core_check(core, STATUS_NO_MEMORY);
    message->core = core;
    message->session = session;
    message->dictionary.ids = message->ids;
    enum status status = STATUS_OK;
    id_list_clear(&sync->carried[sync->unacked]);
    while (status == STATUS_OK && sync->to_send_at < sync->to_send.len &&
           message->ops.len < MESSAGE_TARGET &&
           message->ops_len + message->skipped < OPS_PER_MESSAGE_MAX) {
        message->took = false;
        status = store_op_get(core->store, &sync->to_send.ids[sync->to_send_at++],
                              take_op, message);
        if (status == STATUS_NOT_FOUND)
            status = STATUS_OK;
        if (message->took)
            message->ops_len++;
        else
            message->skipped++;
    }
    struct buf out = {0};
    pack_array(&out, 4);
    pack_str(&out, "ops");
    pack_array(&out, message->dictionary.len);
    for (uint32_t i = 0; i < message->dictionary.len; i++)
        pack_bin(&out, message->ids[i].bytes, ID_SIZE);
    pack_array(&out, message->ops_len);
    buf_add(&out, message->ops.data, message->ops.len);
    pack_uint(&out, message->skipped);
    if (status == STATUS_OK)
        status = buf_status(&out);
    if (status == STATUS_OK) {
        session_send(session, &out);
        sync->unacked++;
    }
    buf_deinit(&out);
    buf_deinit(&message->ops);
    free(message);
    return core_check(core, status);
}
