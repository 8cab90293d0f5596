/* Tasks, and what waits until when: over the API, as the clock goes on, and where it
 * cannot be trusted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/due.h"
#include "node/cases/view.h"
#include "node/core/undone.h"
#include "storage/store_listings.h"
#include "tests/sim/sim_county.h"

#define DAY_S 86400u
#define BEGIN 1790000000u /* an evening of 2026-09-21 at the site */

/* --- asking --- */

static void new_case(struct sim_county *f, char number[static 32])
{
    struct buf out = {0};
    struct bytes text;
    SIM_SAY(f, f->fengyuan, &out, "case.new", "category", "邻里", "title", "水沟",
            "narrative", "两家争执。");
    assert_true(view_map_text(buf_bytes(&out), "number", &text));
    (void)snprintf(number, 32, "%.*s", (int)text.len, (const char *)text.data);
    SIM_SAY(f, f->fengyuan, &out, "case.triage", "case", number, "decision", "keep",
            "reason", "愿意谈");
    buf_deinit(&out);
}

static void settle(struct sim_county *f, const char *number, const char *outcome)
{
    struct buf out = {0};
    SIM_SAY(f, f->fengyuan, &out, "case.settle", "case", number, "outcome", outcome,
            "text", "各清一段");
    buf_deinit(&out);
}

/* A task until that day, and the first digits of its op. */
static void new_task(struct sim_county *f, const char *number, const char *due,
                     char digits[static 13])
{
    struct buf out = {0};
    struct id op;
    SIM_SAY(f, f->fengyuan, &out, "case.task", "case", number, "due", due, "owner",
            "李调解", "text", "量沟");
    assert_true(view_map_id(buf_bytes(&out), "op", &op));
    hex_encode(digits, op.bytes, 6);
    buf_deinit(&out);
}

/* One line for each item: "settle 2026-10-21 in time 30". */
struct lines {
    char text[1024];
    size_t len;
};

static bool add_line(void *context, struct bytes item)
{
    struct lines *lines = context;
    struct bytes wait = {0}, due = bytes_str("-"), state = {0};
    uint64_t days = 0;
    assert_true(view_map_text(item, "wait", &wait));
    assert_true(view_map_text(item, "state", &state));
    (void)view_map_text(item, "due", &due); /* nil where nobody knows */
    assert_true(view_map_uint(item, "days", &days));
    int len = snprintf(lines->text + lines->len, sizeof(lines->text) - lines->len,
                       "%.*s %.*s %.*s %u\n", (int)wait.len, (const char *)wait.data,
                       (int)due.len, (const char *)due.data, (int)state.len,
                       (const char *)state.data, (unsigned)days);
    lines->len += (size_t)len;
    assert_true(lines->len < sizeof(lines->text));
    return true;
}

struct search {
    const char *title;
    uint32_t found;
};

static bool match_title(void *context, struct bytes item)
{
    struct search *search = context;
    search->found += view_map_has_text(item, "title", search->title);
    return true;
}

/* So many of what waits there are about it. */
static void assert_about(struct sim_county *f, struct world_node *node, const char *title,
                         uint32_t wanted)
{
    struct buf out = {0};
    struct search search = {title, 0};
    SIM_SAY(f, node, &out, "due", NULL);
    view_map_each(buf_bytes(&out), "items", match_title, &search);
    assert_int_equal(search.found, wanted);
    buf_deinit(&out);
}

static void assert_lines(struct sim_county *f, struct world_node *node,
                         const char *method, const char *name, const char *value,
                         const char *wanted)
{
    struct buf out = {0};
    struct lines lines = {.len = 0};
    SIM_SAY(f, node, &out, method, name, value);
    view_map_each(buf_bytes(&out), "items", add_line, &lines);
    assert_string_equal(lines.text, wanted);
    buf_deinit(&out);
}

static void set_days(struct sim_county *f, struct world_node *node, const char *wait,
                     uint64_t days, enum status answer)
{
    struct buf map = {0}, out = {0};
    pack_map(&map, 2);
    pack_str(&map, "days");
    pack_uint(&map, days);
    pack_str(&map, "wait");
    pack_str(&map, wait);
    assert_int_equal(world_call(f->world, node, "due.set", buf_bytes(&map), &out),
                     answer);
    buf_deinit(&map);
    buf_deinit(&out);
}

