/* Agreements and village rules: what binds somebody, what belongs where, and that the
 * order of arrival decides nothing. */
#include "town.h"

#include <string.h>

#include "node/cases/matter.h"

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

/* Aliases parted by spaces, each in the role of the same name. */
static struct bytes parties_of(struct town *town, uint32_t len, const char *const *names)
{
    struct buf buf = {0};
    pack_array(&buf, len);
    for (uint32_t i = 0; i < len; i++) {
        pack_array(&buf, 2);
        pack_str(&buf, names[i]);
        pack_str(&buf, names[i]);
    }
    return story_take(town->story, &buf);
}

static const struct op *agree(struct town *town, struct log *log, uint32_t len,
                              const char *const *names)
{
    struct op *op = log_begin(town, log, VILLAGE, "agreement");
    story_put(op, "parties", parties_of(town, len, names));
    story_put(op, "terms", story_text(town->story, "双方各出一人疏通水沟"));
    story_put(op, "deadline", story_text(town->story, "2026-12-31"));
    return log_seal(town, log, op, &town->sites[VILLAGE].mediator);
}

static struct bytes one_clause(struct town *town)
{
    struct buf buf = {0};
    pack_array(&buf, 1);
    pack_array(&buf, 2);
    pack_str(&buf, "第一条");
    pack_str(&buf, "邻里和睦");
    return story_take(town->story, &buf);
}

static const struct op *found_rules(struct town *town, struct log *log,
                                    const struct story_person *by)
{
    struct op *op = log_begin(town, log, VILLAGE, "rules");
    story_put(op, "title", story_text(town->story, "村规民约"));
    story_put(op, "version", story_text(town->story, "2025"));
    story_put(op, "clauses", one_clause(town));
    return log_seal(town, log, op, by);
}

static const struct op *write_rules(struct town *town, struct log *log,
                                    const struct story_person *by)
{
    struct op *op = log_begin(town, log, VILLAGE, "rule-text");
    story_put(op, "version", story_text(town->story, "2026"));
    story_put(op, "clauses", one_clause(town));
    return log_seal(town, log, op, by);
}

static void an_agreement_binds_two_or_more(void **state)
{
    static const char *const names[] = {"张某", "李某", "王某"};
    struct town *town = *state;
    for (uint32_t len = 0; len <= 3; len++) {
        struct log log = {0};
        town_case(town, &log);

        const struct op *op = agree(town, &log, len, names);

        assert_int_equal(town_effect(town, &log, op),
                         len < 2 ? EFFECT_ONE_PARTY : EFFECT_YES);
    }
}

static void of_erased_parties_nothing_is_asked(void **state)
{
    static const char *const names[] = {"张某", "李某"};
    struct town *town = *state;
    struct log log = {0};
    town_case(town, &log);
    const struct op *op = agree(town, &log, 2, names);

    uint32_t bit = 0;
    for (uint32_t i = 0; i < op->fields_len; i++)
        if (bytes_equal_str(op->fields[i].name, "parties"))
            bit = 1u << i;
    log.ops[log.len - 1] = story_withhold(town->story, op, ~bit);

    assert_int_equal(town_effect(town, &log, op), EFFECT_YES);
}

static void a_minor_is_bound_by_a_role_and_not_by_a_name(void **state)
{
    static const char *const roles[] = {"child", "parent"};
    static const char *const named[] = {"child", "张小某"};
    struct town *town = *state;
    struct story *story = town->story;
    struct log log = {0};
    struct op *op = log_begin(town, &log, VILLAGE, "case-new");
    story_put(op, "number", story_text(story, "2026-0001"));
    story_put(op, "category", story_text(story, "未成年人"));
    story_put(op, "title", story_text(story, "课间争执"));
    story_put(op, "narrative", story_text(story, "两个孩子起了争执"));
    story_put(op, "minor", story_flag(story, true));
    log_seal(town, &log, op, &town->sites[VILLAGE].mediator);

    const struct op *good = agree(town, &log, 2, roles);
    const struct op *bad = agree(town, &log, 2, named);

    assert_int_equal(town_effect(town, &log, good), EFFECT_YES);
    assert_int_equal(town_effect(town, &log, bad), EFFECT_NAMES_MINOR);
}

static void village_rules_are_a_stewards_and_no_case(void **state)
{
    struct town *town = *state;
    const struct site *village = &town->sites[VILLAGE];
    struct log rules = {0}, none = {0}, log = {0};
    struct fold_result result;

    const struct op *founded = found_rules(town, &rules, &village->steward);
    const struct op *first = write_rules(town, &rules, &village->steward);
    const struct op *by_mediator = write_rules(town, &rules, &village->mediator);
    const struct op *note =
        town_say(town, &rules, VILLAGE, "note", "text", "看过了", &village->mediator);
    const struct op *not_founded = found_rules(town, &none, &village->mediator);
    town_case(town, &log);
    const struct op *in_case = write_rules(town, &log, &village->steward);

    struct op *cover = log_begin(town, &rules, VILLAGE, "cover");
    story_put(cover, "key", story_bin(town->story, village->mediator.key, 32));
    story_put(cover, "heads", story_ids(town->story, &first, 1));
    log_seal(town, &rules, cover, &village->steward);

    assert_int_equal(town_effect(town, &rules, cover), EFFECT_YES);
    assert_int_equal(town_effect(town, &rules, founded), EFFECT_YES);
    assert_int_equal(town_effect(town, &rules, first), EFFECT_YES);
    assert_int_equal(town_effect(town, &rules, by_mediator), EFFECT_NO_RIGHT);
    assert_int_equal(town_effect(town, &rules, note), EFFECT_WRONG_SCOPE);
    assert_int_equal(town_effect(town, &none, not_founded), EFFECT_NO_RIGHT);
    assert_int_equal(town_effect(town, &log, in_case), EFFECT_WRONG_SCOPE);
    town_fold(town, &rules, &result);
    assert_int_equal(result.kind, SCOPE_CASE); /* so that it never leaves */
    assert_int_equal(matter_of(buf_bytes(&result.view)), MATTER_RULES);
    fold_result_deinit(&result);
    town_fold(town, &log, &result);
    assert_int_equal(matter_of(buf_bytes(&result.view)), MATTER_CASE);
    fold_result_deinit(&result);
    assert_int_equal(matter_of((struct bytes){0}), MATTER_CASE);
    /* What has no effect is no case either. */
    town_fold(town, &none, &result);
    assert_int_equal(matter_of(buf_bytes(&result.view)), MATTER_RULES);
    fold_result_deinit(&result);
}

/* Every order of the last three ops. */
static void agreements_of_two_who_do_not_know_of_each_other_fold_alike(void **state)
{
    static const char *const names[] = {"张某", "李某"};
    struct town *town = *state;
    struct log log = {0};
    const struct op *founding = town_case(town, &log);
    for (int i = 0; i < 3; i++) {
        struct op *op = log_begin_after(town, VILLAGE, "agreement", founding);
        story_put(op, "parties", parties_of(town, 2, names));
        story_put(op, "terms", story_text(town->story, i == 0 ? "甲" : "乙"));
        log_seal(town, &log, op, &town->sites[VILLAGE].mediator);
    }
    town_assert_any_order(town, &log);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(an_agreement_binds_two_or_more),
        TEST(of_erased_parties_nothing_is_asked),
        TEST(a_minor_is_bound_by_a_role_and_not_by_a_name),
        TEST(village_rules_are_a_stewards_and_no_case),
        TEST(agreements_of_two_who_do_not_know_of_each_other_fold_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
