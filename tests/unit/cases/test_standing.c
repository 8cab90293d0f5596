/* What stands side by side in a case, and what stood before a write. */
#include "town.h"

#include <stdio.h>
#include <string.h>

#include "node/cases/before.h"
#include "node/cases/standing.h"

static int set_up(void **state)
{
    struct town *town = test_calloc(1, sizeof(*town));
    town_init(town, 3);
    *state = town;
    return 0;
}

static int tear_down(void **state)
{
    town_deinit(*state);
    test_free(*state);
    return 0;
}

static const struct op *set_after(struct town *town, struct log *log,
                                  const struct op *parent, const char *field,
                                  const char *text, const struct story_person *by)
{
    struct op *op = log_begin_after(town, VILLAGE, "set", parent);
    story_put(op, field, story_text(town->story, text));
    return log_seal(town, log, op, by);
}

static void read_standing(struct town *town, const struct log *log, const char *field,
                          const char *party, struct fold_result *folded,
                          struct standing *standing)
{
    town_fold(town, log, folded);
    standing_read(buf_bytes(&folded->view), bytes_str(field), bytes_str(party), standing);
}

static void assert_op(const struct standing_one *one, const struct op *op)
{
    assert_true(view_map_has_id(one->entry, "op", &op->id));
}

/* --- standing --- */

static void writes_side_by_side_stand_in_order_of_time_and_id(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct fold_result folded;
    struct standing standing;
    const struct story_person *by = &town->sites[VILLAGE].mediator;
    const struct op *founding = town_case(town, &log);
    const struct op *early = set_after(town, &log, founding, "title", "甲", by);
    const struct op *note =
        log_seal(town, &log, log_begin_after(town, VILLAGE, "note", founding), by);
    const struct op *late = set_after(town, &log, note, "title", "乙", by);
    struct pack_reader reader;
    struct bytes text;

    read_standing(town, &log, "title", "", &folded, &standing);

    assert_int_equal(standing.len, 2);
    assert_op(&standing.all[0], early);
    assert_op(&standing.all[1], late);
    reader = pack_reader_of(standing.all[0].value);
    assert_int_equal(pack_read_str(&reader, &text, NULL), STATUS_OK);
    assert_true(bytes_equal_str(text, "甲"));
    fold_result_deinit(&folded);
}

static void triages_that_nobody_has_seen_both_of_stand_side_by_side(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct fold_result folded;
    struct standing standing;
    struct log fork = {{town_case(town, &log)}, 1};
    town_triage(town, &log, "keep");
    log_add(&log, town_triage(town, &fork, "escalate"));

    read_standing(town, &log, "triage", "", &folded, &standing);

    assert_int_equal(standing.len, 2);
    for (int i = 0; i < 2; i++)
        assert_true(view_map_has_text(standing.all[i].value, "decision", "keep") ||
                    view_map_has_text(standing.all[i].value, "decision", "escalate"));
    assert_false(view_map_has_text(standing.all[0].value, "decision", "keep") &&
                 view_map_has_text(standing.all[1].value, "decision", "keep"));
    fold_result_deinit(&folded);

    struct op *settle = log_begin_after(town, VILLAGE, "triage", log.ops[1]);
    story_after(settle, log.ops[2]);
    story_put(settle, "beyond", story_flag(town->story, true));
    story_put(settle, "danger", story_flag(town->story, false));
    story_put(settle, "decision", story_text(town->story, "escalate"));
    story_put(settle, "reason", story_text(town->story, "超出"));
    story_put(settle, "solvable", story_flag(town->story, false));
    const struct op *settled =
        log_seal(town, &log, settle, &town->sites[VILLAGE].mediator);
    read_standing(town, &log, "triage", "", &folded, &standing);
    assert_int_equal(standing.len, 1);
    assert_op(&standing.all[0], settled);
    fold_result_deinit(&folded);
}

static bool note_party(void *context, struct bytes party)
{
    char *text = context;
    (void)strncat(text, (const char *)party.data, party.len);
    return strlen(text) < 8;
}

static void consents_stand_by_their_party(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct fold_result folded;
    struct standing standing;
    char parties[64] = "";
    struct log fork = {{town_case(town, &log)}, 1};
    struct log second = fork;
    town_consent(town, &log, "李某", "title context", true);
    town_consent(town, &log, "张某", "title context", true);
    log_add(&log, town_consent(town, &fork, "张某", "context", false));

    read_standing(town, &log, "consents", "张某", &folded, &standing);
    standing_parties(buf_bytes(&folded.view), note_party, parties);

    assert_int_equal(standing.len, 2);
    assert_string_equal(parties, "张某");
    fold_result_deinit(&folded);

    log_add(&log, town_consent(town, &second, "李某", "context", false));
    parties[0] = '\0';
    town_fold(town, &log, &folded);
    standing_parties(buf_bytes(&folded.view), note_party, parties);
    assert_string_equal(parties, "张某李某");
    fold_result_deinit(&folded);
}

