#include "town.h"

#include <string.h>

#include "node/cases/disclosure.h"

static int begin(void **state)
{
    static struct town town;
    town_init(&town, 31);
    *state = &town;
    return 0;
}

static int end(void **state)
{
    town_deinit(*state);
    return 0;
}

static const struct op *answer(struct town *town, struct log *log, const char *kind)
{
    const char *field = strcmp(kind, "opened") == 0 ? NULL : "text";
    return town_say(town, log, TOWNSHIP, kind, field, "先测量水位",
                    &town->sites[TOWNSHIP].desk);
}

static const struct op *permit(struct town *town, struct log *log,
                               const struct story_person *by)
{
    return town_say(town, log, VILLAGE, "permit", NULL, NULL, by);
}

static const struct op *onward(struct town *town, struct log *log)
{
    return town_onward(town, log, TOWNSHIP, COUNTY, CLASS_RECORD | CLASS_CONTEXT,
                       &town->sites[TOWNSHIP].desk);
}

static void the_township_goes_step_by_step(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    town_escalate(town, &log, "ask", &town->sites[VILLAGE].steward);
    town_assert_state(town, &log, "sent");

    town_say(town, &log, TOWNSHIP, "received", NULL, NULL, &town->sites[TOWNSHIP].node);
    town_assert_state(town, &log, "received");
    answer(town, &log, "opened");
    town_assert_state(town, &log, "opened");
    answer(town, &log, "advise");
    town_assert_state(town, &log, "advised");
    answer(town, &log, "decide");
    town_assert_state(town, &log, "decided");
    answer(town, &log, "opened");
    town_assert_state(town, &log, "decided");
}

static void O4_escalation_by_a_mediator_has_no_effect(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct fold_result result;
    const struct op *op =
        town_escalate(town, &log, "ask", &town->sites[VILLAGE].mediator);
    const struct op *opened = answer(town, &log, "opened");

    town_fold(town, &log, &result);

    assert_int_equal(fold_effect_of(&result, &op->id), EFFECT_NO_RIGHT);
    assert_int_equal(fold_effect_of(&result, &opened->id), EFFECT_NOT_FOUNDED);
    assert_int_equal(result.holders_len, 1);
    assert_true(id_equal(&result.holders[0].site, town_site(town, VILLAGE)));
    fold_result_deinit(&result);
}

static void holders_are_the_village_and_the_sites_it_names(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct fold_result result;
    town_escalate(town, &log, "ask", &town->sites[VILLAGE].steward);

    town_fold(town, &log, &result);

    assert_int_equal(result.kind, SCOPE_ESCALATION);
    assert_int_equal(result.holders_len, 2);
    assert_int_equal(result.holders[0].classes, CLASS_ALL);
    assert_int_equal(result.holders[1].classes, CLASS_ALL);
    assert_true(id_compare(&result.holders[0].site, &result.holders[1].site) < 0);
    fold_result_deinit(&result);
}

static void who_holds_nothing_says_nothing(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    town_escalate(town, &log, "ask", &town->sites[VILLAGE].steward);

    const struct op *stranger =
        town_say(town, &log, COUNTY, "opened", NULL, NULL, &town->sites[COUNTY].desk);
    const struct op *village = town_say(town, &log, VILLAGE, "opened", NULL, NULL,
                                        &town->sites[VILLAGE].steward);
    const struct op *person = town_say(town, &log, TOWNSHIP, "received", NULL, NULL,
                                       &town->sites[TOWNSHIP].desk);
    const struct op *machine =
        town_say(town, &log, TOWNSHIP, "opened", NULL, NULL, &town->sites[TOWNSHIP].node);

    assert_int_equal(town_effect(town, &log, stranger), EFFECT_NO_HOLDER);
    assert_int_equal(town_effect(town, &log, village), EFFECT_NO_RIGHT);
    assert_int_equal(town_effect(town, &log, person), EFFECT_NO_RIGHT);
    assert_int_equal(town_effect(town, &log, machine), EFFECT_NO_RIGHT);
}

static void nothing_is_decided_before_the_record_was_opened(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    town_escalate(town, &log, "ask", &town->sites[VILLAGE].steward);

    const struct op *early = answer(town, &log, "decide");
    answer(town, &log, "opened");
    const struct op *due = answer(town, &log, "decide");

    assert_int_equal(town_effect(town, &log, early), EFFECT_NOT_OPENED);
    assert_int_equal(town_effect(town, &log, due), EFFECT_YES);
}

