/* What an audit finds in a scope, and that it finds nothing where all is sound. */
#include "auditing.h"

#include <string.h>

#include "node/cases/audit.h"
#include "node/cases/audit_story.h"
#include "node/cases/disclosure.h"
#include "node/cases/escalation.h"
#include "node/cases/schema.h"

static int begin(void **state)
{
    static struct town town;
    town_init(&town, 97);
    *state = &town;
    return 0;
}

static int end(void **state)
{
    town_deinit(*state);
    return 0;
}

/* --- records --- */

static const struct saying sound = {.decision = "escalate", .fields = "context title"};

static void a_record_that_carries_what_it_has_to_is_sound(void **state)
{
    struct town *town = *state;
    struct log log = {0}, alone = {0}, bare = {0};
    struct saying nobody = {.decision = "escalate",
                            .fields = "",
                            .no_parties = "公共水井",
                            .has_no_parties_field = true};
    struct saying without = sound;
    without.has_no_parties_field = true;

    auditing_by_steward(town, &log, &auditing_whole);
    auditing_desk(town, &log, TOWNSHIP, "opened", NULL);
    auditing_desk(town, &log, TOWNSHIP, "advise", "先测量水位");
    auditing_by_steward(town, &alone, &nobody);
    auditing_by_steward(town, &bare, &without);

    auditing_sound(town, &log, NULL);
    auditing_sound(town, &alone, NULL);
    auditing_sound(town, &bare, NULL);
}

static void a_record_without_a_triage_that_sends_it_up_is_found(void **state)
{
    struct town *town = *state;
    struct log none = {0}, keep = {0};
    struct saying without = auditing_whole, kept = auditing_whole;
    without.decision = NULL;
    kept.decision = "keep";

    const struct op *one = auditing_by_steward(town, &none, &without);
    const struct op *other = auditing_by_steward(town, &keep, &kept);

    auditing_finds(town, &none, NULL, AUDIT_NO_TRIAGE, one, NULL);
    auditing_finds(town, &keep, NULL, AUDIT_NO_TRIAGE, other, NULL);
}

static void a_record_without_its_context_is_found(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct saying without = auditing_whole;
    without.has_no_context = true;

    const struct op *op = auditing_by_steward(town, &log, &without);

    auditing_finds(town, &log, NULL, AUDIT_NO_CONTEXT, op, NULL);
}

static void a_field_that_a_consent_does_not_name_is_found(void **state)
{
    struct town *town = *state;
    struct log log = {0}, files = {0};
    struct saying less = auditing_whole, file = auditing_whole;
    less.one_alone = "张某";
    less.fields = "context parties";
    less.has_no_parties_field = false;
    file.has_files = true;

    const struct op *op = auditing_by_steward(town, &log, &less);
    const struct op *other = auditing_by_steward(town, &files, &file);

    struct found found = auditing_look(town, &log, NULL);
    assert_int_equal(found.len, 2); /* nobody asked 李某, and 张某 was asked for less */
    assert_true(bytes_equal_str(found.findings[0].field, "parties"));
    assert_true(bytes_equal_str(found.findings[1].field, "title"));
    for (size_t i = 0; i < found.len; i++) {
        assert_int_equal(found.findings[i].word, AUDIT_NO_CONSENT);
        assert_true(id_equal(&found.findings[i].op, &op->id));
    }
    found = auditing_look(town, &files, NULL);
    assert_int_equal(found.len, 2); /* of each of them */
    assert_true(bytes_equal_str(found.findings[0].field, CONSENT_FILES));
    assert_true(id_equal(&found.findings[0].op, &other->id));
}

static void a_record_to_which_nobody_consented_says_why_or_is_found(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct saying nobody = {
        .decision = "escalate", .fields = "", .has_no_parties_field = true};

    const struct op *op = auditing_by_steward(town, &log, &nobody);

    auditing_finds(town, &log, NULL, AUDIT_NO_CONSENT, op, NULL);
}

static void what_a_copy_does_not_show_is_no_finding(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct saying kept = auditing_whole;
    kept.decision = "keep";
    kept.fields = "context";
    const struct op *op = auditing_by_steward(town, &log, &kept);
    assert_int_equal(auditing_look(town, &log, NULL).len, 5);
    uint32_t facts = 0;
    for (uint32_t i = 0; i < op->fields_len; i++)
        if (bytes_equal_str(op->fields[i].name, "onward") ||
            bytes_equal_str(op->fields[i].name, "origin") ||
            bytes_equal_str(op->fields[i].name, "sites"))
            facts |= 1u << i;

    log.ops[0] = story_withhold(town->story, op, facts);

    auditing_sound(town, &log, NULL);
}

