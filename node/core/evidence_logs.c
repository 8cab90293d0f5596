#include "node/core/evidence_logs.h"

#include <stdio.h>
#include <string.h>

#include "node/core/seal_note.h"
#include "node/core/state.h"
#include "proto/checkpoint.h"
#include "proto/limits.h"
#include "storage/store_seals.h"

/* --- checkpoints --- */

struct kept_note {
    uint64_t size;
    size_t at, len; /* in the bytes of all */
};

/* The newest ones that witnesses cosigned, of the leaves that are here. */
struct kept {
    const struct seal_log *log;
    uint64_t len; /* so many of its leaves may be in the file */
    struct kept_note notes[EVIDENCE_CHECKPOINTS_MAX - 1]; /* by size */
    uint32_t notes_len;
    struct buf bytes;
};

/* Something that was cosigned of more than a backup kept is no checkpoint of what is
 * here. */
static bool is_of_log(const struct kept *kept, uint64_t size, struct bytes bytes)
{
    struct checkpoint checkpoint;
    struct note note;
    struct merkle_hash root;
    if (size == 0 || size > kept->len ||
        checkpoint_read_note(&checkpoint, &note, bytes, NULL) != STATUS_OK)
        return false;
    seal_log_root(kept->log, size, &root);
    return checkpoint.size == size && merkle_equal(&checkpoint.root, &root) &&
           bytes_equal_str(checkpoint.origin, kept->log->origin);
}

static enum status keep_note(void *context, struct bytes witness, uint64_t size,
                             struct bytes bytes)
{
    struct kept *kept = context;
    uint32_t place = kept->notes_len;
    (void)witness;
    if (!is_of_log(kept, size, bytes))
        return STATUS_OK;
    while (place > 0 && kept->notes[place - 1].size > size)
        place--;
    if (kept->notes_len == EVIDENCE_CHECKPOINTS_MAX - 1) {
        if (place == 0)
            return STATUS_OK; /* the largest ones stay */
        memmove(kept->notes, kept->notes + 1, --place * sizeof(kept->notes[0]));
        kept->notes_len--;
    } else
        memmove(kept->notes + place + 1, kept->notes + place,
                (kept->notes_len - place) * sizeof(kept->notes[0]));
    kept->notes[place] =
        (struct kept_note){.size = size, .at = kept->bytes.len, .len = bytes.len};
    kept->notes_len++;
    buf_add(&kept->bytes, bytes.data, bytes.len);
    return buf_status(&kept->bytes);
}

static void write_checkpoint(struct bytes note, struct buf *out)
{
    pack_array(out, 2);
    pack_str(out, "checkpoint");
    pack_bin(out, note.data, note.len);
}

/* How far the log is in the file: as far as there is a checkpoint of it by its key. What
 * is of another key than the machine has now was signed before, or never. */
static uint64_t reach_of(struct core *core, const struct kept *kept)
{
    if (evidence_seals_is_ours(core, kept->log->origin))
        return kept->len;
    return kept->notes_len == 0 ? 0 : kept->notes[kept->notes_len - 1].size;
}

static void write_checkpoints(struct core *core, const struct kept *kept, uint64_t reach,
                              struct buf *out)
{
    struct merkle_hash root;
    struct buf note = {0};
    for (uint32_t i = 0; i < kept->notes_len; i++)
        write_checkpoint(
            bytes_of(kept->bytes.data + kept->notes[i].at, kept->notes[i].len), out);
    if (kept->notes_len > 0 && kept->notes[kept->notes_len - 1].size == reach)
        return;
    seal_log_root(kept->log, reach, &root);
    seal_note_write(core, kept->log->origin, reach, &root, NULL, &note);
    write_checkpoint(buf_bytes(&note), out);
    out->failed = out->failed || note.failed;
    buf_deinit(&note);
}

/* --- seals, and what is opened of them --- */

struct writing {
    struct core *core;
    const struct evidence_seals *seals;
    const char *origin;
    bool opens; /* it is the log that grows */
    uint64_t reach;
    struct evidence_log_place *place;
    size_t size;
    struct buf *out;
};

static void write_proof(const struct store_ledger_proof *proof, struct buf *out)
{
    pack_array(out, (uint32_t)proof->len);
    for (size_t i = 0; i < proof->len; i++)
        pack_bin(out, proof->hashes[i].bytes, MERKLE_HASH_SIZE);
}

void evidence_logs_include(struct buf *out, uint32_t number, uint64_t position,
                           const struct store_ledger_proof *proof)
{
    pack_array(out, 4);
    pack_str(out, "included");
    pack_uint(out, number);
    pack_uint(out, position);
    write_proof(proof, out);
}

/* A tree of the ledger has its own name, so that no checkpoint of it is one of the log.
 */
static void write_tree_note(const struct writing *writing, enum ledger_tree tree,
                            uint64_t size, const struct merkle_hash *root,
                            struct buf *note)
{
    char name[SEAL_ORIGIN_SIZE + sizeof("/private")];
    (void)snprintf(name, sizeof(name), "%s/%s", writing->origin,
                   tree == TREE_PRIVATE ? "private" : "shared"); /* fits */
    seal_note_write(writing->core, name, size, root, NULL, note);
}

/* How far that tree was in the seal that was opened of it before; 0: none was. */
static uint64_t size_before(const struct writing *writing, uint64_t place,
                            enum ledger_tree tree)
{
    const struct evidence_sealed *seals = writing->seals->seals;
    while (place-- > 0)
        if (seals[place].is_opened[tree - 1])
            return seals[place].sizes[tree - 1];
    return 0;
}

