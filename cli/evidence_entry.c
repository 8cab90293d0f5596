/*
 * How the head and the entries stand in the bytes of the file. Each kind of entry begins
 * with bytes that are always the same, so that the next one is found behind damage. A
 * further kind is a line of the table and a case of read_rest.
 */
#include <string.h>

#include "cli/evidence_parts.h"
#include "proto/pack.h"

static const char *const abouts[] = {
    [EVIDENCE_ESCALATION] = "escalation",
    [EVIDENCE_CASE] = "case",
    [EVIDENCE_SITE] = "site",
    [EVIDENCE_PERIOD] = "period",
};

const char *evidence_about_text(enum evidence_about about)
{
    return abouts[about];
}

static bool read_about(struct pack_reader *reader, struct evidence_head *head)
{
    uint32_t count, about = 0;
    struct bytes word;
    if (pack_read_array(reader, &count, NULL) != STATUS_OK ||
        pack_read_str(reader, &word, NULL) != STATUS_OK)
        return false;
    while (about <= EVIDENCE_PERIOD && !bytes_equal_str(word, abouts[about]))
        about++;
    if (about > EVIDENCE_PERIOD || count != (about == EVIDENCE_PERIOD ? 4 : 2) ||
        pack_read_fixed(reader, head->named.bytes, ID_SIZE, NULL) != STATUS_OK)
        return false;
    head->about = (enum evidence_about)about;
    return about != EVIDENCE_PERIOD ||
           (pack_read_uint(reader, &head->from, NULL) == STATUS_OK &&
            pack_read_uint(reader, &head->to, NULL) == STATUS_OK &&
            head->from <= head->to);
}

const char *evidence_read_head(struct pack_reader *reader, struct evidence_head *head)
{
    uint32_t count;
    struct bytes text;
    uint64_t version;
    if (pack_read_array(reader, &count, NULL) != STATUS_OK || count != 4 ||
        pack_read_str(reader, &text, NULL) != STATUS_OK ||
        !bytes_equal_str(text, "fengqiao-evidence"))
        return "this is no evidence file, or its first bytes are damaged";
    if (pack_read_uint(reader, &version, NULL) != STATUS_OK ||
        version != EVIDENCE_VERSION)
        return "the file has a version that this program does not know";
    if (pack_read_str(reader, &text, NULL) != STATUS_OK ||
        text.len > EVIDENCE_NETWORK_MAX || !read_about(reader, head))
        return "the head of the file is damaged";
    if (text.len > 0)
        memcpy(head->network_name, text.data, text.len);
    network_id(&head->network, head->network_name);
    return NULL;
}

/* The shortest form of each is the only one: PROTOCOL.md §1. */
static const struct {
    enum evidence_entry_kind kind;
    size_t len;
    const uint8_t start[8];
} kinds[] = {
    {ENTRY_RECORD, 3, {0x92, 0xc4, ID_SIZE}},
    {ENTRY_SECTION, 7, {0x93, 0xa5, 's', 'c', 'o', 'p', 'e'}},
    {ENTRY_END, 5, {0x92, 0xa3, 'e', 'n', 'd'}},
};

static bool read_record(struct pack_reader *at, struct evidence_entry *entry)
{
    at->at -= 2; /* the id is an element with a length of its own */
    if (pack_read_fixed(at, entry->id.bytes, ID_SIZE, NULL) != STATUS_OK ||
        pack_read_bin(at, &entry->op, NULL) != STATUS_OK)
        return false;
    /* Op bytes begin as an array of 11. Where they do not, the length before them is not
     * to be trusted either. */
    return entry->op.len > 0 && entry->op.len <= OP_SIZE_MAX && entry->op.data[0] == 0x9b;
}

static bool read_rest(struct pack_reader *at, struct evidence_entry *entry)
{
    switch (entry->kind) {
    case ENTRY_RECORD:
        return read_record(at, entry);
    case ENTRY_SECTION:
        return pack_read_fixed(at, entry->id.bytes, ID_SIZE, NULL) == STATUS_OK &&
               pack_read_uint(at, &entry->count, NULL) == STATUS_OK;
    default:
        return pack_read_uint(at, &entry->count, NULL) == STATUS_OK;
    }
}

bool evidence_read_entry(struct pack_reader *reader, struct evidence_entry *entry)
{
    size_t left = (size_t)(reader->end - reader->at);
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (left < kinds[i].len || memcmp(reader->at, kinds[i].start, kinds[i].len) != 0)
            continue;
        struct pack_reader at = {reader->at + kinds[i].len, reader->end};
        entry->kind = kinds[i].kind;
        if (!read_rest(&at, entry))
            return false;
        reader->at = at.at;
        return true;
    }
    return false;
}

bool evidence_is_like_record(struct bytes gap)
{
    /* No record is as short as what else there is, and nothing else as long. */
    return gap.len >= EVIDENCE_OTHERS_MAX ||
           (gap.len > 3 + ID_SIZE && memcmp(gap.data, kinds[0].start, 3) == 0);
}

struct bytes evidence_ops_of_gap(struct bytes gap)
{
    /* The length of the op bytes may be what is damaged: they begin as an array of 11,
     * behind a length of one, two or four bytes. */
    size_t skip = 3 + ID_SIZE + 2;
    while (skip < gap.len && skip < 3 + ID_SIZE + 5 && gap.data[skip] != 0x9b)
        skip++;
    if (skip >= gap.len || gap.data[skip] != 0x9b)
        skip = 3 + ID_SIZE;
    return bytes_of(gap.data + skip, gap.len - skip);
}
