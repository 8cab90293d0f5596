/*
 * Reading an evidence file record by record. Happy path: head, records in an order in
 * which what they build on comes first, end. What a record says of itself (form, id,
 * signature) is found out for a batch of them on all processors; then each takes its
 * place in the order of the file. Failure modes: a record that fails is named and the
 * next one read; where the framing itself is damaged, reading goes on at the next place
 * that looks like a record.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/evidence_parts.h"
#include "cli/parallel.h"
#include "cli/progress.h"
#include "crypto/sign.h"
#include "node/cases/schema.h"
#include "proto/pack.h"

#define BATCH 512

/* A record, and what it says of itself. */
struct claim {
    struct evidence_entry entry;
    uint64_t offset;
    enum status form; /* NO_MEMORY: nothing can be told */
    struct err err;   /* of the form */
    bool has_sound_key, is_signed;
    struct op op;
};

struct reading {
    struct evidence *evidence;
    struct pack_reader reader;
    struct progress *progress; /* may be NULL */
    uint32_t claims_len;
    struct claim claims[BATCH];
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

/* A judged record belongs to the scope of its parents, and so on down to the founding
 * one, whose id is the scope's. */
static const struct id *scope_id(const struct evidence *evidence, uint32_t scope)
{
    return &evidence->records[evidence->scopes[scope].founding].id;
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
        if (!id_equal(scope_id(evidence, *scope), &op->scope)) {
            evidence_fail(evidence, CHECK_SCOPE, culprit,
                          "a parent belongs to another scope");
            return false;
        }
        if (parent->time > highest)
            highest = parent->time;
    }
    if (op->time != highest + 1) {
        evidence_fail(evidence, CHECK_TIME, culprit, "its time is %llu and must be %llu",
                      (unsigned long long)op->time, (unsigned long long)(highest + 1));
        return false;
    }
    evidence->passed[CHECK_TIME]++;
    return true;
}

/* Looks at nothing but this record, the network and the known keys, which do not change
 * meanwhile: several at a time. */
static void examine(void *context, uint32_t i)
{
    struct reading *reading = context;
    const struct evidence *evidence = reading->evidence;
    struct claim *claim = &reading->claims[i];
    claim->err = (struct err){0};
    claim->has_sound_key = claim->is_signed = false;
    claim->form = op_decode_bytes(&claim->op, claim->entry.op, &claim->err);
    if (claim->form != STATUS_OK)
        return;
    claim->form = op_rebuild(&claim->op);
    if (claim->form != STATUS_OK)
        return;
    claim->has_sound_key = evidence_knows_key(evidence, claim->op.author) ||
                           sign_key_is_sound(claim->op.author);
    if (!claim->has_sound_key)
        return;
    /* NO_MEMORY says nothing about the record, and then nothing is said about any. */
    enum status status = op_check_signature(&claim->op, &evidence->network);
    claim->is_signed = status == STATUS_OK;
    if (status == STATUS_NO_MEMORY)
        claim->form = status;
}

static bool check_claim(struct evidence *evidence, const struct claim *claim,
                        const struct evidence_culprit *whole)
{
    struct evidence_culprit culprit = *whole;
    if (claim->form == STATUS_NO_MEMORY) {
        evidence->failed_memory = true;
        return false;
    }
    if (claim->form != STATUS_OK) {
        evidence_fail(evidence, CHECK_FORM, &culprit, "%s",
                      err_text(&claim->err, claim->form));
        return false;
    }
    evidence->passed[CHECK_FORM]++;
    culprit.author = claim->op.author;
    culprit.kind = claim->op.kind;
    bool id_holds = id_equal(&claim->op.id, &claim->entry.id);
    if (id_holds)
        evidence->passed[CHECK_ID]++;
    else
        evidence_fail(evidence, CHECK_ID, &culprit, "its bytes have another id");
    if (!claim->is_signed) {
        evidence_fail(evidence, CHECK_SIGNATURE, &culprit,
                      claim->has_sound_key ? "the signature does not hold"
                                           : "the author's key is no sound Ed25519 key");
        return false;
    }
    evidence_learn_key(evidence, claim->op.author);
    evidence->passed[CHECK_SIGNATURE]++;
    return id_holds;
}

/* Which scope a judged record belongs to; a founding op begins one. */
static void place(struct evidence *evidence, uint32_t number, const struct op *op,
                  uint32_t scope)
{
    struct evidence_record *record = &evidence->records[number];
    if (op->is_founding) {
        scope = evidence_add_scope(evidence, number);
        if (scope == EVIDENCE_NONE)
            return;
        evidence->scopes[scope].kind = schema_founds(op);
    }
    record->scope = scope;
    record->time = op->time;
    record->is_judged = true;
    evidence->scopes[scope].len++;
    for (uint32_t i = 0; i < op->parents_len; i++)
        evidence->records[evidence_find(evidence, &op->parents[i])].is_built_on = true;
}

