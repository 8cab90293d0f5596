/* Plan cards: a step is for a role that there is, what is activated lay there, versions
 * that know nothing of each other are both kept, and order of arrival decides nothing. */
#include "town.h"

#include <string.h>

#include "node/cases/matter.h"

static int begin(void **state)
{
    static struct town town;
    town_init(&town, 84);
    *state = &town;
    return 0;
}

static int end(void **state)
{
    town_deinit(*state);
    return 0;
}

static const struct story_person *steward(struct town *town)
{
    return &town->sites[VILLAGE].steward;
}

static struct bytes one_role(struct town *town, const char *role)
{
    struct buf buf = {0};
    pack_array(&buf, 1);
    pack_array(&buf, 2);
    pack_str(&buf, role);
    pack_str(&buf, "村主任");
    return story_take(town->story, &buf);
}

static struct bytes one_step(struct town *town, const char *role, const char *text)
{
    struct buf buf = {0};
    pack_array(&buf, 1);
    pack_array(&buf, 3);
    pack_str(&buf, role);
    pack_str(&buf, text);
    pack_uint(&buf, 1);
    return story_take(town->story, &buf);
}

static struct op *fill(struct town *town, struct op *op, const char *role,
                       const char *step)
{
    if (bytes_equal_str(op->kind, "card"))
        story_put(op, "title", story_text(town->story, "防汛"));
    story_put(op, "trigger", story_text(town->story, "水位过警戒线"));
    story_put(op, "roles", one_role(town, "指挥"));
    story_put(op, "steps", one_step(town, role, step));
    return op;
}

static const struct op *found(struct town *town, struct log *log, const char *role,
                              const struct story_person *by)
{
    struct op *op = log_begin(town, log, VILLAGE, "card");
    return log_seal(town, log, fill(town, op, role, "通知各户"), by);
}

static const struct op *write_after(struct town *town, struct log *log,
                                    const struct op *parent, const char *role,
                                    const char *step)
{
    struct op *op = log_begin_after(town, VILLAGE, "card-text", parent);
    return log_seal(town, log, fill(town, op, role, step), steward(town));
}

static const struct op *activate(struct town *town, struct log *log,
                                 const struct op *parent, const struct id *version,
                                 const struct story_person *by)
{
    struct id scope = {{9}};
    struct op *op = log_begin_after(town, VILLAGE, "activated", parent);
    story_put(op, "version", story_bin(town->story, version->bytes, ID_SIZE));
    story_put(op, "case", story_bin(town->story, scope.bytes, ID_SIZE));
    story_put(op, "day", story_text(town->story, "2026-07-01"));
    return log_seal(town, log, op, by);
}

static void erase(struct town *town, struct log *log, size_t at, const char *field)
{
    const struct op *op = log->ops[at];
    uint32_t bit = 0;
    for (uint32_t i = 0; i < op->fields_len; i++)
        if (bytes_equal_str(op->fields[i].name, field))
            bit = 1u << i;
    log->ops[at] = story_withhold(town->story, op, ~bit);
}

static void a_step_is_for_a_role_of_its_card(void **state)
{
    struct town *town = *state;
    struct log log = {0}, none = {0};

    const struct op *card = found(town, &log, "指挥", steward(town));
    const struct op *bad = write_after(town, &log, card, "厨师", "通知各户");
    const struct op *no_card = found(town, &none, "厨师", steward(town));

    assert_int_equal(town_effect(town, &log, card), EFFECT_YES);
    assert_int_equal(town_effect(town, &log, bad), EFFECT_NO_ROLE);
    assert_int_equal(town_effect(town, &none, no_card), EFFECT_NO_ROLE);
}

static void of_what_was_erased_nothing_is_asked(void **state)
{
    static const char *const fields[] = {"roles", "steps"};
    const struct id nothing = {{1}};
    struct town *town = *state;
    for (size_t i = 0; i < 2; i++) {
        struct log log = {0};
        const struct op *card = found(town, &log, "厨师", steward(town));
        erase(town, &log, 0, fields[i]);
        assert_int_equal(town_effect(town, &log, card), EFFECT_YES);

        const struct op *op = activate(town, &log, card, &nothing, steward(town));
        assert_int_equal(town_effect(town, &log, op), EFFECT_NO_VERSION);
        erase(town, &log, 1, "version");
        assert_int_equal(town_effect(town, &log, op), EFFECT_YES);
    }
}

