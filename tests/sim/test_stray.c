/* Ops of another machine, or of somebody without the right, that name what is not there
 * or say less than they should: they stand in their scopes, and nothing is built on them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/retention_rule.h"
#include "node/cases/view.h"
#include "tests/sim/sim_aside.h"
#include "tests/sim/sim_files.h"

#define HOUR_MS (3600u * 1000)

/* An op that comes to that node with the heads of its scope as parents. Takes draft. */
static struct id stray_showing(struct sim_county *f, struct world_node *node,
                               const uint8_t *seed, struct draft *draft, uint32_t show)
{
    struct buf bytes = {0}, kept = {0};
    struct op op;
    struct forgery forgery = {
        .seed = seed, .draft = draft, .scope = draft->scope, .of = node};
    struct id id = sim_forge(&forgery, &bytes);
    assert_int_equal(op_decode_bytes(&op, buf_bytes(&bytes), NULL), STATUS_OK);
    assert_int_equal(op_rebuild(&op), STATUS_OK);
    op_encode(&op, show, &kept);
    assert_int_equal(world_admit(f->world, node, buf_bytes(&kept)), STATUS_OK);
    world_run(f->world, 0);
    buf_deinit(&bytes);
    buf_deinit(&kept);
    draft_deinit(draft);
    return id;
}

static struct id stray(struct sim_county *f, struct world_node *node, const uint8_t *seed,
                       struct draft *draft)
{
    return stray_showing(f, node, seed, draft, UINT32_MAX);
}

static struct id new_scope(struct sim_county *f, struct world_node *node,
                           const char *title, bool is_minor)
{
    struct buf out = {0};
    struct id scope;
    if (is_minor)
        SIM_SAY(f, node, &out, "case.new", "category", "邻里", "minor", "true",
                "narrative", "争执", "title", title);
    else
        SIM_SAY(f, node, &out, "case.new", "category", "邻里", "narrative", "争执",
                "title", title);
    assert_true(view_map_id(buf_bytes(&out), "scope", &scope));
    buf_deinit(&out);
    return scope;
}

/* --- evidence --- */

static bool has(const struct buf *bytes, const char *text)
{
    return memmem(bytes->data, bytes->len, text, strlen(text)) != NULL;
}

/* The village opens its context once more, to everybody who has the record. */
static void open_context(struct sim_county *f, const struct id *record, const char *text)
{
    struct draft draft;
    struct buf value = {0};
    const uint8_t salt[16] = {5};
    pack_str(&value, text);
    draft_init(&draft, "open", record);
    draft_bin(&draft, "op", record->bytes, ID_SIZE);
    draft_text(&draft, "field", bytes_str("case.context"));
    draft_bin(&draft, "salt", salt, sizeof(salt));
    draft_bin(&draft, "value", value.data, value.len);
    (void)stray(f, f->fengyuan, world_steward_seed(f->fengyuan), &draft);
    buf_deinit(&value);
}

/* Whatever op brings it. */
static void what_is_withheld_is_in_no_byte_of_the_evidence(void **state)
{
    static const char title[] = "水渠堵塞", context[] = "去年修过一次沟。",
                      opened[] = "三年前改过水道", reason[] = "超出村里权限",
                      alone[] = "渠是村里的";
    static const struct {
        const char *withhold;
        bool has_title, has_context, has_reason, has_alone;
    } rows[] = {
        {NULL, true, true, true, true},
        {"[context]", true, false, true, true}, /* as a class, and as a field: */
        {"[case.context]", true, false, true, true},
        {"[title]", false, true, true, true},
        {"[record]", false, true, false, true},
        {"[reason,no-parties]", true, true, false, false},
        {"[record,context,parties,consent,talk]", false, false, false, false},
    };
    struct sim_county *f = *state;
    struct id record = sim_escalate(f, f->fengyuan, title);
    char hex[65];
    hex_encode(hex, record.bytes, ID_SIZE);
    open_context(f, &record, opened);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buf out = {0};
        SIM_SAY(f, f->fengyuan, &out, "evidence", "escalation", hex,
                rows[i].withhold ? "withhold" : NULL, rows[i].withhold);
        assert_true(has(&out, title) == rows[i].has_title);
        assert_true(has(&out, context) == rows[i].has_context);
        assert_true(has(&out, opened) == rows[i].has_context);
        assert_true(has(&out, reason) == rows[i].has_reason);
        assert_true(has(&out, alone) == rows[i].has_alone);
        buf_deinit(&out);
    }
}

