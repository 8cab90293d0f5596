/*
 * Reading an evidence file record by record. Happy path: head, records in an order in
 * which what they build on comes first, end. Failure modes: a record that fails is named
 * and the next one read; where the framing itself is damaged, reading goes on at the next
 * place that looks like a record.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/evidence.h"
#include "cli/progress.h"
#include "crypto/sign.h"
#include "node/cases/schema.h"
#include "proto/pack.h"

struct reading {
    struct evidence *evidence;
    struct pack_reader reader;
};

/* One value of the sequence: a record, or the end. */
struct entry {
    bool is_end;
    uint64_t count; /* end */
    struct id id;
    struct bytes op;
};

static uint64_t offset_of(const struct reading *reading, const uint8_t *at)
{
    return (uint64_t)(at - reading->evidence->bytes.data);
}

static bool read_head(struct reading *reading)
{
    struct evidence *evidence = reading->evidence;
    struct evidence_culprit whole = {0};
    struct pack_reader reader = reading->reader;
    uint32_t count;
    struct bytes text;
    uint64_t version;
    if (pack_read_array(&reader, &count, NULL) != STATUS_OK || count != 4 ||
        pack_read_str(&reader, &text, NULL) != STATUS_OK ||
        !bytes_equal_str(text, "fengqiao-evidence")) {
        evidence_fail(evidence, CHECK_FORM, &whole,
                      "this is no evidence file, or its first bytes are damaged");
        return false;
    }
    if (pack_read_uint(&reader, &version, NULL) != STATUS_OK || version != 1) {
        evidence_fail(evidence, CHECK_FORM, &whole,
                      "the file has a version that this program does not know");
        return false;
    }
    if (pack_read_str(&reader, &text, NULL) != STATUS_OK ||
        text.len > EVIDENCE_NETWORK_MAX ||
        pack_read_fixed(&reader, evidence->scope.bytes, ID_SIZE, NULL) != STATUS_OK) {
        evidence_fail(evidence, CHECK_FORM, &whole, "the head of the file is damaged");
        return false;
    }
    if (text.len > 0)
        memcpy(evidence->network_name, text.data, text.len);
    network_id(&evidence->network, evidence->network_name);
    evidence->has_head = true;
    reading->reader = reader;
    return true;
}

static bool read_entry(struct pack_reader *reader, struct entry *entry)
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

/* The next place that reads as a record or as the end; the end of the file without one.
 */
static const uint8_t *next_entry(const struct reading *reading, const uint8_t *from)
{
    static const uint8_t record_start[] = {0x92, 0xc4, 0x20};
    static const uint8_t end_start[] = {0x92, 0xa3, 'e', 'n', 'd'};
    const uint8_t *end = reading->reader.end;
    for (; (size_t)(end - from) >= sizeof(end_start); from++) {
        struct pack_reader reader = {from, end};
        struct entry entry;
        bool may_be = memcmp(from, record_start, sizeof(record_start)) == 0 ||
                      memcmp(from, end_start, sizeof(end_start)) == 0;
        if (may_be && read_entry(&reader, &entry))
            return from;
    }
    return end;
}

/* The framing between start and next is damaged: names what can still be told. */
static void fail_gap(struct reading *reading, const uint8_t *start, const uint8_t *next)
{
    struct bytes gap = bytes_of(start, (size_t)(next - start));
    struct evidence_culprit culprit = {.offset = offset_of(reading, start)};
    struct id id;
    if (gap.len > 3 + ID_SIZE) {
        memcpy(id.bytes, gap.data + 3, ID_SIZE);
        culprit.op = &id;
        uint32_t record = evidence_add_record(reading->evidence);
        if (record != EVIDENCE_NONE) {
            reading->evidence->records[record].id = id;
            reading->evidence->records[record].offset = culprit.offset;
            evidence_remember(reading->evidence, &id, record);
        }
        /* The length of the op bytes may be what is damaged: they begin as an array of
         * 11, behind a length of one, two or four bytes. */
        size_t skip = 3 + ID_SIZE + 2;
        while (skip < gap.len && skip < 3 + ID_SIZE + 5 && gap.data[skip] != 0x9b)
            skip++;
        if (skip >= gap.len || gap.data[skip] != 0x9b)
            skip = 3 + ID_SIZE;
        culprit.bytes = bytes_of(gap.data + skip, gap.len - skip);
    }
    evidence_fail(reading->evidence, CHECK_FORM, &culprit,
                  next == reading->reader.end ? "the file is cut or damaged here"
                                              : "the record is damaged");
}

