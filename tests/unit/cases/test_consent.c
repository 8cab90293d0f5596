#include "town.h"

#include <string.h>

#include "node/cases/escalation.h"

static int begin(void **state)
{
    static struct town town;
    town_init(&town, 61);
    *state = &town;
    return 0;
}

static int end(void **state)
{
    town_deinit(*state);
    return 0;
}

/* A consent of this manner, with one proof or none. */
static struct op *begin_consent(struct town *town, struct log *log, const char *party,
                                const char *manner, bool given)
{
    struct story *story = town->story;
    struct op *op = log_begin(town, log, VILLAGE, "consent");
    story_put(op, "party", story_text(story, party));
    story_put(op, "fields", story_texts(story, "context title"));
    story_put(op, "manner", story_text(story, manner));
    story_put(op, "given", story_flag(story, given));
    return op;
}

static const struct op *seal(struct town *town, struct log *log, struct op *op)
{
    return log_seal(town, log, op, &town->sites[VILLAGE].mediator);
}

static enum status plan(struct town *town, const struct log *log, const char *words,
                        const char *no_parties, struct err *err)
{
    struct fold_result result;
    struct escalation_plan planned;
    struct bytes fields[8];
    struct escalation_ask ask = {.fields = fields,
                                 .reason = bytes_str("村里解决不了"),
                                 .no_parties = bytes_str(no_parties),
                                 .site = *town_site(town, TOWNSHIP)};
    for (const char *at = words; *at != '\0'; at += strspn(at, " ")) {
        size_t len = strcspn(at, " ");
        fields[ask.fields_len++] = bytes_of(at, len);
        at += len;
    }
    town_fold(town, log, &result);
    ask.view = buf_bytes(&result.view);
    enum status status = escalation_plan(&ask, &planned, err);
    if (status == STATUS_OK)
        escalation_plan_deinit(&planned);
    fold_result_deinit(&result);
    return status;
}

static void assert_may(struct town *town, const struct log *log, const char *words)
{
    struct err err = {0};
    if (plan(town, log, words, "", &err) != STATUS_OK)
        fail_msg("%s: %s", words, err.text);
}

static void assert_may_not(struct town *town, const struct log *log, const char *words,
                           const char *says)
{
    struct err err = {0};
    assert_int_equal(plan(town, log, words, "", &err), STATUS_DENIED);
    if (strstr(err.text, says) == NULL)
        fail_msg("'%s' does not say '%s'", err.text, says);
}

/* A case that may be sent as soon as everybody has consented. */
static void prepare(struct town *town, struct log *log)
{
    town_case(town, log);
    town_triage(town, log, "escalate");
    town_consent(town, log, "李某", "title context narrative", true);
}

/* --- what proves a consent --- */

static void a_consent_has_effect_with_the_proof_of_its_manner_alone(void **state)
{
    static const char *const manners[] = {"oral", "signed", "guardian"};
    static const char *const proofs[] = {"witness", "paper", "guardian"};
    struct town *town = *state;
    for (size_t i = 0; i < 3; i++)
        for (size_t j = 0; j < 3; j++) {
            struct log log = {0};
            town_case(town, &log);
            struct op *bare = begin_consent(town, &log, "张某", manners[i], true);
            seal(town, &log, bare);
            struct op *op = begin_consent(town, &log, "张某", manners[i], true);
            story_put(op, proofs[j], story_text(town->story, "王某"));
            seal(town, &log, op);

            assert_int_equal(town_effect(town, &log, bare), EFFECT_UNPROVEN);
            assert_int_equal(town_effect(town, &log, op),
                             i == j ? EFFECT_YES : EFFECT_UNPROVEN);
        }
}

static void a_no_needs_no_proof(void **state)
{
    static const char *const manners[] = {"oral", "signed", "guardian"};
    struct town *town = *state;
    for (size_t i = 0; i < 3; i++) {
        struct log log = {0};
        town_case(town, &log);
        struct op *op = begin_consent(town, &log, "张某", manners[i], false);
        seal(town, &log, op);
        assert_int_equal(town_effect(town, &log, op), EFFECT_YES);
    }
}

