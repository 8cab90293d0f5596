/* That a seal stands in this machine's log, as one file that other people's tools check
 * (C2SP tlog-proof, docs/LEDGER.md §5): under the newest checkpoint of it that a witness
 * cosigned, else under one that is signed now. The seal itself goes along as extra. */
#include "node/core/api.h"
#include "node/core/seal_log.h"
#include "node/core/seal_note.h"
#include "proto/tlog_proof.h"
#include "storage/store_seals.h"

struct proving {
    const struct seal_log *log;
    uint64_t place, size; /* of the checkpoint; 0: there is none yet */
    bool is_cosigned;
    struct buf leaf, note;
};

static enum status take_leaf(void *context, const struct store_seal *row)
{
    struct proving *proving = context;
    if (row->place == proving->place)
        buf_add(&proving->leaf, row->leaf.data, row->leaf.len);
    return buf_status(&proving->leaf);
}

/* What a witness saw of more than a backup kept is none of what is here. */
static enum status take_note(void *context, struct bytes witness, uint64_t size,
                             struct bytes bytes)
{
    struct proving *proving = context;
    struct checkpoint checkpoint;
    struct note note;
    struct merkle_hash root;
    (void)witness;
    if (size <= proving->place || size <= proving->size || size > proving->log->len)
        return STATUS_OK;
    seal_log_root(proving->log, size, &root);
    if (checkpoint_read_note(&checkpoint, &note, bytes, NULL) != STATUS_OK ||
        checkpoint.size != size || !merkle_equal(&checkpoint.root, &root))
        return STATUS_OK;
    proving->size = size;
    proving->is_cosigned = true;
    buf_clear(&proving->note);
    buf_add(&proving->note, bytes.data, bytes.len);
    return buf_status(&proving->note);
}

static enum status write_proof(struct core *core, struct proving *proving,
                               struct buf *file)
{
    struct merkle_hash proof[MERKLE_PROOF_MAX], root;
    size_t len = 0;
    if (!proving->is_cosigned) {
        proving->size = proving->log->len;
        seal_log_root(proving->log, proving->size, &root);
        seal_note_write(core, proving->log->origin, proving->size, &root, NULL,
                        &proving->note);
    }
    seal_log_inclusion(proving->log, proving->place, proving->size, proof, &len);
    if (buf_status(&proving->note) == STATUS_OK)
        tlog_proof_write(file, buf_bytes(&proving->leaf), proving->place, proof, len,
                         buf_bytes(&proving->note));
    file->failed = file->failed || proving->note.failed;
    return buf_status(file);
}

static enum status prove(struct core *core, struct proving *proving, struct buf *file)
{
    enum status status =
        store_seals(core->store, proving->log->number, take_leaf, proving);
    if (status == STATUS_OK)
        status = store_cosigned(core->store, proving->log->number, take_note, proving);
    if (status == STATUS_OK)
        status = write_proof(core, proving, file);
    return core_check(core, status);
}

static void pack_proof(const struct proving *proving, const struct buf *file,
                       struct buf *result)
{
    pack_map(result, 3);
    pack_str(result, "cosigned");
    pack_bool(result, proving->is_cosigned);
    pack_str(result, "file");
    pack_bin(result, file->data, file->len);
    pack_str(result, "size");
    pack_uint(result, proving->size);
}

enum status api_seal_prove(struct core *core, struct caller *caller,
                           const struct args *args, struct buf *result, struct err *err)
{
    struct seal_log log;
    struct buf file = {0};
    struct proving proving = {.log = &log,
                              .place = args_number(args, "place", UINT64_MAX)};
    enum status status = seal_log_read(core, &log);
    if (status == STATUS_OK && proving.place < log.len)
        status = prove(core, &proving, &file);
    else if (status == STATUS_OK || status == STATUS_NOT_FOUND)
        status = err_set(err, STATUS_NOT_FOUND,
                         "the log that grows here has no seal of that number; see: "
                         "fengqiao seal list");
    else
        status = core_check(core, status);
    if (status == STATUS_OK)
        pack_proof(&proving, &file, result);
    seal_log_free(&log);
    buf_deinit(&proving.leaf);
    buf_deinit(&proving.note);
    buf_deinit(&file);
    return status;
}
