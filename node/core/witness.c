#include "node/core/witness.h"

#include <stdio.h>
#include <string.h>

#include "node/core/alarm.h"
#include "node/core/state.h"
#include "proto/seal_proof.h"
#include "storage/store_witness.h"

void witness_name(char out[static WITNESS_NAME_SIZE], const uint8_t key[static KEY_SIZE])
{
    char text[KEY_TEXT_SIZE];
    key_to_text(text, "fqk1", key);
    (void)snprintf(out, WITNESS_NAME_SIZE, "fengqiao/%s", text);
}

/* --- proofs --- */

static enum status keep_proof(struct core *core, const struct witness_claim *claim,
                              const struct store_witnessed *held,
                              enum seal_proof_kind kind)
{
    struct buf file = {0};
    seal_proof_write(&file, kind, &claim->old_root, claim->request, held->note);
    enum status status = buf_status(&file);
    if (status == STATUS_OK)
        status = store_seal_proof_add(core->store, held->head.origin, core->wall,
                                      buf_bytes(&file));
    buf_deinit(&file);
    if (status != STATUS_OK)
        return core_check(core, status);
    return alarm_raise(core, &claim->site, claim->noise_key,
                       kind == SEAL_PROOF_FORK ? ALARM_FORKED : ALARM_SET_BACK, 0);
}

/* --- cosigning --- */

enum status witness_cosign(struct core *core, const struct note *theirs, struct buf *note)
{
    char name[WITNESS_NAME_SIZE];
    witness_name(name, core->node_key);
    note_add_text(note, theirs->text);
    note_cosign(note, &core->node_pair, bytes_str(name), core->wall, theirs->text);
    return buf_status(note);
}

enum status witness_cosign_held(struct core *core, struct bytes held, struct buf *note)
{
    struct note theirs;
    if (note_read(&theirs, held, NULL) != STATUS_OK)
        return core_check(core, STATUS_CORRUPT);
    return core_check(core, witness_cosign(core, &theirs, note));
}

static enum status accept(struct core *core, const struct witness_claim *claim,
                          enum witness_answer *answer, struct buf *note)
{
    const struct checkpoint *checkpoint = &claim->request->checkpoint;
    struct store_witnessed seen = {.head.size = checkpoint->size,
                                   .head.root = checkpoint->root,
                                   .site = claim->site,
                                   .note = claim->request->bytes,
                                   .wall = core->wall};
    memcpy(seen.head.origin, checkpoint->origin.data, checkpoint->origin.len);
    memcpy(seen.machine, claim->machine, KEY_SIZE);
    enum status status = store_witnessed_put(core->store, &seen);
    if (status == STATUS_OK)
        status = witness_cosign(core, &claim->request->note, note);
    if (status == STATUS_OK)
        *answer = WITNESS_COSIGNED;
    return core_check(core, status);
}

/* --- a log that was not seen before --- */

struct opened {
    char origins[8][SEAL_ORIGIN_SIZE];
    uint32_t len;
};

static enum status note_open(void *context, const struct store_witnessed *log)
{
    struct opened *opened = context;
    if (opened->len < sizeof(opened->origins) / sizeof(opened->origins[0]))
        memcpy(opened->origins[opened->len++], log->head.origin, SEAL_ORIGIN_SIZE);
    return STATUS_OK;
}

static enum status hear(void *context, const struct store_witnessed *log)
{
    struct store_witnessed *out = context;
    *out = *log;
    out->note = (struct bytes){0};
    return STATUS_OK;
}

/* One step back: the log that was so long began with that leaf, and tells of its former.
 */
static enum status read_begin(const struct witness_begin *begin, uint64_t size,
                              const struct merkle_hash *root, struct seal *seal)
{
    struct merkle_hash leaf;
    merkle_leaf(&leaf, begin->leaf.data, begin->leaf.len);
    if (!merkle_inclusion_holds(&leaf, 0, size, begin->proof, begin->proof_len, root))
        return STATUS_INVALID;
    enum status status = seal_read(seal, begin->leaf, NULL);
    return status == STATUS_OK && seal->kind == SEAL_BEGIN ? STATUS_OK : STATUS_INVALID;
}

/* Backwards to a log that was seen here. NOT_FOUND: none was; EXISTS: it had another tree
 * at that size than the machine says now. is_closed: yet another goes on from that one.
 */
static enum status find_former(struct core *core, const struct witness_claim *claim,
                               bool *is_closed)
{
    uint64_t size = claim->request->checkpoint.size;
    struct merkle_hash root = claim->request->checkpoint.root;
    struct seal seal = {.has_former = true};
    for (uint32_t i = 0; i < claim->begins_len && seal.has_former; i++) {
        struct store_witnessed former;
        enum status status = read_begin(&claim->begins[i], size, &root, &seal);
        if (status != STATUS_OK)
            return status;
        if (!seal.has_former)
            break;
        size = seal.former.size;
        root = seal.former.root;
        status = store_witnessed_get(core->store, seal.former.origin, hear, &former);
        if (status == STATUS_NOT_FOUND)
            continue;
        if (status != STATUS_OK)
            return core_check(core, status);
        *is_closed = former.is_closed;
        if (former.head.size > size)
            core_trace(core, "witness a log goes on from an earlier day");
        return former.head.size == size && !merkle_equal(&former.head.root, &root)
                   ? STATUS_EXISTS
                   : STATUS_OK;
    }
    return STATUS_NOT_FOUND;
}

