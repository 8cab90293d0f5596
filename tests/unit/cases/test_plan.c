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
static enum status plan_asking(struct town *town, const struct log *log,
                               const char *words, struct escalation_ask ask,
                               struct escalation_plan *plan, struct err *err)
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
    ask.view = buf_bytes(&result.view);
    ask.fields = fields;
    ask.fields_len = len;
    ask.site = *town_site(town, TOWNSHIP);
    enum status status = escalation_plan(&ask, plan, err);
    fold_result_deinit(&result);
    return status;
}

static enum status plan_with(struct town *town, const struct log *log, const char *words,
                             const char *reason, struct escalation_plan *plan,
                             struct err *err)
{
    const struct escalation_ask ask = {.reason = bytes_str(reason)};
    return plan_asking(town, log, words, ask, plan, err);
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

    assert_refused(town, &log, "context title", STATUS_CONFLICT, "conflict settle");
    assert_int_equal(plan_with(town, &log, "context", "理由", &plan, NULL), STATUS_OK);
    escalation_plan_deinit(&plan);
}

static void plan_refuses_a_closed_case(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    ready(town, &log);
    struct op *op = log_begin(town, &log, VILLAGE, "close");
    story_put(op, "oral", story_flag(town->story, true));
    story_put(op, "outcome", story_text(town->story, "agreement"));
    story_put(op, "follow-up", story_text(town->story, "当面点头"));
    log_seal(town, &log, op, &town->sites[VILLAGE].mediator);
    assert_refused(town, &log, "context", STATUS_DENIED, "case reopen");
}

static void plan_refuses_without_a_reason(void **state)
{
    struct log log = {0};
    struct escalation_plan plan;
    ready(*state, &log);
    assert_int_equal(plan_with(*state, &log, "context", "", &plan, NULL), STATUS_INVALID);
}

static void plan_refuses_a_reason_that_is_too_long(void **state)
{
    struct log log = {0};
    struct escalation_plan plan;
    char reason[4098];
    memset(reason, 'a', sizeof(reason) - 1);
    reason[sizeof(reason) - 1] = '\0';
    ready(*state, &log);
    assert_int_equal(plan_with(*state, &log, "context", reason, &plan, NULL),
                     STATUS_INVALID);
    reason[4096] = '\0';
    assert_int_equal(plan_with(*state, &log, "context", reason, &plan, NULL), STATUS_OK);
    escalation_plan_deinit(&plan);
}

static struct bytes planned(const struct escalation_plan *plan, const char *name)
{
    for (uint32_t i = 0; i < plan->fields_len; i++)
        if (strcmp(plan->fields[i].name, name) == 0)
            return plan->fields[i].value;
    fail_msg("there is no field %s", name);
    return (struct bytes){0};
}

static void plan_says_how_far_it_may_go_and_what_the_site_sees(void **state)
{
    static const char *const words[] = {"ask", "yes", "no"};
    struct log log = {0};
    struct escalation_plan plan;
    ready(*state, &log);
    struct escalation_ask ask = {.reason = bytes_str("理由"), .classes = CLASS_RECORD};
    for (int i = 0; i < 3; i++) {
        ask.onward = bytes_str(words[i]);
        assert_int_equal(plan_asking(*state, &log, "context", ask, &plan, NULL),
                         STATUS_OK);
        struct pack_reader reader = pack_reader_of(planned(&plan, "onward"));
        struct bytes word;
        assert_int_equal(pack_read_str(&reader, &word, NULL), STATUS_OK);
        assert_true(bytes_equal_str(word, words[i]));
        struct bytes sites = planned(&plan, "sites");
        assert_int_equal(sites.data[sites.len - 1], CLASS_RECORD);
        escalation_plan_deinit(&plan);
    }
    ask.onward = bytes_str("maybe");
    assert_int_equal(plan_asking(*state, &log, "context", ask, &plan, NULL),
                     STATUS_INVALID);
}

/* In place of the last op its copy that shows these fields. */
static void keep_of_last(struct town *town, struct log *log, uint32_t show)
{
    log->ops[log->len - 1] = story_withhold(town->story, log->ops[log->len - 1], show);
}

static void plan_refuses_a_triage_of_which_a_part_was_erased(void **state)
{
    struct town *town = *state;
    for (uint32_t part = 0; part < 5; part++) {
        struct log log = {0};
        town_case(town, &log);
        town_consent(town, &log, "张某", "context", true);
        town_consent(town, &log, "李某", "context", true);
        town_triage(town, &log, "escalate");
        keep_of_last(town, &log, ~(1u << part));
        bool is_decision = part == 2; /* beyond, danger, decision, reason, solvable */
        assert_refused(town, &log, "context",
                       is_decision ? STATUS_DENIED : STATUS_INVALID, "case triage");
    }
}

