/* Another recovery key: who may name it, what the one before it may still do, and which
 * one holds where two were named at once. */
#include "board.h"

#include <string.h>

#include "node/cases/role.h"

static struct board board;
static struct story_person fresh, other;

static int begin_with(uint64_t seed, uint64_t quorum)
{
    board_init(&board, seed, quorum);
    fresh = story_person(board.town.story, 120);
    other = story_person(board.town.story, 121);
    return 0;
}

static int begin(void **state)
{
    return begin_with(51, 1);
}

static int begin_two(void **state)
{
    return begin_with(52, 2);
}

static int end(void **state)
{
    board_deinit(&board);
    return 0;
}

static const struct op *newest(void)
{
    const struct log *log = board_log(&board);
    return log->ops[log->len - 1];
}

static bool is_in_force(const struct story_person *key)
{
    return memcmp(charter_recovery_key(board_fold(&board)), key->key, 32) == 0;
}

static void a_steward_names_another_key_and_the_old_one_has_no_power(void **state)
{
    struct story_person thief = story_person(board.town.story, 130);
    const struct op *rotation = board_rotate(&board, board.first, &fresh);
    const struct op *old = board_steward(&board, &board.sheet, &thief);
    const struct op *back = board_rotate(&board, &board.sheet, &thief);
    const struct op *revoke = board_revoke(&board, &board.sheet, &board.second, NULL);
    const struct op *due = board_person(&board, &fresh, &other, "steward");

    assert_int_equal(board_effect(&board, rotation), EFFECT_YES);
    assert_true(is_in_force(&fresh));
    assert_int_equal(board_effect(&board, old), EFFECT_NO_RIGHT);
    assert_int_equal(board_effect(&board, back), EFFECT_NO_RIGHT);
    assert_int_equal(board_effect(&board, revoke), EFFECT_NO_RIGHT);
    assert_int_equal(board_effect(&board, due), EFFECT_YES);
    assert_int_equal(board_roles(&board, &board.sheet), 0);
    assert_int_equal(board_roles(&board, &fresh), ROLE_RECOVERY);
    board_assert_any_order(&board);
}

static void what_the_old_key_wrote_before_stands(void **state)
{
    struct story_person fourth = story_person(board.town.story, 131);
    const struct op *before = board_steward(&board, &board.sheet, &fourth);
    board_rotate(&board, board.first, &fresh);

    assert_int_equal(board_effect(&board, before), EFFECT_YES);
    assert_int_equal(board_roles(&board, &fourth), ROLE_STEWARD);
    board_assert_any_order(&board);
}

/* Whoever has a photo of the sheet writes beneath the heads of before. */
static void an_appointment_by_the_old_key_that_is_dated_back_has_no_effect(void **state)
{
    struct story_person thief = story_person(board.town.story, 130);
    const struct op *fork = newest();
    board_rotate(&board, board.first, &fresh);
    board_after(&board, fork);
    const struct op *back = board_steward(&board, &board.sheet, &thief);

    assert_int_equal(board_effect(&board, back), EFFECT_REVOKED);
    assert_int_equal(board_roles(&board, &thief), 0);
    board_assert_any_order(&board);
}

static void under_a_quorum_it_waits(void **state)
{
    const struct op *rotation = board_rotate(&board, board.first, &fresh);
    assert_int_equal(board_effect(&board, rotation), EFFECT_PENDING);
    assert_true(is_in_force(&board.sheet));
    assert_int_equal(board_roles(&board, &fresh), 0);

    board_word(&board, "approve", &board.second, rotation);

    assert_true(is_in_force(&fresh));
    assert_int_equal(board_roles(&board, &board.sheet), 0);
    board_assert_any_order(&board);
}

static void the_recovery_key_names_the_next_one_alone(void **state)
{
    const struct op *rotation = board_rotate(&board, &board.sheet, &fresh);

    assert_int_equal(board_effect(&board, rotation), EFFECT_YES);
    assert_true(is_in_force(&fresh));
    const struct op *next = board_rotate(&board, &fresh, &other);
    assert_int_equal(board_effect(&board, next), EFFECT_YES);
    assert_true(is_in_force(&other));
    board_assert_any_order(&board);
}

static void the_recovery_key_may_complete_what_stewards_proposed(void **state)
{
    const struct op *rotation = board_rotate(&board, board.first, &fresh);
    const struct op *word = board_word(&board, "approve", &board.sheet, rotation);
    const struct op *late = board_word(&board, "approve", &board.sheet, rotation);

    assert_int_equal(board_effect(&board, word), EFFECT_YES);
    assert_int_equal(board_effect(&board, rotation), EFFECT_YES);
    assert_int_equal(board_effect(&board, late), EFFECT_NO_RIGHT);
    assert_true(is_in_force(&fresh));
    board_assert_any_order(&board);
}

static void a_key_that_was_anybodys_does_not_become_it(void **state)
{
    const struct op *steward = board_rotate(&board, board.first, &board.second);
    const struct op *rotation = board_rotate(&board, board.first, &fresh);
    const struct op *back = board_rotate(&board, board.first, &board.sheet);
    struct story_person zero = {{0}, {0}};
    const struct op *unsound = board_rotate(&board, board.first, &zero);

    assert_int_equal(board_effect(&board, steward), EFFECT_KEY_USED);
    assert_int_equal(board_effect(&board, rotation), EFFECT_YES);
    assert_int_equal(board_effect(&board, back), EFFECT_KEY_USED);
    assert_int_equal(board_effect(&board, unsound), EFFECT_BAD_FIELD);
    board_assert_any_order(&board);
}

