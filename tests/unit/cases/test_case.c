#include "town.h"

#include <string.h>

static int begin(void **state)
{
    static struct town town;
    town_init(&town, 21);
    *state = &town;
    return 0;
}

static int end(void **state)
{
    town_deinit(*state);
    return 0;
}

static const struct op *set_after(struct town *town, struct log *log,
                                  const struct op *parent, const char *field,
                                  const char *text)
{
    struct op *op = log_begin_after(town, VILLAGE, "set", parent);
    story_put(op, field, story_text(town->story, text));
    return log_seal(town, log, op, &town->sites[VILLAGE].mediator);
}

static void assert_shown(struct town *town, const struct log *log, const char *name,
                         const char *wanted)
{
    struct fold_result result;
    struct bytes text;
    town_fold(town, log, &result);
    assert_true(view_text(buf_bytes(&result.view), name, &text));
    assert_true(bytes_equal_str(text, wanted));
    fold_result_deinit(&result);
}

static void assert_conflicts(struct town *town, const struct log *log, const char *name,
                             uint32_t wanted)
{
    struct fold_result result;
    town_fold(town, log, &result);
    assert_int_equal(view_conflicts(buf_bytes(&result.view)), wanted);
    assert_int_equal(view_has_conflict(buf_bytes(&result.view), name), wanted > 0);
    fold_result_deinit(&result);
}

static const struct op *close_case(struct town *town, struct log *log,
                                   const struct op *parent)
{
    struct op *op = log_begin_after(town, VILLAGE, "close", parent);
    story_put(op, "outcome", story_text(town->story, "agreement"));
    story_put(op, "oral", story_flag(town->story, true));
    story_put(op, "follow-up", story_text(town->story, "当面点头"));
    return log_seal(town, log, op, &town->sites[VILLAGE].mediator);
}

static void a_sent_case_is_escalated_and_names_the_escalation(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct fold_result result;
    const struct op *founding = town_case(town, &log);
    struct op *op = log_begin(town, &log, VILLAGE, "sent");
    story_put(op, "escalation", story_bin(town->story, founding->id.bytes, ID_SIZE));
    story_put(op, "salt", story_bin(town->story, founding->id.bytes, ID_SIZE));
    log_seal(town, &log, op, &town->sites[VILLAGE].steward);

    town_fold(town, &log, &result);

    assert_int_equal(view_map_count(buf_bytes(&result.view), "sent"), 1);
    fold_result_deinit(&result);
    town_assert_state(town, &log, "escalated");
}

static void a_case_is_held_by_its_own_site_alone(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct fold_result result;
    town_case(town, &log);

    town_fold(town, &log, &result);

    assert_int_equal(result.kind, SCOPE_CASE);
    assert_int_equal(result.holders_len, 1);
    assert_true(id_equal(&result.holders[0].site, town_site(town, VILLAGE)));
    assert_true(id_equal(&result.site, town_site(town, VILLAGE)));
    fold_result_deinit(&result);
}

static void M3_unknown_kind_is_kept_without_effect(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    town_case(town, &log);

    const struct op *strange = town_say(town, &log, VILLAGE, "horoscope", "text", "福",
                                        &town->sites[VILLAGE].mediator);
    const struct op *after = town_say(town, &log, VILLAGE, "note", "text", "看过现场",
                                      &town->sites[VILLAGE].mediator);

    assert_int_equal(town_effect(town, &log, strange), EFFECT_UNKNOWN_KIND);
    assert_int_equal(town_effect(town, &log, after), EFFECT_YES);
}

static void M3_bad_fields_are_kept_without_effect(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    const struct story_person *mediator = &town->sites[VILLAGE].mediator;
    town_case(town, &log);
    struct op *number = log_begin(town, &log, VILLAGE, "note");
    story_put(number, "text", story_uint(town->story, 7));
    log_seal(town, &log, number, mediator);

    const struct op *unknown =
        town_say(town, &log, VILLAGE, "note", "mood", "好", mediator);
    const struct op *missing =
        town_say(town, &log, VILLAGE, "note", NULL, NULL, mediator);
    const struct op *nothing = town_say(town, &log, VILLAGE, "set", NULL, NULL, mediator);
    const struct op *word =
        town_say(town, &log, VILLAGE, "request", "onward", "maybe", mediator);

    assert_int_equal(town_effect(town, &log, number), EFFECT_BAD_FIELD);
    assert_int_equal(town_effect(town, &log, unknown), EFFECT_BAD_FIELD);
    assert_int_equal(town_effect(town, &log, missing), EFFECT_MISSING_FIELD);
    assert_int_equal(town_effect(town, &log, nothing), EFFECT_MISSING_FIELD);
    assert_int_equal(town_effect(town, &log, word), EFFECT_BAD_FIELD);
}

