/* Ops whose author nobody here can vouch for, or no longer: what they do, and what they
 * leave as it was. */
#include "town.h"

#include <string.h>

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

/* After the last op of the log, under a charter that nobody has. */
static struct op *begin_strange(struct town *town, struct log *log, const char *kind)
{
    static const struct id nowhere = {{7, 7}};
    struct op *op = story_begin(town->story, kind);
    assert_int_equal(op_add_authority(op, &nowhere), STATUS_OK);
    if (log->len > 0)
        story_after(op, log->ops[log->len - 1]);
    return op;
}

/* What every later version of the charter adds: something that this one does not know. */
static void freeze(struct town *town, int site)
{
    struct log *log = &town->sites[site].log;
    struct op *op = story_begin(town->story, "senate");
    story_after(op, log->ops[log->len - 1]);
    story_seal(town->story, op, &town->sites[site].steward);
    log_add(log, op);
    site_refresh(town, site);
}

static void an_op_whose_charter_is_not_here_has_no_effect(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    town_case(town, &log);
    struct op *op = begin_strange(town, &log, "note");
    story_put(op, "text", story_text(town->story, "谁写的"));

    log_seal(town, &log, op, &town->sites[VILLAGE].mediator);

    assert_int_equal(town_effect(town, &log, op), EFFECT_NO_AUTHORITY);
    town_assert_state(town, &log, "registered");
}

static void an_op_without_authority_has_no_effect(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    town_case(town, &log);
    struct op *op = story_begin(town->story, "note");
    story_after(op, log.ops[0]);
    story_put(op, "text", story_text(town->story, "谁写的"));

    log_seal(town, &log, op, &town->sites[VILLAGE].mediator);

    assert_int_equal(town_effect(town, &log, op), EFFECT_NO_AUTHORITY);
}

static void a_record_of_a_founder_who_is_not_known_is_held_by_nobody(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct fold_result result;
    struct site *township = &town->sites[TOWNSHIP];
    struct id site;
    struct op *op = begin_strange(town, &log, "escalate");
    const struct op *known =
        town_escalate(town, &(struct log){0}, "yes", &town->sites[VILLAGE].steward);
    memcpy(op->fields, known->fields, sizeof(op->fields));
    op->fields_len = known->fields_len;
    log_seal(town, &log, op, &town->sites[VILLAGE].steward);
    const struct op *received =
        town_say(town, &log, TOWNSHIP, "received", NULL, NULL, &township->node);
    const struct op *opened =
        town_say(town, &log, TOWNSHIP, "opened", NULL, NULL, &township->desk);
    site_revoke(town, TOWNSHIP, &township->steward, &township->desk, NULL, 0);
    site_refresh(town, TOWNSHIP);

    town_fold(town, &log, &result);

    assert_int_equal(fold_effect_of(&result, &op->id), EFFECT_NO_AUTHORITY);
    assert_int_equal(fold_effect_of(&result, &received->id), EFFECT_NOT_FOUNDED);
    assert_int_equal(fold_effect_of(&result, &opened->id), EFFECT_NOT_FOUNDED);
    assert_int_equal(result.holders_len, 0);
    assert_int_equal(result.held_len, 0);
    assert_false(view_site(buf_bytes(&result.view), &site));
    fold_result_deinit(&result);
}

static void who_is_not_known_holds_nothing_in_a_record_that_is(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct site *township = &town->sites[TOWNSHIP];
    struct fold_result result;
    town_escalate(town, &log, "yes", &town->sites[VILLAGE].steward);
    town_say(town, &log, TOWNSHIP, "opened", NULL, NULL, &township->desk);
    struct op *op = begin_strange(town, &log, "received");
    log_seal(town, &log, op, &township->node);
    site_revoke(town, TOWNSHIP, &township->steward, &township->desk, NULL, 0);
    site_refresh(town, TOWNSHIP);

    town_fold(town, &log, &result);

    assert_int_equal(fold_effect_of(&result, &op->id), EFFECT_NO_AUTHORITY);
    assert_int_equal(result.held_len, 2);
    fold_result_deinit(&result);
}

