/* Many messages of ops under way: how many of them one commit takes, and what becomes of
 * those that were verified and not admitted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/view.h"
#include "node/core/transfer.h"
#include "tests/sim/sim_county.h"

#define RECORDS 80 /* of 8 KB: some seven messages */

static void escalate_much(struct sim_county *f, struct world_node *village)
{
    static char narrative[8001];
    memset(narrative, 'n', sizeof(narrative) - 1);
    for (int i = 0; i < RECORDS; i++) {
        struct buf out = {0};
        struct bytes text;
        char number[32] = "";
        SIM_SAY(f, village, &out, "case.new", "category", "邻里", "title", "水渠",
                "narrative", narrative, "context", "去年修过一次沟。");
        assert_true(view_map_text(buf_bytes(&out), "number", &text));
        assert_true(text.len < sizeof(number));
        memcpy(number, text.data, text.len);
        SIM_SAY(f, village, &out, "case.triage", "case", number, "decision", "escalate",
                "beyond", "true", "reason", "涉及两村");
        SIM_SAY(f, village, &out, "escalate.release", "case", number, "fields",
                "[title,narrative,context]", "reason", "超出村里权限", "no_parties",
                "渠是村里的");
        buf_deinit(&out);
    }
}

static void return_jobs(struct sim_county *f, struct world_node *node, int count)
{
    for (int i = 0; i < count; i++)
        world_return_job(node);
    world_run(f->world, 0);
}

/* The township's pool has all messages; how many records it had before. */
static uint64_t bring_much(struct sim_county *f)
{
    world_set_offline(f->world, f->xikou, true);
    escalate_much(f, f->xikou);
    uint64_t before = sim_status(f, f->township, "escalations");
    world_hold_jobs(f->township);
    world_set_offline(f->world, f->xikou, false);
    world_run(f->world, 3000);
    return before;
}

static void messages_under_way_are_admitted_four_at_a_time(void **state)
{
    struct sim_county *f = *state;
    uint64_t before = bring_much(f);

    return_jobs(f, f->township, TRANSFER_BATCH - 1);
    assert_int_equal(sim_status(f, f->township, "escalations"), before);
    return_jobs(f, f->township, 1);
    uint64_t admitted = sim_status(f, f->township, "escalations");
    assert_in_range(admitted, before + 1, before + RECORDS - 1);

    world_return_jobs(f->township, WRAP_OK);
    world_run(f->world, 3000);
    assert_int_equal(sim_status(f, f->township, "escalations"), before + RECORDS);
}

static void what_was_verified_when_the_session_ended_comes_again(void **state)
{
    struct sim_county *f = *state;
    uint64_t before = bring_much(f);
    return_jobs(f, f->township, TRANSFER_BATCH - 1);

    world_set_offline(f->world, f->xikou, true);
    world_run(f->world, 3000);
    assert_int_equal(sim_status(f, f->township, "escalations"), before);

    world_return_jobs(f->township, WRAP_OK);
    world_set_offline(f->world, f->xikou, false);
    world_run(f->world, 60000);
    assert_int_equal(sim_status(f, f->township, "escalations"), before + RECORDS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(messages_under_way_are_admitted_four_at_a_time,
                                        sim_county_set_up_in_memory,
                                        sim_county_tear_down_in_memory),
        cmocka_unit_test_setup_teardown(
            what_was_verified_when_the_session_ended_comes_again,
            sim_county_set_up_in_memory, sim_county_tear_down_in_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
