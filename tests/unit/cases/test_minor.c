/* Cases of minors: who may be named, who consents, and what the view says. */
#include "town.h"

#include <string.h>

#include "node/cases/escalation.h"
#include "node/cases/minor.h"

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

static struct op *begin_case(struct town *town, struct log *log)
{
    struct story *story = town->story;
    struct op *op = log_begin(town, log, VILLAGE, "case-new");
    story_put(op, "number", story_text(story, "2026-0001"));
    story_put(op, "category", story_text(story, "未成年人"));
    story_put(op, "title", story_text(story, "课间争执"));
    story_put(op, "narrative", story_text(story, "两个孩子起了争执"));
    story_put(op, "context", story_text(story, "上学期也有过一次"));
    return op;
}

static struct bytes parties_of(struct town *town, const char *alias, const char *role)
{
    struct buf buf = {0};
    pack_array(&buf, 2);
    pack_array(&buf, 2);
    pack_str(&buf, "child");
    pack_str(&buf, "child");
    pack_array(&buf, 2);
    pack_str(&buf, alias);
    pack_str(&buf, role);
    return story_take(town->story, &buf);
}

static const struct op *minor_case_with(struct town *town, struct log *log,
                                        const char *alias, const char *role)
{
    struct op *op = begin_case(town, log);
    story_put(op, "minor", story_flag(town->story, true));
    story_put(op, "parties", parties_of(town, alias, role));
    return log_seal(town, log, op, &town->sites[VILLAGE].mediator);
}

static const struct op *minor_case(struct town *town, struct log *log)
{
    return minor_case_with(town, log, "parent-2", "parent");
}

static const struct op *consent_by(struct town *town, struct log *log, const char *party,
                                   const char *manner, bool given)
{
    struct story *story = town->story;
    struct op *op = log_begin(town, log, VILLAGE, "consent");
    story_put(op, "party", story_text(story, party));
    story_put(op, "fields", story_texts(story, "context title"));
    story_put(op, "manner", story_text(story, manner));
    story_put(op, "given", story_flag(story, given));
    if (strcmp(manner, "guardian") == 0)
        story_put(op, "guardian", story_text(story, "母亲"));
    return log_seal(town, log, op, &town->sites[VILLAGE].mediator);
}

static bool is_minor(struct town *town, const struct log *log)
{
    struct fold_result result;
    town_fold(town, log, &result);
    bool is_so = view_is_minor(buf_bytes(&result.view));
    fold_result_deinit(&result);
    return is_so;
}

