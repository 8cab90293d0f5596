/* The weekly meeting of a township: what there is to talk about, what was decided, and
 * what of that is still open. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/view.h"
#include "proto/pack.h"
#include "tests/sim/sim_county.h"

struct seen {
    uint32_t len;
    bool waits, overdue, joint, has_title;
};

static bool see_word(void *context, struct bytes raw)
{
    struct seen *seen = context;
    struct pack_reader reader = pack_reader_of(raw);
    struct bytes word;
    assert_int_equal(pack_read_str(&reader, &word, NULL), STATUS_OK);
    seen->waits |= bytes_equal_str(word, "waits");
    seen->overdue |= bytes_equal_str(word, "overdue");
    seen->joint |= bytes_equal_str(word, "joint");
    return true;
}

static bool see_record(void *context, struct bytes record)
{
    struct seen *seen = context;
    seen->len++;
    seen->has_title |= view_map_has_text(record, "title", "田埂");
    view_map_each(record, "why", see_word, seen);
    return true;
}

static struct seen agenda(struct sim_county *f, struct world_node *node, uint32_t open)
{
    struct seen seen = {.len = 0};
    struct buf out = {0};
    SIM_SAY(f, node, &out, "agenda");
    view_map_each(buf_bytes(&out), "records", see_record, &seen);
    assert_int_equal(view_map_count(buf_bytes(&out), "open"), open);
    buf_deinit(&out);
    return seen;
}

static void id_text(char out[static 2 * ID_SIZE + 1], const struct id *id)
{
    hex_encode(out, id->bytes, ID_SIZE);
}

/* An item about that record, as a task in it or not. */
static enum status decide(struct sim_county *f, const char *record, bool as_task,
                          struct id *item)
{
    struct buf arguments = {0}, out = {0};
    pack_map(&arguments, 5);
    pack_str(&arguments, "as_task");
    pack_bool(&arguments, as_task);
    pack_str(&arguments, "due");
    pack_str(&arguments, "2026-12-04");
    pack_str(&arguments, "escalation");
    pack_str(&arguments, record);
    pack_str(&arguments, "owner");
    pack_str(&arguments, "水利站");
    pack_str(&arguments, "text");
    pack_str(&arguments, "现场查看水渠");
    enum status status =
        world_call(f->world, f->township, "meeting.item", buf_bytes(&arguments), &out);
    if (status == STATUS_OK)
        assert_true(view_map_id(buf_bytes(&out), "op", item));
    buf_deinit(&arguments);
    buf_deinit(&out);
    return status;
}

static void what_waits_is_on_the_agenda_and_what_is_answered_is_not(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    char record[2 * ID_SIZE + 1];
    struct id id = sim_escalate(f, f->fengyuan, "田埂");
    id_text(record, &id);

    struct seen seen = agenda(f, f->township, 0);

    assert_int_equal(seen.len, 1);
    assert_true(seen.waits && seen.has_title && !seen.overdue && !seen.joint);
    /* Its own record is nobody's business of a village's agenda. */
    assert_int_equal(agenda(f, f->fengyuan, 0).len, 0);
    SIM_SAY(f, f->township, &out, "escalation.open", "escalation", record);
    SIM_SAY(f, f->township, &out, "escalation.joint", "escalation", record, "word",
            "working");
    assert_true(agenda(f, f->township, 0).joint);
    SIM_SAY(f, f->township, &out, "escalation.return", "escalation", record, "text",
            "村里能办");
    assert_int_equal(agenda(f, f->township, 0).len, 0);
    buf_deinit(&out);
}