/* UNVERIFIED: the ledger is not any more what was sealed. */
static enum status open_tree(const struct store_seal *row, enum ledger_tree tree,
                             uint64_t size, const struct merkle_hash *root,
                             struct seal_opening openings[static 2])
{
    struct seal_trees trees = {.private_size = size, .shared_size = size};
    struct seal seal;
    bool is_private = tree == TREE_PRIVATE;
    if (seal_read(&seal, row->leaf, NULL) != STATUS_OK)
        return STATUS_CORRUPT;
    trees.private_root = *root;
    trees.shared_root = *root;
    seal_open(&openings[0], is_private ? SEAL_PRIVATE_SIZE : SEAL_SHARED_SIZE,
              row->secret, &trees);
    seal_open(&openings[1], is_private ? SEAL_PRIVATE_ROOT : SEAL_SHARED_ROOT,
              row->secret, &trees);
    return seal_is_opened(&seal, &openings[0]) && seal_is_opened(&seal, &openings[1])
               ? STATUS_OK
               : STATUS_UNVERIFIED;
}

static enum status write_opened(const struct writing *writing,
                                const struct store_seal *row, enum ledger_tree tree)
{
    struct store *store = writing->core->store;
    uint64_t size = writing->seals->seals[row->place].sizes[tree - 1];
    struct merkle_hash root;
    struct store_ledger_proof proof;
    struct seal_opening openings[2];
    struct buf note = {0};
    enum status status = store_ledger_root(store, tree, size, &root);
    if (status == STATUS_OK)
        status = store_ledger_consistency(
            store, tree, size_before(writing, row->place, tree), size, &proof);
    if (status == STATUS_OK)
        status = open_tree(row, tree, size, &root, openings);
    if (status != STATUS_OK)
        return status == STATUS_NOT_FOUND ? STATUS_CORRUPT : status;
    write_tree_note(writing, tree, size, &root, &note);
    struct buf *out = writing->out;
    pack_array(out, 6);
    pack_str(out, "opened");
    pack_uint(out, tree == TREE_SHARED);
    pack_bin(out, note.data, note.len);
    pack_bin(out, openings[0].salt, SEAL_SALT_SIZE);
    pack_bin(out, openings[1].salt, SEAL_SALT_SIZE);
    write_proof(&proof, out);
    out->failed = out->failed || note.failed;
    buf_deinit(&note);
    return buf_status(out);
}

static enum status write_seal(void *context, const struct store_seal *row)
{
    const struct writing *writing = context;
    enum status status = STATUS_OK;
    if (row->place < writing->place->seal || row->place >= writing->reach)
        return STATUS_OK;
    /* A log begins with its first seal in one part. */
    if (row->place > 0 && writing->out->len >= writing->size)
        return STATUS_MORE;
    pack_array(writing->out, 2);
    pack_str(writing->out, "seal");
    pack_bin(writing->out, row->leaf.data, row->leaf.len);
    for (int tree = TREE_PRIVATE; status == STATUS_OK && tree <= TREE_SHARED; tree++)
        if (writing->opens && writing->seals->seals[row->place].is_opened[tree - 1])
            status = write_opened(writing, row, (enum ledger_tree)tree);
    writing->place->seal = row->place + 1;
    return status == STATUS_OK ? buf_status(writing->out) : status;
}

/* --- a log --- */

static enum status write_log(struct writing *writing, const struct seal_log *log)
{
    struct core *core = writing->core;
    struct kept kept = {.log = log, .len = log->len};
    if (writing->opens)
        kept.len = writing->seals->len;
    else if (kept.len > EVIDENCE_SEALS_MAX)
        kept.len = EVIDENCE_SEALS_MAX;
    enum status status = store_cosigned(core->store, log->number, keep_note, &kept);
    writing->origin = log->origin;
    writing->reach = reach_of(core, &kept);
    if (status == STATUS_OK && writing->reach > 0 && writing->place->seal == 0) {
        pack_array(writing->out, 3);
        pack_str(writing->out, "log");
        pack_str(writing->out, log->origin);
        pack_uint(writing->out, writing->reach);
        write_checkpoints(core, &kept, writing->reach, writing->out);
    }
    buf_deinit(&kept.bytes);
    if (status != STATUS_OK || writing->reach == 0)
        return status;
    return store_seals(core->store, log->number, write_seal, writing);
}

int64_t evidence_logs_first(const struct evidence_seals *seals)
{
    return seals->log < EVIDENCE_LOGS_MAX ? 0 : seals->log - EVIDENCE_LOGS_MAX + 1;
}

enum status evidence_logs_write(struct core *core, const struct evidence_seals *seals,
                                struct evidence_log_place *place, size_t size,
                                struct buf *out)
{
    enum status status = STATUS_OK;
    while (status == STATUS_OK && place->log <= seals->log) {
        struct seal_log log;
        struct writing writing = {.core = core,
                                  .seals = seals,
                                  .opens = seals->can_open && place->log == seals->log,
                                  .place = place,
                                  .size = size,
                                  .out = out};
        if (out->len >= size)
            return STATUS_MORE;
        status = seal_log_read_former(core, place->log, &log);
        if (status == STATUS_OK)
            status = write_log(&writing, &log);
        seal_log_free(&log);
        if (status == STATUS_OK)
            *place = (struct evidence_log_place){.log = place->log + 1};
    }
    return status == STATUS_NOT_FOUND ? STATUS_CORRUPT : status;
}
