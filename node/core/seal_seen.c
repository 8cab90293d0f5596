#include "node/core/seal_seen.h"

#include <string.h>

#include "node/core/state.h"
#include "node/core/witness.h"
#include "proto/pack.h"
#include "storage/store_seals.h"

/* --- what a witness holds, where it is not what it cosigned last: [origin, size] --- */

#define TOLD_SIZE (sizeof("seal-told:") + 2 * KEY_SIZE)

static void told_name(char name[static TOLD_SIZE], const uint8_t witness[static KEY_SIZE])
{
    memcpy(name, "seal-told:", sizeof("seal-told:") - 1);
    hex_encode(name + sizeof("seal-told:") - 1, witness, KEY_SIZE);
}

static enum status keep_told(struct core *core, const uint8_t witness[static KEY_SIZE],
                             const struct seal_head *head)
{
    char name[TOLD_SIZE];
    struct buf value = {0};
    pack_array(&value, 2);
    pack_str(&value, head->origin);
    pack_uint(&value, head->size);
    told_name(name, witness);
    enum status status = buf_status(&value);
    if (status == STATUS_OK)
        status = store_meta_put(core->store, name, buf_bytes(&value));
    buf_deinit(&value);
    return core_check(core, status);
}

static enum status forget_told(struct core *core, const uint8_t witness[static KEY_SIZE])
{
    char name[TOLD_SIZE];
    told_name(name, witness);
    return core_check(core, store_meta_remove(core->store, name));
}

/* NOT_FOUND: it was not told, or of another log. */
static enum status read_told(struct core *core, const struct seal_log *log,
                             const uint8_t witness[static KEY_SIZE], uint64_t *size)
{
    char name[TOLD_SIZE];
    struct buf value = {0};
    struct bytes origin = {0};
    uint32_t elements;
    uint64_t told = 0;
    told_name(name, witness);
    enum status status = store_meta_get(core->store, name, &value);
    if (status == STATUS_OK) {
        struct pack_reader reader = pack_reader_of(buf_bytes(&value));
        if (pack_read_array(&reader, &elements, NULL) != STATUS_OK ||
            pack_read_str(&reader, &origin, NULL) != STATUS_OK ||
            pack_read_uint(&reader, &told, NULL) != STATUS_OK)
            status = STATUS_CORRUPT;
        else if (!bytes_equal_str(origin, log->origin))
            status = STATUS_NOT_FOUND;
    }
    if (status == STATUS_OK)
        *size = told;
    buf_deinit(&value);
    return status;
}

enum status seal_seen_get(struct core *core, const struct seal_log *log,
                          const uint8_t witness[static KEY_SIZE], uint64_t *size)
{
    char name[WITNESS_NAME_SIZE];
    witness_name(name, witness);
    enum status status = store_cosigned_get(core->store, log->number, name, size);
    if (status == STATUS_OK)
        status = read_told(core, log, witness, size);
    if (status == STATUS_NOT_FOUND)
        status = STATUS_OK;
    if (*size > log->len)
        *size = log->len;
    return core_check(core, status);
}

/* --- answers --- */

struct answer {
    struct seal_log log;
    struct note note;
    struct checkpoint checkpoint;
    struct seal_head head;
};

/* NOT_FOUND: about another log than the one that grows. */
static enum status read_answer(struct core *core, struct bytes bytes,
                               struct answer *answer)
{
    if (checkpoint_read_note(&answer->checkpoint, &answer->note, bytes, NULL) !=
        STATUS_OK)
        return STATUS_INVALID;
    enum status status = seal_log_read(core, &answer->log);
    if (status != STATUS_OK)
        return status == STATUS_NOT_FOUND ? status : core_check(core, status);
    if (!bytes_equal_str(answer->checkpoint.origin, answer->log.origin))
        return STATUS_NOT_FOUND;
    if (answer->checkpoint.extension.len > 0 || answer->checkpoint.size == 0)
        return STATUS_INVALID; /* no witness keeps such a one */
    memcpy(answer->head.origin, answer->log.origin, SEAL_ORIGIN_SIZE);
    answer->head.size = answer->checkpoint.size;
    answer->head.root = answer->checkpoint.root;
    return STATUS_OK;
}