/* The state of a record is that of its latest step, which another one may have taken. */
static void
a_record_that_waits_for_us_is_on_the_agenda_though_another_answered(void **state)
{
    static const char *const answers[] = {"escalation.advise", "escalation.return",
                                          "escalation.decide"};
    struct sim_county *f = *state;
    struct world_node *station = world_found(f->world, "department", "水利站", "s:1");
    char record[2 * ID_SIZE + 1];
    world_pair(f->world, f->township, station);
    struct id id = sim_escalate(f, f->fengyuan, "田埂");
    id_text(record, &id);
    SIM_SAY(f, f->township, NULL, "escalation.open", "escalation", record);
    SIM_SAY(f, f->township, NULL, "escalation.invite", "escalation", record, "site",
            "水利站");
    world_run(f->world, 10000);
    SIM_SAY(f, station, NULL, "escalation.open", "escalation", record);

    for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
        SIM_SAY(f, station, NULL, answers[i], "escalation", record, "text", "已测量水位");
        world_run(f->world, 10000);

        struct seen seen = agenda(f, f->township, 0);
        assert_int_equal(seen.len, 1);
        assert_true(seen.waits);
    }
    sim_assert_state(f, f->township, &id, "decided");
    assert_int_equal(agenda(f, station, 0).len, 0);
}

static bool see_first(void *context, struct bytes record)
{
    struct id *id = context;
    assert_true(view_map_id(record, "escalation", id));
    return false;
}

/* What has waited longest comes first; of what there is no room for it is said how much.
 */
static void what_is_due_first_is_on_the_agenda_though_more_came_later(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    struct id first = sim_escalate(f, f->fengyuan, "田埂"), shown;
    uint64_t left_out = 0;
    for (uint64_t day = 1; day <= 3; day++) {
        world_set_wall(f->world, 1790000000 + day * 86400, WALL_NTP);
        (void)sim_escalate(f, f->xikou, "水渠");
    }

    SIM_SAY(f, f->township, &out, "agenda", "limit", "#2");

    assert_int_equal(view_map_count(buf_bytes(&out), "records"), 2);
    assert_true(view_map_uint(buf_bytes(&out), "left_out", &left_out));
    assert_int_equal(left_out, 2);
    view_map_each(buf_bytes(&out), "records", see_first, &shown);
    assert_true(id_equal(&shown, &first));
    buf_deinit(&out);
}

static void an_open_item_is_on_the_next_agenda_until_it_is_done(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    struct id item;
    char record[2 * ID_SIZE + 1], digits[2 * ID_SIZE + 1];
    struct id id = sim_escalate(f, f->fengyuan, "田埂");
    id_text(record, &id);
    SIM_SAY(f, f->township, &out, "meeting.begin", "day", "2026-11-27", "text",
            "水利站到会");
    assert_int_equal(decide(f, record, false, &item), STATUS_OK);
    (void)agenda(f, f->township, 1);

    SIM_SAY(f, f->township, &out, "meeting.begin", "day", "2026-12-04");
    (void)agenda(f, f->township, 1);
    id_text(digits, &item);
    digits[12] = '\0';
    SIM_SAY(f, f->township, &out, "meeting.done", "item", digits);

    (void)agenda(f, f->township, 0);
    SIM_SAY(f, f->township, &out, "meeting.list");
    assert_int_equal(view_map_count(buf_bytes(&out), "meetings"), 2);
    assert_int_equal(world_rebuild(f->township), STATUS_OK);
    (void)agenda(f, f->township, 0);
    SIM_SAY(f, f->township, &out, "meeting.show");
    assert_int_equal(view_map_count(buf_bytes(&out), "items"), 0);
    buf_deinit(&out);
}