/* --- what waits --- */

static void a_case_waits_for_its_outcome_then_for_a_follow_up(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    char number[32];
    new_case(f, number);
    assert_lines(f, f->fengyuan, "due", NULL, NULL, "settle 2026-10-21 in time 30\n");
    world_set_wall(f->world, BEGIN + 28 * DAY_S, WALL_NTP);
    assert_lines(f, f->fengyuan, "due", NULL, NULL, "settle 2026-10-21 due soon 2\n");
    world_set_wall(f->world, BEGIN + 31 * DAY_S, WALL_RTC);
    assert_lines(f, f->fengyuan, "due", "overdue", "true",
                 "settle 2026-10-21 overdue 1\n");

    settle(f, number, "advised");

    assert_lines(f, f->fengyuan, "due", NULL, NULL, "follow-up 2026-11-21 in time 30\n");
    assert_lines(f, f->fengyuan, "due", "overdue", "true", "");
    SIM_SAY(f, f->fengyuan, &out, "case.follow_up", "case", number, "result", "kept",
            "text", "好");
    assert_lines(f, f->fengyuan, "due", NULL, NULL, "");
    buf_deinit(&out);
}

static void an_agreement_can_be_confirmed_for_thirty_days(void **state)
{
    struct sim_county *f = *state;
    char number[32];
    new_case(f, number);
    settle(f, number, "agreement");
    assert_lines(f, f->fengyuan, "due", NULL, NULL,
                 "follow-up 2026-10-21 in time 30\nconfirm 2026-10-21 in time 30\n");
    world_set_wall(f->world, BEGIN + 30 * DAY_S, WALL_NTP);
    assert_lines(f, f->fengyuan, "due", NULL, NULL,
                 "follow-up 2026-10-21 due today 0\nconfirm 2026-10-21 due today 0\n");

    world_set_wall(f->world, BEGIN + 31 * DAY_S, WALL_NTP);

    assert_lines(f, f->fengyuan, "due", NULL, NULL, "follow-up 2026-10-21 overdue 1\n");
}

static void who_wanted_to_look_again_is_told_of_a_closed_case_too(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    char number[32];
    new_case(f, number);
    settle(f, number, "advised");
    SIM_SAY(f, f->fengyuan, &out, "case.follow_up", "case", number, "result", "partly",
            "text", "还差一段", "again", "2028-02-29");
    SIM_SAY(f, f->fengyuan, &out, "case.close", "case", number);
    assert_lines(f, f->fengyuan, "due", NULL, NULL, "follow-up 2028-02-29 in time 526\n");

    SIM_SAY(f, f->fengyuan, &out, "case.follow_up", "case", number, "result", "kept",
            "text", "好了");

    assert_lines(f, f->fengyuan, "due", NULL, NULL, "");
    buf_deinit(&out);
}

static enum status count(void *context, const struct store_scope *scope)
{
    ++*(uint32_t *)context;
    return STATUS_OK;
}

/* So many of them are read for what waits, at that second or later. */
static void assert_read(struct world_node *node, enum scope_kind kind, uint64_t since,
                        uint32_t wanted)
{
    uint32_t found = 0;
    assert_int_equal(
        store_listings_waiting(world_store(node), kind, since, count, &found), STATUS_OK);
    assert_int_equal(found, wanted);
}

static void of_a_closed_case_its_dates_are_told_as_long_as_they_run(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    char number[32], digits[13];
    new_case(f, number);
    new_task(f, number, "2026-10-01", digits);
    settle(f, number, "agreement");
    SIM_SAY(f, f->fengyuan, &out, "case.follow_up", "case", number, "result", "kept",
            "text", "好");
    assert_read(f->fengyuan, SCOPE_CASE, UNDONE_ALWAYS, 1);
    SIM_SAY(f, f->fengyuan, &out, "case.close", "case", number);
    assert_read(f->fengyuan, SCOPE_CASE, UNDONE_ALWAYS, 0);
    assert_read(f->fengyuan, SCOPE_CASE, BEGIN, 1);
    world_set_wall(f->world, BEGIN + 30 * DAY_S, WALL_NTP);
    assert_lines(f, f->fengyuan, "due", NULL, NULL, "confirm 2026-10-21 due today 0\n");

    world_set_wall(f->world, BEGIN + 31 * DAY_S, WALL_NTP);
    assert_lines(f, f->fengyuan, "due", NULL, NULL, "");
    assert_lines(f, f->fengyuan, "task.list", NULL, NULL, "");
    assert_lines(f, f->fengyuan, "task.list", "all", "true",
                 "task 2026-10-01 overdue 21\n");

    /* What was over is not, by a longer table or without a clock. */
    set_days(f, f->fengyuan, "confirm", 40, STATUS_OK);
    assert_lines(f, f->fengyuan, "due", NULL, NULL, "confirm 2026-10-31 in time 9\n");
    world_set_wall(f->world, BEGIN + 31 * DAY_S, WALL_NONE);
    assert_lines(f, f->fengyuan, "due", NULL, NULL,
                 "confirm 2026-10-31 clock not trusted 0\n");
    buf_deinit(&out);
}