static void plan_refuses_triages_that_contradict_each_other(void **state)
{
    struct town *town = *state;
    struct log log = {0}, fork = {0};
    ready(town, &log);
    fork = log;
    town_triage(town, &log, "escalate");
    log_add(&log, town_triage(town, &fork, "refer"));
    assert_refused(town, &log, "context", STATUS_CONFLICT, "conflict settle");
}

static void plan_refuses_parties_where_the_case_names_none(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct escalation_plan plan;
    town_case(town, &log);
    keep_of_last(town, &log, ~(1u << 4)); /* parties */
    town_triage(town, &log, "escalate");
    assert_refused(town, &log, "context parties", STATUS_INVALID, "parties");
    const struct escalation_ask ask = {.reason = bytes_str("理由"),
                                       .no_parties = bytes_str("路灯是公家的")};
    assert_int_equal(plan_asking(town, &log, "context", ask, &plan, NULL), STATUS_OK);
    assert_string_equal(plan.fields[2].name, "no-parties");
    escalation_plan_deinit(&plan);
}

static void a_refusal_repeats_what_was_asked_as_far_as_it_is_text(void **state)
{
    char long_name[1 + 30 * 3 + 1] = "a", bad[70];
    struct town *town = *state;
    struct log log = {0};
    for (int i = 0; i < 30; i++)
        memcpy(long_name + 1 + 3 * i, "村", 3);
    memset(bad, 0x80, sizeof(bad) - 1);
    bad[sizeof(bad) - 1] = '\0';
    const char *const names[] = {long_name, bad};
    ready(town, &log);
    for (int i = 0; i < 2; i++) {
        struct escalation_plan plan;
        struct err err = {0};
        assert_int_equal(plan_with(town, &log, names[i], "理由", &plan, &err),
                         STATUS_INVALID);
        assert_true(utf8_is_valid(bytes_str(err.text)));
        assert_non_null(strstr(err.text, i == 0 ? "'a村村" : "''"));
    }
}

/* --- consents --- */

/* Two consents of one party, neither of which has seen the other. */
static void consent_twice(struct town *town, struct log *log, const char *one,
                          const char *other, bool other_given)
{
    ready(town, log);
    struct log fork = *log;
    town_consent(town, log, "张某", one, true);
    log_add(log, town_consent(town, &fork, "张某", other, other_given));
}

static void of_two_consents_at_once_what_both_name_may_go(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct escalation_plan plan;
    consent_twice(town, &log, "title context", "context parties", true);
    assert_int_equal(plan_with(town, &log, "context", "理由", &plan, NULL), STATUS_OK);
    escalation_plan_deinit(&plan);
    assert_refused(town, &log, "context title", STATUS_DENIED, "title");
    assert_refused(town, &log, "context parties", STATUS_DENIED, "parties");
}

static void of_two_consents_at_once_one_that_refuses_counts(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    consent_twice(town, &log, "context", "context", false);
    assert_refused(town, &log, "context", STATUS_DENIED, "case consent");
}

static void a_consent_of_which_a_part_was_erased_is_none(void **state)
{
    struct town *town = *state;
    for (uint32_t part = 0; part < 2; part++) { /* fields, given */
        struct log log = {0};
        ready(town, &log);
        town_consent(town, &log, "张某", "context", true);
        keep_of_last(town, &log, ~(1u << part));
        assert_refused(town, &log, "context", STATUS_DENIED, "case consent");
    }
}

static void a_consent_to_what_cannot_be_sent_does_no_harm(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct escalation_plan plan;
    ready(town, &log);
    town_consent(town, &log, "张某", "number context", true);
    assert_int_equal(plan_with(town, &log, "context", "理由", &plan, NULL), STATUS_OK);
    escalation_plan_deinit(&plan);
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
    story_put(op, "witness", story_text(story, witness)); /* which proves it */
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
        TEST(plan_refuses_a_reason_that_is_too_long),
        TEST(plan_says_how_far_it_may_go_and_what_the_site_sees),
        TEST(plan_refuses_a_triage_of_which_a_part_was_erased),
        TEST(plan_refuses_triages_that_contradict_each_other),
        TEST(plan_refuses_parties_where_the_case_names_none),
        TEST(a_refusal_repeats_what_was_asked_as_far_as_it_is_text),
        TEST(of_two_consents_at_once_what_both_name_may_go),
        TEST(of_two_consents_at_once_one_that_refuses_counts),
        TEST(a_consent_of_which_a_part_was_erased_is_none),
        TEST(a_consent_to_what_cannot_be_sent_does_no_harm),
        TEST(plan_is_the_op_to_the_letter),
        TEST(a_witness_stays_in_the_case),
        TEST(origin_does_not_depend_on_the_order_of_heads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