/* True: the record is judged. */
static bool check_place(struct reading *reading, const struct claim *claim,
                        uint32_t number)
{
    struct evidence_culprit culprit = {
        .op = &claim->entry.id, .bytes = claim->entry.op, .offset = claim->offset};
    uint32_t scope = EVIDENCE_NONE;
    bool rests;
    if (!check_claim(reading->evidence, claim, &culprit))
        return false;
    culprit.author = claim->op.author;
    culprit.kind = claim->op.kind;
    if (!check_order(reading, &claim->op, &culprit, &rests))
        return false;
    if (rests) {
        reading->evidence->not_judged++;
        return false;
    }
    if (!check_time(reading, &claim->op, &culprit, &scope))
        return false;
    place(reading->evidence, number, &claim->op, scope);
    return true;
}

static void check_record(struct reading *reading, const struct claim *claim)
{
    struct evidence *evidence = reading->evidence;
    const struct id *id = &claim->entry.id;
    if (evidence_find(evidence, id) != EVIDENCE_NONE) {
        struct evidence_culprit culprit = {
            .op = id, .bytes = claim->entry.op, .offset = claim->offset};
        evidence_fail(evidence, CHECK_ORDER, &culprit, "it stands in the file twice");
        return;
    }
    uint32_t number = evidence_add_record(evidence);
    if (number == EVIDENCE_NONE)
        return;
    evidence->records[number].id = *id;
    evidence->records[number].offset = claim->offset;
    evidence_remember(evidence, id, number);
    /* Descendants of a record under a wrong id name the right one. */
    if (!check_place(reading, claim, number) && claim->form == STATUS_OK)
        evidence_remember(evidence, &claim->op.id, number);
}

/* The records that were read so far take their places. */
static void check_batch(struct reading *reading)
{
    parallel_each(reading->claims_len, examine, reading);
    for (uint32_t i = 0; i < reading->claims_len && !reading->evidence->failed_memory;
         i++)
        check_record(reading, &reading->claims[i]);
    reading->claims_len = 0;
    if (reading->progress)
        progress_show(reading->progress, reading->evidence->records_len);
}

static void add_to_batch(struct reading *reading, const struct evidence_entry *entry,
                         uint64_t offset)
{
    struct claim *claim = &reading->claims[reading->claims_len++];
    claim->entry = *entry;
    claim->offset = offset;
    if (reading->claims_len == BATCH)
        check_batch(reading);
}

static void check_end(struct reading *reading, const struct evidence_entry *entry,
                      uint64_t offset)
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

/* Records up to the end or to where reading must stop; true: the end was there. */
static bool read_entries(struct reading *reading)
{
    struct evidence *evidence = reading->evidence;
    while (!pack_at_end(&reading->reader) && !evidence->failed_memory) {
        struct evidence_entry entry = {0};
        const uint8_t *start = reading->reader.at;
        uint64_t offset = offset_of(reading, start);
        if (!evidence_read_entry(&reading->reader, &entry)) {
            check_batch(reading);
            reading->reader.at = evidence_next_entry(&reading->reader, start + 1);
            fail_gap(reading, start, reading->reader.at);
            continue;
        }
        if (entry.is_end) {
            check_batch(reading);
            check_end(reading, &entry, offset);
            return true;
        }
        if (evidence->records_len + reading->claims_len >= EVIDENCE_OPS_MAX)
            check_batch(reading);
        if (evidence->records_len >= EVIDENCE_OPS_MAX) {
            struct evidence_culprit here = {.offset = offset};
            evidence_fail(evidence, CHECK_FORM, &here, "more records than %u",
                          EVIDENCE_OPS_MAX);
            return false;
        }
        add_to_batch(reading, &entry, offset);
    }
    check_batch(reading);
    return false;
}

void evidence_read_records(struct evidence *evidence, struct progress *progress)
{
    struct reading *reading = calloc(1, sizeof(*reading));
    if (!reading) {
        evidence->failed_memory = true;
        return;
    }
    reading->evidence = evidence;
    reading->progress = progress;
    reading->reader = pack_reader_of(buf_bytes(&evidence->bytes));
    if (read_head(reading)) {
        bool has_end = read_entries(reading);
        if (!has_end && !evidence->failed_memory) {
            struct evidence_culprit here = {.offset = evidence->bytes.len};
            evidence_fail(evidence, CHECK_END, &here,
                          "the end is missing: the file was cut");
        }
        check_network(evidence);
    }
    free(reading);
}
