#include "node/core/backup_out.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/secret.h"
#include "node/cases/charter.h"
#include "node/core/charters.h"
#include "node/core/restored.h"
#include "node/core/sealing.h"

/* A file is full when less than this is left: one op of the largest sort or one piece,
 * with what stands around it, would not fit. A row is a piece of a paste at most. */
#define ROOM_LEAST (OP_SIZE_MAX + 1024u)

static bool is_full(const struct buf *payload)
{
    return payload->len + BUNDLE_END_SIZE + ROOM_LEAST > BUNDLE_PAYLOAD_MAX;
}

/* Files of one series open with one sheet, or nobody restores it. Marks of before say no
 * key: they were sealed for the founding op's. */
static bool is_for(const struct backup_mark *from, const struct charter *own)
{
    static const struct id none = {{0}};
    return id_equal(&from->recovery, &none)
               ? !charter_has_rotated(own)
               : memcmp(from->recovery.bytes, charter_recovery_key(own), KEY_SIZE) == 0;
}

enum status backup_out_begin(struct core *core, const struct backup_mark *from,
                             struct backup_out **made, struct err *err)
{
    bool is_of = true;
    struct charter *own;
    enum status status = charters_own(core, &own);
    if (status == STATUS_OK && from != NULL && !is_for(from, own))
        return err_set(
            err, STATUS_INVALID,
            "the recovery key was replaced since the backup in that folder was "
            "begun: begin a whole one in an empty folder, and destroy the old "
            "one when the new one was tried, for the old sheet opens it");
    if (status == STATUS_OK && from != NULL)
        status = backup_mark_is_of(core->store, from, &is_of);
    if (status != STATUS_OK)
        return core_check(core, status);
    if (!is_of)
        return err_set(err, STATUS_INVALID,
                       "the backup in that folder does not go with this node: it is of "
                       "another site, or this node lost what that has; use an empty "
                       "folder");
    struct backup_out *out = calloc(1, sizeof(*out));
    if (out == NULL)
        return core_check(core, STATUS_NO_MEMORY);
    if (from != NULL)
        out->had = *from;
    memcpy(out->at, out->had.store.ops, sizeof(out->at));
    out->to.wall = core->wall;
    memcpy(out->to.recovery.bytes, charter_recovery_key(own), KEY_SIZE);
    status = store_backup_now(core->store, &out->to.store);
    if (status == STATUS_OK)
        status = restored_as(core->store, &out->to.restore);
    /* A restored store numbers its pieces anew. */
    if (id_equal(&out->had.restore, &out->to.restore))
        out->chunk_at = out->had.store.chunk;
    struct bundle_header *header = &out->header;
    header->network = core->network;
    header->from = header->to = core->site;
    memcpy(header->node, core->node_key, sizeof(header->node));
    header->number = out->to.store.ops[TREE_PRIVATE] + out->to.store.ops[TREE_SHARED];
    if (status != STATUS_OK) {
        backup_out_free(out);
        return core_check(core, status);
    }
    *made = out;
    return STATUS_OK;
}

/* --- what goes in --- */

struct filling {
    struct core *core;
    struct backup_out *out;
    struct buf *payload;
    struct buf message;
    enum ledger_tree tree;
    uint64_t row; /* of the table */
};

static void add_message(struct filling *filling)
{
    bundle_add(filling->payload, &filling->message);
    buf_clear(&filling->message);
}

/* By these keys the restored machine is this one, to its peers and in its charter. */
static void add_keys(struct filling *filling)
{
    struct core *core = filling->core;
    pack_array(&filling->message, 4);
    pack_str(&filling->message, "keys");
    pack_bin(&filling->message, core->node_pair.seed_and_key, KEY_SEED_SIZE);
    pack_bin(&filling->message, core->noise_secret, KEY_SIZE);
    pack_str(&filling->message, core->network_name);
    add_message(filling);
}

/* MORE: the file is full. */
static enum status add_op(void *context, const struct store_op *row)
{
    struct filling *filling = context;
    struct backup_out *out = filling->out;
    if (is_full(filling->payload))
        return STATUS_MORE;
    pack_array(&filling->message, 5);
    pack_str(&filling->message, "op");
    pack_uint(&filling->message, filling->tree);
    pack_uint(&filling->message, row->position);
    pack_uint(&filling->message, (uint64_t)row->seq);
    pack_bin(&filling->message, row->bytes.data, row->bytes.len);
    add_message(filling);
    out->at[filling->tree] = row->position + 1;
    out->ops++;
    return STATUS_OK;
}

static enum status add_chunk(void *context, int64_t number, struct bytes sealed)
{
    struct filling *filling = context;
    if (is_full(filling->payload))
        return STATUS_MORE;
    pack_array(&filling->message, 3);
    pack_str(&filling->message, "chunk");
    pack_uint(&filling->message, (uint64_t)number);
    pack_bin(&filling->message, sealed.data, sealed.len);
    add_message(filling);
    filling->out->chunk_at = number;
    filling->out->pieces++;
    return STATUS_OK;
}

static void add_table(struct filling *filling, const char *name)
{
    pack_array(&filling->message, 2);
    pack_str(&filling->message, "table");
    pack_str(&filling->message, name);
    add_message(filling);
}