/* Of a second that is none nobody can tell whether it is over. */
static void a_closed_case_that_was_settled_at_no_known_time_is_told_of(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    char number[32];
    new_case(f, number);
    world_set_wall(f->world, 86400, WALL_NTP); /* a day of 1970 */
    settle(f, number, "agreement");
    SIM_SAY(f, f->fengyuan, &out, "case.follow_up", "case", number, "result", "kept",
            "text", "好");
    SIM_SAY(f, f->fengyuan, &out, "case.close", "case", number);

    world_set_wall(f->world, BEGIN + 400 * DAY_S, WALL_NTP);

    assert_lines(f, f->fengyuan, "due", NULL, NULL, "confirm - clock not trusted 0\n");
    buf_deinit(&out);
}

static void a_record_that_was_answered_or_recalled_is_not_read(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    char hex[2][2 * ID_SIZE + 1];
    for (int i = 0; i < 2; i++) {
        struct id id = sim_escalate(f, f->fengyuan, i == 0 ? "水渠" : "田埂");
        hex_encode(hex[i], id.bytes, ID_SIZE);
    }
    assert_read(f->township, SCOPE_ESCALATION, UNDONE_ALWAYS, 2);
    assert_read(f->fengyuan, SCOPE_ESCALATION, 1, 0); /* its own */

    SIM_SAY(f, f->township, &out, "escalation.open", "escalation", hex[0]);
    SIM_SAY(f, f->township, &out, "escalation.return", "escalation", hex[0], "text",
            "村里能办");
    SIM_SAY(f, f->fengyuan, &out, "escalation.recall", "escalation", hex[1], "reason",
            "当事人撤回");
    world_run(f->world, 10000);

    assert_read(f->township, SCOPE_ESCALATION, 1, 0);
    SIM_SAY(f, f->township, &out, "recall.list", NULL, NULL);
    assert_int_equal(view_map_count(buf_bytes(&out), "recalls"), 1);
    buf_deinit(&out);
}

static void what_was_reopened_waits_anew(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    char number[32];
    new_case(f, number);
    SIM_SAY(f, f->fengyuan, &out, "case.close", "case", number, "oral", "true", "outcome",
            "agreement", "text", "各清一段", "follow_up", "当面点头");
    assert_lines(f, f->fengyuan, "due", NULL, NULL, "");
    world_set_wall(f->world, BEGIN + 10 * DAY_S, WALL_NTP);

    SIM_SAY(f, f->fengyuan, &out, "case.reopen", "case", number, "reason", "又堵上了");

    assert_lines(f, f->fengyuan, "due", NULL, NULL, "settle 2026-10-31 in time 30\n");
    buf_deinit(&out);
}

static void a_record_waits_for_an_answer_of_who_received_it(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    char hex[2 * ID_SIZE + 1];
    struct id id = sim_escalate(f, f->fengyuan, "水渠");
    hex_encode(hex, id.bytes, ID_SIZE);
    assert_lines(f, f->township, "due", NULL, NULL, "answer 2026-10-06 in time 15\n");
    assert_about(f, f->township, "水渠", 1);
    assert_about(f, f->fengyuan, "水渠", 1); /* the case, to be settled */
    set_days(f, f->township, "answer", 5, STATUS_OK);
    assert_lines(f, f->township, "due", NULL, NULL, "answer 2026-09-26 in time 5\n");

    SIM_SAY(f, f->township, &out, "escalation.open", "escalation", hex);
    SIM_SAY(f, f->township, &out, "escalation.advise", "escalation", hex, "text", "先量");

    assert_lines(f, f->township, "due", NULL, NULL, "");
    buf_deinit(&out);
}