static void a_proof_whose_contents_were_erased_is_still_one(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    town_case(town, &log);
    struct op *op = begin_consent(town, &log, "张某", "oral", true);
    story_put(op, "witness", story_text(town->story, "王某"));
    seal(town, &log, op);

    for (uint32_t show = 0; show < 32; show++) { /* fields given manner party witness */
        struct log erased = log;
        erased.ops[1] = story_withhold(town->story, op, show);
        assert_int_equal(town_effect(town, &erased, op), EFFECT_YES);
    }
}

/* --- who consents --- */

static void nobody_speaks_for_who_is_no_party(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    town_case(town, &log);

    const struct op *no = town_consent(town, &log, "赵某", "context", false);
    const struct op *yes = town_consent(town, &log, "赵某", "context", true);
    const struct op *party = town_consent(town, &log, "李某", "context", true);

    assert_int_equal(town_effect(town, &log, no), EFFECT_NO_PARTY);
    assert_int_equal(town_effect(town, &log, yes), EFFECT_NO_PARTY);
    assert_int_equal(town_effect(town, &log, party), EFFECT_YES);
}

static void a_case_without_parties_has_nobody_who_consents(void **state)
{
    struct town *town = *state;
    struct story *story = town->story;
    struct log log = {0};
    struct op *op = log_begin(town, &log, VILLAGE, "case-new");
    story_put(op, "number", story_text(story, "2026-0002"));
    story_put(op, "category", story_text(story, "邻里"));
    story_put(op, "title", story_text(story, "路灯"));
    story_put(op, "narrative", story_text(story, "坏了三个月"));
    seal(town, &log, op);

    const struct op *no = town_consent(town, &log, "张某", "context", false);

    assert_int_equal(town_effect(town, &log, no), EFFECT_NO_PARTY);
}

static void of_parties_that_were_erased_anybody_may_be_one(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    town_case(town, &log);
    log.ops[0] = story_withhold(town->story, log.ops[0], ~(1u << 4)); /* parties */

    const struct op *op = town_consent(town, &log, "赵某", "context", true);

    assert_int_equal(town_effect(town, &log, op), EFFECT_YES);
}

/* --- which statements count --- */

static void what_is_taken_back_stays_and_the_rest_may_leave(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    prepare(town, &log);
    town_consent(town, &log, "张某", "title context narrative", true);
    assert_may(town, &log, "title context narrative");

    town_consent(town, &log, "张某", "narrative", false);

    assert_may(town, &log, "title context");
    assert_may_not(town, &log, "title context narrative",
                   "took back the consent to 'narr");
    town_consent(town, &log, "张某", "title", false);
    assert_may(town, &log, "context");
    assert_may_not(town, &log, "title context", "took back the consent to 'title'");
    town_consent(town, &log, "张某", "context", false);
    assert_may_not(town, &log, "context", "took back the consent to 'context'");
}

static void a_new_yes_says_anew_what_may_leave(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    prepare(town, &log);
    town_consent(town, &log, "张某", "title context narrative", true);
    town_consent(town, &log, "张某", "context narrative", false);

    town_consent(town, &log, "张某", "title context", true);

    assert_may(town, &log, "title context");
    assert_may_not(town, &log, "context narrative", "did not consent to 'narrative'");
}

static void who_only_said_no_did_not_consent(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    prepare(town, &log);
    town_consent(town, &log, "张某", "narrative", false);
    assert_may_not(town, &log, "context", "张某 did not consent");
}

static void a_no_whose_fields_were_erased_takes_all(void **state)
{
    struct town *town = *state;
    for (uint32_t part = 0; part < 2; part++) { /* fields, given */
        struct log log = {0};
        prepare(town, &log);
        town_consent(town, &log, "张某", "title context", true);
        town_consent(town, &log, "张某", "title", false);
        log.ops[log.len - 1] =
            story_withhold(town->story, log.ops[log.len - 1], ~(1u << part));
        assert_may_not(town, &log, "context", "took back");
    }
}

