/*
 * How the head and the entries stand in the bytes of the file. Each kind of entry begins
 * with bytes that are always the same, so that the next one is found behind damage. A
 * further kind is a line of the table and a case of read_rest.
 */
#include <assert.h>
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
    const uint8_t start[12];
} kinds[] = {
    {ENTRY_RECORD, 3, {0x92, 0xc4, ID_SIZE}},
    {ENTRY_INCLUDED, 10, {0x94, 0xa8, 'i', 'n', 'c', 'l', 'u', 'd', 'e', 'd'}},
    {ENTRY_SECTION, 7, {0x93, 0xa5, 's', 'c', 'o', 'p', 'e'}},
    {ENTRY_OPENED, 8, {0x96, 0xa6, 'o', 'p', 'e', 'n', 'e', 'd'}},
    {ENTRY_SEAL, 6, {0x92, 0xa4, 's', 'e', 'a', 'l'}},
    {ENTRY_CHECKPOINT,
     12,
     {0x92, 0xaa, 'c', 'h', 'e', 'c', 'k', 'p', 'o', 'i', 'n', 't'}},
    {ENTRY_LOG, 5, {0x93, 0xa3, 'l', 'o', 'g'}},
    {ENTRY_END, 5, {0x92, 0xa3, 'e', 'n', 'd'}},
};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

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

/* Bytes of at most so many. */
static bool read_bytes(struct pack_reader *at, struct bytes *bytes, size_t max)
{
    return pack_read_bin(at, bytes, NULL) == STATUS_OK && bytes->len <= max;
}

static bool read_proof(struct pack_reader *at, struct evidence_proof *proof)
{
    uint32_t len;
    if (pack_read_array(at, &len, NULL) != STATUS_OK || len > TLOG_HASHES_MAX)
        return false;
    proof->len = len;
    for (uint32_t i = 0; i < len; i++)
        if (pack_read_fixed(at, proof->hashes[i].bytes, MERKLE_HASH_SIZE, NULL) !=
            STATUS_OK)
            return false;
    return true;
}

static bool read_opened(struct pack_reader *at, struct evidence_opened *opened)
{
    return pack_read_uint(at, &opened->tree, NULL) == STATUS_OK &&
           opened->tree < EVIDENCE_TREES &&
           read_bytes(at, &opened->note, NOTE_SIZE_MAX) &&
           pack_read_fixed(at, opened->size_salt, SEAL_SALT_SIZE, NULL) == STATUS_OK &&
           pack_read_fixed(at, opened->root_salt, SEAL_SALT_SIZE, NULL) == STATUS_OK &&
           read_proof(at, &opened->proof);
}

static bool read_included(struct pack_reader *at, struct evidence_included *included)
{
    return pack_read_uint(at, &included->opened, NULL) == STATUS_OK &&
           pack_read_uint(at, &included->index, NULL) == STATUS_OK &&
           read_proof(at, &included->proof);
}

void evidence_read_opened(struct bytes value, struct evidence_opened *opened)
{
    struct pack_reader at = pack_reader_of(value);
    bool is_read = read_opened(&at, opened);
    assert(is_read); /* it was read before, from the same bytes */
    (void)is_read;
}

void evidence_read_included(struct bytes value, struct evidence_included *included)
{
    struct pack_reader at = pack_reader_of(value);
    bool is_read = read_included(&at, included);
    assert(is_read);
    (void)is_read;
}

/* Of what has many parts the entry keeps all of them in one. */
static bool read_parts(struct pack_reader *at, struct evidence_entry *entry)
{
    const uint8_t *from = at->at;
    struct evidence_opened opened;
    struct evidence_included included;
    bool is_read = entry->kind == ENTRY_OPENED ? read_opened(at, &opened)
                                               : read_included(at, &included);
    entry->op = bytes_of(from, (size_t)(at->at - from));
    return is_read;
}

static bool read_rest(struct pack_reader *at, struct evidence_entry *entry)
{
    switch (entry->kind) {
    case ENTRY_RECORD:
        return read_record(at, entry);
    case ENTRY_SECTION:
        return pack_read_fixed(at, entry->id.bytes, ID_SIZE, NULL) == STATUS_OK &&
               pack_read_uint(at, &entry->count, NULL) == STATUS_OK;
    case ENTRY_LOG:
        return pack_read_str(at, &entry->op, NULL) == STATUS_OK &&
               entry->op.len <= NOTE_NAME_MAX &&
               pack_read_uint(at, &entry->count, NULL) == STATUS_OK;
    case ENTRY_CHECKPOINT:
        return read_bytes(at, &entry->op, NOTE_SIZE_MAX);
    case ENTRY_SEAL:
        return read_bytes(at, &entry->op, SEAL_SIZE_MAX);
    case ENTRY_OPENED:
    case ENTRY_INCLUDED:
        return read_parts(at, entry);
    default:
        return pack_read_uint(at, &entry->count, NULL) == STATUS_OK;
    }
}

bool evidence_read_entry(struct pack_reader *reader, struct evidence_entry *entry)
{
    size_t left = (size_t)(reader->end - reader->at);
    for (size_t i = 0; i < KINDS; i++) {
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

/* ---- what damage was ---- */

/* What stands before and behind sections has no record in it. */
static bool is_of_ledger(enum evidence_entry_kind kind)
{
    return kind != ENTRY_RECORD && kind != ENTRY_SECTION && kind != ENTRY_END;
}

/* Does it begin as one of that kind, but for one byte at most? */
static bool begins_as(struct bytes gap, size_t kind)
{
    size_t others = 0;
    for (size_t i = 0; i < kinds[kind].len && i < gap.len; i++)
        others += gap.data[i] != kinds[kind].start[i];
    return gap.len >= kinds[kind].len && others <= 1;
}

enum evidence_entry_kind evidence_kind_of_gap(struct bytes gap)
{
    for (size_t i = 0; i < KINDS; i++)
        if (is_of_ledger(kinds[i].kind) && begins_as(gap, i))
            return kinds[i].kind;
    /* No record is as short as what else there is, and nothing else as long. */
    bool is_record = gap.len >= EVIDENCE_OTHERS_MAX ||
                     (gap.len > 3 + ID_SIZE && memcmp(gap.data, kinds[0].start, 3) == 0);
    return is_record ? ENTRY_RECORD : ENTRY_GAP;
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