/* Each counts from the day on which it was here itself. */
static void a_record_that_went_onward_waits_there_from_its_own_receipt_on(void **state)
{
    struct sim_county *f = *state;
    char hex[2 * ID_SIZE + 1];
    struct id id = sim_escalate(f, f->fengyuan, "水渠");
    hex_encode(hex, id.bytes, ID_SIZE);
    SIM_SAY(f, f->township, NULL, "escalation.open", "escalation", hex);
    world_set_wall(f->world, 1790000000 + 3 * 24 * 3600, WALL_NTP);
    SIM_SAY(f, f->township, NULL, "escalation.onward", "escalation", hex, "reason",
            "请县里看");
    world_run(f->world, 60000);

    assert_lines(f, f->county, "due", NULL, NULL, "answer 2026-10-09 in time 15\n");
    SIM_SAY(f, f->township, NULL, "escalation.accept", "escalation", hex);
    assert_lines(f, f->township, "due", NULL, NULL, "answer 2026-10-06 in time 12\n");
}

/* --- tasks --- */

static void tasks_are_listed_by_their_days_until_they_are_done(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    char number[32], late[13], soon[13];
    new_case(f, number);
    new_task(f, number, "2026-09-23", soon);
    new_task(f, number, "2026-09-20", late);
    assert_lines(f, f->fengyuan, "task.list", NULL, NULL,
                 "task 2026-09-20 overdue 1\ntask 2026-09-23 due soon 2\n");
    assert_lines(f, f->fengyuan, "task.list", "overdue", "true",
                 "task 2026-09-20 overdue 1\n");

    SIM_SAY(f, f->fengyuan, &out, "case.task_done", "case", number, "task", late,
            "remark", "两尺宽");

    assert_lines(f, f->fengyuan, "task.list", "case", number,
                 "task 2026-09-23 due soon 2\n");
    assert_lines(f, f->fengyuan, "task.list", "all", "true",
                 "task 2026-09-20 done 0\ntask 2026-09-23 due soon 2\n");
    SIM_SAY(f, f->fengyuan, &out, "case.close", "case", number, "oral", "true", "outcome",
            "agreement", "text", "各清一段", "follow_up", "当面点头");
    assert_lines(f, f->fengyuan, "task.list", NULL, NULL, "");
    buf_deinit(&out);
}

static void a_task_that_is_none_is_not_done(void **state)
{
    static const struct {
        const char *task;
        enum status answer;
    } rows[] = {
        {"deadbeef", STATUS_NOT_FOUND},
        {"abc", STATUS_INVALID},
        {"", STATUS_INVALID},
    };
    struct sim_county *f = *state;
    struct buf out = {0};
    char number[32], digits[13], upper[13];
    new_case(f, number);
    new_task(f, number, "2026-09-23", digits);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_int_equal(world_say(f->world, f->fengyuan, &out, "case.task_done", "case",
                                   number, "task", rows[i].task, NULL),
                         rows[i].answer);
    for (size_t i = 0; i < sizeof(upper); i++)
        upper[i] = (char)(digits[i] >= 'a' && digits[i] <= 'f' ? digits[i] - 'a' + 'A'
                                                               : digits[i]);

    SIM_SAY(f, f->fengyuan, &out, "case.task_done", "case", number, "task", upper);

    assert_int_equal(world_say(f->world, f->fengyuan, &out, "case.task", "case", number,
                               "text", "一", "owner", "李", "due", "2027-02-29", NULL),
                     STATUS_INVALID);
    buf_deinit(&out);
}

/* --- the table --- */

