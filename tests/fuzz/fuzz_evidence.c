/*
 * fuzz_evidence: an evidence file, put together of true and forged ops, and changed.
 *   input  flags(1): bit 0 raw: the rest is the file; bit 1 no end; bit 2 trusts the
 *          village; bit 3 it is about the township and not about one record; bits 4 to 6
 *          how many changes; bit 7 sections in their order ‖ records(1) ‖ op(1) each
 *          (253: the section has a line that says so many more by what follows, 254:
 *          forged by what follows, 255: an id that is not its op's) ‖ (place(2) ‖ xor(1))
 *          each ‖ what the file says of a ledger, and of each record (forge_ledger.h)
 * Whatever it is, the verdict is told; what holds has every record sound; the same file
 * is judged the same twice.
 */
#include "fuzz.h"

#include <stdlib.h>

#include "cli/evidence.h"
#include "forge.h"
#include "forge_ledger.h"
#include "rig.h"
#include "tests/unit/cli/check_bytes.h"

#define RECORDS_MAX 96
#define CHANGES_MAX 7

static struct rig *rig;

struct record {
    struct id id, scope;
    struct buf op;
    uint8_t more;    /* that its section's line says */
    uint32_t number; /* in the story, nearly */
    struct buf included;
};

/* A forged one stands in the section of the one before it. */
static void take_record(struct record *record, const struct record *before,
                        struct id *last, struct fuzz_input *input)
{
    uint8_t number = fuzz_u8(input);
    *record = (struct record){0};
    if (number == 253) {
        record->more = fuzz_u8(input);
        number = fuzz_u8(input);
    }
    const struct rig_op *told = &rig->ops[number % rig->ops_len];
    record->number = number % rig->ops_len;
    record->id = told->id;
    record->scope = told->scope;
    if (number == 254) {
        forge_op(rig, input, last, &record->op);
        record->id = *last;
        if (before != NULL)
            record->scope = before->scope;
    } else {
        buf_add(&record->op, told->bytes.data, told->bytes.len);
    }
    if (number == 255)
        record->id.bytes[0] ^= 1;
}

static bool is_charter(const struct id *scope)
{
    for (int i = 0; i < RIG_SITES; i++)
        if (id_equal(scope, &rig->keys[i].site))
            return true;
    return false;
}

static bool is_behind(const struct id *scope, const struct id *other)
{
    if (is_charter(scope) != is_charter(other))
        return is_charter(other);
    return id_compare(scope, other) > 0;
}

/* Sections in their order; the records of each stay in theirs. */
static void sort(struct record *records, uint32_t len)
{
    for (uint32_t i = 1; i < len; i++) {
        struct record record = records[i];
        uint32_t at = i;
        for (; at > 0 && is_behind(&records[at - 1].scope, &record.scope); at--)
            records[at] = records[at - 1];
        records[at] = record;
    }
}

static void add_line(struct buf *file, const struct record *records, uint32_t left)
{
    uint32_t count = 0;
    while (count < left && id_equal(&records[count].scope, &records[0].scope))
        count++;
    pack_array(file, 3);
    pack_str(file, "scope");
    pack_bin(file, records[0].scope.bytes, ID_SIZE);
    pack_uint(file, count + records[0].more);
}

static void add_records(struct buf *file, struct record *records, uint32_t len)
{
    for (uint32_t i = 0; i < len; i++) {
        if (i == 0 || !id_equal(&records[i - 1].scope, &records[i].scope))
            add_line(file, &records[i], len - i);
        pack_array(file, 2);
        pack_bin(file, records[i].id.bytes, ID_SIZE);
        pack_bin(file, records[i].op.data, records[i].op.len);
        buf_append(file, &records[i].included);
        buf_deinit(&records[i].op);
        buf_deinit(&records[i].included);
    }
}