/* --- danger to life --- */

static void danger_needs_a_reason_a_triage_and_a_stewards_word(void **state)
{
    struct town *town = *state;
    struct log sound_log = {0}, mute = {0}, calm = {0}, waits = {0}, taken = {0};
    const struct story_person *mediator = &town->sites[VILLAGE].mediator;
    const struct saying danger = {.decision = "escalate",
                                  .fields = "",
                                  .is_danger = true,
                                  .is_danger_in_triage = true,
                                  .danger_reason = "持刀威胁"};
    struct saying silent = danger, other = danger;
    silent.danger_reason = NULL;
    other.is_danger_in_triage = false;

    auditing_by_steward(town, &sound_log, &danger);
    const struct op *no_reason = auditing_by_steward(town, &mute, &silent);
    const struct op *no_danger = auditing_by_steward(town, &calm, &other);
    const struct op *waiting = auditing_escalate(town, &waits, &danger, mediator);
    auditing_escalate(town, &taken, &danger, mediator);
    town_say(town, &taken, VILLAGE, "confirm", NULL, NULL, &town->sites[VILLAGE].steward);

    auditing_sound(town, &sound_log, NULL);
    auditing_finds(town, &mute, NULL, AUDIT_NO_REASON, no_reason, NULL);
    auditing_finds(town, &calm, NULL, AUDIT_NO_REASON, no_danger, NULL);
    auditing_finds(town, &waits, NULL, AUDIT_UNCONFIRMED, waiting, NULL);
    assert_true(audit_word_is_open(AUDIT_UNCONFIRMED));
    auditing_sound(town, &taken, NULL);
}

/* --- answers --- */

static void whoever_answers_unopened_is_found(void **state)
{
    static const char *const kinds[] = {"accept", "advise", "return", "decide"};
    struct town *town = *state;
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        struct log log = {0};
        auditing_by_steward(town, &log, &auditing_whole);
        const struct op *early =
            auditing_desk(town, &log, TOWNSHIP, kinds[i], "先测量水位");
        auditing_desk(town, &log, TOWNSHIP, "opened", NULL);
        auditing_desk(town, &log, TOWNSHIP, kinds[i], "先测量水位");
        auditing_finds(town, &log, NULL, AUDIT_NOT_OPENED, early, NULL);
    }
}

static const struct op *assign(struct town *town, struct log *log, int site,
                               const struct story_person *by)
{
    struct op *op = log_begin(town, log, site, "assign");
    story_put(op, "text", story_text(town->story, "疏通水沟"));
    story_put(op, "owner", story_text(town->story, "水利站"));
    story_put(op, "due", story_text(town->story, "2026-12-31"));
    return log_seal(town, log, op, by);
}

static void a_task_given_unopened_is_found_but_not_the_villages_own(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    auditing_by_steward(town, &log, &auditing_whole);
    assign(town, &log, VILLAGE, &town->sites[VILLAGE].steward);
    const struct op *early = assign(town, &log, TOWNSHIP, &town->sites[TOWNSHIP].desk);
    auditing_desk(town, &log, TOWNSHIP, "opened", NULL);
    assign(town, &log, TOWNSHIP, &town->sites[TOWNSHIP].desk);

    auditing_finds(town, &log, NULL, AUDIT_NOT_OPENED, early, NULL);
}

static void what_another_site_opened_excuses_nobody(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct saying yes = auditing_whole;
    const struct op *record = auditing_by_steward(town, &log, &yes);
    auditing_desk(town, &log, TOWNSHIP, "opened", NULL);
    town_say(town, &log, VILLAGE, "permit", NULL, NULL, &town->sites[VILLAGE].steward);
    town_invite(town, &log, TOWNSHIP, DEPARTMENT, CLASS_ALL, &town->sites[TOWNSHIP].desk);
    const struct op *early =
        auditing_desk(town, &log, DEPARTMENT, "advise", "先测量水位");
    assert_non_null(record);

    auditing_finds(town, &log, NULL, AUDIT_NOT_OPENED, early, NULL);
}

/* --- recalls --- */

