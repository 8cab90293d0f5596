/* Plan cards: kept in versions, and activated into tasks of a case. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/view.h"
#include "proto/pack.h"
#include "tests/sim/sim_county.h"

static enum status set_card(struct sim_county *f, const char *title, const char *role,
                            const char *step)
{
    struct buf arguments = {0}, out = {0};
    pack_map(&arguments, 4);
    pack_str(&arguments, "roles");
    pack_array(&arguments, 2);
    pack_array(&arguments, 2);
    pack_str(&arguments, "指挥");
    pack_str(&arguments, "村主任");
    pack_array(&arguments, 2);
    pack_str(&arguments, "巡查");
    pack_str(&arguments, "民兵排长");
    pack_str(&arguments, "steps");
    pack_array(&arguments, 2);
    pack_array(&arguments, 3);
    pack_str(&arguments, "指挥");
    pack_str(&arguments, "通知各户");
    pack_uint(&arguments, 0);
    pack_array(&arguments, 3);
    pack_str(&arguments, role);
    pack_str(&arguments, step);
    pack_uint(&arguments, 2);
    pack_str(&arguments, "title");
    pack_str(&arguments, title);
    pack_str(&arguments, "trigger");
    pack_str(&arguments, "水位过警戒线");
    enum status status =
        world_call(f->world, f->fengyuan, "card.set", buf_bytes(&arguments), &out);
    buf_deinit(&arguments);
    buf_deinit(&out);
    return status;
}

struct tasks {
    uint32_t len;
    bool has_owner, has_day;
};

static bool see_task(void *context, struct bytes item)
{
    struct tasks *tasks = context;
    tasks->len++;
    tasks->has_owner |= view_map_has_text(item, "owner", "民兵排长");
    tasks->has_day |= view_map_has_text(item, "due", "2026-07-03");
    return true;
}

static struct tasks tasks_of(struct sim_county *f, const char *number)
{
    struct tasks tasks = {.len = 0};
    struct buf out = {0};
    SIM_SAY(f, f->fengyuan, &out, "task.list", "case", number);
    view_map_each(buf_bytes(&out), "items", see_task, &tasks);
    buf_deinit(&out);
    return tasks;
}

static void a_card_makes_tasks_of_a_case_that_is_made(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    struct bytes view, text;
    assert_int_equal(set_card(f, "防汛", "巡查", "查看堤坝"), STATUS_OK);

    SIM_SAY(f, f->fengyuan, &out, "card.activate", "category", "安全", "day",
            "2026-07-01", "reason", "上游来水");

    assert_true(view_map_has_text(buf_bytes(&out), "number", "2026-0001"));
    struct tasks tasks = tasks_of(f, "2026-0001");
    assert_int_equal(tasks.len, 2);
    assert_true(tasks.has_owner && tasks.has_day);
    SIM_SAY(f, f->fengyuan, &out, "case.show", "case", "2026-0001");
    assert_true(view_map_get(buf_bytes(&out), "view", &view));
    assert_true(view_text(view, "found-by", &text) && bytes_equal_str(text, "card"));
    assert_true(view_text(view, "narrative", &text));
    assert_true(bytes_equal_str(text, "水位过警戒线\n上游来水"));
    SIM_SAY(f, f->fengyuan, &out, "card.show", "title", "防汛");
    assert_int_equal(view_map_count(buf_bytes(&out), "activations"), 1);
    buf_deinit(&out);
}

static void a_card_makes_tasks_of_a_case_that_is_there(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    SIM_SAY(f, f->fengyuan, &out, "case.new", "category", "安全", "narrative", "堤坝渗水",
            "title", "堤坝");
    assert_int_equal(set_card(f, "防汛", "巡查", "查看堤坝"), STATUS_OK);

    SIM_SAY(f, f->fengyuan, &out, "card.activate", "case", "2026-0001", "day",
            "2026-07-01");

    assert_int_equal(tasks_of(f, "2026-0001").len, 2);
    assert_int_equal(sim_status(f, f->fengyuan, "cases"), 1);
    /* Today, where the clock is trusted. */
    SIM_SAY(f, f->fengyuan, &out, "card.activate", "case", "2026-0001");
    assert_int_equal(tasks_of(f, "2026-0001").len, 4);
    buf_deinit(&out);
}

static bool keep_first(void *context, struct bytes version)
{
    return !view_map_id(version, "op", context);
}

static void an_older_version_is_gone_by_where_somebody_says_so(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    struct id first;
    char digits[2 * ID_SIZE + 1];
    assert_int_equal(set_card(f, "防汛", "巡查", "查看堤坝"), STATUS_OK);
    assert_int_equal(set_card(f, "防汛", "指挥", "查看水库"), STATUS_OK);
    SIM_SAY(f, f->fengyuan, &out, "card.show");
    assert_int_equal(view_map_count(buf_bytes(&out), "versions"), 2);
    assert_int_equal(view_map_count(buf_bytes(&out), "conflicts"), 0);
    view_map_each(buf_bytes(&out), "versions", keep_first, &first);
    hex_encode(digits, first.bytes, 6);

    SIM_SAY(f, f->fengyuan, &out, "card.activate", "category", "安全", "day",
            "2026-07-01");
    assert_false(tasks_of(f, "2026-0001").has_owner);
    SIM_SAY(f, f->fengyuan, &out, "card.activate", "category", "安全", "day",
            "2026-07-01", "version", digits);

    assert_true(tasks_of(f, "2026-0002").has_owner);
    SIM_SAY(f, f->fengyuan, &out, "card.list");
    assert_int_equal(view_map_count(buf_bytes(&out), "cards"), 1);
    assert_int_equal(world_rebuild(f->fengyuan), STATUS_OK);
    SIM_SAY(f, f->fengyuan, &out, "card.show", "title", "防汛");
    assert_int_equal(view_map_count(buf_bytes(&out), "activations"), 2);
    buf_deinit(&out);
}

