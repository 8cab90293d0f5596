/* More sites are named than may hold an escalation, on branches that know nothing of each
 * other and then meet. */
#include "town.h"

#include <string.h>

#include "node/cases/disclosure.h"

#define BRANCHES 24

static int begin(void **state)
{
    static struct town town;
    town_init(&town, 64);
    *state = &town;
    return 0;
}

static int end(void **state)
{
    town_deinit(*state);
    return 0;
}

static struct id site_number(int number)
{
    /* Above and below each other in no order. */
    return (struct id){{(uint8_t)(number * 97), (uint8_t)number}};
}

static const struct op *name_site(struct town *town, struct log *log,
                                  const struct op *parent, const struct id *site)
{
    struct op *op = log_begin_after(town, TOWNSHIP, "onward", parent);
    story_put(op, "site", story_bin(town->story, site->bytes, ID_SIZE));
    story_put(op, "classes", story_uint(town->story, CLASS_RECORD));
    story_put(op, "reason", story_text(town->story, "理由"));
    return log_seal(town, log, op, &town->sites[TOWNSHIP].desk);
}

/* Each branch names a site; the op given back has seen them all. */
static const struct op *branch_and_meet(struct town *town, struct log *log)
{
    town_escalate(town, log, "yes", &town->sites[VILLAGE].steward);
    const struct op *fork =
        town_say(town, log, TOWNSHIP, "opened", NULL, NULL, &town->sites[TOWNSHIP].desk);
    struct op *meet = log_begin_after(town, TOWNSHIP, "opened", NULL);
    for (int i = 0; i < BRANCHES; i++) {
        struct id site = site_number(i);
        story_after(meet, name_site(town, log, fork, &site));
    }
    return log_seal(town, log, meet, &town->sites[TOWNSHIP].desk);
}

static void where_branches_meet_the_limit_holds(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct fold_result result;
    const struct op *meet = branch_and_meet(town, &log);
    struct id late = site_number(BRANCHES);

    const struct op *op = name_site(town, &log, meet, &late);
    town_fold(town, &log, &result);

    assert_int_equal(result.holders_len, HOLDERS_MAX);
    assert_int_equal(fold_effect_of(&result, &meet->id), EFFECT_YES);
    assert_int_equal(fold_effect_of(&result, &op->id), EFFECT_FULL);
    fold_result_deinit(&result);
}

static bool is_holder(const struct fold_result *result, const struct id *site)
{
    for (uint32_t i = 0; i < result->holders_len; i++)
        if (id_equal(&result->holders[i].site, site))
            return true;
    return false;
}

static void who_holds_is_named_again_without_taking_a_place(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct fold_result before, after;
    const struct op *meet = branch_and_meet(town, &log);
    town_fold(town, &log, &before);
    for (int i = 0; i < BRANCHES; i++) {
        struct id site = site_number(i);
        const struct op *op = name_site(town, &log, meet, &site);
        assert_int_equal(town_effect(town, &log, op),
                         is_holder(&before, &site) ? EFFECT_YES : EFFECT_FULL);
    }

    town_fold(town, &log, &after);

    assert_int_equal(after.holders_len, HOLDERS_MAX);
    assert_memory_equal(before.holders, after.holders, sizeof(before.holders));
    fold_result_deinit(&before);
    fold_result_deinit(&after);
}

static void an_onward_that_names_no_site_brings_nobody_in(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct fold_result result;
    town_escalate(town, &log, "yes", &town->sites[VILLAGE].steward);
    town_say(town, &log, TOWNSHIP, "opened", NULL, NULL, &town->sites[TOWNSHIP].desk);
    const struct op *op = town_say(town, &log, TOWNSHIP, "onward", "reason", "理由",
                                   &town->sites[TOWNSHIP].desk);

    town_fold(town, &log, &result);

    assert_int_equal(fold_effect_of(&result, &op->id), EFFECT_MISSING_FIELD);
    assert_int_equal(result.held_len, 2);
    fold_result_deinit(&result);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(where_branches_meet_the_limit_holds),
        TEST(who_holds_is_named_again_without_taking_a_place),
        TEST(an_onward_that_names_no_site_brings_nobody_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
