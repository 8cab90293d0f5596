/* Releases on account of danger to life: whose they are, and who stands by them. */
#include "town.h"

#include <string.h>

#include "node/cases/disclosure.h"
#include "node/cases/escalation.h"
#include "node/cases/schema.h"

static int begin(void **state)
{
    static struct town town;
    town_init(&town, 91);
    *state = &town;
    return 0;
}

static int end(void **state)
{
    town_deinit(*state);
    return 0;
}

/* A founding op that says what danger says, where it is not NULL, and gives a reason. */
static const struct op *escalate(struct town *town, struct log *log, const bool *danger,
                                 bool has_reason, const struct story_person *by)
{
    struct story *story = town->story;
    struct log plain = {0};
    const struct op *model = town_escalate(town, &plain, "ask", by);
    struct op *op = log_begin(town, log, VILLAGE, "escalate");
    for (uint32_t i = 0; i < model->fields_len; i++) {
        const struct schema_field *field =
            schema_field(schema_kind(bytes_str("escalate")), model->fields[i].name);
        story_put(op, field->name, model->fields[i].value);
    }
    if (danger != NULL)
        story_put(op, "danger", story_flag(story, *danger));
    if (has_reason)
        story_put(op, "danger-reason", story_text(story, "持刀威胁"));
    return log_seal(town, log, op, by);
}

/* 2: no danger; 1: confirmed; 0: not yet. */
static int confirmed(struct town *town, const struct log *log)
{
    struct fold_result result;
    struct bytes danger;
    bool is_confirmed = false;
    town_fold(town, log, &result);
    assert_true(view_map_get(buf_bytes(&result.view), "danger", &danger));
    int so = !view_map_flag(danger, "confirmed", &is_confirmed) ? 2 : is_confirmed;
    fold_result_deinit(&result);
    return so;
}

static const struct op *confirm(struct town *town, struct log *log,
                                const struct story_person *by)
{
    return town_say(town, log, VILLAGE, "confirm", NULL, NULL, by);
}

static void a_mediator_releases_in_danger_with_a_reason_and_not_else(void **state)
{
    static const bool yes = true, no = false;
    static const struct {
        const bool *danger;
        bool has_reason;
        enum effect mediator, steward;
    } rows[] = {
        {NULL, false, EFFECT_NO_RIGHT, EFFECT_YES},
        {NULL, true, EFFECT_NO_RIGHT, EFFECT_YES},
        {&no, true, EFFECT_NO_RIGHT, EFFECT_YES},
        {&yes, false, EFFECT_MISSING_FIELD, EFFECT_MISSING_FIELD},
        {&yes, true, EFFECT_YES, EFFECT_YES},
    };
    struct town *town = *state;
    const struct site *village = &town->sites[VILLAGE];
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct log hers = {0}, his = {0}, nobodys = {0};
        const struct op *op =
            escalate(town, &hers, rows[i].danger, rows[i].has_reason, &village->mediator);
        assert_int_equal(town_effect(town, &hers, op), rows[i].mediator);
        op = escalate(town, &his, rows[i].danger, rows[i].has_reason, &village->steward);
        assert_int_equal(town_effect(town, &his, op), rows[i].steward);
        op = escalate(town, &nobodys, rows[i].danger, rows[i].has_reason, &village->desk);
        assert_int_equal(town_effect(town, &nobodys, op), EFFECT_NO_RIGHT);
    }
}

/* Who is not shown the reason decides as everybody does. */
static void the_flag_decides_and_the_reason_may_be_withheld(void **state)
{
    static const bool yes = true;
    struct town *town = *state;
    struct log log = {0};
    const struct op *op =
        escalate(town, &log, &yes, true, &town->sites[VILLAGE].mediator);

    log.ops[0] = story_withhold(town->story, op, disclosure_mask(op, CLASS_FACT));

    assert_int_equal(town_effect(town, &log, op), EFFECT_YES);
    assert_int_equal(confirmed(town, &log), 0);
}