static void each_machine_that_has_not_purged_is_named(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    auditing_by_steward(town, &log, &auditing_whole);
    auditing_desk(town, &log, TOWNSHIP, "opened", NULL);
    const struct op *recall = town_say(town, &log, VILLAGE, "recall", "reason",
                                       "当事人撤回", &town->sites[VILLAGE].steward);

    auditing_finds(town, &log, NULL, AUDIT_NO_RECEIPT, recall, NULL);
    struct found found = auditing_look(town, &log, NULL);
    assert_true(id_equal(&found.findings[0].site, town_site(town, TOWNSHIP)));
    assert_memory_equal(found.findings[0].machine, town->sites[TOWNSHIP].node.key, 32);
    assert_true(audit_word_is_open(AUDIT_NO_RECEIPT));

    town_say(town, &log, TOWNSHIP, "purged", NULL, NULL, &town->sites[TOWNSHIP].node);
    auditing_sound(town, &log, NULL);
}

static void a_machine_that_is_revoked_owes_no_receipt(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct site *department = &town->sites[DEPARTMENT];
    auditing_by_steward(town, &log, &auditing_whole);
    auditing_desk(town, &log, TOWNSHIP, "opened", NULL);
    town_say(town, &log, VILLAGE, "permit", NULL, NULL, &town->sites[VILLAGE].steward);
    town_invite(town, &log, TOWNSHIP, DEPARTMENT, CLASS_ALL, &town->sites[TOWNSHIP].desk);
    const struct op *recall = town_say(town, &log, VILLAGE, "recall", "reason",
                                       "当事人撤回", &town->sites[VILLAGE].steward);
    town_say(town, &log, TOWNSHIP, "purged", NULL, NULL, &town->sites[TOWNSHIP].node);
    auditing_finds(town, &log, NULL, AUDIT_NO_RECEIPT, recall, NULL);

    site_revoke(town, DEPARTMENT, &department->steward, &department->node, NULL, 0);
    site_refresh(town, DEPARTMENT);

    auditing_sound(town, &log, NULL);
}

/* Nobody knows whose it is: it has no effect, and what it carries is looked at. */
static void without_charters_nothing_is_said_of_people(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    const struct saying danger = {.decision = "escalate",
                                  .fields = "",
                                  .is_danger = true,
                                  .is_danger_in_triage = true,
                                  .danger_reason = "持刀威胁"};
    auditing_escalate(town, &log, &danger, &town->sites[VILLAGE].mediator);
    auditing_desk(town, &log, TOWNSHIP, "advise", "先测量水位");
    town_say(town, &log, VILLAGE, "recall", "reason", "并无危险",
             &town->sites[VILLAGE].steward);

    assert_int_equal(auditing_look_with(town, &log, NULL, true).len, 0);
    assert_int_equal(auditing_look(town, &log, NULL).len,
                     2); /* advice unopened, no receipt */
}

static void a_confirmation_by_who_may_not_confirms_nothing(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    const struct saying danger = {.decision = "escalate",
                                  .fields = "context title",
                                  .one_alone = "张某",
                                  .is_danger = true,
                                  .is_danger_in_triage = true,
                                  .danger_reason = "持刀威胁"};
    const struct story_person *mediator = &town->sites[VILLAGE].mediator;
    struct saying short_one = danger;
    short_one.has_no_parties_field = true;
    const struct op *op = auditing_escalate(town, &log, &short_one, mediator);
    town_say(town, &log, VILLAGE, "confirm", NULL, NULL, mediator);

    auditing_finds(town, &log, NULL, AUDIT_UNCONFIRMED, op, NULL);
}

/* --- notes of auditors --- */

static const struct op *note(struct town *town, struct log *log, int site,
                             const char *kind, const char *verdict,
                             const struct story_person *by)
{
    struct op *op = log_begin(town, log, site, kind);
    story_put(op, "verdict", story_text(town->story, verdict));
    story_put(op, "text", story_text(town->story, "逐条核对"));
    return log_seal(town, log, op, by);
}

