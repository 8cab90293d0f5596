#include "node/core/seal_claim.h"

#include <stdlib.h>
#include <string.h>

#include "node/cases/charter.h"
#include "node/core/seal_note.h"
#include "node/core/state.h"

/* --- writing --- */

static void add_begin(const struct seal_log *log, uint64_t size, struct buf *begins)
{
    struct merkle_hash proof[MERKLE_PROOF_MAX];
    size_t len = 0;
    seal_log_inclusion(log, 0, size, proof, &len);
    pack_array(begins, 2);
    pack_bin(begins, log->first.data, log->first.len);
    pack_array(begins, (uint32_t)len);
    for (size_t i = 0; i < len; i++)
        pack_bin(begins, proof[i].bytes, MERKLE_HASH_SIZE);
}

/* The first leaf of the log, and of those that it goes on from, as far as they are here:
 * the witness may have seen none but an early one. */
static enum status add_begins(struct core *core, const struct seal_log *log,
                              struct buf *message)
{
    struct buf begins = {0};
    struct seal seal;
    uint32_t count = 1;
    enum status status = seal_read(&seal, buf_bytes(&log->first), NULL);
    add_begin(log, log->len, &begins);
    for (int64_t number = log->number; status == STATUS_OK && seal.has_former &&
                                       number > 0 && count < WITNESS_BEGINS_MAX;
         number--) {
        struct seal_log former;
        const struct seal_head head = seal.former;
        status = seal_log_read_former(core, number - 1, &former);
        bool is_here = status == STATUS_OK && former.len >= head.size && head.size > 0 &&
                       strcmp(former.origin, head.origin) == 0;
        if (is_here) {
            add_begin(&former, head.size, &begins);
            count++;
            status = seal_read(&seal, buf_bytes(&former.first), NULL);
        }
        seal_log_free(&former);
        if (!is_here)
            break;
    }
    pack_array(message, count);
    buf_append(message, &begins);
    buf_deinit(&begins);
    return status == STATUS_INVALID ? STATUS_CORRUPT : status;
}

enum status seal_claim_write(struct core *core, const struct seal_log *log,
                             uint64_t old_size, const struct seal_head *after,
                             struct buf *message)
{
    struct merkle_hash proof[MERKLE_PROOF_MAX], old_root, root;
    size_t len = 0;
    struct buf note = {0}, request = {0};
    enum status status = STATUS_OK;
    seal_log_consistency(log, old_size, log->len, proof, &len);
    seal_log_root(log, old_size, &old_root);
    seal_log_root(log, log->len, &root);
    seal_note_write(core, log->origin, log->len, &root, after, &note);
    witness_request_write(&request, old_size, proof, len, buf_bytes(&note));
    pack_array(message, SEAL_CLAIM_ELEMENTS);
    pack_str(message, "checkpoint");
    pack_bin(message, request.data, request.len);
    pack_bin(message, old_root.bytes, MERKLE_HASH_SIZE);
    if (old_size == 0)
        status = add_begins(core, log, message);
    else
        pack_array(message, 0);
    message->failed = message->failed || request.failed || note.failed;
    buf_deinit(&note);
    buf_deinit(&request);
    return status == STATUS_OK ? buf_status(message) : status;
}

enum status seal_claim_own_up(struct core *core, const struct seal_log *log,
                              const struct seal_head *held, struct buf *message)
{
    bool is_longer = held->size > log->len;
    return seal_claim_write(core, log, is_longer ? log->len : held->size,
                            is_longer ? held : NULL, message);
}

/* --- judging --- */

static enum status read_begin(struct pack_reader *reader, struct witness_begin *begin)
{
    uint32_t two, len = 0;
    enum status status = pack_read_array(reader, &two, NULL);
    if (status == STATUS_OK && two != 2)
        status = STATUS_INVALID;
    if (status == STATUS_OK)
        status = pack_read_bin(reader, &begin->leaf, NULL);
    if (status == STATUS_OK)
        status = pack_read_array(reader, &len, NULL);
    if (status == STATUS_OK && len > MERKLE_PROOF_MAX)
        status = STATUS_INVALID;
    for (uint32_t i = 0; status == STATUS_OK && i < len; i++)
        status = pack_read_fixed(reader, begin->proof[i].bytes, MERKLE_HASH_SIZE, NULL);
    begin->proof_len = len;
    return status;
}

/* begins: room for WITNESS_BEGINS_MAX. */
static enum status read_claim(struct pack_reader *reader, struct witness_claim *claim,
                              struct witness_request *request,
                              struct witness_begin *begins)
{
    struct bytes bytes;
    enum status status = pack_read_bin(reader, &bytes, NULL);
    if (status == STATUS_OK)
        status = witness_request_read(request, bytes, NULL);
    if (status == STATUS_OK)
        status = pack_read_fixed(reader, claim->old_root.bytes, MERKLE_HASH_SIZE, NULL);
    if (status == STATUS_OK)
        status = pack_read_array(reader, &claim->begins_len, NULL);
    if (status == STATUS_OK && claim->begins_len > WITNESS_BEGINS_MAX)
        status = STATUS_INVALID;
    for (uint32_t i = 0; status == STATUS_OK && i < claim->begins_len; i++)
        status = read_begin(reader, &begins[i]);
    claim->request = request;
    claim->begins = begins;
    return status;
}

/* What is read of it has some size, and is needed for a moment alone. */
struct room {
    struct witness_request request;
    struct witness_begin begins[WITNESS_BEGINS_MAX];
};

enum status seal_claim_judge(struct core *core, const struct id *site,
                             const struct charter_node *machine, bool is_by_stick,
                             struct pack_reader *reader, enum witness_answer *answer,
                             struct buf *note)
{
    struct witness_claim claim = {
        .site = *site, .noise_key = machine->noise_key, .is_by_stick = is_by_stick};
    memcpy(claim.machine, machine->key, KEY_SIZE);
    memcpy(claim.replaced, machine->replaced, KEY_SIZE);
    struct room *room = malloc(sizeof(*room));
    if (room == NULL)
        return core_check(core, STATUS_NO_MEMORY);
    enum status status = read_claim(reader, &claim, &room->request, room->begins);
    if (status == STATUS_OK)
        status = witness_judge(core, &claim, answer, note);
    free(room);
    return status;
}