static void a_steward_says_how_long_a_wait_may_take(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    char number[32];
    new_case(f, number);
    set_days(f, f->fengyuan, "settle", 5, STATUS_OK);
    set_days(f, f->fengyuan, "cooling-off", 7, STATUS_OK);
    assert_lines(f, f->fengyuan, "due", NULL, NULL, "settle 2026-09-26 in time 5\n");
    settle(f, number, "withdrawn");
    assert_lines(
        f, f->fengyuan, "due", NULL, NULL,
        "cooling-off 2026-09-28 cooling off 7\nfollow-up 2026-10-21 in time 30\n");
    world_restart(f->world, f->fengyuan);
    SIM_SAY(f, f->fengyuan, &out, "due.reset", "wait", "cooling-off");
    set_days(f, f->fengyuan, "follow-up", 0, STATUS_OK);
    assert_lines(f, f->fengyuan, "due", NULL, NULL, "");
    assert_int_equal(
        world_say(f->world, f->fengyuan, &out, "due.reset", "wait", "cooling-off", NULL),
        STATUS_NOT_FOUND);

    set_days(f, f->fengyuan, "settle", 5, STATUS_OK);
    assert_int_equal(
        world_say(f->world, f->fengyuan, &out, "due.reset", "category", "邻里", NULL),
        STATUS_INVALID);
    assert_int_equal(
        world_say(f->world, f->fengyuan, &out, "due.reset", "tier", "village", NULL),
        STATUS_INVALID);
    SIM_SAY(f, f->fengyuan, &out, "due.table", NULL);
    assert_int_equal(view_map_count(buf_bytes(&out), "rules"), 8);

    SIM_SAY(f, f->fengyuan, &out, "due.reset", NULL);

    SIM_SAY(f, f->fengyuan, &out, "due.table", NULL);
    assert_int_equal(view_map_count(buf_bytes(&out), "rules"), 6);
    assert_lines(f, f->fengyuan, "due", NULL, NULL, "follow-up 2026-10-21 in time 30\n");
    buf_deinit(&out);
}

/* A refusal, and no failure of ours. */
static void a_table_that_is_full_takes_no_more_rules_and_stops_nothing(void **state)
{
    struct sim_county *f = *state;
    world_let_stop(f->fengyuan);
    for (int i = 0; i <= DUE_RULES_MAX; i++) {
        char category[24];
        (void)snprintf(category, sizeof(category), "类别%d", i);
        assert_int_equal(world_say(f->world, f->fengyuan, NULL, "due.set", "category",
                                   category, "days", "#9", "wait", "settle", NULL),
                         i < DUE_RULES_MAX ? STATUS_OK : STATUS_TOO_LARGE);
    }
    assert_false(world_has_stopped(f->fengyuan));
}

static void what_is_no_rule_is_refused(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    set_days(f, f->fengyuan, "lunch", 5, STATUS_INVALID);
    set_days(f, f->fengyuan, "settle", 3661, STATUS_INVALID);
    assert_int_equal(
        world_say(f->world, f->fengyuan, &out, "due.set", "wait", "settle", NULL),
        STATUS_INVALID);
    assert_int_equal(world_say(f->world, f->fengyuan, &out, "due.set", NULL),
                     STATUS_INVALID);
    assert_int_equal(world_say(f->world, f->fengyuan, &out, "due.reset", "wait", "settle",
                               "tier", "moon", NULL),
                     STATUS_INVALID);
    sim_add_person(f, f->fengyuan, "王某", "mediator", NULL);
    assert_int_equal(world_unlock(f->world, f->fengyuan, "王某", "135791"), STATUS_OK);
    set_days(f, f->fengyuan, "settle", 5, STATUS_DENIED);
    assert_int_equal(world_say(f->world, f->fengyuan, &out, "due.reset", NULL),
                     STATUS_DENIED);
    buf_deinit(&out);
}

static void what_takes_no_days_is_not_waited_for(void **state)
{
    static const char *const waits[] = {"settle", "follow-up", "confirm"};
    struct sim_county *f = *state;
    char number[32], hex[2 * ID_SIZE + 1];
    for (size_t i = 0; i < sizeof(waits) / sizeof(waits[0]); i++)
        set_days(f, f->fengyuan, waits[i], 0, STATUS_OK);
    new_case(f, number);
    assert_lines(f, f->fengyuan, "due", NULL, NULL, "");
    settle(f, number, "agreement");
    assert_lines(f, f->fengyuan, "due", NULL, NULL, "");

    struct id id = sim_escalate(f, f->fengyuan, "水渠");
    hex_encode(hex, id.bytes, ID_SIZE);
    set_days(f, f->township, "answer", 0, STATUS_OK);
    assert_lines(f, f->township, "due", NULL, NULL, "");
    set_days(f, f->township, "answer", 5, STATUS_OK);
    SIM_SAY(f, f->township, NULL, "escalation.open", "escalation", hex);
    SIM_SAY(f, f->township, NULL, "escalation.joint", "escalation", hex, "word",
            "working");
    SIM_SAY(f, f->township, NULL, "escalation.advise", "escalation", hex, "text", "先量");
    assert_lines(f, f->township, "due", NULL, NULL, ""); /* nor what was answered */
}

