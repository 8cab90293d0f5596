/*
 * A witness that is no peer (docs/LEDGER.md §3): the request for it goes into a file, and
 * what it answered comes out of one. Happy path: the head of the log with our signature
 * and the proof from what that witness saw last; back comes its cosignature, which is
 * kept beside our signature.
 */
#include <string.h>

#include "node/core/api.h"
#include "node/core/seal_log.h"
#include "node/core/seal_note.h"
#include "node/core/witness.h"
#include "storage/store_seals.h"

#define REMEMBERED "seal-witness" /* the vkey of the one that answered last */
#define VKEY_MAX (NOTE_NAME_MAX + 64)
#define LINE_BEGIN "— "
/* An answer without the checkpoint may be about one of so many last ones. */
#define ANSWERS_TRIED 64

static enum status read_log(struct core *core, struct seal_log *log, struct err *err)
{
    enum status status = seal_log_read(core, log);
    if (status == STATUS_NOT_FOUND || (status == STATUS_OK && log->len == 0))
        return err_set(err, STATUS_NOT_FOUND,
                       "this machine has sealed nothing yet; it does so soon after its "
                       "start");
    return core_check(core, status);
}

static void write_text(const struct seal_log *log, uint64_t size, struct buf *text)
{
    struct merkle_hash root;
    seal_log_root(log, size, &root);
    checkpoint_write(text, bytes_str(log->origin), size, &root);
}

/* --- which witness --- */

/* A name that is a machine's belongs to its key alone. */
static bool is_of_another(const struct note_key *key)
{
    static const char prefix[] = "fengqiao/";
    char name[WITNESS_NAME_SIZE];
    size_t len = sizeof(prefix) - 1;
    if (key->name.len < len || memcmp(key->name.data, prefix, len) != 0)
        return false;
    witness_name(name, key->key);
    return !bytes_equal_str(key->name, name);
}

static enum status read_vkey(struct note_key *key, struct bytes text, struct err *err)
{
    enum status status = note_key_read(key, text, err);
    if (status != STATUS_OK && status != STATUS_UNSUPPORTED)
        return err_set(err, STATUS_INVALID,
                       "this is no key of a witness; its operator gives one line of the "
                       "form name+digits+base64");
    if (status != STATUS_OK || key->type != NOTE_COSIGNATURE)
        return err_set(err, STATUS_UNSUPPORTED,
                       "that key does not cosign checkpoints with Ed25519 (type 4); ask "
                       "the witness for the one that does");
    if (is_of_another(key))
        return err_set(err, STATUS_INVALID,
                       "the name of that key is the name of a machine with another key");
    return STATUS_OK;
}

/* vkey: kept by the caller, since the key borrows its name. NOT_FOUND: none is given, and
 * none answered before. */
static enum status find_witness(struct core *core, const struct args *args,
                                struct note_key *key, struct buf *vkey, struct err *err)
{
    struct bytes given;
    enum status status = args_text_optional(args, "witness", VKEY_MAX, &given, err);
    if (status != STATUS_OK)
        return status;
    if (given.len > 0)
        return read_vkey(key, given, err);
    status = store_meta_get(core->store, REMEMBERED, vkey);
    if (status != STATUS_OK)
        return status == STATUS_NOT_FOUND ? status : core_check(core, status);
    return note_key_read(key, buf_bytes(vkey), NULL) == STATUS_OK
               ? STATUS_OK
               : core_check(core, STATUS_CORRUPT);
}

/* --- asking it --- */

/* From where to prove: as is asked for, or what that witness saw last. */
static enum status find_old(struct core *core, const struct args *args,
                            const struct seal_log *log, uint64_t *old, struct err *err)
{
    char name[NOTE_NAME_MAX + 1] = "";
    struct buf vkey = {0};
    struct note_key key;
    *old = 0;
    enum status status = find_witness(core, args, &key, &vkey, err);
    if (status == STATUS_OK) {
        memcpy(name, key.name.data, key.name.len);
        status = store_cosigned_get(core->store, log->number, name, old);
        (void)core_check(core, status);
    }
    buf_deinit(&vkey);
    if (status != STATUS_OK && status != STATUS_NOT_FOUND)
        return status;
    *old = args_number(args, "old", *old);
    if (*old > log->len)
        return err_set(err, STATUS_INVALID,
                       "this log has %llu seals; no witness saw more of it",
                       (unsigned long long)log->len);
    return STATUS_OK;
}