static void an_item_of_years_ago_can_still_be_done(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    struct id item;
    char record[2 * ID_SIZE + 1], digits[2 * ID_SIZE + 1];
    struct id id = sim_escalate(f, f->fengyuan, "田埂");
    id_text(record, &id);
    SIM_SAY(f, f->township, NULL, "meeting.begin", "day", "2024-11-29");
    assert_int_equal(decide(f, record, false, &item), STATUS_OK);
    for (int i = 0; i < MEETINGS_SHOWN_MAX; i++)
        SIM_SAY(f, f->township, NULL, "meeting.begin", "day", "2026-11-27");
    id_text(digits, &item);

    SIM_SAY(f, f->township, &out, "meeting.done", "item", digits);

    assert_true(view_map_id(buf_bytes(&out), "op", &item));
    digits[7] = digits[7] == '0' ? '1' : '0';
    digits[8] = '\0';
    assert_int_equal(
        world_say(f->world, f->township, NULL, "meeting.done", "item", digits, NULL),
        STATUS_NOT_FOUND);
    buf_deinit(&out);
}

static void one_that_is_done_closes_no_other(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    struct id items[2];
    char record[2 * ID_SIZE + 1], digits[2 * ID_SIZE + 1];
    struct id id = sim_escalate(f, f->fengyuan, "田埂");
    id_text(record, &id);
    SIM_SAY(f, f->township, NULL, "meeting.begin", "day", "2026-11-27");
    for (int i = 0; i < 2; i++)
        assert_int_equal(decide(f, record, false, &items[i]), STATUS_OK);
    for (int i = 1; i >= 0; i--) {
        id_text(digits, &items[i]);
        SIM_SAY(f, f->township, &out, "meeting.done", "item", digits);
        (void)agenda(f, f->township, (uint32_t)i);
    }
    buf_deinit(&out);
}

static bool take_assigned(void *context, struct bytes task)
{
    return !view_map_id(task, "op", context);
}

static void an_item_as_a_task_is_done_where_the_task_is(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    struct bytes view;
    struct id item, task;
    char record[2 * ID_SIZE + 1], digits[2 * ID_SIZE + 1];
    struct id id = sim_escalate(f, f->fengyuan, "田埂");
    id_text(record, &id);
    SIM_SAY(f, f->township, &out, "meeting.begin", "day", "2026-11-27");
    assert_int_equal(decide(f, record, true, &item), STATUS_OK);
    SIM_SAY(f, f->township, &out, "escalation.show", "escalation", record);
    assert_true(view_map_get(buf_bytes(&out), "view", &view));
    assert_int_equal(view_map_count(view, "assigned"), 1);
    view_map_each(view, "assigned", take_assigned, &task);
    id_text(digits, &task);
    (void)agenda(f, f->township, 1);

    SIM_SAY(f, f->township, &out, "escalation.task_done", "escalation", record, "op",
            digits);

    (void)agenda(f, f->township, 0);
    SIM_SAY(f, f->township, &out, "meeting.show");
    assert_int_equal(view_map_count(buf_bytes(&out), "items"), 1);
    buf_deinit(&out);
}

static void a_desk_keeps_minutes_and_a_village_has_meetings_too(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    sim_add_person(f, f->township, "乙某", "desk", NULL);
    assert_int_equal(world_unlock(f->world, f->township, "乙某", "135791"), STATUS_OK);
    SIM_SAY(f, f->township, &out, "meeting.begin", "day", "2026-11-27");
    assert_int_equal(world_unlock(f->world, f->township, "", "246810"), STATUS_OK);

    SIM_SAY(f, f->fengyuan, &out, "case.new", "category", "土地", "narrative", "争执",
            "title", "田埂");
    SIM_SAY(f, f->fengyuan, &out, "meeting.begin", "day", "2026-11-27");
    SIM_SAY(f, f->fengyuan, &out, "meeting.item", "case", "2026-0001", "due",
            "2026-01-01", "owner", "村主任", "text", "量一量");

    (void)agenda(f, f->fengyuan, 1);
    SIM_SAY(f, f->fengyuan, &out, "case.list");
    assert_int_equal(view_map_count(buf_bytes(&out), "cases"), 1);
    buf_deinit(&out);
}