static void an_alias_is_a_role_and_perhaps_a_number(void **state)
{
    static const struct {
        const char *alias, *role;
        bool fits;
    } rows[] = {
        {"child", "child", true},
        {"parent-2", "parent", true},
        {"other-9", "other", true},
        {"parent-1", "parent", false},
        {"parent-a", "parent", false},
        {"parent2", "parent", false},
        {"张某", "parent", false},
        {"parent", "child", false},
        {"parent-2", "parent-2", false},
        {"-2", "-2", false},
        {"", "", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_int_equal(
            minor_is_party(bytes_str(rows[i].alias), bytes_str(rows[i].role)),
            rows[i].fits);
}

static void a_case_of_a_minor_knows_roles_and_no_names(void **state)
{
    struct town *town = *state;
    struct log log = {0}, named = {0}, nobody = {0};

    const struct op *roles = minor_case(town, &log);
    const struct op *name = minor_case_with(town, &named, "张小某", "child");
    struct op *op = begin_case(town, &nobody);
    story_put(op, "minor", story_flag(town->story, true));
    log_seal(town, &nobody, op, &town->sites[VILLAGE].mediator);

    assert_int_equal(town_effect(town, &log, roles), EFFECT_YES);
    assert_int_equal(town_effect(town, &named, name), EFFECT_NAMES_MINOR);
    assert_int_equal(town_effect(town, &nobody, op), EFFECT_YES);
    assert_true(is_minor(town, &log));
    assert_false(is_minor(town, &named));
}

static void each_party_of_a_minors_case_is_looked_at(void **state)
{
    struct town *town = *state;
    struct log named = {0}, empty = {0};
    struct buf parties = {0};
    pack_array(&parties, 2);
    pack_array(&parties, 2);
    pack_str(&parties, "张小某");
    pack_str(&parties, "child");
    pack_array(&parties, 2);
    pack_str(&parties, "parent");
    pack_str(&parties, "parent");
    struct op *first = begin_case(town, &named);
    story_put(first, "minor", story_flag(town->story, true));
    story_put(first, "parties", story_take(town->story, &parties));
    log_seal(town, &named, first, &town->sites[VILLAGE].mediator);
    struct op *none = begin_case(town, &empty);
    story_put(none, "minor", story_flag(town->story, true));
    story_put(none, "parties", story_texts(town->story, ""));
    log_seal(town, &empty, none, &town->sites[VILLAGE].mediator);

    assert_int_equal(town_effect(town, &named, first), EFFECT_NAMES_MINOR);
    assert_int_equal(town_effect(town, &empty, none), EFFECT_YES);
}

static void whoever_says_that_it_is_no_minor_may_name(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct op *op = begin_case(town, &log);
    story_put(op, "minor", story_flag(town->story, false));
    story_put(op, "parties", town_parties(town));
    log_seal(town, &log, op, &town->sites[VILLAGE].mediator);

    assert_int_equal(town_effect(town, &log, op), EFFECT_YES);
    assert_false(is_minor(town, &log));
}

static void where_the_word_was_erased_it_is_still_a_minors(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    const struct op *op = minor_case(town, &log);

    log.ops[0] = story_withhold(town->story, op, 0);
    const struct op *said = consent_by(town, &log, "张某", "guardian", true);

    assert_true(is_minor(town, &log));
    assert_int_equal(town_effect(town, &log, said), EFFECT_NAMES_MINOR);
}

static const struct op *guarded_by(struct town *town, struct log *log,
                                   const char *guardian, bool given)
{
    struct story *story = town->story;
    struct op *op = log_begin(town, log, VILLAGE, "consent");
    story_put(op, "party", story_text(story, "child"));
    story_put(op, "fields", story_texts(story, "context title"));
    story_put(op, "manner", story_text(story, "guardian"));
    story_put(op, "given", story_flag(story, given));
    story_put(op, "guardian", story_text(story, guardian));
    return log_seal(town, log, op, &town->sites[VILLAGE].mediator);
}

static void a_guardian_is_said_by_what_he_or_she_is_to_the_child(void **state)
{
    static const struct {
        const char *guardian;
        enum effect effect;
    } rows[] = {
        {"mother", EFFECT_YES},
        {"parent-2", EFFECT_YES},
        {"official", EFFECT_YES},
        {"母亲", EFFECT_YES},
        {"外祖父母", EFFECT_YES},
        {"民政部门", EFFECT_YES},
        {"张某", EFFECT_NAMES_GUARDIAN},
        {"母亲张某", EFFECT_NAMES_GUARDIAN},
        {"mother Zhang", EFFECT_NAMES_GUARDIAN},
        {"parent-1", EFFECT_NAMES_GUARDIAN},
        {"child", EFFECT_NAMES_GUARDIAN},
        {"母", EFFECT_NAMES_GUARDIAN},
    };
    struct town *town = *state;
    struct log log = {0};
    minor_case(town, &log);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        for (int given = 0; given < 2; given++)
            assert_int_equal(
                town_effect(town, &log,
                            guarded_by(town, &log, rows[i].guardian, given == 1)),
                rows[i].effect);
}

/* Where parties have names, the guardian of one may have one too. */
static void elsewhere_a_guardian_has_a_name(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct op *op = begin_case(town, &log);
    story_put(op, "parties", parties_of(town, "张某", "甲方"));
    log_seal(town, &log, op, &town->sites[VILLAGE].mediator);

    const struct op *said = guarded_by(town, &log, "王某之母", true);

    assert_int_equal(town_effect(town, &log, said), EFFECT_YES);
}

static void for_a_minor_a_guardian_consents_and_anybody_refuses(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    minor_case(town, &log);

    const struct op *spoken = consent_by(town, &log, "parent-2", "oral", true);
    const struct op *refused = consent_by(town, &log, "child", "oral", false);
    const struct op *guarded = consent_by(town, &log, "child", "guardian", true);
    const struct op *named = consent_by(town, &log, "张某", "guardian", true);
    const struct op *note = town_say(town, &log, VILLAGE, "note", "text", "已见家长",
                                     &town->sites[VILLAGE].mediator);

    assert_int_equal(town_effect(town, &log, spoken), EFFECT_NO_GUARDIAN);
    assert_int_equal(town_effect(town, &log, refused), EFFECT_YES);
    assert_int_equal(town_effect(town, &log, guarded), EFFECT_YES);
    assert_int_equal(town_effect(town, &log, named), EFFECT_NAMES_MINOR);
    assert_int_equal(town_effect(town, &log, note), EFFECT_YES);
}

static void what_was_erased_of_a_consent_decides_nothing(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    minor_case(town, &log);
    static const char *const erased[] = {"given", "manner", "party"};
    for (size_t i = 0; i < 3; i++) {
        const struct op *op = consent_by(town, &log, "child", "oral", true);
        uint32_t show = ~0u;
        for (uint32_t n = 0; n < op->fields_len; n++)
            if (bytes_equal_str(op->fields[n].name, erased[i]))
                show &= ~(1u << n);
        log.ops[log.len - 1] = story_withhold(town->story, op, show);
        assert_int_equal(town_effect(town, &log, op),
                         i < 2 ? EFFECT_YES : EFFECT_NO_GUARDIAN);
    }
}

static void what_goes_up_of_a_minor_says_so(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct fold_result result;
    struct escalation_plan plan;
    struct bytes fields[] = {bytes_str("context"), bytes_str("parties")};
    minor_case(town, &log);
    town_triage(town, &log, "escalate");
    static const char *const parties[] = {"child", "parent-2"};
    for (int i = 0; i < 2; i++) {
        struct op *op = log_begin(town, &log, VILLAGE, "consent");
        story_put(op, "party", story_text(town->story, parties[i]));
        story_put(op, "fields", story_texts(town->story, "context parties"));
        story_put(op, "manner", story_text(town->story, "guardian"));
        story_put(op, "given", story_flag(town->story, true));
        story_put(op, "guardian", story_text(town->story, "母亲"));
        log_seal(town, &log, op, &town->sites[VILLAGE].mediator);
    }
    town_fold(town, &log, &result);
    const struct escalation_ask ask = {.view = buf_bytes(&result.view),
                                       .fields = fields,
                                       .fields_len = 2,
                                       .reason = bytes_str("需要社工"),
                                       .site = *town_site(town, TOWNSHIP)};

    assert_int_equal(escalation_plan(&ask, &plan, NULL), STATUS_OK);

    struct log sent = {0};
    struct op *op = log_begin(town, &sent, VILLAGE, "escalate");
    for (uint32_t i = 0; i < plan.fields_len; i++) {
        assert_true(i == 0 || strcmp(plan.fields[i - 1].name, plan.fields[i].name) < 0);
        struct buf copy = {0};
        buf_add(&copy, plan.fields[i].value.data, plan.fields[i].value.len);
        story_put(op, plan.fields[i].name, story_take(town->story, &copy));
    }
    story_put(op, "origin", story_bin(town->story, log.ops[0]->id.bytes, ID_SIZE));
    log_seal(town, &sent, op, &town->sites[VILLAGE].steward);
    assert_int_equal(town_effect(town, &sent, op), EFFECT_YES);
    assert_true(is_minor(town, &sent));
    escalation_plan_deinit(&plan);
    fold_result_deinit(&result);
}

static void an_escalation_that_says_nothing_is_about_nobody_under_age(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    town_escalate(town, &log, "ask", &town->sites[VILLAGE].steward);
    assert_false(is_minor(town, &log));
    assert_false(view_is_minor((struct bytes){0}));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_alias_is_a_role_and_perhaps_a_number),
        TEST(a_case_of_a_minor_knows_roles_and_no_names),
        TEST(each_party_of_a_minors_case_is_looked_at),
        TEST(whoever_says_that_it_is_no_minor_may_name),
        TEST(where_the_word_was_erased_it_is_still_a_minors),
        TEST(a_guardian_is_said_by_what_he_or_she_is_to_the_child),
        TEST(elsewhere_a_guardian_has_a_name),
        TEST(for_a_minor_a_guardian_consents_and_anybody_refuses),
        TEST(what_was_erased_of_a_consent_decides_nothing),
        TEST(what_goes_up_of_a_minor_says_so),
        TEST(an_escalation_that_says_nothing_is_about_nobody_under_age),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