static void a_steward_confirms_once_the_word_of_a_mediator(void **state)
{
    static const bool yes = true;
    struct town *town = *state;
    struct log log = {0};
    escalate(town, &log, &yes, true, &town->sites[VILLAGE].mediator);
    const struct op *hers = confirm(town, &log, &town->sites[VILLAGE].mediator);
    const struct op *holders = town_say(town, &log, TOWNSHIP, "confirm", NULL, NULL,
                                        &town->sites[TOWNSHIP].steward);
    assert_int_equal(town_effect(town, &log, hers), EFFECT_NO_RIGHT);
    assert_int_equal(town_effect(town, &log, holders), EFFECT_NO_RIGHT);
    assert_int_equal(confirmed(town, &log), 0);

    const struct op *his = confirm(town, &log, &town->sites[VILLAGE].steward);

    assert_int_equal(town_effect(town, &log, his), EFFECT_YES);
    assert_int_equal(confirmed(town, &log), 1);
}

static void what_a_steward_released_needs_no_other_word(void **state)
{
    static const bool yes = true;
    struct town *town = *state;
    struct log log = {0}, plain = {0};
    escalate(town, &log, &yes, true, &town->sites[VILLAGE].steward);
    assert_int_equal(confirmed(town, &log), 1);
    town_escalate(town, &plain, "ask", &town->sites[VILLAGE].steward);
    assert_int_equal(confirmed(town, &plain), 2);
    const struct op *op = confirm(town, &plain, &town->sites[VILLAGE].steward);
    assert_int_equal(town_effect(town, &plain, op), EFFECT_NO_DANGER);
}

static void who_may_hold_what_a_revoked_mediator_sent_is_judged_as_before(void **state)
{
    static const bool yes = true;
    struct town *town = *state;
    struct log log = {0};
    struct fold_result result;
    escalate(town, &log, &yes, true, &town->sites[VILLAGE].mediator);
    town_say(town, &log, TOWNSHIP, "received", NULL, NULL, &town->sites[TOWNSHIP].node);
    site_revoke(town, VILLAGE, &town->sites[VILLAGE].steward,
                &town->sites[VILLAGE].mediator, NULL, 0);
    site_refresh(town, VILLAGE);

    town_fold(town, &log, &result);

    assert_int_equal(result.holders_len, 1);
    assert_int_equal(result.held_len, 2);
    fold_result_deinit(&result);
}

/* --- the case's own word of it --- */

static const struct op *sent(struct town *town, struct log *log, const char *danger,
                             const struct story_person *by)
{
    struct story *story = town->story;
    struct op *op = log_begin(town, log, VILLAGE, "sent");
    story_put(op, "escalation", story_bin(story, by->key, 32));
    story_put(op, "salt", story_bin(story, by->key, 32));
    if (danger != NULL)
        story_put(op, "danger", story_text(story, danger));
    return log_seal(town, log, op, by);
}

static const struct op *triage(struct town *town, struct log *log, bool danger)
{
    struct story *story = town->story;
    struct op *op = log_begin(town, log, VILLAGE, "triage");
    story_put(op, "solvable", story_flag(story, false));
    story_put(op, "danger", story_flag(story, danger));
    story_put(op, "beyond", story_flag(story, true));
    story_put(op, "decision", story_text(story, "escalate"));
    story_put(op, "reason", story_text(story, "有人持刀"));
    return log_seal(town, log, op, &town->sites[VILLAGE].mediator);
}

static void a_mediators_word_of_it_rests_on_a_triage_that_saw_danger(void **state)
{
    struct town *town = *state;
    const struct story_person *mediator = &town->sites[VILLAGE].mediator;
    struct log log = {0};
    town_case(town, &log);
    triage(town, &log, false);
    const struct op *early = sent(town, &log, "持刀威胁", mediator);
    struct log fork = log;
    const struct op *beside = sent(town, &fork, "持刀威胁", mediator);
    triage(town, &log, true);
    const struct op *unsaid = sent(town, &log, NULL, mediator);
    const struct op *due = sent(town, &log, "持刀威胁", mediator);
    log_add(&log, beside);

    assert_int_equal(town_effect(town, &log, early), EFFECT_NO_DANGER);
    assert_int_equal(town_effect(town, &log, beside), EFFECT_NO_DANGER);
    assert_int_equal(town_effect(town, &log, unsaid), EFFECT_NO_RIGHT);
    assert_int_equal(town_effect(town, &log, due), EFFECT_YES);
    assert_int_equal(
        town_effect(town, &log, sent(town, &log, NULL, &town->sites[VILLAGE].steward)),
        EFFECT_YES);
}