static void an_auditor_of_a_holder_notes_what_it_found_and_nobody_else(void **state)
{
    struct town *town = *state;
    struct log log = {0}, work = {0};
    struct story_person auditor = story_person(town->story, 910);
    struct story_person stranger = story_person(town->story, 911);
    struct story_person own = story_person(town->story, 912);
    site_appoint(town, TOWNSHIP, &town->sites[TOWNSHIP].steward, &auditor, "auditor");
    site_appoint(town, COUNTY, &town->sites[COUNTY].steward, &stranger, "auditor");
    site_appoint(town, VILLAGE, &town->sites[VILLAGE].steward, &own, "auditor");
    for (int i = VILLAGE; i <= COUNTY; i++)
        site_refresh(town, i);
    auditing_by_steward(town, &log, &auditing_whole);
    town_case(town, &work);

    const struct op *one = note(town, &log, TOWNSHIP, "audited", "holds", &auditor);
    const struct op *two = note(town, &log, VILLAGE, "audited", "fails", &own);
    const struct op *far = note(town, &log, COUNTY, "audited", "holds", &stranger);
    const struct op *not =
        note(town, &log, VILLAGE, "audited", "holds", &town->sites[VILLAGE].steward);
    const struct op *odd = note(town, &log, TOWNSHIP, "audited", "perhaps", &auditor);
    const struct op *in_case = note(town, &work, VILLAGE, "case-audited", "doubts", &own);
    const struct op *astray = note(town, &work, VILLAGE, "audited", "doubts", &own);

    assert_int_equal(town_effect(town, &log, one), EFFECT_YES);
    assert_int_equal(town_effect(town, &log, two), EFFECT_YES);
    assert_int_equal(town_effect(town, &log, far), EFFECT_NO_HOLDER);
    assert_int_equal(town_effect(town, &log, not ), EFFECT_NO_RIGHT);
    assert_int_equal(town_effect(town, &log, odd), EFFECT_BAD_FIELD);
    assert_int_equal(town_effect(town, &work, in_case), EFFECT_YES);
    assert_int_equal(town_effect(town, &work, astray), EFFECT_WRONG_SCOPE);
    town_assert_any_order(town, &log);
}

static void no_recall_silences_an_auditor(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct story_person auditor = story_person(town->story, 913);
    site_appoint(town, TOWNSHIP, &town->sites[TOWNSHIP].steward, &auditor, "auditor");
    site_refresh(town, TOWNSHIP);
    auditing_by_steward(town, &log, &auditing_whole);
    town_say(town, &log, VILLAGE, "recall", "reason", "当事人撤回",
             &town->sites[VILLAGE].steward);

    const struct op *op = note(town, &log, TOWNSHIP, "audited", "fails", &auditor);

    assert_int_equal(town_effect(town, &log, op), EFFECT_YES);
    town_assert_state(town, &log, "recalled");
}

/* --- words --- */

static void every_word_and_every_step_is_said_in_both_languages(void **state)
{
    const struct schema_kind *kind;
    (void)state;
    for (int i = 0; i < AUDIT_WORDS; i++) {
        enum audit_word word = (enum audit_word)i;
        assert_true(strlen(audit_word_text(word)) > 0);
        assert_true(strlen(audit_word_says(word)) > 0);
        assert_true(strlen(audit_word_says_zh(word)) > 0);
        for (int j = 0; j < i; j++)
            assert_string_not_equal(audit_word_text(word),
                                    audit_word_text((enum audit_word)j));
    }
    for (size_t i = 0; (kind = schema_kind_at(i)) != NULL; i++) {
        struct bytes name = bytes_str(kind->name);
        bool is_told = kind->scope == SCOPE_ESCALATION;
        assert_int_equal(bytes_equal_str(audit_story_says(name), kind->en), !is_told);
        assert_int_equal(bytes_equal_str(audit_story_says_zh(name), kind->zh_cn),
                         !is_told);
    }
    assert_int_equal(audit_story_says(bytes_str("unheard-of")).len, 0);
    assert_int_equal(audit_story_says_zh(bytes_str("unheard-of")).len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_that_carries_what_it_has_to_is_sound),
        cmocka_unit_test(a_record_without_a_triage_that_sends_it_up_is_found),
        cmocka_unit_test(a_record_without_its_context_is_found),
        cmocka_unit_test(a_field_that_a_consent_does_not_name_is_found),
        cmocka_unit_test(a_record_to_which_nobody_consented_says_why_or_is_found),
        cmocka_unit_test(what_a_copy_does_not_show_is_no_finding),
        cmocka_unit_test(danger_needs_a_reason_a_triage_and_a_stewards_word),
        cmocka_unit_test(whoever_answers_unopened_is_found),
        cmocka_unit_test(a_task_given_unopened_is_found_but_not_the_villages_own),
        cmocka_unit_test(what_another_site_opened_excuses_nobody),
        cmocka_unit_test(each_machine_that_has_not_purged_is_named),
        cmocka_unit_test(a_machine_that_is_revoked_owes_no_receipt),
        cmocka_unit_test(without_charters_nothing_is_said_of_people),
        cmocka_unit_test(a_confirmation_by_who_may_not_confirms_nothing),
        cmocka_unit_test(an_auditor_of_a_holder_notes_what_it_found_and_nobody_else),
        cmocka_unit_test(no_recall_silences_an_auditor),
        cmocka_unit_test(every_word_and_every_step_is_said_in_both_languages),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
