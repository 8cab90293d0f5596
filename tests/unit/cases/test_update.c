/* What a village sends anew of a record that is out. */
#include "town.h"

#include <string.h>

#include "node/cases/disclosure.h"
#include "node/cases/escalation.h"
#include "node/cases/update.h"

static int begin(void **state)
{
    static struct town town;
    town_init(&town, 73);
    *state = &town;
    return 0;
}

static int end(void **state)
{
    town_deinit(*state);
    return 0;
}

static const struct op *update(struct town *town, struct log *log, const char *field,
                               const char *text)
{
    return town_say(town, log, VILLAGE, "update", field, text,
                    &town->sites[VILLAGE].steward);
}

static void assert_shows(struct town *town, const struct log *log, const char *name,
                         const char *text, bool is_conflict)
{
    struct fold_result result;
    struct bytes shown;
    town_fold(town, log, &result);
    assert_true(view_text(buf_bytes(&result.view), name, &shown));
    assert_true(bytes_equal_str(shown, text));
    assert_int_equal(view_has_conflict(buf_bytes(&result.view), name), is_conflict);
    fold_result_deinit(&result);
}

static void the_newest_value_is_shown(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    town_escalate(town, &log, "ask", &town->sites[VILLAGE].steward);
    assert_shows(town, &log, "title", "排水沟", false);

    update(town, &log, "case.title", "排水沟堵了");
    update(town, &log, "case.title", "排水沟又堵了");

    assert_shows(town, &log, "title", "排水沟又堵了", false);
    assert_shows(town, &log, "context", "三年前修路时改过沟", false);
}

static void updates_that_know_nothing_of_each_other_are_both_kept(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    town_escalate(town, &log, "ask", &town->sites[VILLAGE].steward);
    struct log fork = log;
    const struct op *one = update(town, &log, "case.title", "甲");
    const struct op *other = update(town, &fork, "case.title", "乙");
    log_add(&log, other);
    assert_shows(town, &log, "title", id_compare(&one->id, &other->id) > 0 ? "甲" : "乙",
                 true);

    update(town, &log, "case.title", "丙");
    assert_int_equal(log.ops[log.len - 1]->parents_len, 1);

    assert_shows(town, &log, "title", "丙", true); /* it has seen one of them alone */
}

static void only_what_was_released_is_brought_anew(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct fold_result result;
    struct bytes shown;
    town_escalate(town, &log, "ask", &town->sites[VILLAGE].steward);

    const struct op *place = update(town, &log, "case.place", "村东头");
    const struct op *unknown = update(town, &log, "place", "村东头");
    const struct op *empty = update(town, &log, NULL, NULL);
    struct op *both = log_begin(town, &log, VILLAGE, "update");
    story_put(both, "case.context", story_text(town->story, "又修过一次"));
    story_put(both, "case.wish", story_text(town->story, "清淤"));
    log_seal(town, &log, both, &town->sites[VILLAGE].steward);
    town_fold(town, &log, &result);

    assert_int_equal(fold_effect_of(&result, &place->id), EFFECT_NOT_RELEASED);
    assert_int_equal(fold_effect_of(&result, &unknown->id), EFFECT_BAD_FIELD);
    assert_int_equal(fold_effect_of(&result, &empty->id), EFFECT_MISSING_FIELD);
    assert_int_equal(fold_effect_of(&result, &both->id), EFFECT_NOT_RELEASED);
    assert_false(view_text(buf_bytes(&result.view), "place", &shown));
    fold_result_deinit(&result);
    assert_shows(town, &log, "context", "三年前修路时改过沟", false);
}

static void nobody_but_the_villages_steward_updates(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    town_escalate(town, &log, "ask", &town->sites[VILLAGE].steward);

    const struct op *mediator = town_say(town, &log, VILLAGE, "update", "case.title",
                                         "甲", &town->sites[VILLAGE].mediator);
    const struct op *township = town_say(town, &log, TOWNSHIP, "update", "case.title",
                                         "甲", &town->sites[TOWNSHIP].steward);

    assert_int_equal(town_effect(town, &log, mediator), EFFECT_NO_RIGHT);
    assert_int_equal(town_effect(town, &log, township), EFFECT_NO_RIGHT);
    assert_shows(town, &log, "title", "排水沟", false);
}