static bool is_ours(const struct seal_log *log, const struct seal_head *head)
{
    struct merkle_hash root;
    if (head->size > log->len)
        return false;
    seal_log_root(log, head->size, &root);
    return merkle_equal(&root, &head->root);
}

/* What is kept: our signature and that of the witness. */
static enum status keep_cosigned(struct core *core, const struct answer *answer,
                                 const char *witness, const struct note_key *key)
{
    struct buf note = {0};
    note_add_text(&note, answer->note.text);
    note_sign(&note, &core->node_pair, bytes_str(answer->log.origin), answer->note.text);
    for (size_t i = 0; i < answer->note.signatures_len; i++) {
        const struct note_signature *signature = &answer->note.signatures[i];
        if (bytes_equal(signature->name, key->name) &&
            memcmp(signature->key_id, key->id, NOTE_KEY_ID_SIZE) == 0)
            buf_add(&note, signature->line.data, signature->line.len);
    }
    enum status status = buf_status(&note);
    if (status == STATUS_OK)
        status = store_cosigned_put(core->store, answer->log.number, witness,
                                    answer->head.size, buf_bytes(&note));
    buf_deinit(&note);
    return core_check(core, status);
}

/* Where it cosigned less than before it was set back, and we go on from there. */
static enum status take_cosigned(struct core *core,
                                 const uint8_t witness[static KEY_SIZE],
                                 const struct answer *answer)
{
    char name[WITNESS_NAME_SIZE];
    struct note_key key;
    uint64_t before = 0;
    if (!is_ours(&answer->log, &answer->head))
        return STATUS_INVALID;
    witness_name(name, witness);
    note_key_init(&key, bytes_str(name), NOTE_COSIGNATURE, witness);
    if (note_verify(&answer->note, &key, NULL) != STATUS_OK)
        return STATUS_UNVERIFIED;
    enum status status =
        store_cosigned_get(core->store, answer->log.number, name, &before);
    if (status != STATUS_OK)
        return core_check(core, status);
    if (before == answer->head.size)
        return forget_told(core, witness);
    if (before > answer->head.size)
        return keep_told(core, witness, &answer->head);
    core_trace(core, "seal cosigned");
    status = forget_told(core, witness);
    return status == STATUS_OK ? keep_cosigned(core, answer, name, &key) : status;
}

enum status seal_seen_cosigned(struct core *core, const uint8_t witness[static KEY_SIZE],
                               struct bytes note)
{
    struct answer answer = {.log = {.number = 0}};
    enum status status = read_answer(core, note, &answer);
    if (status == STATUS_OK)
        status = take_cosigned(core, witness, &answer);
    seal_log_free(&answer.log);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status take_held(struct core *core, const uint8_t witness[static KEY_SIZE],
                             const struct answer *answer, enum seal_seen *seen)
{
    struct note_key key;
    note_key_init(&key, bytes_str(answer->log.origin), NOTE_ED25519, core->node_key);
    if (note_verify(&answer->note, &key, NULL) != STATUS_OK)
        return STATUS_UNVERIFIED;
    *seen = is_ours(&answer->log, &answer->head) ? SEAL_SEEN_OURS : SEAL_SEEN_MORE;
    return *seen == SEAL_SEEN_OURS ? keep_told(core, witness, &answer->head) : STATUS_OK;
}

/* It has seen nothing of the log, or does not remember it. */
static enum status take_nothing(struct core *core, const uint8_t witness[static KEY_SIZE],
                                enum seal_seen *seen)
{
    struct seal_head head = {.size = 0};
    int64_t log;
    enum status status = store_seal_log_last(core->store, &log, head.origin);
    if (status != STATUS_OK)
        return status == STATUS_NOT_FOUND ? STATUS_OK : core_check(core, status);
    *seen = SEAL_SEEN_OURS;
    return keep_told(core, witness, &head);
}

enum status seal_seen_held(struct core *core, const uint8_t witness[static KEY_SIZE],
                           struct bytes note, enum seal_seen *seen,
                           struct seal_head *head)
{
    struct answer answer = {.log = {.number = 0}};
    *seen = SEAL_SEEN_OTHER;
    if (note.len == 0)
        return take_nothing(core, witness, seen);
    enum status status = read_answer(core, note, &answer);
    if (status == STATUS_OK)
        status = take_held(core, witness, &answer, seen);
    *head = answer.head;
    seal_log_free(&answer.log);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}
