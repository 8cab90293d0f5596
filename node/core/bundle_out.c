#include "node/core/bundle_out.h"

#include <stdlib.h>
#include <string.h>

#include "node/cases/charter.h"
#include "node/core/bundle_said.h"
#include "node/core/charters.h"
#include "node/core/pieces.h"
#include "node/core/renewal.h"
#include "node/core/restored.h"
#include "node/core/sealing.h"
#include "storage/store_bundles.h"

/* A file is full when less than this is left of it: one more op of the largest sort with
 * its dictionary, or a piece, would not fit. */
#define ROOM_OPS (OP_SIZE_MAX + 64u * 1024)
#define ROOM_PIECE (ATTACHMENT_CHUNK_SIZE + 1024u)
#define MESSAGE_TARGET (96u * 1024)

static size_t room_in(const struct buf *payload)
{
    return BUNDLE_PAYLOAD_MAX - BUNDLE_END_SIZE - payload->len;
}

/* --- for whom --- */

static enum status find_recipients(struct core *core, const struct id *site,
                                   uint8_t (*keys)[KEY_SIZE], size_t *keys_len,
                                   struct err *err)
{
    const struct charter *charter = charters_of_site(core, site);
    size_t len = 0;
    const struct charter_node *nodes =
        charter == NULL ? NULL : charter_nodes(charter, &len);
    *keys_len = 0;
    for (size_t i = 0; i < len && *keys_len < AGE_RECIPIENTS_MAX; i++) {
        if (nodes[i].is_revoked)
            continue;
        if (key_dh_of_sign_key(keys[*keys_len], nodes[i].key)) /* never: it is sound */
            ++*keys_len;
    }
    return *keys_len > 0 ? STATUS_OK
                         : err_set(err, STATUS_NOT_FOUND,
                                   "no machine of that site is known that could open it");
}

/* --- what goes in --- */

static enum status push_got(void *context, const struct store_bundle_read *read)
{
    struct bundle_header *header = context;
    if (header->got_len == BUNDLE_GOT_MAX)
        return STATUS_OK;
    struct bundle_got *got = &header->got[header->got_len++];
    memcpy(got->node, read->node, sizeof(got->node));
    got->number = read->number;
    return STATUS_OK;
}

static enum status add_introduction(void *context, const struct store_op *row)
{
    struct bundle_out *out = context;
    return outgoing_has(&out->plan.ops, row->seq)
               ? outgoing_push(&out->introduction, row->seq)
               : STATUS_OK;
}

/* Who does not know the new key of this machine takes nothing that it signed. */
static enum status introduce(struct core *core, struct bundle_out *out)
{
    if (!renewal_awaits(core, &out->site))
        return STATUS_OK;
    enum status status =
        store_ops_of_scope(core->store, &core->site, add_introduction, out);
    outgoing_sort(&out->introduction);
    return status;
}

enum status bundle_out_begin(struct core *core, const struct id *site,
                             struct bundle_out **made, struct err *err)
{
    uint8_t keys[AGE_RECIPIENTS_MAX][KEY_SIZE];
    size_t keys_len;
    uint64_t least;
    enum status status = find_recipients(core, site, keys, &keys_len, err);
    if (status != STATUS_OK)
        return status;
    struct bundle_out *out = calloc(1, sizeof(*out));
    if (out == NULL)
        return core_check(core, STATUS_NO_MEMORY);
    out->site = *site;
    struct bundle_header *header = &out->header;
    header->network = core->network;
    header->from = core->site;
    header->to = *site;
    memcpy(header->node, core->node_key, sizeof(header->node));
    status = bundle_plan_make(core, site, &out->plan);
    if (status == STATUS_OK)
        status = introduce(core, out);
    if (status == STATUS_OK)
        status = store_bundles_read(core->store, site, push_got, header);
    if (status == STATUS_OK)
        status = restored_least_number(core, &least);
    if (status == STATUS_OK)
        status =
            store_bundle_begin(core->store, site, least, core->wall, &header->number);
    if (status != STATUS_OK) {
        bundle_out_free(out);
        return core_check(core, status);
    }
    *made = out;
    return STATUS_OK;
}

static enum status add_ops(struct core *core, struct bundle_out *out,
                           struct outgoing *ops, struct buf *payload)
{
    enum status status = STATUS_OK;
    while (status == STATUS_OK && ops->at < ops->len && room_in(payload) > ROOM_OPS) {
        struct buf message = {0};
        uint32_t len;
        size_t room = room_in(payload) - ROOM_OPS;
        status = outgoing_pack(core, &out->site, NULL, ops,
                               room < MESSAGE_TARGET ? room : MESSAGE_TARGET, NULL,
                               &message, &len);
        if (status == STATUS_OK && len > 0)
            bundle_add(payload, &message);
        out->ops += len;
        buf_deinit(&message);
    }
    return status;
}