/* --- what names no file, no place, no record --- */

static void a_file_that_is_not_named_is_none_and_stands_in_the_evidence(void **state)
{
    struct sim_county *f = *state;
    struct buf file = files_text("whose ditch ", 5000), out = {0};
    struct draft draft;
    struct id record;
    char number[32], hex[65], id[2 * ID_SIZE + 1];
    uint64_t here, lacking, before, after;
    files_case(f, number);
    files_attach(f, number, "a.txt", buf_bytes(&file));
    files_consent(f, number, "[a.txt]");
    files_release(f, number, "[a.txt]", hex);
    world_run(f->world, 5000);
    assert_true(hex_decode(record.bytes, ID_SIZE, hex));
    SIM_SAY(f, f->fengyuan, &out, "evidence", "escalation", hex);
    assert_true(view_map_uint(buf_bytes(&out), "ops", &before));

    draft_init(&draft, "attached", &record);
    draft_text(&draft, "name", bytes_str("b.txt"));
    (void)stray(f, f->fengyuan, world_steward_seed(f->fengyuan), &draft);
    world_run(f->world, 60000);

    SIM_SAY(f, f->fengyuan, &out, "evidence", "escalation", hex);
    assert_true(view_map_uint(buf_bytes(&out), "ops", &after));
    assert_int_equal(after, before + 1);
    assert_true(files_listed(f, f->township, hex, id, &here, &lacking));
    assert_int_equal(lacking, 0);
    assert_int_equal(files_get(f, f->township, hex, buf_bytes(&file)), STATUS_OK);
    buf_deinit(&file);
    buf_deinit(&out);
}

#define PLACE_ALONE 1 /* of place and topic, in the order of their names */

static bool first_list(void *context, struct bytes list)
{
    return !view_map_id(list, "list", context);
}

/* A later version that came with its places alone is none to go by. */
static void a_list_that_is_not_whole_is_none_to_go_by(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0}, names = {0};
    struct draft draft;
    struct id list;
    SIM_SAY(f, f->fengyuan, NULL, "checklist.set", "title", "汛前", "places", "[桥头]",
            "topics", "[排水]");
    SIM_SAY(f, f->fengyuan, &out, "checklist.list");
    view_map_each(buf_bytes(&out), "lists", first_list, &list);
    pack_array(&names, 1);
    pack_str(&names, "学校");
    draft_init(&draft, "checklist-text", &list);
    draft_raw(&draft, "places", buf_bytes(&names));
    draft_raw(&draft, "topics", buf_bytes(&names));
    (void)stray_showing(f, f->fengyuan, world_steward_seed(f->fengyuan), &draft,
                        PLACE_ALONE);

    SIM_SAY(f, f->fengyuan, NULL, "round.begin");

    SIM_SAY(f, f->fengyuan, &out, "round.show");
    assert_true(sim_count(buf_bytes(&out), "桥头") > 0);
    assert_int_equal(sim_count(buf_bytes(&out), "学校"), 0);
    buf_deinit(&out);
    buf_deinit(&names);
}

static bool first_round(void *context, struct bytes round)
{
    return !view_map_id(round, "round", context);
}