static void a_triage_that_was_erased_may_have_seen_danger(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    town_case(town, &log);
    triage(town, &log, false);
    log.ops[1] = story_withhold(town->story, log.ops[1], 0);
    const struct op *op = sent(town, &log, "持刀威胁", &town->sites[VILLAGE].mediator);
    assert_int_equal(town_effect(town, &log, op), EFFECT_YES);
}

/* --- the plan --- */

static enum status plan(struct town *town, const struct log *log, const char *danger,
                        struct escalation_plan *out, struct err *err)
{
    const struct bytes fields[] = {bytes_str("context"), bytes_str("title")};
    struct fold_result result;
    town_fold(town, log, &result);
    const struct escalation_ask ask = {.view = buf_bytes(&result.view),
                                       .fields = fields,
                                       .fields_len = 2,
                                       .reason = bytes_str("需要马上处置"),
                                       .danger = bytes_str(danger),
                                       .site = *town_site(town, TOWNSHIP)};
    enum status status = escalation_plan(&ask, out, err);
    fold_result_deinit(&result);
    return status;
}

static struct bytes planned(const struct escalation_plan *plan, const char *name)
{
    for (uint32_t i = 0; i < plan->fields_len; i++)
        if (strcmp(plan->fields[i].name, name) == 0)
            return plan->fields[i].value;
    fail_msg("there is no field %s", name);
    return (struct bytes){0};
}

static void in_danger_nobody_waits_for_consents_and_those_there_are_go_along(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct escalation_plan out;
    struct err err = {0};
    town_case(town, &log);
    triage(town, &log, true);
    town_consent(town, &log, "李某", "context title", true);
    assert_int_equal(plan(town, &log, "", &out, &err), STATUS_DENIED);

    assert_int_equal(plan(town, &log, "持刀威胁", &out, NULL), STATUS_OK);

    struct bytes consents = planned(&out, "consents");
    assert_int_equal(consents.data[0], 0x91); /* one of two */
    assert_non_null(memmem(consents.data, consents.len, "李某", strlen("李某")));
    assert_int_equal(planned(&out, "danger").data[0], 0xc3);
    assert_non_null(memmem(planned(&out, "danger-reason").data,
                           planned(&out, "danger-reason").len, "持刀", strlen("持刀")));
    escalation_plan_deinit(&out);
}

static void in_danger_a_case_without_parties_goes_up_as_it_is(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct escalation_plan out;
    town_case(town, &log);
    log.ops[0] = story_withhold(town->story, log.ops[0], ~(1u << 4)); /* parties */
    triage(town, &log, true);
    assert_int_equal(plan(town, &log, "持刀威胁", &out, NULL), STATUS_OK);
    escalation_plan_deinit(&out);
}

static void
the_exception_needs_a_triage_that_says_danger_and_a_bounded_reason(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct escalation_plan out;
    struct err err = {0};
    char reason[4098];
    memset(reason, 'a', sizeof(reason) - 1);
    reason[sizeof(reason) - 1] = '\0';
    town_case(town, &log);
    triage(town, &log, false);
    assert_int_equal(plan(town, &log, "持刀威胁", &out, &err), STATUS_DENIED);
    assert_non_null(strstr(err.text, "case triage"));
    log.ops[1] = story_withhold(town->story, log.ops[1], ~(1u << 1)); /* danger */
    assert_int_equal(plan(town, &log, "持刀威胁", &out, &err), STATUS_DENIED);
    triage(town, &log, true);
    assert_int_equal(plan(town, &log, reason, &out, &err), STATUS_INVALID);
    reason[4096] = '\0';
    assert_int_equal(plan(town, &log, reason, &out, &err), STATUS_OK);
    escalation_plan_deinit(&out);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_mediator_releases_in_danger_with_a_reason_and_not_else),
        TEST(the_flag_decides_and_the_reason_may_be_withheld),
        TEST(a_steward_confirms_once_the_word_of_a_mediator),
        TEST(what_a_steward_released_needs_no_other_word),
        TEST(who_may_hold_what_a_revoked_mediator_sent_is_judged_as_before),
        TEST(a_mediators_word_of_it_rests_on_a_triage_that_saw_danger),
        TEST(a_triage_that_was_erased_may_have_seen_danger),
        TEST(in_danger_nobody_waits_for_consents_and_those_there_are_go_along),
        TEST(in_danger_a_case_without_parties_goes_up_as_it_is),
        TEST(the_exception_needs_a_triage_that_says_danger_and_a_bounded_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