/* Each is settled by itself. */
static void consents_of_two_parties_do_not_mix(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct fold_result folded;
    struct standing standing;
    static const char *const parties[] = {"张某", "李某"};
    const struct op *ops[2][2];
    struct log first = {{town_case(town, &log)}, 1};
    for (int party = 0; party < 2; party++)
        for (int i = 0; i < 2; i++) {
            struct log fork = first;
            ops[party][i] = town_consent(town, &fork, parties[party], "context", i == 0);
            log_add(&log, ops[party][i]);
        }

    for (int party = 0; party < 2; party++) {
        read_standing(town, &log, "consents", parties[party], &folded, &standing);
        assert_int_equal(standing.len, 2);
        for (int i = 0; i < 2; i++)
            assert_true(
                view_map_has_id(standing.all[i].entry, "op", &ops[party][0]->id) ||
                view_map_has_id(standing.all[i].entry, "op", &ops[party][1]->id));
        fold_result_deinit(&folded);
    }
}

/* A yes counts until a later yes; what took it back in two ways is what waits. */
static void a_yes_that_was_taken_back_does_not_stand(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct fold_result folded;
    struct standing standing;
    char parties[64] = "";
    town_case(town, &log);
    const struct op *yes = town_consent(town, &log, "张某", "title context", true);
    struct log fork = log;
    town_consent(town, &log, "张某", "context", false);
    log_add(&log, town_consent(town, &fork, "张某", "title", false));

    read_standing(town, &log, "consents", "张某", &folded, &standing);
    standing_parties(buf_bytes(&folded.view), note_party, parties);

    assert_int_equal(view_map_count(buf_bytes(&folded.view), "consents"), 3);
    assert_int_equal(standing.len, 2);
    for (uint32_t i = 0; i < standing.len; i++)
        assert_false(view_map_has_id(standing.all[i].entry, "op", &yes->id));
    assert_string_equal(parties, "张某");
    fold_result_deinit(&folded);
}

/* Two who say the same side by side leave nothing to settle. */
static void consents_that_are_alike_do_not_stand(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct fold_result folded;
    struct standing standing;
    char parties[64] = "";
    struct log fork = {{town_case(town, &log)}, 1};
    town_consent(town, &log, "张某", "context", true);
    log_add(&log, town_consent(town, &fork, "张某", "context", true));

    read_standing(town, &log, "consents", "张某", &folded, &standing);
    standing_parties(buf_bytes(&folded.view), note_party, parties);

    assert_int_equal(standing.len, 0);
    assert_string_equal(parties, "");
    fold_result_deinit(&folded);
}

static void what_nobody_wrote_does_not_stand(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct fold_result folded;
    struct standing standing;
    static const char *const fields[] = {"wish", "mood", "triage", "consents",
                                         "a-name-longer-than-any-field-has"};
    town_case(town, &log);
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        read_standing(town, &log, fields[i], "张某", &folded, &standing);
        assert_int_equal(standing.len, 0);
        fold_result_deinit(&folded);
    }
}

static void no_more_stand_than_an_op_can_settle(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct fold_result folded;
    struct standing standing;
    const struct op *founding = town_case(town, &log);
    for (int i = 0; i < STANDING_MAX + 2; i++) {
        struct log fork = {{founding}, 1}, other = fork;
        char text[24];
        (void)snprintf(text, sizeof(text), "第%d种", i);
        set_after(town, &log, founding, "title", text, &town->sites[VILLAGE].mediator);
        log_add(&log, town_triage(town, &fork, i % 2 ? "keep" : "escalate"));
        log_add(&log, town_consent(town, &other, "张某", "context", i % 2));
    }
    static const char *const fields[] = {"title", "triage", "consents"};
    for (size_t i = 0; i < 3; i++) {
        read_standing(town, &log, fields[i], "张某", &folded, &standing);
        assert_int_equal(standing.len, STANDING_MAX);
        fold_result_deinit(&folded);
    }
}

/* --- before --- */

static struct charter *charter_of(void *context, const struct id *head)
{
    struct town *town = context;
    for (int i = 0; i < SITES; i++)
        if (charter_has(town->sites[i].charter, head))
            return town->sites[i].charter;
    return NULL;
}