/* Three people write to one case without having heard of each other. */
static void statements_side_by_side_all_count_in_any_order(void **state)
{
    static const char *const orders[] = {"012", "021", "102", "120", "201", "210"};
    struct town *town = *state;
    struct log log = {0}, forks[3];
    struct buf first = {0};
    prepare(town, &log);
    for (int i = 0; i < 3; i++)
        forks[i] = log;
    const struct op *said[] = {
        town_consent(town, &forks[0], "张某", "title context narrative", true),
        town_consent(town, &forks[1], "张某", "title context", true),
        town_consent(town, &forks[2], "张某", "title", false)};
    for (size_t i = 0; i < 6; i++) {
        struct log both = log;
        struct fold_result result;
        for (size_t j = 0; j < 3; j++)
            log_add(&both, said[orders[i][j] - '0']);

        town_fold(town, &both, &result);

        if (i == 0)
            buf_append(&first, &result.view);
        assert_true(bytes_equal(buf_bytes(&first), buf_bytes(&result.view)));
        assert_true(view_has_conflict(buf_bytes(&result.view), "consents"));
        assert_int_equal(view_map_count(buf_bytes(&result.view), "consents"), 4);
        fold_result_deinit(&result);
        assert_may(town, &both, "context");
        assert_may_not(town, &both, "title context", "took back the consent to 'title'");
        assert_may_not(town, &both, "context narrative", "did not consent to 'narr");
    }
    buf_deinit(&first);
}

static void what_follows_a_yes_is_no_conflict(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct fold_result result;
    prepare(town, &log);
    town_consent(town, &log, "张某", "title context", true);
    town_consent(town, &log, "张某", "title", false);

    town_fold(town, &log, &result);

    assert_false(view_has_conflict(buf_bytes(&result.view), "consents"));
    assert_int_equal(view_map_count(buf_bytes(&result.view), "consents"), 3);
    fold_result_deinit(&result);
}

/* --- nobody to ask --- */

/* A case whose parties nobody can read. */
static void prepare_without(struct town *town, struct log *log)
{
    town_case(town, log);
    log->ops[0] = story_withhold(town->story, log->ops[0], ~(1u << 4));
    town_triage(town, log, "escalate");
}

static void nobody_to_ask_has_to_be_said(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    prepare_without(town, &log);
    assert_may_not(town, &log, "context", "names no parties");
    assert_int_equal(plan(town, &log, "context", "路灯是公家的", NULL), STATUS_OK);
}

static void no_reason_takes_the_place_of_asking(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct err err = {0};
    prepare(town, &log);
    town_consent(town, &log, "张某", "context", true);

    assert_int_equal(plan(town, &log, "context", "来不及问", &err), STATUS_INVALID);

    assert_non_null(strstr(err.text, "case consent"));
}

static void the_reason_why_nobody_was_asked_is_bounded(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    char why[4098];
    memset(why, 'a', sizeof(why) - 1);
    why[sizeof(why) - 1] = '\0';
    prepare_without(town, &log);
    assert_int_equal(plan(town, &log, "context", why, NULL), STATUS_INVALID);
    why[4096] = '\0';
    assert_int_equal(plan(town, &log, "context", why, NULL), STATUS_OK);
}

static void every_choice_can_be_chosen(void **state)
{
    (void)state;
    size_t len;
    const char *const *choices = escalation_choices(&len);
    assert_int_equal(len, 8);
    for (size_t i = 0; i < len; i++)
        assert_true(escalation_can_choose(bytes_str(choices[i])));
    assert_false(escalation_can_choose(bytes_str("number")));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_consent_has_effect_with_the_proof_of_its_manner_alone),
        TEST(a_no_needs_no_proof),
        TEST(a_proof_whose_contents_were_erased_is_still_one),
        TEST(nobody_speaks_for_who_is_no_party),
        TEST(a_case_without_parties_has_nobody_who_consents),
        TEST(of_parties_that_were_erased_anybody_may_be_one),
        TEST(what_is_taken_back_stays_and_the_rest_may_leave),
        TEST(a_new_yes_says_anew_what_may_leave),
        TEST(who_only_said_no_did_not_consent),
        TEST(a_no_whose_fields_were_erased_takes_all),
        TEST(statements_side_by_side_all_count_in_any_order),
        TEST(what_follows_a_yes_is_no_conflict),
        TEST(nobody_to_ask_has_to_be_said),
        TEST(no_reason_takes_the_place_of_asking),
        TEST(the_reason_why_nobody_was_asked_is_bounded),
        TEST(every_choice_can_be_chosen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