static void what_was_looked_at_under_no_topic_of_the_list_marks_nothing(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    struct draft draft;
    struct id round;
    SIM_SAY(f, f->fengyuan, NULL, "checklist.set", "title", "汛前", "places", "[桥头]",
            "topics", "[排水]");
    SIM_SAY(f, f->fengyuan, NULL, "round.begin");
    SIM_SAY(f, f->fengyuan, &out, "round.list");
    view_map_each(buf_bytes(&out), "rounds", first_round, &round);
    for (int i = 0; i < 3; i++) { /* another topic, one that is not shown, and this one */
        draft_init(&draft, "looked", &round);
        draft_text(&draft, "place", bytes_str("桥头"));
        draft_text(&draft, "topic", bytes_str(i == 0 ? "用电" : "排水"));
        (void)stray_showing(f, f->fengyuan, world_steward_seed(f->fengyuan), &draft,
                            i == 1 ? PLACE_ALONE : UINT32_MAX);
        SIM_SAY(f, f->fengyuan, &out, "round.show");
        assert_int_equal(view_map_count(buf_bytes(&out), "unseen"), i < 2);
    }
    buf_deinit(&out);
}

static bool first_meeting(void *context, struct bytes meeting)
{
    return !view_map_id(meeting, "meeting", context);
}

static void an_item_about_a_record_that_is_not_here_stays_open(void **state)
{
    static const struct id nowhere = {{7}}, task = {{8}};
    struct sim_county *f = *state;
    struct buf out = {0};
    struct draft draft;
    struct id meeting;
    SIM_SAY(f, f->township, NULL, "meeting.begin", "day", "2026-11-27");
    SIM_SAY(f, f->township, &out, "meeting.list");
    view_map_each(buf_bytes(&out), "meetings", first_meeting, &meeting);
    draft_init(&draft, "meeting-item", &meeting);
    draft_bin(&draft, "about", nowhere.bytes, ID_SIZE);
    draft_text(&draft, "due", bytes_str("2026-12-04"));
    draft_text(&draft, "owner", bytes_str("水利站"));
    draft_bin(&draft, "task", task.bytes, ID_SIZE);
    draft_text(&draft, "text", bytes_str("量一量"));
    (void)stray(f, f->township, world_steward_seed(f->township), &draft);

    SIM_SAY(f, f->township, &out, "agenda");

    assert_int_equal(view_map_count(buf_bytes(&out), "open"), 1);
    buf_deinit(&out);
}

/* --- what is erased when a case has had its time --- */

static void say_sent(struct sim_county *f, const uint8_t *seed, const struct id *scope,
                     const struct id *record)
{
    static const struct id salt = {{8}};
    struct draft draft;
    draft_init(&draft, "sent", scope);
    draft_bin(&draft, "escalation", record->bytes, ID_SIZE);
    draft_bin(&draft, "salt", salt.bytes, ID_SIZE);
    (void)stray(f, f->township, seed, &draft);
}

static void set_no_years(struct sim_county *f, struct world_node *node,
                         const char *category)
{
    struct buf map = {0};
    pack_map(&map, 3);
    pack_str(&map, "category");
    pack_str(&map, category);
    pack_str(&map, "identity_years");
    pack_uint(&map, 0);
    pack_str(&map, "years");
    pack_uint(&map, 0);
    assert_int_equal(world_call(f->world, node, "retention.set", buf_bytes(&map), NULL),
                     STATUS_OK);
    buf_deinit(&map);
}

static void run_days(struct sim_county *f, uint32_t days)
{
    for (uint32_t i = 0; i < 24 * days; i++) {
        world_tick(f->world, HOUR_MS);
        while (world_step(f->world))
            continue;
    }
}

static void stay_alone(struct sim_county *f)
{
    world_set_offline(f->world, f->county, true);
    world_set_offline(f->world, f->township, true);
    world_set_offline(f->world, f->fengyuan, true);
    world_set_offline(f->world, f->xikou, true);
}

static uint32_t retirements(struct sim_county *f, struct world_node *node,
                            const char *number)
{
    struct buf out = {0};
    struct bytes view;
    SIM_SAY(f, node, &out, "case.show", "case", number);
    assert_true(view_map_get(buf_bytes(&out), "view", &view));
    uint32_t count = view_map_count(view, "retired");
    buf_deinit(&out);
    return count;
}

