/* What is held of one section until it is judged: of a record its place and its bytes;
 * its op is decoded anew whenever it is asked for. */
#include <assert.h>
#include <stdlib.h>

#include "cli/evidence_parts.h"

void evidence_section_begin(struct evidence_section *section, const struct id *scope,
                            uint64_t offset)
{
    assert(!section->is_open);
    section->is_open = true;
    section->scope = *scope;
    section->offset = offset;
    section->has_failed = section->is_too_large = section->is_said = false;
    section->is_founded = false;
    section->said = section->entries = 0;
    section->kind = 0;
    section->len = 0;
    section->has_opening = false;
    for (uint32_t i = 0; i < OP_SOURCE_HELD; i++)
        section->held[i].number = EVIDENCE_NONE;
    buf_clear(&section->bytes);
    evidence_index_clear(&section->index);
}

bool evidence_section_add(struct evidence_section *section,
                          const struct evidence_claim *claim)
{
    const struct bytes bytes = claim->entry.op;
    void *items = section->records;
    if (!evidence_grow(&items, sizeof(*section->records), section->len,
                       &section->capacity))
        return false;
    section->records = items;
    section->records[section->len++] = (struct evidence_record){
        .id = claim->op.id,
        .offset = claim->entry.offset,
        .time = claim->op.time,
        .at = (uint32_t)section->bytes.len,
        .len = (uint32_t)bytes.len,
        .is_news = evidence_is_news(&claim->op),
    };
    section->has_opening = section->has_opening || op_is_kind(&claim->op, "open");
    buf_add(&section->bytes, bytes.data, bytes.len);
    return buf_status(&section->bytes) == STATUS_OK;
}

static void decode(const struct evidence_section *section, uint32_t number, struct op *op)
{
    const struct evidence_record *record = &section->records[number];
    struct bytes bytes = bytes_of(section->bytes.data + record->at, record->len);
    enum status status = op_decode_bytes(op, bytes, NULL);
    assert(status == STATUS_OK); /* it was decoded before, from the same bytes */
    (void)status;
    if (section->has_opening) {
        op_trust(op, &record->id);
        return;
    }
    op->id = record->id;
    op->scope = section->scope;
}

const struct op *evidence_section_op(struct evidence_section *section, uint32_t number)
{
    uint32_t oldest = 0;
    assert(number < section->len);
    section->asked++;
    for (uint32_t i = 0; i < OP_SOURCE_HELD; i++) {
        if (section->held[i].number == number) {
            section->held[i].asked = section->asked;
            return &section->held[i].op;
        }
        if (section->held[i].asked < section->held[oldest].asked)
            oldest = i;
    }
    section->held[oldest].number = number;
    section->held[oldest].asked = section->asked;
    decode(section, number, &section->held[oldest].op);
    return &section->held[oldest].op;
}

void evidence_section_deinit(struct evidence_section *section)
{
    free(section->records);
    buf_deinit(&section->bytes);
    evidence_index_deinit(&section->index);
    section->records = NULL;
}