static void onward_without_the_villages_leave_has_no_effect(void **state)
{
    static const char *const terms[] = {"ask", "no"};
    struct town *town = *state;
    for (size_t i = 0; i < 2; i++) {
        struct log log = {0};
        struct fold_result result;
        town_escalate(town, &log, terms[i], &town->sites[VILLAGE].steward);
        answer(town, &log, "opened");

        const struct op *op = onward(town, &log);
        town_fold(town, &log, &result);

        assert_int_equal(fold_effect_of(&result, &op->id), EFFECT_NOT_PERMITTED);
        assert_int_equal(result.holders_len, 2);
        fold_result_deinit(&result);
    }
}

static void onward_has_effect_where_the_terms_say_yes(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct fold_result result;
    town_escalate(town, &log, "yes", &town->sites[VILLAGE].steward);
    answer(town, &log, "opened");
    const struct op *early =
        town_say(town, &log, COUNTY, "opened", NULL, NULL, &town->sites[COUNTY].desk);

    const struct op *op = onward(town, &log);
    const struct op *opened =
        town_say(town, &log, COUNTY, "opened", NULL, NULL, &town->sites[COUNTY].desk);
    town_fold(town, &log, &result);

    assert_int_equal(fold_effect_of(&result, &op->id), EFFECT_YES);
    assert_int_equal(fold_effect_of(&result, &early->id), EFFECT_NO_HOLDER);
    assert_int_equal(fold_effect_of(&result, &opened->id), EFFECT_YES);
    assert_int_equal(result.holders_len, 3);
    for (uint32_t i = 0; i < 3; i++)
        if (id_equal(&result.holders[i].site, town_site(town, COUNTY)))
            assert_int_equal(result.holders[i].classes, CLASS_RECORD | CLASS_CONTEXT);
    fold_result_deinit(&result);
}

static void onward_has_effect_after_a_permit_by_the_villages_steward(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    town_escalate(town, &log, "ask", &town->sites[VILLAGE].steward);
    answer(town, &log, "opened");
    permit(town, &log, &town->sites[VILLAGE].mediator);
    const struct op *early = onward(town, &log);
    permit(town, &log, &town->sites[VILLAGE].steward);

    const struct op *op = onward(town, &log);

    assert_int_equal(town_effect(town, &log, early), EFFECT_NOT_PERMITTED);
    assert_int_equal(town_effect(town, &log, op), EFFECT_YES);
    town_assert_state(town, &log, "onward");
}

static void a_concurrent_permit_is_not_in_the_past(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    town_escalate(town, &log, "ask", &town->sites[VILLAGE].steward);
    answer(town, &log, "opened");
    struct log fork = log;
    permit(town, &fork, &town->sites[VILLAGE].steward);

    const struct op *op = onward(town, &log);
    log_add(&log, fork.ops[fork.len - 1]);

    assert_int_equal(town_effect(town, &log, op), EFFECT_NOT_PERMITTED);
}

static void nobody_gives_more_than_he_was_given(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    town_escalate(town, &log, "yes", &town->sites[VILLAGE].steward);
    answer(town, &log, "opened");
    onward(town, &log);
    town_say(town, &log, COUNTY, "opened", NULL, NULL, &town->sites[COUNTY].desk);

    const struct op *op =
        town_onward(town, &log, COUNTY, COUNTY, CLASS_ALL, &town->sites[COUNTY].desk);

    assert_int_equal(town_effect(town, &log, op), EFFECT_TOO_WIDE);
}

static void a_scope_has_no_more_holders_than_the_limit(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct fold_result result;
    const struct op *last = NULL;
    town_escalate(town, &log, "yes", &town->sites[VILLAGE].steward);
    answer(town, &log, "opened");
    for (uint8_t i = 1; i < HOLDERS_MAX; i++) { /* village and township hold it already */
        struct id site = {{i}};
        struct op *op = log_begin(town, &log, TOWNSHIP, "onward");
        story_put(op, "site", story_bin(town->story, site.bytes, ID_SIZE));
        story_put(op, "classes", story_uint(town->story, CLASS_RECORD));
        story_put(op, "reason", story_text(town->story, "理由"));
        last = log_seal(town, &log, op, &town->sites[TOWNSHIP].desk);
    }

    town_fold(town, &log, &result);

    assert_int_equal(result.holders_len, HOLDERS_MAX);
    assert_int_equal(fold_effect_of(&result, &last->id), EFFECT_FULL);
    fold_result_deinit(&result);
}

/* --- disclosure and opening --- */

static bool mask_shows(const struct op *op, uint32_t mask, const char *name)
{
    for (uint32_t i = 0; i < op->fields_len; i++)
        if (bytes_equal_str(op->fields[i].name, name))
            return (mask >> i) & 1;
    fail_msg("there is no field %s", name);
    return false;
}