static void a_frozen_charter_takes_the_effect_of_what_comes_after(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct site *village = &town->sites[VILLAGE];
    town_case(town, &log);
    const struct op *before =
        town_say(town, &log, VILLAGE, "note", "text", "以前", &village->mediator);
    freeze(town, VILLAGE);

    const struct op *after =
        town_say(town, &log, VILLAGE, "note", "text", "以后", &village->mediator);

    assert_int_equal(town_effect(town, &log, before), EFFECT_YES);
    assert_int_equal(town_effect(town, &log, after), EFFECT_FROZEN);
}

static void who_has_a_record_keeps_it_when_his_charter_freezes(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct fold_result result;
    town_escalate(town, &log, "yes", &town->sites[VILLAGE].steward);
    freeze(town, TOWNSHIP);
    const struct op *received = town_say(town, &log, TOWNSHIP, "received", NULL, NULL,
                                         &town->sites[TOWNSHIP].node);

    town_fold(town, &log, &result);

    assert_int_equal(fold_effect_of(&result, &received->id), EFFECT_FROZEN);
    assert_int_equal(result.held_len, 2);
    fold_result_deinit(&result);
}

static void a_scope_without_its_founding_op_is_no_scope(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct fold_result result;
    town_case(town, &log);
    const struct op *note = town_say(town, &log, VILLAGE, "note", "text", "一",
                                     &town->sites[VILLAGE].mediator);
    const struct fold_input input = {.ops = &note, .len = 1};

    assert_int_equal(fold_scope(&input, &result), STATUS_INVALID);

    assert_int_equal(fold_effect_of(&result, &note->id), EFFECT_NO_AUTHORITY);
}

/* --- covers --- */

static const struct op *cover(struct town *town, struct log *log,
                              const struct op *const *heads, size_t len)
{
    struct site *village = &town->sites[VILLAGE];
    struct op *op = log_begin(town, log, VILLAGE, "cover");
    story_put(op, "key", story_bin(town->story, village->mediator.key, 32));
    story_put(op, "heads", story_ids(town->story, heads, len));
    return log_seal(town, log, op, &village->steward);
}

static void a_cover_stands_by_the_heads_that_are_here(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct site *village = &town->sites[VILLAGE];
    const struct op *founding = town_case(town, &log);
    const struct op *elsewhere[] = {village->log.ops[0], village->log.ops[1]};
    const struct op *both[] = {village->log.ops[0], founding};
    site_revoke(town, VILLAGE, &village->steward, &village->mediator, NULL, 0);
    site_refresh(town, VILLAGE);

    cover(town, &log, elsewhere, 2);
    assert_int_equal(town_effect(town, &log, founding), EFFECT_REVOKED);
    cover(town, &log, both, 2);

    assert_int_equal(town_effect(town, &log, founding), EFFECT_YES);
}

static void a_cover_belongs_into_no_charter(void **state)
{
    struct town *town = *state;
    struct log *log = &town->sites[VILLAGE].log;
    struct op *op = story_begin(town->story, "cover");
    story_after(op, log->ops[log->len - 1]);
    story_put(op, "key", story_bin(town->story, town->sites[VILLAGE].mediator.key, 32));
    story_put(op, "heads", story_ids(town->story, log->ops, 1));
    story_seal(town->story, op, &town->sites[VILLAGE].steward);
    log_add(log, op);
    site_refresh(town, VILLAGE);

    assert_int_equal(charter_effect(town->sites[VILLAGE].charter, &op->id),
                     EFFECT_WRONG_SCOPE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_op_whose_charter_is_not_here_has_no_effect),
        TEST(an_op_without_authority_has_no_effect),
        TEST(a_record_of_a_founder_who_is_not_known_is_held_by_nobody),
        TEST(who_is_not_known_holds_nothing_in_a_record_that_is),
        TEST(a_frozen_charter_takes_the_effect_of_what_comes_after),
        TEST(who_has_a_record_keeps_it_when_his_charter_freezes),
        TEST(a_scope_without_its_founding_op_is_no_scope),
        TEST(a_cover_stands_by_the_heads_that_are_here),
        TEST(a_cover_belongs_into_no_charter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
