#include "tests/sim/life/watch_files.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "node/cases/attached.h"
#include "node/cases/view.h"
#include "storage/store_chunks.h"
#include "storage/store_lacking.h"
#include "tests/sim/life/sim_files.h"
#include "tests/sim/life/sim_liar.h"

struct looking {
    struct sim_host *host;
    struct sim_sent *sent;
    struct buf *out;
    uint32_t count;
};

/* An op that names a file; NULL where it is of another kind. The caller's to free. */
static struct op *attached_of(const struct store_op *row)
{
    struct op *op = calloc(1, sizeof(*op));
    assert(op != NULL);
    if (op_decode_bytes(op, row->bytes, NULL) == STATUS_OK && op_is_kind(op, "attached"))
        return op;
    free(op);
    return NULL;
}

/* --- at the release --- */

static enum status keep_traces(void *context, const struct store_op *row)
{
    struct looking *looking = context;
    struct sim_sent *sent = looking->sent;
    struct op *op = attached_of(row);
    struct attached file;
    struct buf sealed = {0};
    if (op == NULL)
        return STATUS_OK;
    if (attached_read_released(op, &file) &&
        store_chunk_of(looking->host->config.store, &row->id, 0, &sealed) == STATUS_OK) {
        memcpy(sent->file_key, file.key, sizeof(sent->file_key));
        memcpy(sent->file_piece, sealed.data, sizeof(sent->file_piece));
        sent->has_file = true;
    }
    buf_deinit(&sealed);
    free(op);
    return STATUS_OK;
}

void watch_files_released(struct sim_host *host, struct sim_sent *sent)
{
    struct looking looking = {.host = host, .sent = sent};
    if (store_ops_of_scope(host->config.store, &sent->scope, keep_traces, &looking) !=
        STATUS_OK)
        sim_fail(host->sim, "I2", "%s cannot read what it released", host->address);
}

static enum status pack_one(void *context, const struct store_op *row)
{
    static const char *const names[] = {"name", "size", "type"};
    struct looking *looking = context;
    struct op *op = attached_of(row);
    if (op == NULL)
        return STATUS_OK;
    pack_map(looking->out, 3);
    for (int i = 0; i < 3; i++) {
        const struct op_field *field = op_field(op, names[i]);
        pack_str(looking->out, names[i]);
        buf_add(looking->out, field->value.data, field->value.len);
    }
    looking->count++;
    free(op);
    return STATUS_OK;
}

void watch_files_pack(struct sim_host *host, const struct id *record, struct buf *out)
{
    struct buf rows = {0};
    struct looking looking = {.host = host, .out = &rows};
    if (store_ops_of_scope(host->config.store, record, pack_one, &looking) != STATUS_OK)
        sim_fail(host->sim, "I2", "%s cannot read what it released", host->address);
    pack_array(out, looking.count);
    buf_append(out, &rows);
    buf_deinit(&rows);
}

/* --- on the way --- */

void watch_files_cut(struct sim_host *host)
{
    const struct id least = {{0}};
    struct store_piece piece;
    if (host->core == NULL || host->config.store == NULL)
        return;
    for (int i = 0; i < host->sim->hosts_len; i++)
        if (store_lacking_next(host->config.store, &host->sim->hosts[i]->site, &least,
                               &piece) == STATUS_OK)
            sim_ever(host->sim, EVER_FILE_HALF);
}

/* --- at the end --- */

static bool open_file(struct sim_host *host, const struct op *op,
                      const struct attached *file, struct buf *out)
{
    bool is_whole = true;
    for (uint32_t i = 0; is_whole && i < file->len; i++) {
        struct buf sealed = {0};
        is_whole = store_chunk_of(host->config.store, &op->id, i, &sealed) == STATUS_OK &&
                   sealed.len > CHUNK_TAG_SIZE;
        uint8_t *room = is_whole ? buf_reserve(out, sealed.len) : NULL;
        is_whole =
            room != NULL && chunk_open(room, file->key, i, sealed.data, sealed.len);
        if (is_whole)
            out->len += sealed.len - CHUNK_TAG_SIZE;
        buf_deinit(&sealed);
    }
    return is_whole;
}

