/*
 * How records stand in the bytes of the file, and decoding one again: only numbers are
 * kept of a record, its op is read from the file whenever it is asked for.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "cli/evidence_parts.h"
#include "proto/pack.h"

bool evidence_read_entry(struct pack_reader *reader, struct evidence_entry *entry)
{
    struct pack_reader at = *reader;
    struct pack_item item;
    uint32_t count;
    if (pack_read_array(&at, &count, NULL) != STATUS_OK || count != 2 ||
        pack_next(&at, &item, NULL) != STATUS_OK)
        return false;
    entry->is_end = item.type == PACK_STR && bytes_equal_str(item.bytes, "end");
    if (entry->is_end) {
        if (pack_read_uint(&at, &entry->count, NULL) != STATUS_OK)
            return false;
    } else {
        if (item.type != PACK_BIN || item.bytes.len != ID_SIZE ||
            pack_read_bin(&at, &entry->op, NULL) != STATUS_OK)
            return false;
        /* Op bytes begin as an array of 11. Where they do not, the length before them is
         * not to be trusted either. */
        if (entry->op.len == 0 || entry->op.data[0] != 0x9b)
            return false;
        memcpy(entry->id.bytes, item.bytes.data, ID_SIZE);
    }
    *reader = at;
    return true;
}

const uint8_t *evidence_next_entry(const struct pack_reader *reader, const uint8_t *from)
{
    static const uint8_t record_start[] = {0x92, 0xc4, 0x20};
    static const uint8_t end_start[] = {0x92, 0xa3, 'e', 'n', 'd'};
    const uint8_t *end = reader->end;
    for (; (size_t)(end - from) >= sizeof(end_start); from++) {
        struct pack_reader here = {from, end};
        struct evidence_entry entry;
        bool may_be = memcmp(from, record_start, sizeof(record_start)) == 0 ||
                      memcmp(from, end_start, sizeof(end_start)) == 0;
        if (may_be && evidence_read_entry(&here, &entry))
            return from;
    }
    return end;
}

/* The ops decoded last: whoever asks may use several at once. */
struct evidence_held {
    struct op ops[OP_SOURCE_HELD];
    uint32_t next;
};

struct evidence_held *evidence_held_new(void)
{
    struct evidence_held *held = malloc(sizeof(*held));
    if (held)
        held->next = 0;
    return held;
}

void evidence_held_free(struct evidence_held *held)
{
    free(held);
}

const struct op *evidence_op(const struct evidence *evidence, struct evidence_held *held,
                             uint32_t number)
{
    const struct evidence_record *record = &evidence->records[number];
    struct pack_reader reader = pack_reader_of(bytes_of(
        evidence->bytes.data + record->offset, evidence->bytes.len - record->offset));
    struct evidence_entry entry;
    assert(record->is_judged);
    struct op *op = &held->ops[held->next++ % OP_SOURCE_HELD];
    /* A judged record was decoded before, from these bytes. */
    bool is_entry = evidence_read_entry(&reader, &entry);
    assert(is_entry);
    assert(!entry.is_end);
    enum status status = op_decode_bytes(op, entry.op, NULL);
    assert(status == STATUS_OK);
    op_trust(op, &record->id);
    return op;
}
