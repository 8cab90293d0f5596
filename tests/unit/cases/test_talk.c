/* What sites say to each other about a record: referring, ruling, declining, tasks,
 * grades, and who must have opened it before. */
#include "town.h"

#include <string.h>

#include "node/cases/disclosure.h"

static int begin(void **state)
{
    static struct town town;
    town_init(&town, 71);
    *state = &town;
    return 0;
}

static int end(void **state)
{
    town_deinit(*state);
    return 0;
}

static const struct story_person *desk(struct town *town)
{
    return &town->sites[TOWNSHIP].desk;
}

static const struct story_person *steward(struct town *town)
{
    return &town->sites[VILLAGE].steward;
}

/* Of each kind an op that lacks nothing but what its site did before. */
static const struct op *say(struct town *town, struct log *log, const char *kind,
                            const struct story_person *by)
{
    struct story *story = town->story;
    struct op *op = log_begin(town, log, TOWNSHIP, kind);
    if (strcmp(kind, "refer") == 0)
        story_put(op, "channel", story_text(story, "court"));
    if (strcmp(kind, "grade") == 0 || strcmp(kind, "joint") == 0)
        story_put(op, "word", story_text(story, "taken"));
    if (strcmp(kind, "grade") == 0 || strcmp(kind, "onward") == 0)
        story_put(op, "reason", story_text(story, "涉及两村"));
    if (strcmp(kind, "invite") == 0 || strcmp(kind, "onward") == 0) {
        story_put(op, "site", story_bin(story, town_site(town, COUNTY)->bytes, ID_SIZE));
        story_put(op, "classes", story_uint(story, CLASS_RECORD));
    }
    if (strcmp(kind, "grade") != 0 && strcmp(kind, "onward") != 0)
        story_put(op, "text", story_text(story, "先测量水位"));
    return log_seal(town, log, op, by);
}

static void open_record(struct town *town, struct log *log, const char *onward)
{
    town_escalate(town, log, onward, steward(town));
    town_say(town, log, TOWNSHIP, "opened", NULL, NULL, desk(town));
}

static struct story_person appoint(struct town *town, const char *role)
{
    struct story_person person = story_person(town->story, 900);
    site_appoint(town, TOWNSHIP, &town->sites[TOWNSHIP].steward, &person, role);
    site_refresh(town, TOWNSHIP);
    return person;
}

static void whoever_decides_has_opened_the_record_before(void **state)
{
    static const char *const kinds[] = {"accept", "advise", "return", "decide", "onward",
                                        "refer",  "grade",  "invite", "joint",  "rule"};
    struct town *town = *state;
    struct story_person judge = appoint(town, "judge");
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        const struct story_person *by =
            strcmp(kinds[i], "rule") == 0 ? &judge : desk(town);
        struct log log = {0};
        town_escalate(town, &log, "yes", steward(town));

        const struct op *early = say(town, &log, kinds[i], by);
        town_say(town, &log, TOWNSHIP, "opened", NULL, NULL, desk(town));
        const struct op *due = say(town, &log, kinds[i], by);

        assert_int_equal(town_effect(town, &log, early), EFFECT_NOT_OPENED);
        assert_int_equal(town_effect(town, &log, due), EFFECT_YES);
    }
}

static void what_another_site_opened_opens_nothing_here(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    open_record(town, &log, "yes");
    town_invite(town, &log, TOWNSHIP, DEPARTMENT, CLASS_ALL, desk(town));

    const struct op *op = town_say(town, &log, DEPARTMENT, "advise", "text", "先测量水位",
                                   &town->sites[DEPARTMENT].desk);

    assert_int_equal(town_effect(town, &log, op), EFFECT_NOT_OPENED);
}

static void referring_says_to_which_channel(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    open_record(town, &log, "ask");

    const struct op *op = say(town, &log, "refer", desk(town));

    assert_int_equal(town_effect(town, &log, op), EFFECT_YES);
    town_assert_state(town, &log, "referred");
}

static void only_a_key_with_the_competence_rules(void **state)
{
    static const char *const roles[] = {"judge", "authority"};
    struct town *town = *state;
    struct log log = {0};
    open_record(town, &log, "ask");
    const struct op *without = say(town, &log, "rule", desk(town));
    assert_int_equal(town_effect(town, &log, without), EFFECT_NO_RIGHT);
    town_assert_state(town, &log, "opened");
    for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
        struct story_person person = appoint(town, roles[i]);

        const struct op *op = say(town, &log, "rule", &person);
        const struct op *advice = say(town, &log, "advise", &person);

        assert_int_equal(town_effect(town, &log, op), EFFECT_YES);
        assert_int_equal(town_effect(town, &log, advice), EFFECT_NO_RIGHT);
        town_assert_state(town, &log, "ruled");
    }
}

