/* What an audit finds in a case: beneath its releases, and where it was closed. */
#include "auditing.h"

#include <string.h>

#include "node/cases/escalation.h"

static int begin(void **state)
{
    static struct town town;
    town_init(&town, 98);
    *state = &town;
    return 0;
}

static int end(void **state)
{
    town_deinit(*state);
    return 0;
}

/* --- releases --- */

static const uint8_t salt[32] = {7, 7, 7};

/* The record of a case as it stands, and the word of it in the case. */
struct sending {
    const struct op *record, *sent;
};

static struct sending send_up(struct town *town, struct log *log,
                              const struct saying *saying, bool is_sealed)
{
    struct sending sending;
    struct id origin;
    struct log up = {0};
    struct saying said = *saying;
    escalation_origin(&origin, salt, &log->ops[0]->id, &log->ops[log->len - 1]->id, 1);
    said.origin = is_sealed ? origin.bytes : NULL;
    sending.record = auditing_by_steward(town, &up, &said);
    struct op *op = log_begin(town, log, VILLAGE, "sent");
    story_put(op, "escalation",
              story_bin(town->story, sending.record->id.bytes, ID_SIZE));
    story_put(op, "salt", story_bin(town->story, salt, sizeof(salt)));
    sending.sent = log_seal(town, log, op, &town->sites[VILLAGE].steward);
    return sending;
}

static void consent(struct town *town, struct log *log, const char *fields, bool given)
{
    town_consent(town, log, "张某", fields, given);
    town_consent(town, log, "李某", fields, given);
}

static void a_case_that_was_triaged_and_consented_to_is_sound(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    town_case(town, &log);
    town_triage(town, &log, "escalate");
    consent(town, &log, "context parties title", true);
    struct sending sending = send_up(town, &log, &auditing_whole, true);
    auditing_sound(town, &log, sending.record);
    /* What came later takes nothing of it back. */
    consent(town, &log, "title", false);
    auditing_sound(town, &log, sending.record);
    auditing_sound(town, &log, NULL);
}

static void a_release_without_a_triage_beneath_it_is_found(void **state)
{
    struct town *town = *state;
    struct log none = {0}, kept = {0};
    town_case(town, &none);
    consent(town, &none, "context parties title", true);
    struct sending without = send_up(town, &none, &auditing_whole, true);
    town_triage(town, &none, "escalate");
    town_case(town, &kept);
    town_triage(town, &kept, "keep");
    consent(town, &kept, "context parties title", true);
    struct sending other = send_up(town, &kept, &auditing_whole, true);

    auditing_finds(town, &none, without.record, AUDIT_NO_TRIAGE, without.sent, NULL);
    auditing_finds(town, &kept, other.record, AUDIT_NO_TRIAGE, other.sent, NULL);
}

static void a_consent_that_came_later_or_was_taken_back_before_is_found(void **state)
{
    struct town *town = *state;
    struct log later = {0}, before = {0}, never = {0};
    town_case(town, &later);
    town_triage(town, &later, "escalate");
    consent(town, &later, "context parties", true);
    struct sending late = send_up(town, &later, &auditing_whole, true);
    town_consent(town, &later, "张某", "context parties title", true);
    town_consent(town, &later, "李某", "context parties title", true);
    town_case(town, &before);
    town_triage(town, &before, "escalate");
    consent(town, &before, "context parties title", true);
    town_consent(town, &before, "李某", "title", false);
    struct sending taken = send_up(town, &before, &auditing_whole, true);
    town_case(town, &never);
    town_triage(town, &never, "escalate");
    consent(town, &never, "context parties", true);
    struct sending none = send_up(town, &never, &auditing_whole, true);

    struct found found = auditing_look(town, &later, late.record);
    assert_int_equal(found.len, 2); /* of each party */
    for (size_t i = 0; i < found.len; i++) {
        assert_int_equal(found.findings[i].word, AUDIT_LATE_CONSENT);
        assert_true(bytes_equal_str(found.findings[i].field, "title"));
        assert_true(id_equal(&found.findings[i].op, &late.sent->id));
    }
    auditing_finds(town, &before, taken.record, AUDIT_LATE_CONSENT, taken.sent, "title");
    found = auditing_look(town, &never, none.record);
    assert_int_equal(found.len, 2);
    assert_int_equal(found.findings[0].word, AUDIT_NO_CONSENT);
}

static void a_party_whom_no_claim_names_is_found_but_in_danger(void **state)
{
    struct town *town = *state;
    struct log log = {0}, hurry = {0};
    struct saying one = auditing_whole;
    one.one_alone = "张某";
    struct saying danger = one;
    danger.is_danger = danger.is_danger_in_triage = true;
    danger.danger_reason = "持刀威胁";
    town_case(town, &log);
    town_triage(town, &log, "escalate");
    town_consent(town, &log, "张某", "context parties title", true);
    struct log same = log;
    struct sending sending = send_up(town, &log, &one, true);
    hurry = same;
    struct sending urgent = send_up(town, &hurry, &danger, true);

    auditing_finds(town, &log, sending.record, AUDIT_NO_CONSENT, sending.sent, "parties");
    auditing_sound(town, &hurry, urgent.record);
}

static void a_record_of_another_case_is_found(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    town_case(town, &log);
    town_triage(town, &log, "escalate");
    consent(town, &log, "context parties title", true);
    struct sending sending = send_up(town, &log, &auditing_whole, false);

    auditing_finds(town, &log, sending.record, AUDIT_WRONG_ORIGIN, sending.sent, NULL);
}