/* The pieces come behind the ops, so that whoever reads them knows what they belong to.
 */
static enum status add_pieces(struct core *core, struct bundle_out *out,
                              struct buf *payload)
{
    const struct id_list *files = &out->plan.files;
    enum status status = STATUS_OK;
    while (status == STATUS_OK && out->files_at < files->len &&
           room_in(payload) > ROOM_PIECE) {
        const struct id *op = &files->ids[out->files_at];
        struct buf sealed = {0}, message = {0};
        bool is_there;
        status =
            pieces_give(core, &out->site, NULL, op, out->piece_at, &sealed, &is_there);
        if (status == STATUS_OK && sealed.len > 0) {
            pieces_write(&message, op, out->piece_at, buf_bytes(&sealed));
            bundle_add(payload, &message);
            out->pieces++;
        }
        out->piece_at++;
        if (!is_there || out->piece_at == ATTACHMENT_CHUNKS_MAX) {
            out->files_at++;
            out->piece_at = 0;
        }
        buf_deinit(&sealed);
        buf_deinit(&message);
    }
    return status;
}

static bool introduces(const struct bundle_out *out)
{
    return out->introduction.at < out->introduction.len;
}

static bool is_all_in(const struct bundle_out *out)
{
    return out->plan.ops.at == out->plan.ops.len && out->files_at == out->plan.files.len;
}

/* --- sealing --- */

static enum status seal(struct core *core, const struct id *site, struct bytes payload,
                        struct buf *file, struct err *err)
{
    uint8_t keys[AGE_RECIPIENTS_MAX][KEY_SIZE];
    size_t keys_len;
    enum status status = find_recipients(core, site, keys, &keys_len, err);
    return status == STATUS_OK ? sealing_run(core, (const uint8_t(*)[KEY_SIZE])keys,
                                             keys_len, site, payload, file)
                               : status;
}

/* Everything that may stand behind the header, whose flag says whether it is the last. */
static enum status fill(struct core *core, struct bundle_out *out, struct buf *payload)
{
    enum status status = STATUS_OK;
    out->ops = out->pieces = 0;
    if (introduces(out))
        return add_ops(core, out, &out->introduction, payload);
    if (out->header.part == 0)
        status = bundle_said_write(core, &out->site, out->header.number, payload);
    if (status == STATUS_OK)
        status = add_ops(core, out, &out->plan.ops, payload);
    if (status == STATUS_OK && out->plan.ops.at == out->plan.ops.len)
        status = add_pieces(core, out, payload);
    return status;
}

/* The introduction is a bundle of its own: when its last file is read, the key under
 * which it was written is no more. */
static void go_on(struct bundle_out *out, bool was_introducing)
{
    out->given++;
    out->header.part++;
    if (!was_introducing)
        out->header.got_len = 0; /* once is enough */
    else if (!introduces(out))
        out->header.part = 0;
}

enum status bundle_out_next(struct core *core, struct bundle_out *out, struct buf *file,
                            struct err *err)
{
    struct buf payload = {0}, body = {0};
    struct bundle_header written = out->header, *header = &written;
    bool is_introduction = introduces(out) && renewal_is_open(core);
    if (is_introduction) {
        memcpy(header->node, core->former.key, sizeof(header->node));
        header->got_len = 0;
    }
    bundle_begin(&body, header); /* as long as the one that is written in the end */
    size_t begin = body.len;
    enum status status = fill(core, out, &body);
    out->is_done = !is_introduction && is_all_in(out);
    header->is_last = is_introduction ? !introduces(out) : out->is_done;
    bundle_begin(&payload, header);
    buf_add(&payload, body.data + begin, body.len - begin);
    if (status == STATUS_OK)
        status = buf_status(&body);
    if (status == STATUS_OK)
        status = bundle_end(&payload, header,
                            is_introduction ? &core->former.pair : &core->node_pair);
    if (status == STATUS_OK)
        status = seal(core, &out->site, buf_bytes(&payload), file, err);
    if (status == STATUS_OK)
        status = store_bundle_ops(core->store, &out->site, header->number, out->ops);
    core_trace(core, "bundle written part=%u ops=%llu pieces=%llu bytes=%zu",
               header->part, (unsigned long long)out->ops,
               (unsigned long long)out->pieces, file->len);
    out->is_done = out->is_done && status == STATUS_OK;
    go_on(out, is_introduction);
    buf_deinit(&body);
    buf_deinit(&payload);
    return core_check(core, status);
}

void bundle_out_free(struct bundle_out *out)
{
    if (out == NULL)
        return;
    bundle_plan_deinit(&out->plan);
    outgoing_clear(&out->introduction);
    free(out);
}
