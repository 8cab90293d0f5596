/* Tasks of a case: who finishes one has seen it. */
#include "town.h"

static int begin(void **state)
{
    static struct town town;
    town_init(&town, 81);
    *state = &town;
    return 0;
}

static int end(void **state)
{
    town_deinit(*state);
    return 0;
}

static const struct op *task_after(struct town *town, struct log *log,
                                   const struct op *parent, const struct story_person *by)
{
    struct op *op = log_begin_after(town, VILLAGE, "task", parent);
    story_put(op, "text", story_text(town->story, "量一量沟有多宽"));
    story_put(op, "owner", story_text(town->story, "李调解"));
    story_put(op, "due", story_text(town->story, "2026-12-01"));
    return log_seal(town, log, op, by);
}

static const struct op *done_after(struct town *town, struct log *log,
                                   const struct op *parent, const struct id *task)
{
    struct op *op = log_begin_after(town, VILLAGE, "task-done", parent);
    story_put(op, "task", story_bin(town->story, task->bytes, ID_SIZE));
    return log_seal(town, log, op, &town->sites[VILLAGE].mediator);
}

static void a_task_is_finished_by_whoever_has_seen_it(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    const struct op *founding = town_case(town, &log);
    const struct op *task =
        task_after(town, &log, founding, &town->sites[VILLAGE].mediator);

    const struct op *beside = done_after(town, &log, founding, &task->id);
    const struct op *done = done_after(town, &log, task, &task->id);
    const struct op *again = done_after(town, &log, done, &task->id);

    assert_int_equal(town_effect(town, &log, task), EFFECT_YES);
    assert_int_equal(town_effect(town, &log, beside), EFFECT_NO_TASK);
    assert_int_equal(town_effect(town, &log, done), EFFECT_YES);
    assert_int_equal(town_effect(town, &log, again), EFFECT_YES);
}

static void what_is_no_task_cannot_be_finished(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    const struct op *founding = town_case(town, &log);
    const struct op *refused =
        task_after(town, &log, founding, &town->sites[VILLAGE].desk);

    const struct op *of_case = done_after(town, &log, refused, &founding->id);
    const struct op *of_nothing =
        done_after(town, &log, refused, town_site(town, COUNTY));
    const struct op *of_refused = done_after(town, &log, refused, &refused->id);

    assert_int_equal(town_effect(town, &log, refused), EFFECT_NO_RIGHT);
    assert_int_equal(town_effect(town, &log, of_case), EFFECT_NO_TASK);
    assert_int_equal(town_effect(town, &log, of_nothing), EFFECT_NO_TASK);
    assert_int_equal(town_effect(town, &log, of_refused), EFFECT_NO_TASK);
}

static void what_is_erased_of_it_changes_nothing(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    const struct op *founding = town_case(town, &log);
    const struct op *task =
        task_after(town, &log, founding, &town->sites[VILLAGE].mediator);
    const struct op *done = done_after(town, &log, task, &task->id);

    log.ops[1] = story_withhold(town->story, task, 0);
    log.ops[2] = story_withhold(town->story, done, 0);

    assert_int_equal(town_effect(town, &log, task), EFFECT_YES);
    assert_int_equal(town_effect(town, &log, done), EFFECT_YES);
}

static void a_task_has_a_day_of_the_calendar(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    const struct op *founding = town_case(town, &log);
    struct op *op = log_begin_after(town, VILLAGE, "task", founding);
    story_put(op, "text", story_text(town->story, "量沟"));
    story_put(op, "owner", story_text(town->story, "李调解"));
    story_put(op, "due", story_text(town->story, "2026-02-29"));

    log_seal(town, &log, op, &town->sites[VILLAGE].mediator);

    assert_int_equal(town_effect(town, &log, op), EFFECT_BAD_FIELD);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_task_is_finished_by_whoever_has_seen_it),
        TEST(what_is_no_task_cannot_be_finished),
        TEST(what_is_erased_of_it_changes_nothing),
        TEST(a_task_has_a_day_of_the_calendar),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