static void a_site_is_shown_facts_and_its_classes(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    const struct op *op = town_escalate(town, &log, "ask", &town->sites[VILLAGE].steward);

    uint32_t mask = disclosure_mask(op, CLASS_RECORD | CLASS_CONTEXT);

    assert_true(mask_shows(op, mask, "case.title"));
    assert_true(mask_shows(op, mask, "case.context"));
    assert_true(mask_shows(op, mask, "sites"));
    assert_true(mask_shows(op, mask, "onward"));
    assert_false(mask_shows(op, mask, "case.parties"));
    assert_false(mask_shows(op, mask, "consents"));
    assert_int_equal(disclosure_mask(op, CLASS_ALL), (1u << op->fields_len) - 1);
}

static void nothing_of_a_case_is_shown_to_another_site(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    const struct op *op = town_case(town, &log);

    assert_int_equal(disclosure_mask(op, CLASS_ALL), 0);
    assert_int_equal(disclosure_mask(op, CLASS_OWN), UINT32_MAX);
}

static void fields_of_unknown_kinds_are_for_those_who_see_all(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    const struct op *op = town_say(town, &log, VILLAGE, "riddle", "text", "一",
                                   &town->sites[VILLAGE].steward);

    assert_int_equal(disclosure_mask(op, CLASS_ALL & ~(uint32_t)CLASS_TALK), 0);
    assert_int_equal(disclosure_mask(op, CLASS_ALL), 1);
}

static struct bytes raw_value(const struct op *op, const char *name)
{
    return op_field(op, name)->value;
}

static const struct op *open_field(struct town *town, struct log *log,
                                   const struct op *target, const char *name,
                                   const uint8_t *salt, const struct story_person *by)
{
    struct story *story = town->story;
    struct bytes value = raw_value(target, name);
    struct op *op = log_begin(town, log, VILLAGE, "open");
    story_put(op, "op", story_bin(story, target->id.bytes, ID_SIZE));
    story_put(op, "field", story_text(story, name));
    story_put(op, "value", story_bin(story, value.data, value.len));
    story_put(op, "salt", story_bin(story, salt, OP_SALT_SIZE));
    return log_seal(town, log, op, by);
}

static bool shows_title(struct town *town, const struct log *log)
{
    struct fold_result result;
    struct bytes text;
    town_fold(town, log, &result);
    bool is_shown = view_text(buf_bytes(&result.view), "title", &text);
    fold_result_deinit(&result);
    return is_shown;
}

static void open_supplies_a_withheld_field(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    const struct op *full =
        town_escalate(town, &log, "ask", &town->sites[VILLAGE].steward);
    log.ops[0] = story_withhold(
        town->story, full, disclosure_mask(full, CLASS_ALL & ~(uint32_t)CLASS_RECORD));
    assert_false(shows_title(town, &log));

    const struct op *op =
        open_field(town, &log, full, "case.title", op_field(full, "case.title")->salt,
                   &town->sites[VILLAGE].steward);

    assert_int_equal(town_effect(town, &log, op), EFFECT_YES);
    assert_true(shows_title(town, &log));
}

static void open_with_a_wrong_salt_does_nothing(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    uint8_t salt[OP_SALT_SIZE] = {1};
    const struct op *full =
        town_escalate(town, &log, "ask", &town->sites[VILLAGE].steward);
    log.ops[0] = story_withhold(
        town->story, full, disclosure_mask(full, CLASS_ALL & ~(uint32_t)CLASS_RECORD));

    const struct op *op =
        open_field(town, &log, full, "case.title", salt, &town->sites[VILLAGE].steward);

    assert_int_equal(town_effect(town, &log, op), EFFECT_WRONG_OPENING);
    assert_false(shows_title(town, &log));
}

static void nobody_opens_what_another_site_wrote(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    town_escalate(town, &log, "ask", &town->sites[VILLAGE].steward);
    answer(town, &log, "opened");
    const struct op *advice = answer(town, &log, "advise");

    const struct op *op =
        open_field(town, &log, advice, "text", op_field(advice, "text")->salt,
                   &town->sites[VILLAGE].steward);

    assert_int_equal(town_effect(town, &log, op), EFFECT_WRONG_OPENING);
}

static void what_open_brings_is_shown_by_the_class_of_the_field_it_names(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    const struct op *full =
        town_escalate(town, &log, "ask", &town->sites[VILLAGE].steward);
    const struct op *op =
        open_field(town, &log, full, "case.parties", op_field(full, "case.parties")->salt,
                   &town->sites[VILLAGE].steward);

    assert_false(mask_shows(op, disclosure_mask(op, CLASS_RECORD), "value"));
    assert_false(mask_shows(op, disclosure_mask(op, CLASS_RECORD), "salt"));
    assert_true(mask_shows(op, disclosure_mask(op, CLASS_RECORD), "field"));
    assert_true(mask_shows(op, disclosure_mask(op, CLASS_PARTIES), "value"));
}