static void of_two_by_stewards_at_once_one_holds_and_the_other_is_named(void **state)
{
    const struct op *fork = newest();
    const struct op *one = board_rotate(&board, board.first, &fresh);
    board_after(&board, fork);
    const struct op *two = board_rotate(&board, &board.second, &other);
    bool is_first = board_effect(&board, one) == EFFECT_YES;

    assert_int_equal(board_effect(&board, is_first ? two : one), EFFECT_OVERRULED);
    assert_int_equal(board_effect(&board, is_first ? one : two), EFFECT_YES);
    assert_int_equal(charter_overruled(board_fold(&board)), 1);
    assert_true(is_in_force(is_first ? &fresh : &other));
    board_assert_any_order(&board);
    board_after(&board, one);
    board_after(&board, two);
    struct story_person last = story_person(board.town.story, 122);
    const struct op *both = board_rotate(&board, board.first, &last);
    assert_int_equal(board_effect(&board, both), EFFECT_YES);
    assert_true(is_in_force(&last));
    board_assert_any_order(&board);
}

/* later: the recovery key's stands behind more ops, and so later in the order. */
static void assert_recovery_wins(bool later)
{
    const struct op *fork = newest();
    struct story_person thief = story_person(board.town.story, 130);
    const struct op *stewards = board_rotate(&board, board.first, &fresh);
    const struct op *rests = board_steward(&board, &fresh, &thief);
    board_after(&board, fork);
    if (later) {
        struct story_person mediator = story_person(board.town.story, 132);
        board_person(&board, board.first, &mediator, "mediator");
        board_person(&board, board.first, &mediator, "desk");
        board_person(&board, board.first, &mediator, "observer");
    }
    const struct op *own = board_rotate(&board, &board.sheet, &other);

    assert_int_equal(board_effect(&board, own), EFFECT_YES);
    assert_int_equal(board_effect(&board, stewards), EFFECT_OVERRULED);
    assert_int_not_equal(board_effect(&board, rests), EFFECT_YES);
    assert_true(is_in_force(&other));
    board_assert_any_order(&board);
}

static void what_the_recovery_key_named_beside_stewards_holds(void **state)
{
    assert_recovery_wins(false);
}

static void and_so_where_it_comes_later_in_the_order(void **state)
{
    assert_recovery_wins(true);
}

/* A chain that rests on what was overruled falls with it. */
static void a_rotation_that_rests_on_an_overruled_one_has_no_effect(void **state)
{
    struct story_person last = story_person(board.town.story, 122);
    const struct op *fork = newest();
    board_rotate(&board, board.first, &fresh);
    const struct op *chain = board_rotate(&board, &fresh, &last);
    board_after(&board, fork);
    board_rotate(&board, &board.sheet, &other);

    assert_int_not_equal(board_effect(&board, chain), EFFECT_YES);
    assert_true(is_in_force(&other));
    board_assert_any_order(&board);
}

static void the_same_key_names_two_at_once_and_one_holds(void **state)
{
    const struct op *fork = newest();
    const struct op *one = board_rotate(&board, &board.sheet, &fresh);
    board_after(&board, fork);
    const struct op *two = board_rotate(&board, &board.sheet, &other);
    enum effect first = board_effect(&board, one), second = board_effect(&board, two);

    assert_true((first == EFFECT_YES) != (second == EFFECT_YES));
    assert_true(is_in_force(first == EFFECT_YES ? &fresh : &other));
    board_assert_any_order(&board);
}

/* A steward whose key was stolen names a key; the sheet revokes the steward beside it. */
static void a_revocation_by_the_recovery_key_beside_it_undoes_it(void **state)
{
    const struct op *fork = newest();
    const struct op *rotation = board_rotate(&board, board.first, &fresh);
    board_after(&board, fork);
    const struct op *revoke = board_revoke(&board, &board.sheet, board.first, fork);

    assert_int_equal(board_effect(&board, revoke), EFFECT_YES);
    assert_int_equal(board_effect(&board, rotation), EFFECT_REVOKED);
    assert_true(is_in_force(&board.sheet));
    board_assert_any_order(&board);
}

static void the_recovery_key_in_force_is_never_revoked(void **state)
{
    board_rotate(&board, board.first, &fresh);
    const struct op *attack = board_revoke(&board, board.first, &fresh, NULL);

    assert_int_equal(board_effect(&board, attack), EFFECT_NO_RIGHT);
    assert_int_equal(board_roles(&board, &fresh), ROLE_RECOVERY);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
#define TWO(name) cmocka_unit_test_setup_teardown(name, begin_two, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_steward_names_another_key_and_the_old_one_has_no_power),
        TEST(what_the_old_key_wrote_before_stands),
        TEST(an_appointment_by_the_old_key_that_is_dated_back_has_no_effect),
        TWO(under_a_quorum_it_waits),
        TEST(the_recovery_key_names_the_next_one_alone),
        TWO(the_recovery_key_may_complete_what_stewards_proposed),
        TEST(a_key_that_was_anybodys_does_not_become_it),
        TEST(of_two_by_stewards_at_once_one_holds_and_the_other_is_named),
        TEST(what_the_recovery_key_named_beside_stewards_holds),
        TEST(and_so_where_it_comes_later_in_the_order),
        TEST(a_rotation_that_rests_on_an_overruled_one_has_no_effect),
        TEST(the_same_key_names_two_at_once_and_one_holds),
        TEST(a_revocation_by_the_recovery_key_beside_it_undoes_it),
        TEST(the_recovery_key_in_force_is_never_revoked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