/* Of each op of a sound case any part may be gone: nothing can be said of it then. */
static void what_was_erased_of_a_case_is_no_finding(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    town_case(town, &log);
    town_triage(town, &log, "escalate");
    consent(town, &log, "context parties title", true);
    struct sending sending = send_up(town, &log, &auditing_whole, true);
    for (size_t i = 0; i < log.len; i++)
        for (uint32_t show = 0; show < 1u << log.ops[i]->fields_len; show++) {
            struct log erased = log;
            erased.ops[i] = story_withhold(town->story, log.ops[i], show);
            auditing_sound(town, &erased, sending.record);
        }
    for (uint32_t bit = 0; bit < sending.record->fields_len; bit++)
        auditing_sound(town, &log,
                       story_withhold(town->story, sending.record, ~0u & ~(1u << bit)));
}

/* A file is consented to by the op that attached it, and claimed as "files". */
static void a_file_goes_up_with_a_consent_that_names_one(void **state)
{
    static const char *const named[] = {"context parties title file:00",
                                        "context parties title files",
                                        "context parties title"};
    struct town *town = *state;
    struct saying file = auditing_whole;
    file.has_files = true;
    file.fields = "context files parties title";
    for (size_t i = 0; i < 3; i++)
        for (int is_taken = 0; is_taken < 2; is_taken++) {
            struct log log = {0};
            town_case(town, &log);
            town_triage(town, &log, "escalate");
            consent(town, &log, named[i], true);
            if (is_taken)
                consent(town, &log, "files", false);
            struct sending sending = send_up(town, &log, &file, true);
            bool is_sound = i < 2 && !is_taken;
            assert_int_equal(auditing_look(town, &log, sending.record).len,
                             is_sound ? 0 : 2);
        }
}

/* What may leave is what every yes names. */
static void of_two_words_side_by_side_both_have_to_name_it(void **state)
{
    static const char *const fields[] = {"context parties title", "context parties"};
    struct town *town = *state;
    for (int later = 0; later < 2; later++) {
        struct log log = {0};
        town_case(town, &log);
        const struct op *triage_op = town_triage(town, &log, "escalate");
        town_consent(town, &log, "李某", "context parties title", true);
        const struct op *beneath = log.ops[log.len - 1];
        const struct op *both[2];
        for (int i = 0; i < 2; i++) {
            struct op *op = log_begin_after(town, VILLAGE, "consent", beneath);
            story_put(op, "party", story_text(town->story, "张某"));
            story_put(op, "fields", story_texts(town->story, fields[(i + later) % 2]));
            story_put(op, "manner", story_text(town->story, "signed"));
            story_put(op, "paper", story_text(town->story, "同意书3号"));
            story_put(op, "given", story_flag(town->story, true));
            both[i] = log_seal(town, &log, op, &town->sites[VILLAGE].mediator);
        }
        struct op *merge = log_begin(town, &log, VILLAGE, "note");
        story_after(merge, both[0]);
        story_put(merge, "text", story_text(town->story, "两份"));
        log_seal(town, &log, merge, &town->sites[VILLAGE].mediator);
        struct sending sending = send_up(town, &log, &auditing_whole, true);
        assert_non_null(triage_op);
        auditing_finds(town, &log, sending.record, AUDIT_LATE_CONSENT, sending.sent,
                       "title");
    }
}

static const struct op *mediate(struct town *town, struct log *log, const char *kind,
                                const char *word, const char *is)
{
    struct op *op = log_begin(town, log, VILLAGE, kind);
    if (word != NULL)
        story_put(op, word, story_text(town->story, is));
    if (strcmp(kind, "reopen") != 0)
        story_put(op, "text", story_text(town->story, "已商定"));
    return log_seal(town, log, op, &town->sites[VILLAGE].mediator);
}

static void a_case_is_closed_with_an_outcome_and_a_follow_up(void **state)
{
    struct town *town = *state;
    struct log log = {0}, early = {0}, again = {0};
    town_case(town, &log);
    town_triage(town, &log, "keep");
    early = log;
    const struct op *bare = mediate(town, &early, "close", NULL, NULL);
    mediate(town, &log, "settle", "outcome", "agreement");
    mediate(town, &log, "follow-up", "result", "kept");
    mediate(town, &log, "close", NULL, NULL);
    again = log;
    mediate(town, &again, "reopen", "reason", "又堵了");
    const struct op *second = mediate(town, &again, "close", NULL, NULL);

    auditing_sound(town, &log, NULL);
    auditing_finds(town, &early, NULL, AUDIT_CLOSED_EARLY, bare, NULL);
    auditing_finds(town, &again, NULL, AUDIT_CLOSED_EARLY, second, NULL);
}

static void a_case_closed_in_one_breath_is_sound(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    town_case(town, &log);
    struct op *op = log_begin(town, &log, VILLAGE, "close");
    story_put(op, "follow-up", story_text(town->story, "当面问过"));
    story_put(op, "oral", story_flag(town->story, true));
    story_put(op, "outcome", story_text(town->story, "agreement"));
    log_seal(town, &log, op, &town->sites[VILLAGE].mediator);

    auditing_sound(town, &log, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_case_that_was_triaged_and_consented_to_is_sound),
        cmocka_unit_test(a_release_without_a_triage_beneath_it_is_found),
        cmocka_unit_test(a_consent_that_came_later_or_was_taken_back_before_is_found),
        cmocka_unit_test(a_party_whom_no_claim_names_is_found_but_in_danger),
        cmocka_unit_test(a_record_of_another_case_is_found),
        cmocka_unit_test(what_was_erased_of_a_case_is_no_finding),
        cmocka_unit_test(a_file_goes_up_with_a_consent_that_names_one),
        cmocka_unit_test(of_two_words_side_by_side_both_have_to_name_it),
        cmocka_unit_test(a_case_is_closed_with_an_outcome_and_a_follow_up),
        cmocka_unit_test(a_case_closed_in_one_breath_is_sound),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