/* A case of the township whose other machine says that it sent what it did not: nothing,
 * the case itself, a record of somebody else; and somebody without the right says so of
 * one more. The record is the village's and stays. */
static void with_a_case_goes_what_is_its_own_copy_and_nothing_else(void **state)
{
    static const struct id nowhere = {{7}};
    struct sim_county *f = *state;
    const uint8_t *steward = world_steward_seed(f->township);
    struct buf out = {0};
    struct draft draft;
    uint8_t mediator[32];
    char hex[2 * ID_SIZE + 1];
    struct id record = sim_escalate(f, f->fengyuan, "村里的水渠");
    struct id other = sim_escalate(f, f->fengyuan, "另一条渠");
    sim_add_person(f, f->township, "李某", "mediator", mediator);
    world_run(f->world, 10000);
    set_no_years(f, f->township, "邻里");
    struct id scope = new_scope(f, f->township, "镇里的水渠", false);
    say_sent(f, steward, &scope, &nowhere);
    say_sent(f, steward, &scope, &scope);
    say_sent(f, steward, &scope, &record);
    say_sent(f, mediator, &scope, &other);
    /* No person erases. */
    draft_init(&draft, "retire", &scope);
    draft_ids(&draft, "heads", &scope, 1);
    draft_text(&draft, "rule", bytes_str("category"));
    draft_text(&draft, "what", bytes_str("contents"));
    draft_uint(&draft, "years", 0);
    (void)stray(f, f->township, steward, &draft);
    assert_int_equal(retirements(f, f->township, "2026-0001"), 0);
    SIM_SAY(f, f->township, NULL, "case.close", "case", "2026-0001", "follow_up",
            "当面点头", "oral", "true", "outcome", "agreement", "text", "两家和解");
    stay_alone(f);

    run_days(f, 31);

    assert_int_equal(retirements(f, f->township, "2026-0001"), 1);
    SIM_SAY(f, f->township, &out, "search", "words", "镇里的水渠");
    assert_int_equal(view_map_count(buf_bytes(&out), "hits"), 0);
    for (int i = 0; i < 2; i++) {
        hex_encode(hex, i == 0 ? record.bytes : other.bytes, ID_SIZE);
        SIM_SAY(f, f->township, &out, "escalation.show", "escalation", hex);
        assert_int_equal(
            sim_count(buf_bytes(&out), i == 0 ? "村里的水渠" : "另一条渠") > 0, true);
    }
    buf_deinit(&out);
}

/* The rule for minors needs no category. */
static void what_is_said_of_a_minor_after_the_erasure_goes_the_next_time(void **state)
{
    struct sim_county *f = *state;
    set_no_years(f, f->fengyuan, RETENTION_MINOR);
    (void)new_scope(f, f->fengyuan, "孩子的事", true);
    SIM_SAY(f, f->fengyuan, NULL, "case.close", "case", "2026-0001", "follow_up",
            "当面点头", "oral", "true", "outcome", "agreement", "text", "两家和解");
    stay_alone(f);
    run_days(f, 31);
    assert_int_equal(retirements(f, f->fengyuan, "2026-0001"), 1);

    SIM_SAY(f, f->fengyuan, NULL, "case.note", "case", "2026-0001", "text", "后来的话");
    run_days(f, 31);

    assert_int_equal(retirements(f, f->fengyuan, "2026-0001"), 2);
    assert_false(sim_disk_holds(f, 2, bytes_str("后来的话")));
}

/* --- what a machine says that was revoked elsewhere --- */

static bool take_key(void *context, struct bytes element)
{
    return !view_map_id(element, "key", context);
}