static enum status write_request(struct core *core, const struct seal_log *log,
                                 uint64_t old, struct buf *out)
{
    struct merkle_hash proof[MERKLE_PROOF_MAX], root;
    size_t len = 0;
    struct buf note = {0};
    seal_log_consistency(log, old, log->len, proof, &len);
    seal_log_root(log, log->len, &root);
    seal_note_write(core, log->origin, log->len, &root, NULL, &note);
    enum status status = buf_status(&note);
    if (status == STATUS_OK)
        witness_request_write(out, old, proof, len, buf_bytes(&note));
    buf_deinit(&note);
    return status == STATUS_OK ? buf_status(out) : status;
}

enum status api_seal_request(struct core *core, struct caller *caller,
                             const struct args *args, struct buf *result, struct err *err)
{
    struct seal_log log;
    struct buf request = {0};
    uint64_t old = 0;
    enum status status = read_log(core, &log, err);
    if (status == STATUS_OK)
        status = find_old(core, args, &log, &old, err);
    if (status == STATUS_OK)
        status = core_check(core, write_request(core, &log, old, &request));
    if (status == STATUS_OK) {
        pack_map(result, 3);
        pack_str(result, "old");
        pack_uint(result, old);
        pack_str(result, "request");
        pack_str_bytes(result, buf_bytes(&request));
        pack_str(result, "size");
        pack_uint(result, log.len);
    }
    seal_log_free(&log);
    buf_deinit(&request);
    return status;
}

/* --- what it answered --- */

struct answered {
    struct note note; /* of a checkpoint of ours */
    uint64_t size;
    struct buf bytes; /* in which the note is */
};

static enum status not_signed(enum status status, struct err *err)
{
    return status == STATUS_NOT_FOUND
               ? err_set(err, STATUS_UNVERIFIED,
                         "that witness did not sign this; is it the answer to the newest "
                         "request, and the right key?")
               : err_set(err, STATUS_UNVERIFIED,
                         "the cosignature of that witness does not hold; take the answer "
                         "once more, as it came");
}

/* The whole note, the checkpoint in it. */
static enum status read_whole(const struct seal_log *log, const struct note_key *key,
                              struct answered *answered, struct err *err)
{
    struct checkpoint checkpoint;
    struct merkle_hash root;
    enum status status = checkpoint_read_note(&checkpoint, &answered->note,
                                              buf_bytes(&answered->bytes), NULL);
    if (status != STATUS_OK)
        return err_set(err, STATUS_INVALID,
                       "this is neither a checkpoint with signatures nor the lines of a "
                       "cosignature");
    if (!bytes_equal_str(checkpoint.origin, log->origin))
        return err_set(err, STATUS_INVALID,
                       "this is about another log than the one that grows here; make "
                       "another request: fengqiao seal request");
    if (checkpoint.size <= log->len)
        seal_log_root(log, checkpoint.size, &root);
    if (checkpoint.size == 0 || checkpoint.size > log->len ||
        !merkle_equal(&root, &checkpoint.root) || checkpoint.extension.len > 0)
        return err_set(err, STATUS_UNVERIFIED,
                       "this machine never had such a checkpoint; nothing was kept");
    status = note_verify(&answered->note, key, NULL);
    answered->size = checkpoint.size;
    return status == STATUS_OK ? STATUS_OK : not_signed(status, err);
}

/* Lines alone: they are below the checkpoint of the size that was asked for, which is one
 * of the last. */
static enum status read_lines(const struct seal_log *log, struct bytes lines,
                              const struct note_key *key, struct answered *answered,
                              struct err *err)
{
    enum status status = STATUS_NOT_FOUND;
    uint64_t tried = log->len < ANSWERS_TRIED ? log->len : ANSWERS_TRIED;
    for (uint64_t i = 0; status != STATUS_OK && i < tried; i++) {
        struct buf text = {0};
        answered->size = log->len - i;
        buf_clear(&answered->bytes);
        write_text(log, answered->size, &text);
        if (buf_status(&text) == STATUS_OK)
            note_add_text(&answered->bytes, buf_bytes(&text));
        buf_add(&answered->bytes, lines.data, lines.len);
        bool is_written = !text.failed && buf_status(&answered->bytes) == STATUS_OK;
        buf_deinit(&text);
        if (!is_written)
            return STATUS_NO_MEMORY;
        if (note_read(&answered->note, buf_bytes(&answered->bytes), NULL) != STATUS_OK)
            return err_set(err, STATUS_INVALID,
                           "this is neither a checkpoint with signatures nor the lines "
                           "of a cosignature");
        status = note_verify(&answered->note, key, NULL);
    }
    return status == STATUS_OK ? STATUS_OK : not_signed(status, err);
}

