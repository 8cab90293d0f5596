/* Meetings: an item has an owner and a day, only an item is done, and the order of
 * arrival decides nothing. */
#include "town.h"

#include <string.h>

#include "node/cases/matter.h"

static int begin(void **state)
{
    static struct town town;
    town_init(&town, 85);
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

static const struct op *meet(struct town *town, struct log *log,
                             const struct story_person *by)
{
    struct op *op = log_begin(town, log, TOWNSHIP, "meeting");
    story_put(op, "day", story_text(town->story, "2026-11-27"));
    return log_seal(town, log, op, by);
}

/* Without owner or day where that is NULL. */
static const struct op *item_after(struct town *town, struct log *log,
                                   const struct op *parent, const char *owner,
                                   const char *due)
{
    struct id about = {{3}};
    struct op *op = log_begin_after(town, TOWNSHIP, "meeting-item", parent);
    story_put(op, "about", story_bin(town->story, about.bytes, ID_SIZE));
    story_put(op, "text", story_text(town->story, "请水利站现场查看"));
    if (owner != NULL)
        story_put(op, "owner", story_text(town->story, owner));
    if (due != NULL)
        story_put(op, "due", story_text(town->story, due));
    return log_seal(town, log, op, desk(town));
}

static const struct op *finish(struct town *town, struct log *log,
                               const struct op *parent, const struct id *item)
{
    struct op *op = log_begin_after(town, TOWNSHIP, "item-done", parent);
    story_put(op, "item", story_bin(town->story, item->bytes, ID_SIZE));
    return log_seal(town, log, op, desk(town));
}

static void an_item_has_an_owner_and_a_day(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    const struct op *meeting = meet(town, &log, desk(town));

    const struct op *good = item_after(town, &log, meeting, "李科", "2026-12-01");
    const struct op *nobodys = item_after(town, &log, meeting, NULL, "2026-12-01");
    const struct op *dayless = item_after(town, &log, meeting, "李科", NULL);
    const struct op *never = item_after(town, &log, meeting, "李科", "2026-02-30");

    assert_int_equal(town_effect(town, &log, meeting), EFFECT_YES);
    assert_int_equal(town_effect(town, &log, good), EFFECT_YES);
    assert_int_equal(town_effect(town, &log, nobodys), EFFECT_MISSING_FIELD);
    assert_int_equal(town_effect(town, &log, dayless), EFFECT_MISSING_FIELD);
    assert_int_equal(town_effect(town, &log, never), EFFECT_BAD_FIELD);
}

static void only_an_item_that_was_there_is_done(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    const struct id nothing = {{1}};
    const struct op *meeting = meet(town, &log, desk(town));
    const struct op *item = item_after(town, &log, meeting, "李科", "2026-12-01");
    const struct op *bad = item_after(town, &log, meeting, NULL, "2026-12-01");

    const struct op *good = finish(town, &log, item, &item->id);
    const struct op *of_nothing = finish(town, &log, item, &nothing);
    const struct op *of_meeting = finish(town, &log, item, &meeting->id);
    const struct op *of_refused = finish(town, &log, bad, &bad->id);
    const struct op *unseen = finish(town, &log, meeting, &item->id);

    assert_int_equal(town_effect(town, &log, good), EFFECT_YES);
    assert_int_equal(town_effect(town, &log, of_nothing), EFFECT_NO_ITEM);
    assert_int_equal(town_effect(town, &log, of_meeting), EFFECT_NO_ITEM);
    assert_int_equal(town_effect(town, &log, of_refused), EFFECT_NO_ITEM);
    assert_int_equal(town_effect(town, &log, unseen), EFFECT_NO_ITEM);

    log.ops[log.len - 1] = story_withhold(town->story, unseen, 0); /* it was erased */
    assert_int_equal(town_effect(town, &log, unseen), EFFECT_YES);
}

/* It is held by its own site alone, and nothing of a case has effect in it. */
static void a_meeting_is_its_sites_own_and_no_case(void **state)
{
    struct town *town = *state;
    struct log log = {0}, none = {0};
    struct fold_result result;
    const struct op *meeting = meet(town, &log, desk(town));
    const struct op *stranger =
        log_seal(town, &log, log_begin_after(town, VILLAGE, "item-done", meeting),
                 &town->sites[VILLAGE].steward);
    const struct op *by_node = meet(town, &none, &town->sites[TOWNSHIP].node);

    const struct op *note = town_say(town, &log, TOWNSHIP, "note", "text", "看过了",
                                     &town->sites[TOWNSHIP].steward);

    assert_int_equal(town_effect(town, &log, stranger), EFFECT_MISSING_FIELD);
    assert_int_equal(town_effect(town, &log, note), EFFECT_WRONG_SCOPE);
    assert_int_equal(town_effect(town, &none, by_node), EFFECT_NO_RIGHT);
    town_fold(town, &log, &result);
    assert_int_equal(result.kind, SCOPE_CASE);
    assert_int_equal(result.held_len, 1);
    assert_int_equal(matter_of(buf_bytes(&result.view)), MATTER_MEETING);
    assert_string_equal(matter_text(MATTER_MEETING), "meeting");
    fold_result_deinit(&result);
}

/* Every order of two items and of what finishes one. */
static void items_fold_alike_in_any_order(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    const struct op *meeting = meet(town, &log, desk(town));
    const struct op *item = item_after(town, &log, meeting, "李科", "2026-12-01");
    (void)item_after(town, &log, meeting, "王科", "2026-12-02");
    (void)finish(town, &log, item, &item->id);
    town_assert_any_order(town, &log);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(an_item_has_an_owner_and_a_day),
        TEST(only_an_item_that_was_there_is_done),
        TEST(a_meeting_is_its_sites_own_and_no_case),
        TEST(items_fold_alike_in_any_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