static void what_is_activated_lay_there(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    const struct op *card = found(town, &log, "指挥", steward(town));
    const struct op *second = write_after(town, &log, card, "指挥", "转移老人");
    const struct op *bad = write_after(town, &log, card, "厨师", "做饭");
    const struct story_person *mediator = &town->sites[VILLAGE].mediator;

    const struct op *first = activate(town, &log, card, &card->id, mediator);
    const struct op *later = activate(town, &log, second, &second->id, mediator);
    const struct op *unseen = activate(town, &log, card, &second->id, mediator);
    const struct op *refused = activate(town, &log, bad, &bad->id, mediator);
    const struct op *none = activate(town, &log, first, &first->id, mediator);
    const struct op *desk =
        activate(town, &log, card, &card->id, &town->sites[VILLAGE].desk);

    assert_int_equal(town_effect(town, &log, first), EFFECT_YES);
    assert_int_equal(town_effect(town, &log, later), EFFECT_YES);
    assert_int_equal(town_effect(town, &log, unseen), EFFECT_NO_VERSION);
    assert_int_equal(town_effect(town, &log, refused), EFFECT_NO_VERSION);
    assert_int_equal(town_effect(town, &log, none), EFFECT_NO_VERSION);
    assert_int_equal(town_effect(town, &log, desk), EFFECT_NO_RIGHT);
}

static void a_card_is_a_stewards(void **state)
{
    struct town *town = *state;
    struct log log = {0};

    const struct op *op = found(town, &log, "指挥", &town->sites[VILLAGE].mediator);

    assert_int_equal(town_effect(town, &log, op), EFFECT_NO_RIGHT);
}

static uint32_t standing(struct town *town, const struct log *log)
{
    struct fold_result result;
    struct bytes registers;
    town_fold(town, log, &result);
    assert_int_equal(matter_of(buf_bytes(&result.view)), MATTER_CARD);
    assert_true(view_map_get(buf_bytes(&result.view), "registers", &registers));
    uint32_t count = view_map_count(registers, "steps");
    assert_int_equal(count > 1, view_has_conflict(buf_bytes(&result.view), "steps"));
    assert_false(view_has_conflict(buf_bytes(&result.view), "trigger"));
    fold_result_deinit(&result);
    return count;
}

static void versions_side_by_side_are_both_kept_until_one_has_seen_both(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    const struct op *card = found(town, &log, "指挥", steward(town));
    assert_int_equal(standing(town, &log), 1);

    const struct op *one = write_after(town, &log, card, "指挥", "转移老人");
    (void)write_after(town, &log, card, "厨师", "没有效力");
    assert_int_equal(standing(town, &log), 1);
    const struct op *two = write_after(town, &log, card, "指挥", "转移粮食");
    assert_int_equal(standing(town, &log), 2);

    struct op *both = log_begin_after(town, VILLAGE, "card-text", one);
    story_after(both, two);
    log_seal(town, &log, fill(town, both, "指挥", "先人后粮"), steward(town));
    assert_int_equal(standing(town, &log), 1);
}

/* Every order of three versions that know nothing of each other. */
static void versions_fold_alike_in_any_order(void **state)
{
    static const char *const steps[] = {"甲", "乙", "丙"};
    struct town *town = *state;
    struct log log = {0};
    const struct op *card = found(town, &log, "指挥", steward(town));
    for (int i = 0; i < 3; i++)
        (void)write_after(town, &log, card, "指挥", steps[i]);
    town_assert_any_order(town, &log);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(a_step_is_for_a_role_of_its_card),
        TEST(of_what_was_erased_nothing_is_asked),
        TEST(what_is_activated_lay_there),
        TEST(a_card_is_a_stewards),
        TEST(versions_side_by_side_are_both_kept_until_one_has_seen_both),
        TEST(versions_fold_alike_in_any_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