static enum status look_at_one(void *context, const struct store_op *row)
{
    struct looking *looking = context;
    struct sim_host *host = looking->host;
    struct op *op = attached_of(row);
    struct attached file;
    struct buf opened = {0};
    if (op == NULL)
        return STATUS_OK;
    op_trust(op, &row->id);
    if (attached_read_released(op, &file)) {
        if (!open_file(host, op, &file, &opened) || !sim_files_is_one(buf_bytes(&opened)))
            sim_fail(host->sim, "I13", "%s has not the whole of a file that went up",
                     host->address);
        looking->count++;
    }
    buf_deinit(&opened);
    free(op);
    return STATUS_OK;
}

static enum status look_at_record(void *context, const struct store_scope *scope)
{
    struct looking *looking = context;
    bool is_recalled = false;
    /* By the view: whoever recalled it may have lost his power before he was told. */
    (void)view_map_flag(scope->view, "recalled", &is_recalled); /* each view has it */
    if (is_recalled)
        return STATUS_OK;
    return store_ops_of_scope(looking->host->config.store, &scope->id, look_at_one,
                              looking);
}

/* --- what was taken away from its case --- */

static enum status look_at_gone(void *context, const struct store_op *row)
{
    struct looking *looking = context;
    struct attached file;
    struct op *op = calloc(1, sizeof(*op));
    assert(op != NULL);
    uint64_t pieces = 1;
    if (op_decode_bytes(op, row->bytes, NULL) == STATUS_OK &&
        store_chunks_of(looking->host->config.store, &row->id, &pieces) == STATUS_OK &&
        (attached_read(op, &file) || pieces > 0))
        sim_fail(looking->host->sim, "I7", "%s has what opens a file that was taken away",
                 looking->host->address);
    free(op);
    return STATUS_OK;
}

static bool look_at_detach(void *context, struct bytes entry)
{
    struct looking *looking = context;
    struct bytes fields;
    struct id attach;
    if (view_map_has_text(entry, "kind", "detach") &&
        view_map_get(entry, "fields", &fields) &&
        view_map_id(fields, "attachment", &attach) &&
        store_op_get(looking->host->config.store, &attach, look_at_gone, looking) !=
            STATUS_OK)
        sim_fail(looking->host->sim, "I14", "%s: an op of its cases cannot be read",
                 looking->host->address);
    return true;
}

static enum status look_at_case(void *context, const struct store_scope *scope)
{
    view_map_each(scope->view, "journal", look_at_detach, context);
    return STATUS_OK;
}

/* What a liar or a disk that lies has lost is nobody's fault here. */
void watch_files_end(struct sim_host *host)
{
    struct sim *sim = host->sim;
    struct looking looking = {.host = host};
    if (sim->flawed != NULL)
        return;
    if (store_scopes_of_kind(host->config.store, SCOPE_CASE, 0, look_at_case, &looking) !=
        STATUS_OK)
        sim_fail(sim, "I14", "%s: its cases cannot be read", host->address);
    if (sim->liar != NULL)
        return;
    for (int i = 0; i < sim->hosts_len; i++)
        if (sim->hosts[i]->is_set_back)
            return;
    if (store_scopes_of_kind(host->config.store, SCOPE_ESCALATION, 0, look_at_record,
                             &looking) != STATUS_OK)
        sim_fail(sim, "I14", "%s: its records cannot be read", host->address);
    if (looking.count > 0 && host->parent == 0)
        sim_ever(sim, EVER_FILE_WENT_UP);
    if (looking.count > 0 && host->parent < 0)
        sim_ever(sim, EVER_FILE_ONWARD);
}