static enum status before(struct town *town, const struct log *log, const char *field,
                          const struct op *op, const struct op **found)
{
    struct fold_input input = {
        .ops = log->ops, .len = log->len, .charter_of = charter_of, .context = town};
    return before_write(&input, field, &op->id, found);
}

static void before_a_write_stands_the_last_one_beneath_it(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    const struct op *found = NULL;
    const struct story_person *by = &town->sites[VILLAGE].mediator;
    const struct op *founding = town_case(town, &log);
    const struct op *first = set_after(town, &log, founding, "title", "甲", by);
    const struct op *aside = set_after(town, &log, founding, "title", "乙", by);
    const struct op *place = set_after(town, &log, first, "place", "桥头", by);
    const struct op *strange =
        set_after(town, &log, place, "title", "丙", &town->sites[TOWNSHIP].mediator);
    const struct op *last = set_after(town, &log, strange, "title", "丁", by);

    assert_int_equal(before(town, &log, "title", last, &found), STATUS_OK);
    assert_ptr_equal(found, first); /* not what a stranger wrote, which has no effect */
    assert_int_equal(before(town, &log, "title", first, &found), STATUS_OK);
    assert_ptr_equal(found, founding);
    assert_int_equal(before(town, &log, "title", aside, &found), STATUS_OK);
    assert_ptr_equal(found, founding);
    assert_int_equal(before(town, &log, "place", place, &found), STATUS_NOT_FOUND);
    assert_int_equal(before(town, &log, "title", founding, &found), STATUS_NOT_FOUND);
}

/* An agreement names parties too, and changes none. */
static void a_field_of_the_same_name_is_no_write(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    const struct op *found = NULL;
    const struct story_person *by = &town->sites[VILLAGE].mediator;
    const struct op *founding = town_case(town, &log);
    struct op *agreed = log_begin(town, &log, VILLAGE, "agreement");
    story_put(agreed, "parties", town_parties(town));
    story_put(agreed, "terms", story_text(town->story, "各清各的沟"));
    log_seal(town, &log, agreed, by);
    const struct op *last = set_after(town, &log, agreed, "title", "丁", by);

    assert_int_equal(town_effect(town, &log, agreed), EFFECT_YES);
    assert_int_equal(before(town, &log, "parties", last, &found), STATUS_OK);
    assert_ptr_equal(found, founding);
}

static void before_a_settlement_stands_what_was_shown(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    const struct op *found = NULL;
    const struct story_person *by = &town->sites[VILLAGE].mediator;
    const struct op *founding = town_case(town, &log);
    const struct op *one = set_after(town, &log, founding, "title", "甲", by);
    const struct op *other = set_after(town, &log, founding, "title", "乙", by);
    struct op *settle = log_begin_after(town, VILLAGE, "set", one);
    story_after(settle, other);
    story_put(settle, "title", story_text(town->story, "丙"));
    log_seal(town, &log, settle, by);

    assert_int_equal(before(town, &log, "title", settle, &found), STATUS_OK);

    assert_ptr_equal(found, id_compare(&one->id, &other->id) > 0 ? one : other);
}

static void before_what_is_not_there_stands_nothing(void **state)
{
    struct town *town = *state;
    struct log log = {0}, other = {0}, none = {0};
    const struct op *found = NULL;
    town_case(town, &log);
    const struct op *elsewhere = town_case(town, &other);

    assert_int_equal(before(town, &log, "title", elsewhere, &found), STATUS_NOT_FOUND);
    none.len = 1;
    none.ops[0] =
        set_after(town, &other, elsewhere, "title", "甲", &town->sites[VILLAGE].mediator);
    assert_int_equal(before(town, &none, "title", none.ops[0], &found), STATUS_INVALID);
    assert_null(found);
}

int main(void)
{
#define ONE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        ONE(writes_side_by_side_stand_in_order_of_time_and_id),
        ONE(triages_that_nobody_has_seen_both_of_stand_side_by_side),
        ONE(consents_stand_by_their_party),
        ONE(consents_of_two_parties_do_not_mix),
        ONE(a_yes_that_was_taken_back_does_not_stand),
        ONE(consents_that_are_alike_do_not_stand),
        ONE(what_nobody_wrote_does_not_stand),
        ONE(no_more_stand_than_an_op_can_settle),
        ONE(before_a_write_stands_the_last_one_beneath_it),
        ONE(a_field_of_the_same_name_is_no_write),
        ONE(before_a_settlement_stands_what_was_shown),
        ONE(before_what_is_not_there_stands_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