static void M3_a_newer_minor_version_is_kept_without_effect(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    town_case(town, &log);
    struct op *op = log_begin(town, &log, VILLAGE, "note");
    story_put(op, "text", story_text(town->story, "新版本"));
    log_seal(town, &log, op, &town->sites[VILLAGE].mediator);
    op->version = OP_VERSION + 1;
    assert_int_equal(op_rebuild(op), STATUS_OK);

    assert_int_equal(town_effect(town, &log, op), EFFECT_NEWER);
}

static void an_op_of_another_scope_has_no_effect(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    town_case(town, &log);

    const struct op *op = town_say(town, &log, VILLAGE, "opened", NULL, NULL,
                                   &town->sites[VILLAGE].steward);

    assert_int_equal(town_effect(town, &log, op), EFFECT_WRONG_SCOPE);
}

static void only_mediators_and_stewards_of_the_site_write_in_a_case(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    town_case(town, &log);

    const struct op *desk =
        town_say(town, &log, VILLAGE, "note", "text", "一", &town->sites[VILLAGE].desk);
    const struct op *other = town_say(town, &log, TOWNSHIP, "note", "text", "二",
                                      &town->sites[TOWNSHIP].steward);
    const struct op *borrowed = town_say(town, &log, TOWNSHIP, "note", "text", "三",
                                         &town->sites[VILLAGE].steward);

    assert_int_equal(town_effect(town, &log, desk), EFFECT_NO_RIGHT);
    assert_int_equal(town_effect(town, &log, other), EFFECT_NO_HOLDER);
    assert_int_equal(town_effect(town, &log, borrowed), EFFECT_NO_HOLDER);
}

static void authority_from_two_charters_is_none(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    town_case(town, &log);
    struct op *op = log_begin(town, &log, VILLAGE, "note");
    story_put(op, "text", story_text(town->story, "两家"));
    assert_int_equal(op_add_authority(op, town_site(town, COUNTY)), STATUS_OK);
    log_seal(town, &log, op, &town->sites[VILLAGE].mediator);

    assert_int_equal(town_effect(town, &log, op), EFFECT_NO_AUTHORITY);
}

static void without_a_founding_with_effect_nothing_has_effect(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct op *op = log_begin(town, &log, VILLAGE, "case-new");
    story_put(op, "title", story_text(town->story, "缺项"));
    log_seal(town, &log, op, &town->sites[VILLAGE].mediator);

    const struct op *note = town_say(town, &log, VILLAGE, "note", "text", "一",
                                     &town->sites[VILLAGE].mediator);

    assert_int_equal(town_effect(town, &log, note), EFFECT_NOT_FOUNDED);
    town_assert_state(town, &log, "refused");
}

static void a_later_write_replaces_what_it_has_seen(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    const struct op *founding = town_case(town, &log);

    set_after(town, &log, founding, "title", "路边的排水沟");

    assert_shown(town, &log, "title", "路边的排水沟");
    assert_conflicts(town, &log, "title", 0);
}

static void concurrent_writes_conflict_until_somebody_who_saw_both_decides(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    const struct op *founding = town_case(town, &log);
    const struct op *one = set_after(town, &log, founding, "title", "甲");
    const struct op *other = set_after(town, &log, founding, "title", "乙");
    bool first = id_compare(&one->id, &other->id) > 0;

    assert_conflicts(town, &log, "title", 1);
    assert_shown(town, &log, "title", first ? "甲" : "乙");

    struct op *settle = log_begin_after(town, VILLAGE, "set", one);
    story_after(settle, other);
    story_put(settle, "title", story_text(town->story, "丙"));
    log_seal(town, &log, settle, &town->sites[VILLAGE].mediator);

    assert_conflicts(town, &log, "title", 0);
    assert_shown(town, &log, "title", "丙");
}