static void the_cooling_off_ends_where_it_is_known_when_it_began(void **state)
{
    struct sim_county *f = *state;
    char number[32];
    set_days(f, f->fengyuan, "cooling-off", 7, STATUS_OK);
    set_days(f, f->fengyuan, "follow-up", 0, STATUS_OK);
    set_days(f, f->fengyuan, "confirm", 5, STATUS_OK); /* fewer than without the rule */
    new_case(f, number);
    settle(f, number, "withdrawn");
    assert_lines(f, f->fengyuan, "due", NULL, NULL,
                 "cooling-off 2026-09-28 cooling off 7\n");
    world_set_wall(f->world, BEGIN + 8 * DAY_S, WALL_NTP);
    assert_lines(f, f->fengyuan, "due", NULL, NULL, "");

    new_case(f, number);
    world_set_wall(f->world, 86400, WALL_NTP); /* a day of 1970 */
    settle(f, number, "withdrawn");
    world_set_wall(f->world, BEGIN + 100 * DAY_S, WALL_NTP);
    assert_lines(f, f->fengyuan, "due", NULL, NULL,
                 "cooling-off - clock not trusted 0\n");

    new_case(f, number);
    world_set_wall(f->world, 0, WALL_NONE); /* the op has no time at all */
    settle(f, number, "withdrawn");
    world_set_wall(f->world, BEGIN + 100 * DAY_S, WALL_NTP);
    assert_lines(f, f->fengyuan, "due", NULL, NULL,
                 "cooling-off - clock not trusted 0\n");
}

static bool find_tier(void *context, struct bytes rule)
{
    *(bool *)context |= view_map_has_text(rule, "tier", "village");
    return true;
}

static void a_rule_for_one_tier_is_for_that_alone(void **state)
{
    static const char *const tiers[] = {"department", "county", "township", "village"};
    struct sim_county *f = *state;
    struct buf out = {0};
    bool is_found = false;
    char number[32];
    new_case(f, number);
    for (size_t i = 0; i < sizeof(tiers) / sizeof(tiers[0]); i++) {
        assert_lines(f, f->fengyuan, "due", NULL, NULL, "settle 2026-10-21 in time 30\n");
        SIM_SAY(f, f->fengyuan, &out, "due.set", "days", "#5", "tier", tiers[i], "wait",
                "settle");
    }
    assert_lines(f, f->fengyuan, "due", NULL, NULL, "settle 2026-09-26 in time 5\n");
    view_map_each(buf_bytes(&out), "rules", find_tier, &is_found);
    assert_true(is_found);
    buf_deinit(&out);
}

static void request_release(struct sim_county *f, const char *number)
{
    SIM_SAY(f, f->fengyuan, NULL, "case.triage", "beyond", "true", "case", number,
            "decision", "escalate", "reason", "电在镇里");
    SIM_SAY(f, f->fengyuan, NULL, "case.set", "case", number, "field", "context", "value",
            "报修过一次。");
    SIM_SAY(f, f->fengyuan, NULL, "escalate.request", "case", number, "fields",
            "[context]", "no_parties", "路灯是公家的", "reason", "超出权限");
}

static void assert_waits_for_release(struct sim_county *f, const char *number,
                                     bool expected)
{
    struct buf out = {0};
    bool waits = !expected;
    SIM_SAY(f, f->fengyuan, &out, "case.show", "case", number);
    assert_true(view_map_flag(buf_bytes(&out), "waits_for_release", &waits));
    assert_int_equal(waits, expected);
    assert_lines(f, f->fengyuan, "due", NULL, NULL,
                 expected ? "release 2026-09-24 due soon 3\n" : "");
    buf_deinit(&out);
}