static void a_value_that_some_do_not_see_never_decides(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    town_escalate(town, &log, "ask", &town->sites[VILLAGE].steward);
    answer(town, &log, "opened");
    struct op *op = log_begin(town, &log, TOWNSHIP, "advise");
    story_put(op, "text", story_uint(town->story, 7));
    log_seal(town, &log, op, &town->sites[TOWNSHIP].desk);
    assert_int_equal(town_effect(town, &log, op), EFFECT_YES);

    log.ops[log.len - 1] = story_withhold(town->story, op, 0);

    assert_int_equal(town_effect(town, &log, op), EFFECT_YES);
}

static void a_withheld_fact_takes_the_effect(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    const struct op *op = town_escalate(town, &log, "ask", &town->sites[VILLAGE].steward);
    log.ops[0] = story_withhold(town->story, op, 0);

    assert_int_equal(town_effect(town, &log, op), EFFECT_WITHHELD);
}

static void an_escalation_needs_its_context(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct op *op = log_begin(town, &log, VILLAGE, "escalate");
    story_put(op, "onward", story_text(town->story, "ask"));
    log_seal(town, &log, op, &town->sites[VILLAGE].steward);

    assert_int_equal(town_effect(town, &log, op), EFFECT_MISSING_FIELD);
}

static void a_revoked_desk_is_covered_by_its_own_steward_only(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct site *township = &town->sites[TOWNSHIP];
    town_escalate(town, &log, "ask", &town->sites[VILLAGE].steward);
    const struct op *opened = answer(town, &log, "opened");
    site_revoke(town, TOWNSHIP, &township->steward, &township->desk, NULL, 0);
    site_refresh(town, TOWNSHIP);
    assert_int_equal(town_effect(town, &log, opened), EFFECT_REVOKED);

    for (int site = VILLAGE; site <= TOWNSHIP; site++) {
        struct op *op = log_begin(town, &log, site, "cover");
        story_put(op, "key", story_bin(town->story, township->desk.key, 32));
        story_put(op, "heads", story_ids(town->story, &opened, 1));
        log_seal(town, &log, op, &town->sites[site].steward);
        assert_int_equal(town_effect(town, &log, op), EFFECT_YES);
        assert_int_equal(town_effect(town, &log, opened),
                         site == TOWNSHIP ? EFFECT_YES : EFFECT_REVOKED);
    }
}

static bool first_state(void *context, struct bytes holder)
{
    struct town *town = context;
    struct id site;
    struct bytes word;
    assert_true(view_map_id(holder, "site", &site));
    assert_true(view_map_text(holder, "state", &word));
    bool is_township = id_equal(&site, town_site(town, TOWNSHIP));
    assert_true(bytes_equal_str(word, is_township ? "opened" : "sent"));
    return true;
}

static void the_view_tells_how_far_each_site_has_come(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct fold_result result;
    town_escalate(town, &log, "ask", &town->sites[VILLAGE].steward);
    answer(town, &log, "opened");

    town_fold(town, &log, &result);

    assert_int_equal(view_map_count(buf_bytes(&result.view), "holders"), 2);
    view_map_each(buf_bytes(&result.view), "holders", first_state, town);
    fold_result_deinit(&result);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_township_goes_step_by_step),
        TEST(O4_escalation_by_a_mediator_has_no_effect),
        TEST(holders_are_the_village_and_the_sites_it_names),
        TEST(who_holds_nothing_says_nothing),
        TEST(nothing_is_decided_before_the_record_was_opened),
        TEST(onward_without_the_villages_leave_has_no_effect),
        TEST(onward_has_effect_where_the_terms_say_yes),
        TEST(onward_has_effect_after_a_permit_by_the_villages_steward),
        TEST(a_concurrent_permit_is_not_in_the_past),
        TEST(nobody_gives_more_than_he_was_given),
        TEST(a_scope_has_no_more_holders_than_the_limit),
        TEST(a_site_is_shown_facts_and_its_classes),
        TEST(nothing_of_a_case_is_shown_to_another_site),
        TEST(fields_of_unknown_kinds_are_for_those_who_see_all),
        TEST(open_supplies_a_withheld_field),
        TEST(open_with_a_wrong_salt_does_nothing),
        TEST(nobody_opens_what_another_site_wrote),
        TEST(what_open_brings_is_shown_by_the_class_of_the_field_it_names),
        TEST(a_value_that_some_do_not_see_never_decides),
        TEST(a_withheld_fact_takes_the_effect),
        TEST(an_escalation_needs_its_context),
        TEST(a_revoked_desk_is_covered_by_its_own_steward_only),
        TEST(the_view_tells_how_far_each_site_has_come),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