static void the_same_words_written_twice_are_no_conflict(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    const struct op *founding = town_case(town, &log);

    set_after(town, &log, founding, "title", "甲");
    set_after(town, &log, founding, "title", "甲");

    assert_conflicts(town, &log, "title", 0);
}

static void a_close_is_beaten_by_a_concurrent_triage(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    const struct op *founding = town_case(town, &log);
    close_case(town, &log, founding);
    struct log fork = {{founding}, 1};

    log_add(&log, town_triage(town, &fork, "escalate"));

    town_assert_state(town, &log, "triaged");
}

static void a_note_does_not_reopen_a_case(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    close_case(town, &log, town_case(town, &log));

    town_say(town, &log, VILLAGE, "note", "text", "回访", &town->sites[VILLAGE].mediator);

    town_assert_state(town, &log, "closed");
}

static void concurrent_consents_of_one_party_conflict(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct log fork = {{town_case(town, &log)}, 1};
    town_consent(town, &log, "张某", "context", true);

    log_add(&log, town_consent(town, &fork, "张某", "context", false));

    assert_conflicts(town, &log, "consents", 1);
}

/* --- revocation --- */

static void O4_op_after_revocation_has_no_effect(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct site *village = &town->sites[VILLAGE];
    town_case(town, &log);
    const struct op *old =
        town_say(town, &log, VILLAGE, "note", "text", "以前", &village->desk);
    site_appoint(town, VILLAGE, &village->steward, &village->desk, "mediator");
    site_refresh(town, VILLAGE);
    const struct op *honest =
        town_say(town, &log, VILLAGE, "note", "text", "当时", &village->desk);
    assert_int_equal(town_effect(town, &log, honest), EFFECT_YES);
    struct op *backdated = log_begin(town, &log, VILLAGE, "note"); /* old authority */

    site_revoke(town, VILLAGE, &village->steward, &village->desk, NULL, 0);
    site_refresh(town, VILLAGE);
    story_put(backdated, "text", story_text(town->story, "倒签"));
    log_seal(town, &log, backdated, &village->desk);
    const struct op *late =
        town_say(town, &log, VILLAGE, "note", "text", "以后", &village->desk);

    assert_int_equal(town_effect(town, &log, old), EFFECT_REVOKED);
    assert_int_equal(town_effect(town, &log, honest), EFFECT_REVOKED);
    assert_int_equal(town_effect(town, &log, backdated), EFFECT_REVOKED);
    assert_int_equal(town_effect(town, &log, late), EFFECT_REVOKED);
}

static const struct op *cover(struct town *town, struct log *log,
                              const struct story_person *who, const struct op *head,
                              const struct story_person *by)
{
    struct op *op = log_begin(town, log, VILLAGE, "cover");
    story_put(op, "key", story_bin(town->story, who->key, 32));
    story_put(op, "heads", story_ids(town->story, &head, 1));
    return log_seal(town, log, op, by);
}

static void I10_covered_ops_stand_and_no_others(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct site *village = &town->sites[VILLAGE];
    const struct op *founding = town_case(town, &log);
    const struct op *first =
        town_say(town, &log, VILLAGE, "note", "text", "一", &village->mediator);
    const struct op *second =
        town_say(town, &log, VILLAGE, "note", "text", "二", &village->mediator);
    site_revoke(town, VILLAGE, &village->steward, &village->mediator, NULL, 0);
    site_refresh(town, VILLAGE);
    town_assert_state(town, &log, "refused");

    const struct op *by_steward =
        cover(town, &log, &village->mediator, first, &village->steward);

    assert_int_equal(town_effect(town, &log, by_steward), EFFECT_YES);
    assert_int_equal(town_effect(town, &log, founding), EFFECT_YES);
    assert_int_equal(town_effect(town, &log, first), EFFECT_YES);
    assert_int_equal(town_effect(town, &log, second), EFFECT_REVOKED);
}

static void nobody_covers_himself(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct site *village = &town->sites[VILLAGE];
    struct story_person second = story_person(town->story, 40);
    town_case(town, &log);
    site_appoint(town, VILLAGE, &village->steward, &second, "steward");
    site_refresh(town, VILLAGE);
    const struct op *note = town_say(town, &log, VILLAGE, "note", "text", "一", &second);

    const struct op *own = cover(town, &log, &second, note, &second);
    const struct op *on_own = cover(town, &log, &second, own, &second);
    site_revoke(town, VILLAGE, &village->steward, &second, NULL, 0);
    site_refresh(town, VILLAGE);

    assert_int_equal(town_effect(town, &log, note), EFFECT_REVOKED);
    assert_int_equal(town_effect(town, &log, own), EFFECT_REVOKED);
    assert_int_equal(town_effect(town, &log, on_own), EFFECT_REVOKED);
}