static void what_is_wrong_is_said_and_leaves_nothing(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    struct id item;
    char record[2 * ID_SIZE + 1];
    struct id id = sim_escalate(f, f->fengyuan, "田埂");
    id_text(record, &id);
    struct world_node *node = f->township;
    assert_int_equal(decide(f, record, false, &item), STATUS_NOT_FOUND); /* no meeting */
    assert_int_equal(world_say(f->world, node, &out, "meeting.begin", NULL),
                     STATUS_INVALID);
    assert_int_equal(
        world_say(f->world, node, &out, "meeting.begin", "day", "2026-02-30", NULL),
        STATUS_INVALID);
    SIM_SAY(f, node, &out, "meeting.begin", "day", "2026-11-27");
    assert_int_equal(world_say(f->world, node, &out, "meeting.item", "due", "2026-12-04",
                               "owner", "水利站", "text", "查看", NULL),
                     STATUS_INVALID); /* about nothing */
    assert_int_equal(world_say(f->world, node, &out, "meeting.item", "as_task", "true",
                               "due", "2026-12-04", "owner", "水利站", "text", "查看",
                               NULL),
                     STATUS_INVALID); /* a case has tasks of its own */
    assert_int_equal(world_say(f->world, node, &out, "meeting.item", "due", "2026-12-04",
                               "escalation", record, "text", "查看", NULL),
                     STATUS_INVALID); /* nobody's */
    assert_int_equal(world_say(f->world, node, &out, "meeting.item", "escalation", record,
                               "owner", "水利站", "text", "查看", NULL),
                     STATUS_INVALID); /* of no day */
    assert_int_equal(world_say(f->world, node, &out, "meeting.item", "due", "2026-12-32",
                               "escalation", record, "owner", "水利站", "text", "查看",
                               NULL),
                     STATUS_INVALID);
    assert_int_equal(decide(f, "00000000", false, &item), STATUS_NOT_FOUND);
    assert_int_equal(decide(f, "00000000", true, &item), STATUS_NOT_FOUND);
    assert_int_equal(world_say(f->world, node, &out, "meeting.done", "item", "0", NULL),
                     STATUS_INVALID);
    assert_int_equal(
        world_say(f->world, node, &out, "meeting.done", "item", "00000000", NULL),
        STATUS_NOT_FOUND);
    SIM_SAY(f, node, &out, "meeting.show");
    assert_int_equal(view_map_count(buf_bytes(&out), "items"), 0);
    (void)agenda(f, node, 0);
    SIM_SAY(f, node, &out, "escalation.show", "escalation", record);
    buf_deinit(&out);
}

/* ---- days ---- */

#define DAY_S 86400u
#define BEGIN 1790000000u /* an evening of 2026-09-21 at the site */

static bool see_due(void *context, struct bytes record)
{
    struct bytes due = bytes_str("");
    (void)view_map_text(record, "due", &due); /* nil where nobody can say */
    (void)strncat(context, (const char *)due.data, due.len);
    (void)strncat(context, "|", 2);
    return true;
}

static bool see_overdue(void *context, struct bytes item)
{
    bool is_overdue = false;
    assert_true(view_map_flag(item, "overdue", &is_overdue));
    *(uint32_t *)context += is_overdue;
    return true;
}

/* The days of the records, as "2026-10-06|", and how many items are overdue. */
static void assert_days(struct sim_county *f, const char *dues, bool is_trusted,
                        uint32_t items_overdue)
{
    struct buf out = {0};
    char text[256] = "";
    uint32_t overdue = 0;
    bool is_said_trusted = !is_trusted;
    SIM_SAY(f, f->township, &out, "agenda");
    view_map_each(buf_bytes(&out), "records", see_due, text);
    view_map_each(buf_bytes(&out), "open", see_overdue, &overdue);
    assert_string_equal(text, dues);
    assert_int_equal(overdue, items_overdue);
    assert_true(view_map_flag(buf_bytes(&out), "clock_trusted", &is_said_trusted));
    assert_int_equal(is_said_trusted, is_trusted);
    buf_deinit(&out);
}