static void what_is_wrong_is_said_and_leaves_nothing(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    assert_int_equal(set_card(f, "", "巡查", "查看堤坝"), STATUS_INVALID);
    assert_int_equal(set_card(f, "防汛", "厨师", "做饭"), STATUS_INVALID);
    assert_int_equal(set_card(f, "防汛", "巡查", ""), STATUS_INVALID);
    assert_int_equal(
        world_say(f->world, f->fengyuan, &out, "card.set", "title", "防汛", NULL),
        STATUS_INVALID);
    SIM_SAY(f, f->fengyuan, &out, "card.list");
    assert_int_equal(view_map_count(buf_bytes(&out), "cards"), 0);
    assert_int_equal(world_say(f->world, f->fengyuan, &out, "card.show", NULL),
                     STATUS_NOT_FOUND);

    assert_int_equal(set_card(f, "防汛", "巡查", "查看堤坝"), STATUS_OK);
    static const char *const wrong[][2] = {
        {"day", "2026-02-30"},
        {"version", "12"},
        {"version", "0123456789012345678901234567890123456789012345678901234567890123x"},
        {"case", "2026-9999"}};
    static const enum status expected[] = {STATUS_INVALID, STATUS_INVALID,
                                           STATUS_TOO_LARGE, STATUS_NOT_FOUND};
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(world_say(f->world, f->fengyuan, &out, "card.activate",
                                   wrong[i][0], wrong[i][1], NULL),
                         expected[i]);
    assert_int_equal(world_say(f->world, f->fengyuan, &out, "card.activate", NULL),
                     STATUS_INVALID);
    assert_int_equal(world_say(f->world, f->fengyuan, &out, "card.activate", "category",
                               "安全", "version", "000000000000", NULL),
                     STATUS_NOT_FOUND);
    SIM_SAY(f, f->fengyuan, &out, "card.show");
    assert_int_equal(view_map_count(buf_bytes(&out), "activations"), 0);
    assert_int_equal(sim_status(f, f->fengyuan, "cases"), 0);
    buf_deinit(&out);
}

static void a_mediator_activates_a_card_and_does_not_write_one(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    assert_int_equal(set_card(f, "防汛", "巡查", "查看堤坝"), STATUS_OK);
    sim_add_person(f, f->fengyuan, "甲某", "mediator", NULL);
    assert_int_equal(world_unlock(f->world, f->fengyuan, "甲某", "135791"), STATUS_OK);

    SIM_SAY(f, f->fengyuan, &out, "card.activate", "category", "安全");
    assert_int_equal(set_card(f, "防火", "巡查", "查看山林"), STATUS_DENIED);

    assert_int_equal(world_unlock(f->world, f->fengyuan, "", "246810"), STATUS_OK);
    buf_deinit(&out);
}

static void without_a_clock_somebody_says_which_day_it_is(void **state)
{
    struct sim_county *f = *state;
    assert_int_equal(set_card(f, "防汛", "巡查", "查看堤坝"), STATUS_OK);
    world_set_wall(f->world, 1782864000, WALL_NONE);
    assert_int_equal(
        world_say(f->world, f->fengyuan, NULL, "card.activate", "category", "安全", NULL),
        STATUS_INVALID);

    SIM_SAY(f, f->fengyuan, NULL, "card.activate", "category", "安全", "day",
            "2026-07-01");

    assert_true(tasks_of(f, "2026-0001").has_day);
}

static void who_only_looks_activates_nothing(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    assert_int_equal(set_card(f, "防汛", "巡查", "查看堤坝"), STATUS_OK);
    SIM_SAY(f, f->fengyuan, NULL, "case.new", "category", "安全", "narrative", "堤坝渗水",
            "title", "堤坝");
    sim_add_person(f, f->fengyuan, "丙某", "observer", NULL);
    assert_int_equal(world_unlock(f->world, f->fengyuan, "丙某", "135791"), STATUS_OK);

    assert_int_equal(
        world_say(f->world, f->fengyuan, NULL, "card.activate", "category", "安全", NULL),
        STATUS_DENIED);
    assert_int_equal(world_say(f->world, f->fengyuan, NULL, "card.activate", "case",
                               "2026-0001", NULL),
                     STATUS_DENIED);

    assert_int_equal(world_unlock(f->world, f->fengyuan, "", "246810"), STATUS_OK);
    assert_int_equal(tasks_of(f, "2026-0001").len, 0);
    assert_int_equal(sim_status(f, f->fengyuan, "cases"), 1);
    SIM_SAY(f, f->fengyuan, &out, "card.show");
    assert_int_equal(view_map_count(buf_bytes(&out), "activations"), 0);
    buf_deinit(&out);
}

int main(void)
{
#define ONE(test)                                                                        \
    cmocka_unit_test_setup_teardown(test, sim_county_set_up_in_memory,                   \
                                    sim_county_tear_down_in_memory)
    const struct CMUnitTest tests[] = {
        ONE(a_card_makes_tasks_of_a_case_that_is_made),
        ONE(a_card_makes_tasks_of_a_case_that_is_there),
        ONE(an_older_version_is_gone_by_where_somebody_says_so),
        ONE(what_is_wrong_is_said_and_leaves_nothing),
        ONE(a_mediator_activates_a_card_and_does_not_write_one),
        ONE(without_a_clock_somebody_says_which_day_it_is),
        ONE(who_only_looks_activates_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
