#include "tests/sim/evidence_scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cli/evidence.h"
#include "node/cases/view.h"
#include "storage/store_seals.h"

void scene_assert_verified(const struct sim_evidence *file, const struct world_node *node)
{
    struct evidence evidence = {0};
    struct err err = {0};
    FILE *stream = fmemopen(file->bytes.data, file->bytes.len, "r");
    assert_non_null(stream);
    assert_int_equal(
        evidence_check_stream(&evidence, stream, world_site(node), NULL, &err),
        STATUS_OK);
    assert_int_equal(fclose(stream), 0);
    for (uint32_t i = 0; i < evidence.failures_len; i++)
        print_message("%s: %s\n", evidence_check_name(evidence.failures[i].check),
                      evidence.failures[i].reason);
    assert_true(evidence_holds(&evidence));
    assert_int_equal(evidence.records, file->records);
    assert_int_equal(evidence.not_judged, 0);
    assert_int_equal(evidence.ledger.logs_len, file->logs);
    assert_int_equal(evidence.ledger.openings_len, file->opened[0] + file->opened[1]);
    assert_int_equal(evidence.ledger.included, file->included);
    assert_int_equal(evidence.ledger.not_sealed, file->records - file->included);
    evidence_deinit(&evidence);
}

struct id scene_case(struct sim_county *f, const char *title, char number[static 32])
{
    struct buf out = {0};
    struct bytes text;
    struct id scope;
    SIM_SAY(f, f->fengyuan, &out, "case.new", "category", "邻里", "title", title,
            "narrative", CANARY, "parties", "[甲=申请人,乙=被申请人");
    assert_true(view_map_id(buf_bytes(&out), "scope", &scope));
    assert_true(view_map_text(buf_bytes(&out), "number", &text));
    (void)snprintf(number, 32, "%.*s", (int)text.len, (const char *)text.data);
    buf_deinit(&out);
    return scope;
}

struct id scene_days(struct sim_county *f, char hex[static 2 * ID_SIZE + 1])
{
    char number[32];
    struct id record = {{0}};
    for (int day = 0; day < 4; day++) {
        world_run(f->world, DAYS);
        (void)scene_case(f, "水渠", number);
        if (day == 1) {
            record = sim_escalate(f, f->fengyuan, "田界");
            hex_encode(hex, record.bytes, ID_SIZE);
        }
    }
    return record;
}

uint64_t scene_seals(struct world_node *node)
{
    char origin[SEAL_ORIGIN_SIZE];
    int64_t log;
    uint64_t len;
    assert_int_equal(store_seal_log_last(world_store(node), &log, origin), STATUS_OK);
    assert_int_equal(store_seals_len(world_store(node), log, &len), STATUS_OK);
    return len;
}