static enum status read_answered(const struct seal_log *log, struct bytes given,
                                 const struct note_key *key, struct answered *answered,
                                 struct err *err)
{
    size_t len = sizeof(LINE_BEGIN) - 1;
    if (given.len > len && memcmp(given.data, LINE_BEGIN, len) == 0)
        return read_lines(log, given, key, answered, err);
    buf_add(&answered->bytes, given.data, given.len);
    if (buf_status(&answered->bytes) != STATUS_OK)
        return STATUS_NO_MEMORY;
    return read_whole(log, key, answered, err);
}

/* Our signature and the lines of that witness; whatever else stood there is left out. */
static enum status keep(struct core *core, const struct seal_log *log,
                        const struct note_key *key, const struct answered *answered)
{
    char name[NOTE_NAME_MAX + 1] = "";
    struct buf note = {0}, vkey = {0};
    memcpy(name, key->name.data, key->name.len);
    seal_note_sign(core, log->origin, answered->note.text, &note);
    for (size_t i = 0; i < answered->note.signatures_len; i++) {
        const struct note_signature *signature = &answered->note.signatures[i];
        if (bytes_equal(signature->name, key->name) &&
            memcmp(signature->key_id, key->id, NOTE_KEY_ID_SIZE) == 0)
            buf_add(&note, signature->line.data, signature->line.len);
    }
    note_key_write(&vkey, key);
    enum status status = buf_status(&note);
    if (status == STATUS_OK)
        status = buf_status(&vkey);
    if (status == STATUS_OK)
        status = store_cosigned_put(core->store, log->number, name, answered->size,
                                    buf_bytes(&note));
    if (status == STATUS_OK)
        status = store_meta_put(core->store, REMEMBERED, buf_bytes(&vkey));
    buf_deinit(&note);
    buf_deinit(&vkey);
    return status;
}

static enum status add(struct core *core, const struct seal_log *log,
                       const struct note_key *key, struct answered *answered,
                       struct bytes given, struct err *err)
{
    char name[NOTE_NAME_MAX + 1] = "";
    uint64_t before = 0;
    enum status status = read_answered(log, given, key, answered, err);
    if (status != STATUS_OK)
        return status == STATUS_NO_MEMORY ? core_check(core, status) : status;
    memcpy(name, key->name.data, key->name.len);
    status = store_cosigned_get(core->store, log->number, name, &before);
    if (status == STATUS_OK && before >= answered->size)
        return err_set(err, STATUS_EXISTS,
                       "that witness has cosigned as much already; nothing was changed");
    if (status == STATUS_OK)
        status = keep(core, log, key, answered);
    return core_check(core, status);
}

enum status api_seal_add(struct core *core, struct caller *caller,
                         const struct args *args, struct buf *result, struct err *err)
{
    struct bytes vkey, given;
    struct note_key key;
    struct seal_log log = {.number = 0};
    struct answered answered = {.size = 0};
    enum status status = args_text(args, "witness", VKEY_MAX, &vkey, err);
    if (status == STATUS_OK)
        status = args_text(args, "note", NOTE_SIZE_MAX, &given, err);
    if (status == STATUS_OK)
        status = read_vkey(&key, vkey, err);
    if (status != STATUS_OK)
        return status;
    status = read_log(core, &log, err);
    if (status == STATUS_OK)
        status = add(core, &log, &key, &answered, given, err);
    if (status == STATUS_OK) {
        pack_map(result, 2);
        pack_str(result, "size");
        pack_uint(result, answered.size);
        pack_str(result, "witness");
        pack_str_bytes(result, key.name);
    }
    seal_log_free(&log);
    buf_deinit(&answered.bytes);
    return status;
}
