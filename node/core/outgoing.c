#include "node/core/outgoing.h"

#include <stdlib.h>

#include "node/core/charters.h"
#include "node/core/pair.h"
#include "node/core/replica.h"
#include "node/core/session.h"

#define MESSAGE_TARGET (96u * 1024) /* a message ends after the op that reaches this */

enum status outgoing_push(struct outgoing *outgoing, int64_t seq)
{
    if (outgoing->len == outgoing->capacity) {
        uint32_t capacity = outgoing->capacity == 0 ? 64 : 2 * outgoing->capacity;
        int64_t *grown = realloc(outgoing->seqs, capacity * sizeof(*grown));
        if (grown == NULL)
            return STATUS_NO_MEMORY;
        outgoing->seqs = grown;
        outgoing->capacity = capacity;
    }
    outgoing->seqs[outgoing->len++] = seq;
    return STATUS_OK;
}

enum status outgoing_add(struct core *core, struct outgoing *outgoing,
                         const struct id *id, struct store_place *place)
{
    *place = (struct store_place){0};
    enum status status = store_op_find(core->store, id, place);
    if (status != STATUS_OK && status != STATUS_NOT_FOUND)
        return core_check(core, status);
    return core_check(core, outgoing_push(outgoing, place->seq));
}

static int compare_seqs(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

/* Mostly they are found in the order in which they came; to sort takes as much memory
 * again. */
static bool is_sorted(const struct outgoing *outgoing)
{
    for (uint32_t i = 1; i < outgoing->len; i++)
        if (outgoing->seqs[i - 1] > outgoing->seqs[i])
            return false;
    return true;
}

void outgoing_sort(struct outgoing *outgoing)
{
    if (!is_sorted(outgoing))
        qsort(outgoing->seqs, outgoing->len, sizeof(*outgoing->seqs), compare_seqs);
}

bool outgoing_has(const struct outgoing *sorted, int64_t seq)
{
    return sorted->len > 0 && bsearch(&seq, sorted->seqs, sorted->len,
                                      sizeof(*sorted->seqs), compare_seqs) != NULL;
}

void outgoing_clear(struct outgoing *outgoing)
{
    free(outgoing->seqs);
    *outgoing = (struct outgoing){0};
}

struct message {
    struct core *core;
    const struct id *site;           /* for whom */
    const uint8_t *machine;          /* of our own site; NULL: of another */
    const struct id *only;           /* see struct outgoing */
    struct carried_message *carried; /* NULL: nobody keeps count */
    struct id ids[DICTIONARY_MAX / 8];
    struct op_dictionary dictionary;
    struct buf ops;
    uint32_t ops_len, skipped;
    /* Of the scope of the op before: mostly the next op's as well. */
    struct id scope;
    bool has_scope, is_shared;
    struct share_terms terms;
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

/* Two doors, and which one is ours alone to say: a case passes the first one only. */
static enum status find_terms(struct message *message, const struct id *scope)
{
    return message->machine != NULL
               ? replica_terms(message->core, message->machine, scope, &message->terms)
               : share_terms(message->core, message->site, scope, &message->terms);
}

/* The egress rule: a scope that the pair does not share is, to the other, a scope that
 * does not exist. */
static enum status look_at_scope(struct message *message, const struct id *scope)
{
    if (message->has_scope && id_equal(&message->scope, scope))
        return STATUS_OK;
    message->scope = *scope;
    message->has_scope = true;
    message->is_shared = false;
    if (message->only != NULL && !id_equal(message->only, scope))
        return STATUS_OK;
    const struct id *other = message->site;
    enum status status = pair_has(message->core, other, scope);
    if (status == STATUS_OK)
        status = find_terms(message, scope);
    message->is_shared = status == STATUS_OK;
    if (status == STATUS_DENIED) /* never: see share_terms */
        return STATUS_OK;
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status take_op(void *context, const struct store_op *row)
{
    struct message *message = context;
    enum status status = look_at_scope(message, &row->scope);
    if (status != STATUS_OK || !message->is_shared)
        return status;
    struct op op;
    if (op_decode_bytes(&op, row->bytes, NULL) != STATUS_OK)
        return STATUS_CORRUPT;
    op_trust(&op, &row->id);
    uint32_t show = share_mask(message->core, &op, &message->terms);
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
    if (message->carried == NULL)
        return STATUS_OK;
    /* Another machine of ours is nobody to whom a record was handed over. */
    bool is_record =
        op.is_founding && op_is_kind(&op, "escalate") && message->machine == NULL;
    return carried_op(message->carried, is_record ? &row->id : NULL);
}

static void write_message(const struct message *message, struct buf *out)
{
    pack_array(out, 4);
    pack_str(out, "ops");
    pack_array(out, message->dictionary.len);
    for (uint32_t i = 0; i < message->dictionary.len; i++)
        pack_bin(out, message->ids[i].bytes, ID_SIZE);
    pack_array(out, message->ops_len);
    buf_append(out, &message->ops);
    pack_uint(out, message->skipped);
}

enum status outgoing_pack(struct core *core, const struct id *site,
                          const uint8_t *machine, struct outgoing *outgoing,
                          size_t target, struct carried_message *carried, struct buf *out,
                          uint32_t *ops_len)
{
    struct message *message = calloc(1, sizeof(*message));
    if (message == NULL)
        return core_check(core, STATUS_NO_MEMORY);
    message->core = core;
    message->site = site;
    message->machine = machine;
    message->only = outgoing->only;
    message->dictionary.ids = message->ids;
    message->carried = carried;
    enum status status = STATUS_OK;
    while (status == STATUS_OK && outgoing->at < outgoing->len &&
           message->ops.len < target &&
           message->ops_len + message->skipped < OPS_PER_MESSAGE_MAX) {
        message->took = false;
        int64_t seq = outgoing->seqs[outgoing->at++];
        if (seq != 0)
            status = store_op_at(core->store, seq, take_op, message);
        if (status == STATUS_NOT_FOUND)
            status = STATUS_OK;
        if (message->took)
            message->ops_len++;
        else
            message->skipped++;
    }
    write_message(message, out);
    *ops_len = message->ops_len;
    if (status == STATUS_OK)
        status = buf_status(out);
    buf_deinit(&message->ops);
    free(message);
    return core_check(core, status);
}

enum status outgoing_send(struct core *core, struct session *session)
{
    struct sync *sync = &session->sync;
    struct buf out = {0};
    uint32_t ops_len;
    /* The key before brings the word of the new one, on which the other end hangs up: a
     * record that it was to keep until the end of the round would come twice. */
    sync->outgoing.only = session->is_former ? &core->site : NULL;
    enum status status = outgoing_pack(
        core, &session->site, replica_machine(core, session), &sync->outgoing,
        MESSAGE_TARGET, carried_begin(&sync->carried), &out, &ops_len);
    if (status == STATUS_OK) {
        session_send(session, &out);
        carried_sent(&sync->carried);
    }
    buf_deinit(&out);
    return status;
}
