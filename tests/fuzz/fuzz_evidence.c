/*
 * fuzz_evidence: an evidence file, put together of true and forged ops, and changed.
 *   input  flags(1): bit 0 raw: the rest is the file; bit 1 no end; bit 2 trusts the
 *          village; bits 4 to 6 how many changes ‖ records(1) ‖ op(1) each (254: forged
 *          by what follows, 255: an id that is not its op's) ‖ (place(2) ‖ xor(1)) each
 * Whatever it is, the verdict is told; what holds has every record sound; the same file
 * is judged the same twice.
 */
#include "fuzz.h"

#include "cli/evidence.h"
#include "forge.h"
#include "rig.h"

#define RECORDS_MAX 64

static struct rig *rig;

static void add_record(struct buf *file, uint8_t number, struct id *last,
                       struct fuzz_input *input)
{
    struct buf op = {0};
    const struct rig_op *told = &rig->ops[number % rig->ops_len];
    struct id id = told->id;
    if (number == 254) {
        forge_op(rig, input, last, &op);
        id = *last;
    } else {
        buf_add(&op, told->bytes.data, told->bytes.len);
    }
    if (number == 255)
        id.bytes[0] ^= 1;
    pack_array(file, 2);
    pack_bin(file, id.bytes, ID_SIZE);
    pack_bin(file, op.data, op.len);
    buf_deinit(&op);
}

static void compose(struct buf *file, uint8_t flags, struct fuzz_input *input)
{
    struct id last = rig->ops[0].id;
    uint32_t records = fuzz_u8(input) % RECORDS_MAX;
    pack_array(file, 4);
    pack_str(file, "fengqiao-evidence");
    pack_uint(file, 1);
    pack_str(file, "fengqiao");
    pack_bin(file, rig->scopes[RIG_FROM_XIKOU].bytes, ID_SIZE);
    for (uint32_t i = 0; i < records; i++)
        add_record(file, fuzz_u8(input), &last, input);
    if ((flags & 2) == 0) {
        pack_array(file, 2);
        pack_str(file, "end");
        pack_uint(file, records);
    }
    for (uint32_t i = flags >> 4 & 7; i > 0; i--) {
        size_t at = fuzz_u16(input) % file->len;
        file->data[at] ^= fuzz_u8(input);
    }
}

struct verdict_of {
    bool holds;
    uint32_t records, failures;
    uint64_t passed, failed, not_judged;
};

static struct verdict_of judge(struct bytes file, const struct id *trust)
{
    static char empty[1];
    struct evidence evidence = {0};
    struct verdict_of verdict = {0};
    struct err err = {0};
    FILE *in = file.len > 0 ? fmemopen((void *)(uintptr_t)file.data, file.len, "r")
                            : fmemopen(empty, 1, "r");
    HOLDS(in != NULL);
    HOLDS(evidence_load(&evidence, in, &err) == STATUS_OK);
    HOLDS(fclose(in) == 0);
    HOLDS(evidence_check_all(&evidence, trust, NULL) == STATUS_OK);
    verdict.holds = evidence_holds(&evidence);
    verdict.records = evidence.records_len;
    verdict.failures = evidence.failures_len;
    verdict.not_judged = evidence.not_judged;
    for (int i = 0; i < EVIDENCE_CHECKS; i++) {
        verdict.passed += evidence.passed[i];
        verdict.failed += evidence.failed[i];
    }
    HOLDS(verdict.holds == (verdict.failed == 0));
    HOLDS((verdict.failures == 0) == verdict.holds);
    for (uint32_t i = 0; i < evidence.failures_len; i++)
        HOLDS(evidence.failures[i].offset <= file.len &&
              evidence.failures[i].reason[0] != '\0');
    for (uint32_t i = 0; verdict.holds && i < evidence.records_len; i++)
        HOLDS(evidence.records[i].is_judged && evidence.records[i].time > 0 &&
              evidence.records[i].offset < file.len &&
              evidence.records[i].scope < evidence.scopes_len);
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
