/*
 * What a record says of itself, and nobody else has to be asked: its form, its id, its
 * signature. That is nearly all of the work, and is done by all hands of the belt.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/evidence_parts.h"
#include "crypto/sign.h"

#define BYTES ((size_t)64 * 1024) /* of a batch; one entry more may begin below */

/* The bytes of the entry move into the batch, where they have room. */
static void take(struct evidence_batch *batch, const struct evidence_entry *entry)
{
    struct evidence_claim *claim = &batch->claims[batch->len++];
    claim->entry = *entry;
    claim->entry.op.data = batch->bytes.data + batch->bytes.len;
    buf_add(&batch->bytes, entry->op.data, entry->op.len);
}

enum status evidence_batch_fill(struct evidence_batch *batch,
                                struct evidence_stream *stream, bool *is_over,
                                struct err *err)
{
    enum status status = STATUS_OK;
    struct evidence_entry entry, behind;
    batch->len = 0;
    buf_clear(&batch->bytes);
    if (!buf_reserve(&batch->bytes, BYTES + EVIDENCE_ENTRY_MAX))
        return STATUS_NO_MEMORY;
    while (!*is_over && batch->len < EVIDENCE_BATCH && batch->bytes.len < BYTES) {
        status = evidence_stream_next(stream, &entry, err);
        if (status == STATUS_OK && entry.kind == ENTRY_END) {
            *is_over = true;
            status = evidence_stream_next(stream, &behind, err);
            entry.is_last = status == STATUS_NOT_FOUND;
            if (entry.is_last)
                status = STATUS_OK;
        }
        if (status != STATUS_OK)
            break;
        take(batch, &entry);
    }
    if (status != STATUS_NOT_FOUND)
        return status;
    *is_over = true;
    return STATUS_OK;
}

static bool is_sound(struct evidence_sound *sound, const uint8_t key[static 32])
{
    uint32_t at = (key[0] | (uint32_t)key[1] << 8) % EVIDENCE_SOUND_KEYS;
    if (sound->is_there[at] && memcmp(sound->keys[at], key, 32) == 0)
        return true;
    if (!sign_key_is_sound(key))
        return false;
    memcpy(sound->keys[at], key, 32);
    sound->is_there[at] = true;
    return true;
}

static void examine(struct evidence_claim *claim, const struct id *network,
                    struct evidence_sound *sound)
{
    claim->err = (struct err){0};
    claim->has_sound_key = claim->is_signed = false;
    claim->form = op_decode_bytes(&claim->op, claim->entry.op, &claim->err);
    if (claim->form == STATUS_OK)
        claim->form = op_rebuild(&claim->op);
    if (claim->form != STATUS_OK)
        return;
    claim->has_sound_key = is_sound(sound, claim->op.author);
    if (!claim->has_sound_key)
        return;
    /* NO_MEMORY says nothing about the record, and then nothing is said about any. */
    enum status status = op_check_signature(&claim->op, network);
    claim->is_signed = status == STATUS_OK;
    if (status == STATUS_NO_MEMORY)
        claim->form = status;
}

void evidence_batch_examine(struct evidence_batch *batch, const struct id *network,
                            struct evidence_sound *sound)
{
    for (uint32_t i = 0; i < batch->len; i++)
        if (batch->claims[i].entry.kind == ENTRY_RECORD)
            examine(&batch->claims[i], network, sound);
}