/* Until something goes up, or a steward says that it does not. */
static void a_request_waits_for_the_word_of_a_steward(void **state)
{
    struct sim_county *f = *state;
    char number[32];
    set_days(f, f->fengyuan, "settle", 0, STATUS_OK);
    set_days(f, f->fengyuan, "follow-up", 0, STATUS_OK);
    new_case(f, number);
    assert_waits_for_release(f, number, false);
    request_release(f, number);
    assert_waits_for_release(f, number, true);
    SIM_SAY(f, f->fengyuan, NULL, "case.triage", "case", number, "decision", "keep",
            "reason", "村里再谈一次");
    assert_waits_for_release(f, number, false);

    request_release(f, number);
    assert_waits_for_release(f, number, true);
    SIM_SAY(f, f->fengyuan, NULL, "escalate.release", "case", number);
    assert_waits_for_release(f, number, false);

    request_release(f, number);
    assert_waits_for_release(f, number, true);
    settle(f, number, "withdrawn");
    assert_waits_for_release(f, number, false);

    set_days(f, f->fengyuan, "release", 0, STATUS_OK);
    new_case(f, number);
    request_release(f, number);
    assert_lines(f, f->fengyuan, "due", NULL, NULL, ""); /* the site's own rule */
}

/* --- clocks --- */

static void O3_where_no_clock_is_trusted_each_line_says_so_and_nothing_waits(void **state)
{
    static const struct {
        uint64_t wall;
        enum wall_quality quality;
    } rows[] = {
        {BEGIN, WALL_NONE},     {0, WALL_NONE},         {1, WALL_NTP},
        {1500000000, WALL_RTC}, {4294967296, WALL_NTP}, {1ull << 62, WALL_NTP},
    };
    struct sim_county *f = *state;
    struct buf out = {0};
    char number[32], digits[13];
    new_case(f, number);
    new_task(f, number, "2026-09-20", digits);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        bool is_trusted = true;
        world_set_wall(f->world, rows[i].wall, rows[i].quality);
        assert_lines(f, f->fengyuan, "due", "overdue", "true",
                     "task 2026-09-20 clock not trusted 0\n"
                     "settle 2026-10-21 clock not trusted 0\n");
        SIM_SAY(f, f->fengyuan, &out, "due", NULL);
        assert_true(view_map_flag(buf_bytes(&out), "clock_trusted", &is_trusted));
        assert_false(is_trusted);
    }

    /* And what is written meanwhile is written: it has no day from which to count. */
    settle(f, number, "agreement");

    assert_lines(f, f->fengyuan, "due", NULL, NULL,
                 "task 2026-09-20 clock not trusted 0\n"
                 "follow-up - clock not trusted 0\nconfirm - clock not trusted 0\n");
    world_set_wall(f->world, BEGIN, WALL_NTP);
    assert_lines(f, f->fengyuan, "due", NULL, NULL,
                 "task 2026-09-20 overdue 1\n"
                 "follow-up - clock not trusted 0\nconfirm - clock not trusted 0\n");
    buf_deinit(&out);
}

int main(void)
{
#define ONE(test)                                                                        \
    cmocka_unit_test_setup_teardown(test, sim_county_set_up_in_memory,                   \
                                    sim_county_tear_down_in_memory)
    const struct CMUnitTest tests[] = {
        ONE(a_case_waits_for_its_outcome_then_for_a_follow_up),
        ONE(an_agreement_can_be_confirmed_for_thirty_days),
        ONE(who_wanted_to_look_again_is_told_of_a_closed_case_too),
        ONE(of_a_closed_case_its_dates_are_told_as_long_as_they_run),
        ONE(a_closed_case_that_was_settled_at_no_known_time_is_told_of),
        ONE(a_record_that_was_answered_or_recalled_is_not_read),
        ONE(what_was_reopened_waits_anew),
        ONE(a_record_waits_for_an_answer_of_who_received_it),
        ONE(a_record_that_went_onward_waits_there_from_its_own_receipt_on),
        ONE(tasks_are_listed_by_their_days_until_they_are_done),
        ONE(a_task_that_is_none_is_not_done),
        ONE(a_steward_says_how_long_a_wait_may_take),
        ONE(a_table_that_is_full_takes_no_more_rules_and_stops_nothing),
        ONE(what_is_no_rule_is_refused),
        ONE(O3_where_no_clock_is_trusted_each_line_says_so_and_nothing_waits),
        ONE(what_takes_no_days_is_not_waited_for),
        ONE(the_cooling_off_ends_where_it_is_known_when_it_began),
        ONE(a_rule_for_one_tier_is_for_that_alone),
        ONE(a_request_waits_for_the_word_of_a_steward),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
