#include "town.h"

#include <string.h>

#include "node/cases/escalation.h"
#include "node/cases/schema.h"

static int begin(void **state)
{
    static struct town town;
    town_init(&town, 41);
    *state = &town;
    return 0;
}

static int end(void **state)
{
    town_deinit(*state);
    return 0;
}

/* Plans with the words of fields; the plan is the caller's after OK. */
static enum status plan_with(struct town *town, const struct log *log, const char *words,
                             const char *reason, struct escalation_plan *plan,
                             struct err *err)
{
    struct fold_result result;
    struct bytes fields[10];
    size_t len = 0;
    for (const char *at = words; *at != '\0'; at += strspn(at, " ")) {
        size_t word = strcspn(at, " ");
        fields[len++] = bytes_of(at, word);
        at += word;
    }
    town_fold(town, log, &result);
    const struct escalation_ask ask = {.view = buf_bytes(&result.view),
                                       .fields = fields,
                                       .fields_len = len,
                                       .reason = bytes_str(reason),
                                       .site = *town_site(town, TOWNSHIP)};
    enum status status = escalation_plan(&ask, plan, err);
    fold_result_deinit(&result);
    return status;
}

static void assert_refused(struct town *town, const struct log *log, const char *words,
                           enum status wanted, const char *verb)
{
    struct escalation_plan plan;
    struct err err = {0};
    enum status status = plan_with(town, log, words, "村里解决不了", &plan, &err);
    assert_int_equal(status, wanted);
    assert_int_equal(plan.fields_len, 0);
    if (strstr(err.text, verb) == NULL)
        fail_msg("'%s' does not speak of '%s'", err.text, verb);
}

/* A case that lacks nothing. */
static void ready(struct town *town, struct log *log)
{
    town_case(town, log);
    town_triage(town, log, "escalate");
    town_consent(town, log, "张某", "title context parties", true);
    town_consent(town, log, "李某", "title context parties narrative", true);
}

static void plan_refuses_without_a_triage(void **state)
{
    struct log log = {0};
    town_case(*state, &log);
    assert_refused(*state, &log, "context", STATUS_DENIED, "case triage");
}

static void plan_refuses_where_the_triage_keeps_the_case(void **state)
{
    struct log log = {0};
    town_case(*state, &log);
    town_triage(*state, &log, "keep");
    assert_refused(*state, &log, "context", STATUS_DENIED, "case triage");
}

static void plan_refuses_without_the_context(void **state)
{
    struct log log = {0};
    ready(*state, &log);
    assert_refused(*state, &log, "title", STATUS_INVALID, "context");
}

static void plan_refuses_a_field_that_is_empty_or_unknown(void **state)
{
    struct log log = {0};
    ready(*state, &log);
    assert_refused(*state, &log, "context place", STATUS_INVALID, "case set");
    assert_refused(*state, &log, "context number", STATUS_INVALID, "choose from");
}

static void plan_refuses_without_every_partys_consent(void **state)
{
    struct log log = {0};
    town_case(*state, &log);
    town_triage(*state, &log, "escalate");
    town_consent(*state, &log, "张某", "context", true);
    assert_refused(*state, &log, "context", STATUS_DENIED, "李某");
}

static void plan_refuses_a_field_without_consent(void **state)
{
    struct log log = {0};
    ready(*state, &log);
    assert_refused(*state, &log, "context narrative", STATUS_DENIED, "narrative");
}

static void plan_refuses_after_a_consent_was_taken_back(void **state)
{
    struct log log = {0};
    ready(*state, &log);
    town_consent(*state, &log, "张某", "context", false);
    assert_refused(*state, &log, "context", STATUS_DENIED, "case consent");
}

static void plan_refuses_where_a_chosen_field_is_in_conflict(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    ready(town, &log);
    const struct op *fork = log.ops[log.len - 1];
    for (int i = 0; i < 2; i++) {
        struct op *op = log_begin_after(town, VILLAGE, "set", fork);
        story_put(op, "title", story_text(town->story, i == 0 ? "甲" : "乙"));
        log_seal(town, &log, op, &town->sites[VILLAGE].mediator);
    }
    struct escalation_plan plan;

    assert_refused(town, &log, "context title", STATUS_CONFLICT, "case set");
    assert_int_equal(plan_with(town, &log, "context", "理由", &plan, NULL), STATUS_OK);
    escalation_plan_deinit(&plan);
}

static void plan_refuses_a_closed_case(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    ready(town, &log);
    town_say(town, &log, VILLAGE, "close", "outcome", "和解",
             &town->sites[VILLAGE].mediator);
    assert_refused(town, &log, "context", STATUS_DENIED, "case triage");
}