static void an_update_is_shown_by_the_class_of_the_field(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    town_escalate(town, &log, "ask", &town->sites[VILLAGE].steward);
    const struct op *title = update(town, &log, "case.title", "甲");
    const struct op *context = update(town, &log, "case.context", "乙");

    assert_int_equal(disclosure_mask(title, CLASS_RECORD), 1);
    assert_int_equal(disclosure_mask(context, CLASS_RECORD), 0);
    assert_int_equal(disclosure_mask(context, CLASS_CONTEXT), 1);
}

/* --- the plan --- */

struct both {
    struct log log, record; /* the case, and what went up of it: title and context */
    struct fold_result results[2];
    struct update_plan plan;
};

static void begin_both(struct town *town, struct both *both)
{
    memset(both, 0, sizeof(*both));
    town_case(town, &both->log);
    town_consent(town, &both->log, "张某", "title context", true);
    town_consent(town, &both->log, "李某", "title context", true);
    town_escalate(town, &both->record, "ask", &town->sites[VILLAGE].steward);
}

static void plan(struct town *town, struct both *both)
{
    town_fold(town, &both->log, &both->results[0]);
    town_fold(town, &both->record, &both->results[1]);
    update_plan(buf_bytes(&both->results[0].view), buf_bytes(&both->results[1].view),
                &both->plan);
}

static void end_both(struct both *both)
{
    fold_result_deinit(&both->results[0]);
    fold_result_deinit(&both->results[1]);
}

static void set(struct town *town, struct both *both, const char *field, const char *text)
{
    town_say(town, &both->log, VILLAGE, "set", field, text,
             &town->sites[VILLAGE].mediator);
}

static void assert_text(struct bytes raw, const char *text)
{
    struct pack_reader reader = pack_reader_of(raw);
    struct bytes got;
    assert_int_equal(pack_read_str(&reader, &got, NULL), STATUS_OK);
    assert_true(bytes_equal_str(got, text));
}

static void what_went_up_as_it_stands_waits_for_nothing(void **state)
{
    struct both both;
    begin_both(*state, &both);
    set(*state, &both, "narrative", "雨水又流进院子"); /* it never went up */
    set(*state, &both, "place", "村东头");

    plan(*state, &both);

    assert_int_equal(both.plan.fields_len, 0);
    end_both(&both);
}

static void a_released_field_that_changed_waits_with_both_values(void **state)
{
    struct both both;
    begin_both(*state, &both);
    set(*state, &both, "title", "排水沟堵了");
    set(*state, &both, "context", "去年又修过");

    plan(*state, &both);

    assert_int_equal(both.plan.fields_len, 2);
    assert_string_equal(both.plan.fields[0].name, "case.context");
    assert_string_equal(both.plan.fields[1].name, "case.title");
    assert_text(both.plan.fields[1].was, "排水沟");
    assert_text(both.plan.fields[1].is, "排水沟堵了");
    assert_int_equal(both.plan.fields[1].held.status, STATUS_OK);
    end_both(&both);

    update(*state, &both.record, "case.title", "排水沟堵了");
    plan(*state, &both);
    assert_int_equal(both.plan.fields_len, 1);
    assert_string_equal(both.plan.fields[0].name, "case.context");
    end_both(&both);
}

static void what_a_party_takes_back_is_held(void **state)
{
    struct both both;
    begin_both(*state, &both);
    set(*state, &both, "title", "排水沟堵了");
    set(*state, &both, "context", "去年又修过");
    town_consent(*state, &both.log, "李某", "context", true);
    plan(*state, &both);
    assert_int_equal(both.plan.fields[0].held.status, STATUS_OK);
    assert_int_equal(both.plan.fields[1].held.status, STATUS_DENIED);
    assert_non_null(strstr(both.plan.fields[1].held.text, "李某"));
    end_both(&both);

    town_consent(*state, &both.log, "张某", "title context", false);
    plan(*state, &both);

    assert_int_equal(both.plan.fields[0].held.status, STATUS_DENIED);
    assert_non_null(strstr(both.plan.fields[0].held.text, "张某"));
    end_both(&both);
}