static void compose(struct buf *file, uint8_t flags, struct fuzz_input *input)
{
    static struct record records[RECORDS_MAX];
    struct {
        uint32_t place;
        uint8_t by;
    } changes[CHANGES_MAX];
    struct buf logs = {0};
    uint32_t changes_len = flags >> 4 & CHANGES_MAX;
    struct id last = rig->ops[0].id;
    bool is_site = (flags & 8) != 0;
    uint32_t len = fuzz_u8(input) % RECORDS_MAX;
    for (uint32_t i = 0; i < len; i++)
        take_record(&records[i], i > 0 ? &records[i - 1] : NULL, &last, input);
    for (uint32_t i = 0; i < changes_len; i++) {
        changes[i].place = fuzz_u16(input);
        changes[i].by = fuzz_u8(input);
    }
    forge_ledger(rig, input, &logs);
    for (uint32_t i = 0; i < len; i++)
        forge_included(rig, records[i].number, input, &records[i].included);
    if ((flags & 0x80) != 0)
        sort(records, len);
    pack_array(file, 4);
    pack_str(file, "fengqiao-evidence");
    pack_uint(file, 2);
    pack_str(file, "fengqiao");
    pack_array(file, 2);
    pack_str(file, is_site ? "site" : "escalation");
    pack_bin(file,
             is_site ? rig->keys[RIG_TOWNSHIP].site.bytes
                     : rig->scopes[RIG_FROM_XIKOU].bytes,
             ID_SIZE);
    buf_append(file, &logs);
    buf_deinit(&logs);
    add_records(file, records, len);
    if ((flags & 2) == 0) {
        pack_array(file, 2);
        pack_str(file, "end");
        pack_uint(file, len);
    }
    for (uint32_t i = 0; i < changes_len; i++)
        file->data[changes[i].place % file->len] ^= changes[i].by;
}

struct verdict_of {
    bool holds;
    uint32_t failures;
    uint64_t records;
    uint64_t passed, failed, not_judged, sealed, earlier;
};

static struct verdict_of judge(struct bytes file, const struct id *trust)
{
    struct evidence evidence;
    struct verdict_of verdict = {0};
    HOLDS(check_bytes(&evidence, file, trust) == STATUS_OK);
    verdict.holds = evidence_holds(&evidence);
    verdict.records = evidence.records;
    verdict.failures = evidence.failures_len;
    verdict.not_judged = evidence.not_judged;
    for (int i = 0; i < EVIDENCE_CHECKS; i++) {
        verdict.passed += evidence.passed[i];
        verdict.failed += evidence.failed[i];
    }
    HOLDS(verdict.holds == (verdict.failed == 0));
    HOLDS(verdict.failed == evidence.failures_len);
    for (uint32_t i = 0; i < evidence.failures_len; i++)
        HOLDS(evidence.failures[i].offset <= file.len &&
              evidence.failures[i].reason[0] != '\0');
    uint64_t judged = 0;
    for (uint32_t i = 0; i < evidence.scopes_len; i++) {
        judged += evidence.scopes[i].len;
        HOLDS(evidence.scopes[i].offset < file.len && evidence.scopes[i].heads_len > 0);
        HOLDS((evidence.scopes[i].charter != NULL) <= (i < evidence.charters_len));
    }
    HOLDS(judged <= verdict.records);
    HOLDS(!verdict.holds || (judged == verdict.records &&
                             evidence.passed[CHECK_SIGNATURE] == verdict.records));
    const struct evidence_ledger *ledger = &evidence.ledger;
    HOLDS(!evidence.has_head ||
          ledger->cosigned + ledger->not_cosigned == evidence.passed[CHECK_INCLUDED]);
    HOLDS(ledger->included <= verdict.records);
    HOLDS(!evidence.has_head || ledger->included + ledger->not_sealed == verdict.records);
    for (uint32_t i = 0; i < ledger->logs_len; i++)
        HOLDS(ledger->logs[i].cosigned <= ledger->logs[i].seals);
    verdict.sealed = ledger->cosigned;
    verdict.earlier = ledger->earlier_len;
    evidence_deinit(&evidence);
    return verdict;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = fuzz_input_of(data, size);
    struct rig_ears deaf = {0};
    struct buf file = {0};
    uint8_t flags = fuzz_u8(&input);
    rig = rig_get();
    rig_reset(rig, &deaf);
    if (flags & 1)
        buf_add(&file, input.at, input.len);
    else
        compose(&file, flags, &input);
    const struct id *trust = &rig->keys[flags & 4 ? RIG_XIKOU : RIG_COUNTY].site;
    struct verdict_of first = judge(buf_bytes(&file), trust);
    struct verdict_of second = judge(buf_bytes(&file), trust);
    HOLDS(memcmp(&first, &second, sizeof(first)) == 0);
    buf_deinit(&file);
    rig_finish(rig);
    return 0;
}