static void plan_refuses_without_a_reason(void **state)
{
    struct log log = {0};
    struct escalation_plan plan;
    ready(*state, &log);
    assert_int_equal(plan_with(*state, &log, "context", "", &plan, NULL), STATUS_INVALID);
}

static void plan_is_the_op_to_the_letter(void **state)
{
    static const char *const wanted[] = {"case.context", "case.parties", "case.title",
                                         "consents",     "onward",       "reason",
                                         "sites",        "triage"};
    struct town *town = *state;
    struct log log = {0}, sent = {0};
    struct escalation_plan plan;
    struct fold_result result;
    struct bytes text;
    ready(town, &log);

    assert_int_equal(plan_with(town, &log, "title context parties", "理由", &plan, NULL),
                     STATUS_OK);

    assert_int_equal(plan.fields_len, 8);
    struct op *op = log_begin(town, &sent, VILLAGE, "escalate");
    for (uint32_t i = 0; i < plan.fields_len; i++) {
        assert_string_equal(plan.fields[i].name, wanted[i]);
        const struct schema_field *field = schema_field(
            schema_kind(bytes_str("escalate")), bytes_str(plan.fields[i].name));
        assert_true(schema_value_fits(field, plan.fields[i].value));
        story_put(op, plan.fields[i].name, plan.fields[i].value);
    }
    struct id origin;
    uint8_t salt[32] = {0};
    escalation_origin(&origin, salt, &log.ops[0]->id, &log.ops[1]->id, 1);
    story_put(op, "origin", story_bin(town->story, origin.bytes, ID_SIZE));
    log_seal(town, &sent, op, &town->sites[VILLAGE].steward);
    town_fold(town, &sent, &result);
    assert_int_equal(fold_effect_of(&result, &op->id), EFFECT_YES);
    assert_true(view_text(buf_bytes(&result.view), "title", &text));
    assert_true(bytes_equal_str(text, "排水沟"));
    assert_int_equal(view_map_count(buf_bytes(&result.view), "consents"), 2);
    fold_result_deinit(&result);
    escalation_plan_deinit(&plan);
}

static void a_witness_stays_in_the_case(void **state)
{
    static const char witness[] = "CANARY-WITNESS";
    struct town *town = *state;
    struct story *story = town->story;
    struct log log = {0};
    struct escalation_plan plan;
    struct fold_result result;
    ready(town, &log);
    struct op *op = log_begin(town, &log, VILLAGE, "consent");
    story_put(op, "party", story_text(story, "张某"));
    story_put(op, "fields", story_texts(story, "context"));
    story_put(op, "manner", story_text(story, "oral"));
    story_put(op, "given", story_flag(story, true));
    story_put(op, "witness", story_text(story, witness));
    log_seal(town, &log, op, &town->sites[VILLAGE].mediator);
    town_fold(town, &log, &result);
    assert_non_null(memmem(result.view.data, result.view.len, witness, strlen(witness)));
    fold_result_deinit(&result);

    assert_int_equal(plan_with(town, &log, "context", "理由", &plan, NULL), STATUS_OK);

    assert_null(memmem(plan.memory.data, plan.memory.len, witness, strlen(witness)));
    assert_non_null(memmem(plan.memory.data, plan.memory.len, "oral", 4));
    escalation_plan_deinit(&plan);
}

static void origin_does_not_depend_on_the_order_of_heads(void **state)
{
    struct id heads[3] = {{{3}}, {{1}}, {{2}}}, sorted[3] = {{{1}}, {{2}}, {{3}}};
    struct id scope = {{9}}, one, other;
    uint8_t salt[32] = {7};

    escalation_origin(&one, salt, &scope, heads, 3);
    escalation_origin(&other, salt, &scope, sorted, 3);

    assert_true(id_equal(&one, &other));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(plan_refuses_without_a_triage),
        TEST(plan_refuses_where_the_triage_keeps_the_case),
        TEST(plan_refuses_without_the_context),
        TEST(plan_refuses_a_field_that_is_empty_or_unknown),
        TEST(plan_refuses_without_every_partys_consent),
        TEST(plan_refuses_a_field_without_consent),
        TEST(plan_refuses_after_a_consent_was_taken_back),
        TEST(plan_refuses_where_a_chosen_field_is_in_conflict),
        TEST(plan_refuses_a_closed_case),
        TEST(plan_refuses_without_a_reason),
        TEST(plan_is_the_op_to_the_letter),
        TEST(a_witness_stays_in_the_case),
        TEST(origin_does_not_depend_on_the_order_of_heads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