static void what_is_overdue_is_so_only_where_the_clock_is_trusted(void **state)
{
    struct sim_county *f = *state;
    struct id item;
    char record[2 * ID_SIZE + 1];
    struct id id = sim_escalate(f, f->fengyuan, "田埂");
    id_text(record, &id);
    SIM_SAY(f, f->township, NULL, "meeting.begin", "day", "2026-11-27");
    assert_int_equal(decide(f, record, false, &item), STATUS_OK); /* until 2026-12-04 */
    assert_days(f, "2026-10-06|", true, 0);
    assert_false(agenda(f, f->township, 1).overdue);

    world_set_wall(f->world, BEGIN + 30 * DAY_S, WALL_NTP);
    assert_days(f, "2026-10-06|", true, 0);
    assert_true(agenda(f, f->township, 1).overdue);
    world_set_wall(f->world, BEGIN + 90 * DAY_S, WALL_NTP);
    assert_days(f, "2026-10-06|", true, 1);

    world_set_wall(f->world, BEGIN + 90 * DAY_S, WALL_NONE);
    assert_days(f, "2026-10-06|", false, 0);
    assert_false(agenda(f, f->township, 1).overdue);
}

static void a_record_that_came_at_no_known_time_or_may_wait_has_no_day(void **state)
{
    struct sim_county *f = *state;
    world_set_wall(f->world, 0, WALL_NONE);
    (void)sim_escalate(f, f->fengyuan, "田埂");
    world_set_wall(f->world, BEGIN, WALL_NTP);
    assert_days(f, "|", true, 0);
    (void)sim_escalate(f, f->xikou, "水渠");
    assert_days(f, "2026-10-06||", true, 0);

    SIM_SAY(f, f->township, NULL, "due.set", "days", "#0", "wait", "answer");

    assert_days(f, "||", true, 0);
    assert_true(agenda(f, f->township, 0).waits);
}

static void a_joint_matter_is_talked_about_though_we_have_answered(void **state)
{
    struct sim_county *f = *state;
    char record[2 * ID_SIZE + 1];
    struct id id = sim_escalate(f, f->fengyuan, "田埂");
    id_text(record, &id);
    SIM_SAY(f, f->township, NULL, "escalation.open", "escalation", record);
    SIM_SAY(f, f->township, NULL, "escalation.joint", "escalation", record, "word",
            "working");

    SIM_SAY(f, f->township, NULL, "escalation.advise", "escalation", record, "text",
            "先量一量");

    struct seen seen = agenda(f, f->township, 0);
    assert_int_equal(seen.len, 1);
    assert_true(seen.joint && !seen.waits);
    assert_days(f, "|", true, 0);
}

int main(void)
{
#define ONE(test)                                                                        \
    cmocka_unit_test_setup_teardown(test, sim_county_set_up_in_memory,                   \
                                    sim_county_tear_down_in_memory)
    const struct CMUnitTest tests[] = {
        ONE(what_waits_is_on_the_agenda_and_what_is_answered_is_not),
        ONE(a_record_that_waits_for_us_is_on_the_agenda_though_another_answered),
        ONE(what_is_due_first_is_on_the_agenda_though_more_came_later),
        ONE(an_open_item_is_on_the_next_agenda_until_it_is_done),
        ONE(an_item_of_years_ago_can_still_be_done),
        ONE(one_that_is_done_closes_no_other),
        ONE(an_item_as_a_task_is_done_where_the_task_is),
        ONE(a_desk_keeps_minutes_and_a_village_has_meetings_too),
        ONE(what_is_wrong_is_said_and_leaves_nothing),
        ONE(what_is_overdue_is_so_only_where_the_clock_is_trusted),
        ONE(a_record_that_came_at_no_known_time_or_may_wait_has_no_day),
        ONE(a_joint_matter_is_talked_about_though_we_have_answered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