static enum status add_row(void *context, struct bytes row)
{
    struct filling *filling = context;
    if (filling->row++ < filling->out->row_at)
        return STATUS_OK;
    if (is_full(filling->payload))
        return STATUS_MORE;
    pack_array(&filling->message, 2);
    pack_str(&filling->message, "row");
    buf_add(&filling->message, row.data, row.len);
    add_message(filling);
    filling->out->row_at++;
    return STATUS_OK;
}

/* The next table that the folder has otherwise. False: there is none. A table that hangs
 * on another comes behind it, and differs where that one does. */
static bool next_table(struct backup_out *out)
{
    for (uint32_t i = 0; store_backup_table_name(i) != NULL; i++) {
        if (id_equal(&out->had.tables[i], &out->to.tables[i]))
            continue;
        out->table_at = i;
        out->table_begun = out->to.tables[i];
        return true;
    }
    return false;
}

/* The tables that changed since, each from its first row on; one that an earlier file
 * began goes on, unless it has changed in between: named again, it begins anew. A row
 * belongs to the table that was named last. */
static enum status add_tables(struct filling *filling)
{
    struct backup_out *out = filling->out;
    if (!id_equal(&out->table_begun, &out->to.tables[out->table_at]))
        out->row_at = 0;
    while (out->row_at > 0 || next_table(out)) {
        if (out->row_at == 0)
            add_table(filling, store_backup_table_name(out->table_at));
        filling->row = 0;
        enum status status =
            store_backup_table(filling->core->store, out->table_at, add_row, filling);
        if (status != STATUS_OK)
            return status;
        out->had.tables[out->table_at] = out->table_begun;
        out->row_at = 0;
    }
    return STATUS_OK;
}

/* All that there is, for nothing else is done in a turn that fills a file. Charters come
 * before what they decide about, pieces before the rows that name them. */
static enum status fill(struct filling *filling)
{
    static const enum ledger_tree trees[] = {TREE_SHARED, TREE_PRIVATE};
    struct backup_out *out = filling->out;
    struct store *store = filling->core->store;
    enum status status = store_backup_now(store, &out->to.store);
    if (out->header.part == 0)
        add_keys(filling);
    for (int i = 0; status == STATUS_OK && i < 2; i++) {
        filling->tree = trees[i];
        status = store_backup_ops(store, trees[i], out->at[trees[i]], add_op, filling);
    }
    if (status == STATUS_OK)
        status = store_backup_chunks(store, out->chunk_at, add_chunk, filling);
    if (status == STATUS_OK)
        status = backup_mark_now(store, &out->to);
    if (status == STATUS_OK)
        status = add_tables(filling);
    out->is_done = status == STATUS_OK && !is_full(filling->payload);
    if (out->is_done) {
        backup_mark_write(&out->to, &filling->message);
        add_message(filling);
    }
    return status == STATUS_MORE ? STATUS_OK : status;
}

/* --- sealing --- */

static enum status seal(struct core *core, const struct id *recovery,
                        struct bytes payload, struct buf *file)
{
    uint8_t keys[2][KEY_SIZE];
    bool is_sound = key_dh_of_sign_key(keys[0], recovery->bytes);
    is_sound &= key_dh_of_sign_key(keys[1], core->node_key);
    if (!is_sound) /* never: a sound charter has sound keys */
        return STATUS_CORRUPT;
    return sealing_run(core, (const uint8_t(*)[KEY_SIZE])keys, 2, &core->site, payload,
                       file);
}

/* All files of it open with one sheet. */
static enum status check_key(struct core *core, const struct backup_out *out,
                             struct err *err)
{
    struct charter *own;
    enum status status = charters_own(core, &own);
    if (status != STATUS_OK || is_for(&out->to, own))
        return status;
    return err_set(err, STATUS_CONFLICT,
                   "the recovery key was replaced while the backup was written; begin it "
                   "anew");
}

enum status backup_out_next(struct core *core, struct backup_out *out, struct buf *file,
                            struct err *err)
{
    enum status checked = check_key(core, out, err);
    if (checked != STATUS_OK)
        return checked;
    struct buf payload = {0}, body = {0};
    struct bundle_header *header = &out->header;
    struct filling filling = {.core = core, .out = out, .payload = &body};
    /* Secrets are in it: it must not grow, for what is left behind is not wiped. */
    (void)buf_reserve(&body, BUNDLE_PAYLOAD_MAX);
    (void)buf_reserve(&payload, BUNDLE_PAYLOAD_MAX);
    out->ops = out->pieces = 0;
    bundle_begin(&body, header);
    size_t begin = body.len;
    enum status status = fill(&filling);
    header->is_last = out->is_done;
    bundle_begin(&payload, header);
    buf_add(&payload, body.data + begin, body.len - begin);
    if (status == STATUS_OK)
        status = buf_status(&filling.message);
    if (status == STATUS_OK)
        status = buf_status(&body);
    if (status == STATUS_OK)
        status = bundle_end(&payload, header, &core->node_pair);
    if (status == STATUS_OK)
        status = seal(core, &out->to.recovery, buf_bytes(&payload), file);
    core_trace(core, "backup written part=%u ops=%llu pieces=%llu bytes=%zu",
               header->part, (unsigned long long)out->ops,
               (unsigned long long)out->pieces, file->len);
    header->part++;
    buf_wipe(&filling.message);
    buf_wipe(&body);
    buf_wipe(&payload);
    return core_check(core, status);
}

void backup_out_free(struct backup_out *out)
{
    free(out);
}
