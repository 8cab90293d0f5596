/* What a village sends anew of a record that is out. */
#include "town.h"

#include <string.h>

#include "node/cases/disclosure.h"

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

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_newest_value_is_shown),
        TEST(updates_that_know_nothing_of_each_other_are_both_kept),
        TEST(only_what_was_released_is_brought_anew),
        TEST(nobody_but_the_villages_steward_updates),
        TEST(an_update_is_shown_by_the_class_of_the_field),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