static void a_cover_that_is_covered_itself_counts(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct site *village = &town->sites[VILLAGE];
    struct story_person second = story_person(town->story, 41);
    town_case(town, &log);
    const struct op *note =
        town_say(town, &log, VILLAGE, "note", "text", "一", &village->mediator);
    site_appoint(town, VILLAGE, &village->steward, &second, "steward");
    site_refresh(town, VILLAGE);
    const struct op *inner = cover(town, &log, &village->mediator, note, &second);
    const struct op *fork = village->log.ops[village->log.len - 1];
    site_revoke(town, VILLAGE, &village->steward, &village->mediator, NULL, 0);
    site_revoke(town, VILLAGE, &village->steward, &second, &fork, 1);
    site_refresh(town, VILLAGE);
    town_assert_state(town, &log, "refused");

    cover(town, &log, &second, inner, &village->steward);

    assert_int_equal(town_effect(town, &log, inner), EFFECT_YES);
    assert_int_equal(town_effect(town, &log, note), EFFECT_YES);
}

static void an_erased_field_reads_as_nil_and_the_op_stands(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct fold_result result;
    struct bytes text;
    const struct op *founding = town_case(town, &log);
    log.ops[0] = story_withhold(town->story, founding, 0);

    town_fold(town, &log, &result);

    assert_int_equal(fold_effect_of(&result, &founding->id), EFFECT_YES);
    assert_false(view_text(buf_bytes(&result.view), "title", &text));
    fold_result_deinit(&result);
}

static void a_scope_of_an_unknown_kind_is_held_without_effect(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct fold_result result;
    town_say(town, &log, VILLAGE, "festival", "text", "庙会",
             &town->sites[VILLAGE].steward);
    town_say(town, &log, VILLAGE, "note", "text", "一", &town->sites[VILLAGE].steward);

    town_fold(town, &log, &result);

    assert_int_equal(result.kind, 0);
    assert_int_equal(view_refused(buf_bytes(&result.view)), 2);
    fold_result_deinit(&result);
}

static void a_charter_folds_as_a_scope_too(void **state)
{
    struct town *town = *state;
    struct fold_result result;
    struct bytes name;

    town_fold(town, &town->sites[VILLAGE].log, &result);

    assert_int_equal(result.kind, SCOPE_CHARTER);
    assert_true(view_map_text(buf_bytes(&result.view), "name", &name));
    assert_int_equal(result.effects_len, 3);
    assert_int_equal(result.effects[2].effect, EFFECT_YES);
    fold_result_deinit(&result);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_sent_case_is_escalated_and_names_the_escalation),
        TEST(a_case_is_held_by_its_own_site_alone),
        TEST(M3_unknown_kind_is_kept_without_effect),
        TEST(M3_bad_fields_are_kept_without_effect),
        TEST(M3_a_newer_minor_version_is_kept_without_effect),
        TEST(an_op_of_another_scope_has_no_effect),
        TEST(only_mediators_and_stewards_of_the_site_write_in_a_case),
        TEST(authority_from_two_charters_is_none),
        TEST(without_a_founding_with_effect_nothing_has_effect),
        TEST(a_later_write_replaces_what_it_has_seen),
        TEST(concurrent_writes_conflict_until_somebody_who_saw_both_decides),
        TEST(the_same_words_written_twice_are_no_conflict),
        TEST(a_close_is_beaten_by_a_concurrent_triage),
        TEST(a_note_does_not_reopen_a_case),
        TEST(concurrent_consents_of_one_party_conflict),
        TEST(O4_op_after_revocation_has_no_effect),
        TEST(I10_covered_ops_stand_and_no_others),
        TEST(nobody_covers_himself),
        TEST(a_cover_that_is_covered_itself_counts),
        TEST(an_erased_field_reads_as_nil_and_the_op_stands),
        TEST(a_scope_of_an_unknown_kind_is_held_without_effect),
        TEST(a_charter_folds_as_a_scope_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