static enum status find_open(struct core *core, const struct witness_claim *claim,
                             struct opened *opened)
{
    enum status status =
        store_witnessed_open(core->store, claim->machine, note_open, opened);
    if (status == STATUS_OK)
        status = store_witnessed_open(core->store, claim->replaced, note_open, opened);
    return core_check(core, status);
}

static enum status close_all(struct core *core, const struct opened *opened,
                             const char *successor)
{
    enum status status = STATUS_OK;
    for (uint32_t i = 0; status == STATUS_OK && i < opened->len; i++)
        status = store_witnessed_close(core->store, opened->origins[i], successor);
    return core_check(core, status);
}

/* Whatever was seen of that machine has to be told of: a log that begins from nothing
 * beside another one drops what that one says. */
static enum status judge_first(struct core *core, const struct witness_claim *claim,
                               const char *origin, enum witness_answer *answer,
                               struct buf *note)
{
    const struct checkpoint *checkpoint = &claim->request->checkpoint;
    struct opened opened = {.len = 0};
    bool is_closed = false;
    if (claim->request->old_size != 0) { /* it knows more of us than we do */
        *answer = WITNESS_HOLDS;
        return STATUS_OK;
    }
    if (claim->begins_len == 0 || checkpoint->extension.len > 0)
        return STATUS_INVALID;
    enum status status = find_open(core, claim, &opened);
    if (status != STATUS_OK)
        return status;
    status = find_former(core, claim, &is_closed);
    if (status == STATUS_EXISTS || (status == STATUS_NOT_FOUND && opened.len > 0))
        return alarm_raise(core, &claim->site, claim->noise_key, ALARM_FORKED, 0);
    if (status != STATUS_OK && status != STATUS_NOT_FOUND)
        return status;
    /* A late stick of one life says nothing against a later one. */
    status =
        claim->is_by_stick && is_closed ? STATUS_OK : close_all(core, &opened, origin);
    return status == STATUS_OK ? accept(core, claim, answer, note) : status;
}

/* --- one that was --- */

struct known {
    struct store_witnessed log; /* its note is in */
    struct buf note;
};

static enum status take_known(void *context, const struct store_witnessed *log)
{
    struct known *known = context;
    known->log = *log;
    buf_add(&known->note, log->note.data, log->note.len);
    known->log.note = buf_bytes(&known->note);
    return buf_status(&known->note);
}

static enum status judge_next(struct core *core, const struct witness_claim *claim,
                              const struct store_witnessed *held,
                              enum witness_answer *answer, struct buf *note)
{
    const struct witness_request *request = claim->request;
    const struct checkpoint *checkpoint = &request->checkpoint;
    /* It went on elsewhere: whoever still says something here is a copy, or a late stick.
     */
    if (held->is_closed && claim->is_by_stick)
        return STATUS_OK;
    if (held->is_closed)
        return alarm_raise(core, &claim->site, claim->noise_key, ALARM_COPY, 0);
    if (checkpoint->size < held->head.size &&
        seal_proof_is_after(checkpoint, held->head.size, &held->head.root))
        return keep_proof(core, claim, held, SEAL_PROOF_BACK);
    if (checkpoint->extension.len > 0)
        return STATUS_INVALID;
    if (checkpoint->size < held->head.size || request->old_size != held->head.size) {
        buf_append(note, &(struct buf){.data = (uint8_t *)(uintptr_t)held->note.data,
                                       .len = held->note.len});
        *answer = WITNESS_HOLDS;
        return buf_status(note);
    }
    if (!merkle_consistency_holds(request->old_size, &claim->old_root, checkpoint->size,
                                  &checkpoint->root, request->proof, request->proof_len))
        return STATUS_INVALID;
    if (!merkle_equal(&claim->old_root, &held->head.root))
        return keep_proof(core, claim, held, SEAL_PROOF_FORK);
    if (checkpoint->size == held->head.size)
        return STATUS_OK;
    return accept(core, claim, answer, note);
}

enum status witness_judge(struct core *core, const struct witness_claim *claim,
                          enum witness_answer *answer, struct buf *note)
{
    const struct checkpoint *checkpoint = &claim->request->checkpoint;
    uint8_t machine[KEY_SIZE];
    char origin[SEAL_ORIGIN_SIZE] = "";
    struct note_key key;
    struct known known = {.note = {0}};
    *answer = WITNESS_NOTHING;
    if (checkpoint->origin.len != SEAL_ORIGIN_SIZE - 1)
        return STATUS_INVALID;
    memcpy(origin, checkpoint->origin.data, checkpoint->origin.len);
    if (!seal_origin_key(origin, machine))
        return STATUS_INVALID;
    /* It has other keys, and the word of them is on its way. */
    if (memcmp(machine, claim->machine, KEY_SIZE) != 0)
        return STATUS_OK;
    note_key_init(&key, bytes_str(origin), NOTE_ED25519, machine);
    if (note_verify(&claim->request->note, &key, NULL) != STATUS_OK)
        return STATUS_UNVERIFIED;
    enum status status = store_witnessed_get(core->store, origin, take_known, &known);
    if (status == STATUS_OK)
        status = judge_next(core, claim, &known.log, answer, note);
    else if (status == STATUS_NOT_FOUND)
        status = judge_first(core, claim, origin, answer, note);
    else
        (void)core_check(core, status);
    buf_deinit(&known.note);
    return status;
}