/* Are all of these in the file before this record? *rests: one of them fails itself. */
static bool are_before(struct reading *reading, const struct id *ids, uint32_t len,
                       const char *what, const struct evidence_culprit *culprit,
                       bool *rests)
{
    for (uint32_t i = 0; i < len; i++) {
        uint32_t found = evidence_find(reading->evidence, &ids[i]);
        if (found == EVIDENCE_NONE) {
            char text[2 * ID_SIZE + 1];
            hex_encode(text, ids[i].bytes, ID_SIZE);
            evidence_fail(reading->evidence, CHECK_ORDER, culprit,
                          "its %s %s is not in the file before it", what, text);
            return false;
        }
        *rests = *rests || !reading->evidence->records[found].is_judged;
    }
    return true;
}

static bool check_order(struct reading *reading, const struct op *op,
                        const struct evidence_culprit *culprit, bool *rests)
{
    *rests = false;
    if (!are_before(reading, op->parents, op->parents_len, "parent", culprit, rests) ||
        !are_before(reading, op->authority, op->authority_len, "authority", culprit,
                    rests))
        return false;
    reading->evidence->passed[CHECK_ORDER]++;
    return true;
}

/* Parents are all judged: one scope, and one more than the highest time. */
static bool check_time(struct reading *reading, const struct op *op,
                       const struct evidence_culprit *culprit, uint32_t *scope)
{
    struct evidence *evidence = reading->evidence;
    uint64_t highest = 0;
    for (uint32_t i = 0; i < op->parents_len; i++) {
        const struct evidence_record *parent =
            &evidence->records[evidence_find(evidence, &op->parents[i])];
        *scope = parent->scope;
        if (!id_equal(&parent->op->scope, &op->scope)) {
            evidence_fail(evidence, CHECK_SCOPE, culprit,
                          "a parent belongs to another scope");
            return false;
        }
        if (parent->op->time > highest)
            highest = parent->op->time;
    }
    if (op->time != highest + 1) {
        evidence_fail(evidence, CHECK_TIME, culprit, "its time is %llu and must be %llu",
                      (unsigned long long)op->time, (unsigned long long)(highest + 1));
        return false;
    }
    evidence->passed[CHECK_TIME]++;
    return true;
}

static bool check_bytes(struct reading *reading, struct op *op, const struct entry *entry,
                        const struct evidence_culprit *whole)
{
    struct evidence *evidence = reading->evidence;
    struct evidence_culprit culprit = *whole;
    struct err err = {0};
    enum status status = op_decode_bytes(op, entry->op, &err);
    if (status != STATUS_OK) {
        evidence_fail(evidence, CHECK_FORM, &culprit, "%s", err_text(&err, status));
        return false;
    }
    evidence->passed[CHECK_FORM]++;
    culprit.author = op->author;
    culprit.kind = op->kind;
    if (op_rebuild(op) != STATUS_OK) {
        evidence->failed_memory = true;
        return false;
    }
    bool id_holds = id_equal(&op->id, &entry->id);
    if (id_holds)
        evidence->passed[CHECK_ID]++;
    else
        evidence_fail(evidence, CHECK_ID, &culprit, "its bytes have another id");
    if (!evidence_knows_key(evidence, op->author) && !sign_key_is_sound(op->author)) {
        evidence_fail(evidence, CHECK_SIGNATURE, &culprit,
                      "the author's key is no sound Ed25519 key");
        return false;
    }
    if (!op_verify(op, &evidence->network)) {
        evidence_fail(evidence, CHECK_SIGNATURE, &culprit, "the signature does not hold");
        return false;
    }
    evidence_learn_key(evidence, op->author);
    evidence->passed[CHECK_SIGNATURE]++;
    return id_holds;
}

/* Which scope a judged op belongs to; a founding op begins one. */
static void place(struct reading *reading, struct evidence_record *record,
                  uint32_t number, uint32_t scope)
{
    struct evidence *evidence = reading->evidence;
    if (record->op->is_founding) {
        scope = evidence_add_scope(evidence, number);
        if (scope == EVIDENCE_NONE)
            return;
        evidence->scopes[scope].kind = schema_founds(record->op);
    }
    record->scope = scope;
    record->is_judged = true;
    evidence->scopes[scope].len++;
}