static void a_judge_of_another_site_rules_nothing(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct story_person judge = story_person(town->story, 901);
    site_appoint(town, VILLAGE, steward(town), &judge, "judge");
    site_refresh(town, VILLAGE);
    open_record(town, &log, "ask");

    const struct op *op = town_say(town, &log, VILLAGE, "rule", "text", "驳回", &judge);

    assert_int_equal(town_effect(town, &log, op), EFFECT_NO_RIGHT);
}

/* --- declining --- */

static void a_village_declines_an_advice_and_nothing_else(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    open_record(town, &log, "ask");
    const struct op *advice = say(town, &log, "advise", desk(town));
    const struct op *decision = say(town, &log, "decide", desk(town));

    const struct op *op =
        town_about(town, &log, VILLAGE, "decline", advice, "村里另有办法", steward(town));
    const struct op *other =
        town_about(town, &log, VILLAGE, "decline", decision, "不同意", steward(town));
    const struct op *mediator =
        town_about(town, &log, VILLAGE, "decline", advice, "村里另有办法",
                   &town->sites[VILLAGE].mediator);

    assert_int_equal(town_effect(town, &log, op), EFFECT_YES);
    assert_int_equal(town_effect(town, &log, other), EFFECT_NO_TARGET);
    assert_int_equal(town_effect(town, &log, mediator), EFFECT_NO_RIGHT);
}

static void what_was_said_beside_it_is_not_declined(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    open_record(town, &log, "ask");
    struct log fork = log;
    const struct op *advice = say(town, &fork, "advise", desk(town));

    const struct op *op =
        town_about(town, &log, VILLAGE, "decline", advice, "不同意", steward(town));
    assert_int_equal(town_effect(town, &log, op), EFFECT_NO_TARGET);
    log_add(&log, advice);

    assert_int_equal(town_effect(town, &log, op), EFFECT_NO_TARGET);
    assert_int_equal(town_effect(town, &log, advice), EFFECT_YES);
}

static void an_advice_without_effect_is_not_declined(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    town_escalate(town, &log, "ask", steward(town));
    const struct op *early = say(town, &log, "advise", desk(town));

    const struct op *op =
        town_about(town, &log, VILLAGE, "decline", early, "不同意", steward(town));

    assert_int_equal(town_effect(town, &log, op), EFFECT_NO_TARGET);
}

static void a_site_declines_the_invitation_that_names_it(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    open_record(town, &log, "yes");
    const struct op *advice = say(town, &log, "advise", desk(town));
    const struct op *county =
        town_invite(town, &log, TOWNSHIP, COUNTY, CLASS_ALL, desk(town));
    const struct op *department =
        town_invite(town, &log, TOWNSHIP, DEPARTMENT, CLASS_ALL, desk(town));
    const struct story_person *by = &town->sites[DEPARTMENT].desk;

    const struct op *another =
        town_about(town, &log, DEPARTMENT, "decline", county, "不归我们管", by);
    const struct op *no_invitation =
        town_about(town, &log, DEPARTMENT, "decline", advice, "不归我们管", by);
    const struct op *own =
        town_about(town, &log, DEPARTMENT, "decline", department, "不归我们管", by);

    assert_int_equal(town_effect(town, &log, another), EFFECT_NO_TARGET);
    assert_int_equal(town_effect(town, &log, no_invitation), EFFECT_NO_TARGET);
    assert_int_equal(town_effect(town, &log, own), EFFECT_YES);
}

/* --- tasks --- */

static const struct op *assign(struct town *town, struct log *log, const char *due)
{
    struct op *op = log_begin(town, log, TOWNSHIP, "assign");
    story_put(op, "text", story_text(town->story, "测量水位"));
    story_put(op, "owner", story_text(town->story, "水利站"));
    story_put(op, "due", story_text(town->story, due));
    return log_seal(town, log, op, desk(town));
}

static bool find_task(void *context, struct bytes element)
{
    struct bytes *found = context;
    *found = element;
    return false;
}

static void a_task_has_an_owner_and_a_date_until_somebody_says_it_is_done(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct fold_result result;
    struct bytes task = {0};
    struct id done;
    open_record(town, &log, "ask");
    const struct op *op = assign(town, &log, "2026-11-30");
    town_fold(town, &log, &result);
    view_map_each(buf_bytes(&result.view), "assigned", find_task, &task);
    assert_true(view_map_has_id(task, "op", &op->id));
    assert_true(view_map_has_text(task, "owner", "水利站"));
    assert_true(view_map_has_text(task, "due", "2026-11-30"));
    assert_true(view_map_has_text(task, "text", "测量水位"));
    assert_false(view_map_id(task, "done", &done));
    fold_result_deinit(&result);

    const struct op *first =
        town_about(town, &log, VILLAGE, "assign-done", op, "已测", steward(town));
    town_about(town, &log, TOWNSHIP, "assign-done", op, "已测", desk(town));
    town_fold(town, &log, &result);

    view_map_each(buf_bytes(&result.view), "assigned", find_task, &task);
    assert_true(view_map_has_id(task, "done", &first->id));
    fold_result_deinit(&result);
}

