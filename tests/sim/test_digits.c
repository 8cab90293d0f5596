/* What a person names by its first digits, where two begin with them: neither is taken.
 * Ids are digests, and two that begin alike are not found by looking; here each id begins
 * with any digits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/view.h"
#include "node/core/digits.h"
#include "tests/sim/sim_county.h"

bool __wrap_digits_match(const struct digits *digits, const struct id *id);

bool __wrap_digits_match(const struct digits *digits, const struct id *id)
{
    (void)digits;
    (void)id;
    return true;
}

static void assert_conflict(struct sim_county *f, struct world_node *node,
                            const char *method, const char *name, const char *value,
                            const char *other, const char *other_value)
{
    struct buf out = {0};
    enum status status =
        world_say(f->world, node, &out, method, name, value, other, other_value, NULL);
    if (status != STATUS_CONFLICT)
        fail_msg("%s: %s", method, status_name(status));
    buf_deinit(&out);
}

static void of_two_that_begin_alike_neither_is_taken(void **state)
{
    static const char digits[] = "deadbeef";
    struct sim_county *f = *state;
    struct world_node *node = f->township;
    char record[2 * ID_SIZE + 1];
    struct id id = sim_escalate(f, f->fengyuan, "水渠");
    hex_encode(record, id.bytes, ID_SIZE);
    SIM_SAY(f, node, NULL, "case.new", "category", "邻里", "title", "水渠", "narrative",
            "两家争执。");
    SIM_SAY(f, node, NULL, "checklist.set", "places", "[桥头,学校]", "title", "汛前",
            "topics", "[排水,用电]");
    SIM_SAY(f, node, NULL, "round.begin", NULL, NULL);
    SIM_SAY(f, node, NULL, "escalation.open", "escalation", record);
    SIM_SAY(f, node, NULL, "meeting.begin", "day", "2026-11-27");
    for (int i = 0; i < 2; i++) {
        SIM_SAY(f, node, NULL, "case.task", "case", "2026-0001", "due", "2026-12-01",
                "owner", "李某", "text", i == 0 ? "量沟" : "挖沟");
        SIM_SAY(f, node, NULL, "round.finding", "place", i == 0 ? "桥头" : "学校", "text",
                "栏杆松了", "topic", "用电");
        SIM_SAY(f, node, NULL, "meeting.item", "due", "2026-12-01", "escalation", record,
                "owner", "水利站", "text", i == 0 ? "查看" : "回复");
    }
    uint64_t ops = sim_status(f, node, "ops");

    assert_conflict(f, node, "case.task_done", "case", "2026-0001", "task", digits);
    assert_conflict(f, node, "round.case", "category", "安全", "finding", digits);
    assert_conflict(f, node, "meeting.done", "item", digits, NULL, NULL);
    assert_conflict(f, node, "escalation.task_done", "escalation", record, "op", digits);
    SIM_SAY(f, node, NULL, "round.begin", NULL, NULL);
    SIM_SAY(f, node, NULL, "meeting.begin", "day", "2026-11-28");
    assert_conflict(f, node, "round.show", "round", digits, NULL, NULL);
    assert_conflict(f, node, "meeting.show", "meeting", digits, NULL, NULL);

    assert_int_equal(sim_status(f, node, "ops"), ops + 2); /* what was begun since */
}

/* Two records stand there and no case, and two files. */
static void of_two_records_or_files_neither_is_taken(void **state)
{
    static const char digits[] = "deadbeef";
    struct sim_county *f = *state;
    (void)sim_escalate(f, f->fengyuan, "水渠");
    (void)sim_escalate(f, f->xikou, "山林");
    assert_conflict(f, f->township, "attach.list", "case", digits, NULL, NULL);

    for (int i = 0; i < 2; i++) {
        struct buf map = {0};
        pack_map(&map, 3);
        pack_str(&map, "bytes");
        pack_bin(&map, (const uint8_t *)"text", (size_t)(3 + i));
        pack_str(&map, "case");
        pack_str(&map, "2026-0001");
        pack_str(&map, "name");
        pack_str(&map, i == 0 ? "a.txt" : "b.txt");
        assert_int_equal(
            world_call(f->world, f->fengyuan, "attach.add", buf_bytes(&map), NULL),
            STATUS_OK);
        buf_deinit(&map);
    }
    assert_conflict(f, f->fengyuan, "attach.get", "case", "2026-0001", "file", digits);
}

static void set_card(struct sim_county *f, const char *step)
{
    struct buf map = {0};
    pack_map(&map, 4);
    pack_str(&map, "roles");
    pack_array(&map, 1);
    pack_array(&map, 2);
    pack_str(&map, "指挥");
    pack_str(&map, "村主任");
    pack_str(&map, "steps");
    pack_array(&map, 1);
    pack_array(&map, 3);
    pack_str(&map, "指挥");
    pack_str(&map, step);
    pack_uint(&map, 0);
    pack_str(&map, "title");
    pack_str(&map, "防汛");
    pack_str(&map, "trigger");
    pack_str(&map, "水位过线");
    assert_int_equal(world_call(f->world, f->fengyuan, "card.set", buf_bytes(&map), NULL),
                     STATUS_OK);
    buf_deinit(&map);
}

static void of_two_versions_of_a_card_neither_is_gone_by(void **state)
{
    struct sim_county *f = *state;
    set_card(f, "通知各户");
    set_card(f, "查看堤坝");

    assert_conflict(f, f->fengyuan, "card.activate", "category", "安全", "version",
                    "deadbeefdead");

    assert_int_equal(sim_status(f, f->fengyuan, "cases"), 0);
}

static void of_two_proposals_neither_is_approved(void **state)
{
    struct sim_county *f = *state;
    struct world_node *node = f->fengyuan;
    sim_add_person(f, node, "王某", "steward", NULL);
    SIM_SAY(f, node, NULL, "quorum.set", "number", "#2");
    SIM_SAY(f, node, NULL, "quorum.set", "number", "#1");
    sim_add_person(f, node, "赵某", "steward", NULL);
    assert_int_equal(world_unlock(f->world, node, "王某", "135791"), STATUS_OK);
    uint64_t ops = sim_status(f, node, "ops");

    assert_conflict(f, node, "quorum.approve", "op", "deadbeef", NULL, NULL);

    assert_int_equal(sim_status(f, node, "ops"), ops);
}

int main(void)
{
#define ONE(test)                                                                        \
    cmocka_unit_test_setup_teardown(test, sim_county_set_up_in_memory,                   \
                                    sim_county_tear_down_in_memory)
    const struct CMUnitTest tests[] = {
        ONE(of_two_that_begin_alike_neither_is_taken),
        ONE(of_two_records_or_files_neither_is_taken),
        ONE(of_two_proposals_neither_is_approved),
        ONE(of_two_versions_of_a_card_neither_is_gone_by),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