static void check_record(struct reading *reading, const struct entry *entry,
                         uint64_t offset)
{
    struct evidence *evidence = reading->evidence;
    struct evidence_culprit culprit = {
        .op = &entry->id, .bytes = entry->op, .offset = offset};
    if (evidence_find(evidence, &entry->id) != EVIDENCE_NONE) {
        evidence_fail(evidence, CHECK_ORDER, &culprit, "it stands in the file twice");
        return;
    }
    uint32_t number = evidence_add_record(evidence);
    struct op *op = malloc(sizeof(*op));
    if (number == EVIDENCE_NONE || !op) {
        evidence->failed_memory = true;
        free(op);
        return;
    }
    struct evidence_record *record = &evidence->records[number];
    record->id = entry->id;
    record->offset = offset;
    evidence_remember(evidence, &entry->id, number);
    if (!check_bytes(reading, op, entry, &culprit))
        goto free_op;
    culprit.author = op->author;
    culprit.kind = op->kind;
    bool rests;
    uint32_t scope = EVIDENCE_NONE;
    if (!check_order(reading, op, &culprit, &rests))
        goto free_op;
    if (rests) {
        evidence->not_judged++;
        goto free_op;
    }
    if (!check_time(reading, op, &culprit, &scope))
        goto free_op;
    record->op = op;
    place(reading, record, number, scope);
    return;
free_op:
    /* Descendants of a record under a wrong id name the right one. */
    if (!evidence->failed_memory)
        evidence_remember(evidence, &op->id, number);
    free(op);
}

static void check_end(struct reading *reading, const struct entry *entry, uint64_t offset)
{
    struct evidence *evidence = reading->evidence;
    struct evidence_culprit culprit = {.offset = offset};
    if (entry->count != evidence->records_len)
        evidence_fail(evidence, CHECK_END, &culprit,
                      "the file ends with a count of %llu records and has %u",
                      (unsigned long long)entry->count, evidence->records_len);
    else if (!pack_at_end(&reading->reader))
        evidence_fail(evidence, CHECK_END, &culprit, "bytes stand behind the end");
    else
        evidence->passed[CHECK_END]++;
}

/* A head whose network name is damaged lets no signature hold: say so once. */
static void check_network(struct evidence *evidence)
{
    struct evidence_culprit whole = {0};
    if (evidence->failed[CHECK_SIGNATURE] > 1 && evidence->passed[CHECK_SIGNATURE] == 0)
        evidence_fail(evidence, CHECK_FORM, &whole,
                      "not one signature holds: the network name in the head may be "
                      "damaged");
}

void evidence_read_records(struct evidence *evidence, struct progress *progress)
{
    struct reading *reading = calloc(1, sizeof(*reading));
    if (!reading) {
        evidence->failed_memory = true;
        return;
    }
    reading->evidence = evidence;
    reading->reader = pack_reader_of(buf_bytes(&evidence->bytes));
    bool has_end = false;
    if (!read_head(reading))
        goto free_reading;
    while (!pack_at_end(&reading->reader) && !has_end && !evidence->failed_memory) {
        struct entry entry = {0};
        const uint8_t *start = reading->reader.at;
        uint64_t offset = offset_of(reading, start);
        struct evidence_culprit here = {.offset = offset};
        if (!read_entry(&reading->reader, &entry)) {
            reading->reader.at = next_entry(reading, start + 1);
            fail_gap(reading, start, reading->reader.at);
            continue;
        }
        has_end = entry.is_end;
        if (has_end) {
            check_end(reading, &entry, offset);
        } else if (evidence->records_len >= EVIDENCE_OPS_MAX) {
            evidence_fail(evidence, CHECK_FORM, &here, "more records than %u",
                          EVIDENCE_OPS_MAX);
            break;
        } else {
            check_record(reading, &entry, offset);
        }
        if (progress)
            progress_show(progress, evidence->records_len);
    }
    if (!has_end && !evidence->failed_memory) {
        struct evidence_culprit here = {.offset = evidence->bytes.len};
        evidence_fail(evidence, CHECK_END, &here, "the end is missing: the file was cut");
    }
    check_network(evidence);
free_reading:
    free(reading);
}