static void what_is_done_was_a_task(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct fold_result result;
    struct bytes task = {0};
    struct id done;
    open_record(town, &log, "ask");
    const struct op *advice = say(town, &log, "advise", desk(town));
    const struct op *other = assign(town, &log, "2026-11-29");
    const struct op *op = assign(town, &log, "2026-11-30");
    const struct op *stranger = town_about(town, &log, COUNTY, "assign-done", other,
                                           "已办", &town->sites[COUNTY].desk);

    const struct op *no_task =
        town_about(town, &log, TOWNSHIP, "assign-done", advice, "已办", desk(town));
    const struct op *before =
        town_about(town, &log, TOWNSHIP, "assign-done", no_task, "已办", desk(town));
    town_about(town, &log, TOWNSHIP, "assign-done", op, "已办", desk(town));
    town_fold(town, &log, &result);

    assert_int_equal(fold_effect_of(&result, &stranger->id), EFFECT_NO_HOLDER);
    assert_int_equal(fold_effect_of(&result, &no_task->id), EFFECT_NO_TARGET);
    assert_int_equal(fold_effect_of(&result, &before->id), EFFECT_NO_TARGET);
    assert_int_equal(view_map_count(buf_bytes(&result.view), "assigned"), 2);
    view_map_each(buf_bytes(&result.view), "assigned", find_task, &task);
    assert_true(view_map_has_id(task, "op", &other->id));
    assert_false(view_map_id(task, "done", &done));
    fold_result_deinit(&result);
}

/* --- grades --- */

static const struct op *grade(struct town *town, struct log *log, int site,
                              const char *word)
{
    struct op *op = log_begin(town, log, site, "grade");
    story_put(op, "word", story_text(town->story, word));
    story_put(op, "reason", story_text(town->story, "涉及两村"));
    return log_seal(town, log, op, &town->sites[site].desk);
}

struct grades {
    const char *words[4];
    uint32_t len;
};

static bool match_grade(void *context, struct bytes element)
{
    struct grades *grades = context;
    assert_true(grades->len < 4);
    assert_true(view_map_has_text(element, "word", grades->words[grades->len]));
    grades->len++;
    return true;
}

static void each_site_grades_for_itself_and_the_villages_fields_stay(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct fold_result result;
    struct bytes title;
    open_record(town, &log, "yes");
    town_invite(town, &log, TOWNSHIP, DEPARTMENT, CLASS_ALL, desk(town));
    town_say(town, &log, DEPARTMENT, "opened", NULL, NULL, &town->sites[DEPARTMENT].desk);
    bool township_first =
        id_compare(town_site(town, TOWNSHIP), town_site(town, DEPARTMENT)) < 0;
    struct grades wanted = {
        {township_first ? "镇二级" : "部门一级", township_first ? "部门一级" : "镇二级"},
        0};

    grade(town, &log, TOWNSHIP, "镇一级");
    grade(town, &log, DEPARTMENT, "部门一级");
    grade(town, &log, TOWNSHIP, "镇二级");
    town_fold(town, &log, &result);

    assert_int_equal(view_map_count(buf_bytes(&result.view), "grades"), 2);
    view_map_each(buf_bytes(&result.view), "grades", match_grade, &wanted);
    assert_true(view_text(buf_bytes(&result.view), "title", &title));
    assert_true(bytes_equal_str(title, "排水沟"));
    fold_result_deinit(&result);
}

static void grades_that_know_nothing_of_each_other_are_both_kept(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct fold_result result;
    open_record(town, &log, "ask");
    struct log fork = log;
    const struct op *one = grade(town, &log, TOWNSHIP, "一级");
    const struct op *other = grade(town, &fork, TOWNSHIP, "二级");
    bool one_is_later = id_compare(&one->id, &other->id) > 0;
    struct grades wanted = {
        {one_is_later ? "一级" : "二级", one_is_later ? "二级" : "一级"}, 0};
    log_add(&log, other);

    town_fold(town, &log, &result);

    view_map_each(buf_bytes(&result.view), "grades", match_grade, &wanted);
    assert_int_equal(wanted.len, 2);
    fold_result_deinit(&result);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(whoever_decides_has_opened_the_record_before),
        TEST(what_another_site_opened_opens_nothing_here),
        TEST(referring_says_to_which_channel),
        TEST(only_a_key_with_the_competence_rules),
        TEST(a_judge_of_another_site_rules_nothing),
        TEST(a_village_declines_an_advice_and_nothing_else),
        TEST(what_was_said_beside_it_is_not_declined),
        TEST(an_advice_without_effect_is_not_declined),
        TEST(a_site_declines_the_invitation_that_names_it),
        TEST(a_task_has_an_owner_and_a_date_until_somebody_says_it_is_done),
        TEST(what_is_done_was_a_task),
        TEST(each_site_grades_for_itself_and_the_villages_fields_stay),
        TEST(grades_that_know_nothing_of_each_other_are_both_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