/* By another machine of its site, which covers nothing. */
static void revoke_machine(struct sim_county *f, struct world_node *node,
                           struct world_node *at)
{
    struct buf out = {0}, bytes = {0};
    struct id key;
    struct draft draft;
    SIM_SAY(f, node, &out, "site", NULL, NULL);
    view_map_each(buf_bytes(&out), "nodes", take_key, &key);
    draft_init(&draft, "revoke", world_site(node));
    draft_ids(&draft, "covers", NULL, 0);
    draft_bin(&draft, "key", key.bytes, ID_SIZE);
    struct forgery forgery = {.seed = world_steward_seed(node),
                              .draft = &draft,
                              .scope = world_site(node),
                              .of = node};
    (void)sim_forge(&forgery, &bytes);
    assert_int_equal(world_admit(f->world, at, buf_bytes(&bytes)), STATUS_OK);
    world_run(f->world, 0);
    draft_deinit(&draft);
    buf_deinit(&out);
    buf_deinit(&bytes);
}

static struct id recall_one(struct sim_county *f)
{
    char hex[2 * ID_SIZE + 1];
    struct id record = sim_escalate(f, f->fengyuan, "水渠");
    hex_encode(hex, record.bytes, ID_SIZE);
    world_run(f->world, 10000);
    SIM_SAY(f, f->fengyuan, NULL, "escalation.recall", "escalation", hex, "reason",
            "当事人撤回");
    return record;
}

static void a_receipt_that_has_no_effect_any_more_is_not_written_again(void **state)
{
    struct sim_county *f = *state;
    struct id record = recall_one(f);
    world_run(f->world, 10000);
    sim_assert_state(f, f->township, &record, "recalled");
    uint64_t ops = sim_status(f, f->township, "ops");
    stay_alone(f);

    revoke_machine(f, f->township, f->township);

    assert_int_equal(sim_status(f, f->township, "ops"), ops + 1);
    sim_assert_state(f, f->township, &record, "recalled");
}

static bool take_missing(void *context, struct bytes recall)
{
    *(uint32_t *)context = view_map_count(recall, "missing");
    return false;
}

static uint32_t missing(struct sim_county *f)
{
    struct buf out = {0};
    uint32_t count = UINT32_MAX;
    SIM_SAY(f, f->fengyuan, &out, "recall.list", NULL, NULL);
    view_map_each(buf_bytes(&out), "recalls", take_missing, &count);
    buf_deinit(&out);
    return count;
}

static void no_receipt_is_missing_of_a_machine_that_was_revoked(void **state)
{
    struct sim_county *f = *state;
    (void)sim_escalate(f, f->fengyuan, "别的");
    world_run(f->world, 10000);
    char hex[2 * ID_SIZE + 1];
    struct id record = sim_escalate(f, f->fengyuan, "水渠");
    hex_encode(hex, record.bytes, ID_SIZE);
    world_run(f->world, 10000);
    world_set_offline(f->world, f->township, true);
    SIM_SAY(f, f->fengyuan, NULL, "escalation.recall", "escalation", hex, "reason",
            "当事人撤回");
    assert_int_equal(missing(f), 1);

    revoke_machine(f, f->township, f->fengyuan);

    assert_int_equal(missing(f), 0);
}

int main(void)
{
#define ONE(test)                                                                        \
    cmocka_unit_test_setup_teardown(test, sim_county_set_up_in_memory,                   \
                                    sim_county_tear_down_in_memory)
    const struct CMUnitTest tests[] = {
        ONE(what_is_withheld_is_in_no_byte_of_the_evidence),
        ONE(a_file_that_is_not_named_is_none_and_stands_in_the_evidence),
        ONE(what_was_looked_at_under_no_topic_of_the_list_marks_nothing),
        ONE(a_list_that_is_not_whole_is_none_to_go_by),
        ONE(an_item_about_a_record_that_is_not_here_stays_open),
        ONE(with_a_case_goes_what_is_its_own_copy_and_nothing_else),
        ONE(what_is_said_of_a_minor_after_the_erasure_goes_the_next_time),
        ONE(a_receipt_that_has_no_effect_any_more_is_not_written_again),
        ONE(no_receipt_is_missing_of_a_machine_that_was_revoked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