static void consent_is_asked_for_what_can_be_sent_alone(void **state)
{
    const struct bytes fields[] = {bytes_str("title"), bytes_str("number"),
                                   bytes_str("wish")};
    struct both both;
    begin_both(*state, &both);
    plan(*state, &both);
    struct bytes view = buf_bytes(&both.results[0].view);

    assert_int_equal(escalation_check_consents(view, fields, 2, NULL), STATUS_OK);
    assert_int_equal(escalation_check_consents(view, fields, 3, NULL), STATUS_DENIED);

    end_both(&both);
}

static void what_waits_for_a_decision_is_held(void **state)
{
    struct both both;
    begin_both(*state, &both);
    struct log fork = both.log;
    set(*state, &both, "title", "甲");
    const struct op *other = town_say(*state, &fork, VILLAGE, "set", "title", "乙",
                                      &((struct town *)*state)->sites[VILLAGE].mediator);
    log_add(&both.log, other);

    plan(*state, &both);

    assert_int_equal(both.plan.fields_len, 1);
    assert_int_equal(both.plan.fields[0].held.status, STATUS_CONFLICT);
    end_both(&both);
}

/* Two machines of the village sent it at once: the next word settles it. */
static void
a_record_in_conflict_is_sent_anew_even_where_it_shows_the_right_value(void **state)
{
    struct both both;
    begin_both(*state, &both);
    struct log fork = both.record;
    const struct op *one = update(*state, &both.record, "case.title", "甲");
    const struct op *other = update(*state, &fork, "case.title", "乙");
    log_add(&both.record, other);
    set(*state, &both, "title", id_compare(&one->id, &other->id) > 0 ? "甲" : "乙");

    plan(*state, &both);

    assert_int_equal(both.plan.fields_len, 1);
    assert_true(bytes_equal(both.plan.fields[0].was, both.plan.fields[0].is));
    end_both(&both);
}

static void what_was_erased_on_either_side_is_no_surprise(void **state)
{
    struct town *town = *state;
    struct both both;
    begin_both(town, &both);
    set(town, &both, "title", "排水沟堵了");
    const struct op *record = both.record.ops[0];
    both.record.ops[0] =
        story_withhold(town->story, record,
                       disclosure_mask(record, CLASS_ALL & ~(uint32_t)CLASS_RECORD));
    plan(town, &both);
    assert_int_equal(both.plan.fields_len, 1);
    assert_int_equal(both.plan.fields[0].was.len, 0);
    end_both(&both);

    size_t last = both.log.len - 1;
    both.log.ops[last] = story_withhold(town->story, both.log.ops[last], 0);
    plan(town, &both);

    assert_int_equal(both.plan.fields_len, 0);
    end_both(&both);
}

static void nothing_waits_for_a_record_that_was_recalled(void **state)
{
    struct town *town = *state;
    struct both both;
    begin_both(town, &both);
    set(town, &both, "title", "排水沟堵了");
    town_say(town, &both.record, VILLAGE, "recall", "reason", "当事人撤回",
             &town->sites[VILLAGE].steward);

    plan(town, &both);

    assert_int_equal(both.plan.fields_len, 0);
    end_both(&both);
}

static void views_that_are_none_give_nothing(void **state)
{
    struct update_plan got;
    (void)state;

    update_plan((struct bytes){0}, (struct bytes){0}, &got);

    assert_int_equal(got.fields_len, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_newest_value_is_shown),
        TEST(updates_that_know_nothing_of_each_other_are_both_kept),
        TEST(only_what_was_released_is_brought_anew),
        TEST(nobody_but_the_villages_steward_updates),
        TEST(an_update_is_shown_by_the_class_of_the_field),
        TEST(what_went_up_as_it_stands_waits_for_nothing),
        TEST(a_released_field_that_changed_waits_with_both_values),
        TEST(what_a_party_takes_back_is_held),
        TEST(consent_is_asked_for_what_can_be_sent_alone),
        TEST(what_waits_for_a_decision_is_held),
        TEST(a_record_in_conflict_is_sent_anew_even_where_it_shows_the_right_value),
        TEST(what_was_erased_on_either_side_is_no_surprise),
        TEST(nothing_waits_for_a_record_that_was_recalled),
        TEST(views_that_are_none_give_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
