/* Words about what waits for stewards: which count, where more were said than it takes,
 * where they name nothing, and where acts undo each other for ever. */
#include "board.h"

#include <string.h>

#include "node/cases/role.h"

static struct board board;

static int begin_with(uint64_t seed, uint64_t quorum)
{
    board_init(&board, seed, quorum);
    return 0;
}

static int begin_alone(void **state)
{
    return begin_with(61, 1);
}

static int begin(void **state)
{
    return begin_with(62, 2);
}

static int begin_three(void **state)
{
    return begin_with(63, 3);
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

static void a_word_about_what_is_not_here_or_unsound_has_no_effect(void **state)
{
    struct op elsewhere = *newest();
    elsewhere.id.bytes[0] ^= 1;
    const struct op *node = board_node(&board, board.first);
    const struct op *unsound = board_quorum(&board, board.first, 0);
    const struct op *lost = board_word(&board, "approve", &board.second, &elsewhere);
    const struct op *none = board_word(&board, "approve", &board.second, unsound);
    const struct op *back = board_word(&board, "withdraw", board.first, unsound);

    assert_int_equal(board_effect(&board, unsound), EFFECT_BAD_FIELD);
    assert_int_equal(board_effect(&board, lost), EFFECT_NO_TARGET);
    assert_int_equal(board_effect(&board, none), EFFECT_NO_TARGET);
    assert_int_equal(board_effect(&board, back), EFFECT_NO_TARGET);
    assert_int_equal(board_effect(&board, node), EFFECT_PENDING);
    assert_int_equal(board_words(&board), 1);
    board_assert_any_order(&board);
}

/* More stewards than a quorum may ask for, and all of them say yes. */
static void of_many_words_so_many_count_as_it_takes(void **state)
{
    struct story_person many[QUORUM_MAX];
    for (uint32_t i = 0; i < QUORUM_MAX; i++) {
        many[i] = story_person(board.town.story, 400 + i);
        board_steward(&board, &board.sheet, &many[i]);
    }
    const struct op *most = board_quorum(&board, &board.sheet, QUORUM_MAX);
    const struct op *node = board_node(&board, board.first);
    for (uint32_t i = 0; i + 2 < QUORUM_MAX; i++)
        board_word(&board, "approve", &many[i], node);
    assert_int_equal(board_effect(&board, most), EFFECT_YES);
    assert_int_equal(charter_quorum(board_fold(&board)), QUORUM_MAX);
    assert_int_equal(board_effect(&board, node), EFFECT_PENDING);
    assert_int_equal(board_words(&board), QUORUM_MAX - 1);

    const struct op *last = board_word(&board, "approve", &board.second, node);
    const struct op *more = board_word(&board, "approve", &board.third, node);

    assert_int_equal(board_effect(&board, node), EFFECT_YES);
    assert_int_equal(board_effect(&board, more), EFFECT_YES);
    assert_int_equal(board_roles_at(&board, last, &board.machine), ROLE_NODE);
    assert_int_equal(board_roles_at(&board, more, &board.machine), ROLE_NODE);
    board_assert_any_order(&board);
}

static void what_is_complete_may_be_approved_once_more(void **state)
{
    const struct op *node = board_node(&board, board.first);
    board_word(&board, "approve", &board.second, node);
    const struct op *more = board_word(&board, "approve", &board.third, node);

    assert_int_equal(board_effect(&board, node), EFFECT_YES);
    assert_int_equal(board_effect(&board, more), EFFECT_YES);
    assert_int_equal(board_roles_at(&board, more, &board.machine), ROLE_NODE);
    board_assert_any_order(&board);
}

static void the_recovery_keys_word_and_a_stewards_behind_it_both_hold(void **state)
{
    const struct op *node = board_node(&board, board.first);
    const struct op *sheet = board_word(&board, "approve", &board.sheet, node);
    const struct op *more = board_word(&board, "approve", &board.second, node);

    assert_int_equal(board_effect(&board, node), EFFECT_YES);
    assert_int_equal(board_effect(&board, more), EFFECT_YES);
    assert_int_equal(board_roles_at(&board, sheet, &board.machine), ROLE_NODE);
    assert_int_equal(board_roles_at(&board, more, &board.machine), ROLE_NODE);
    board_assert_any_order(&board);
}

/* Whoever takes a proposal back takes no word of others, nor one that never counted. */
static void words_of_others_stay_where_a_proposal_is_taken_back(void **state)
{
    const struct op *node = board_node(&board, board.first);
    const struct op *word = board_word(&board, "approve", &board.second, node);
    const struct op *none =
        board_word(&board, "approve", &board.town.sites[VILLAGE].mediator, node);
    const struct op *back = board_word(&board, "withdraw", board.first, node);

    assert_int_equal(board_effect(&board, back), EFFECT_YES);
    assert_int_equal(board_effect(&board, node), EFFECT_WITHDRAWN);
    assert_int_equal(board_effect(&board, word), EFFECT_YES);
    assert_int_equal(board_effect(&board, none), EFFECT_NO_RIGHT);
    board_assert_any_order(&board);
}

/* --- beneath heads at which it was not complete --- */

/* An op behind more of them than the word that completes `proposal`, which it has not
 * seen. */
static const struct op *beside_its_word(const struct op *proposal)
{
    struct story_person helper = story_person(board.town.story, 111);
    board_word(&board, "approve", &board.second, proposal);
    board_after(&board, proposal);
    board_person(&board, &board.third, &helper, "mediator");
    board_person(&board, &board.third, &helper, "desk");
    return board_node(&board, &board.third);
}

static void a_quorum_is_that_of_the_heads_at_which_it_was_complete(void **state)
{
    const struct op *lower = board_quorum(&board, board.first, 1);
    const struct op *node = beside_its_word(lower);

    assert_int_equal(board_effect(&board, lower), EFFECT_YES);
    assert_int_equal(charter_quorum(board_fold(&board)), 1);
    assert_int_equal(board_effect(&board, node), EFFECT_PENDING);
    assert_int_equal(board_words(&board), 1);
    board_assert_any_order(&board);
}

static void a_recovery_key_is_in_force_where_its_rotation_was_complete(void **state)
{
    struct story_person fresh = story_person(board.town.story, 120);
    struct story_person helper = story_person(board.town.story, 112);
    const struct op *rotation = board_rotate(&board, board.first, &fresh);
    const struct op *beside = beside_its_word(rotation);
    const struct op *early = board_steward(&board, &fresh, &helper);

    assert_int_equal(board_effect(&board, rotation), EFFECT_YES);
    assert_memory_equal(charter_recovery_key(board_fold(&board)), fresh.key, 32);
    assert_int_equal(board_roles_at(&board, beside, &fresh), 0);
    assert_int_equal(board_roles(&board, &fresh), ROLE_RECOVERY);
    assert_int_equal(board_effect(&board, early), EFFECT_NO_RIGHT);
    board_assert_any_order(&board);
}

static void of_two_quorums_that_hold_side_by_side_the_higher_one_counts(void **state)
{
    const struct op *fork = newest();
    const struct op *two = board_quorum(&board, &board.sheet, 2);
    board_after(&board, fork);
    const struct op *three = board_quorum(&board, &board.sheet, 3);
    board_after(&board, fork);
    const struct op *again = board_quorum(&board, &board.sheet, 2);

    assert_int_equal(board_effect(&board, two), EFFECT_YES);
    assert_int_equal(board_effect(&board, three), EFFECT_YES);
    assert_int_equal(board_effect(&board, again), EFFECT_YES);
    assert_int_equal(charter_quorum(board_fold(&board)), 3);
    board_assert_any_order(&board);
    board_after(&board, two);
    board_after(&board, three);
    board_after(&board, again);
    board_quorum(&board, &board.sheet, 1);
    assert_int_equal(charter_quorum(board_fold(&board)), 1); /* it has seen all three */
}

/* The third word for a higher quorum is of a steward who would be none under it: whether
 * it holds or not, it does not. What waits for so many goes on waiting. */
static void acts_that_undo_each_other_come_to_rest_with_nothing_granted(void **state)
{
    struct story_person friend = story_person(board.town.story, 113);
    const struct op *fork = newest();
    const struct op *steward = board_steward(&board, board.first, &friend);
    const struct op *appointed = board_word(&board, "approve", &board.second, steward);
    assert_int_equal(board_roles(&board, &friend), ROLE_STEWARD);
    board_after(&board, fork);
    const struct op *higher = board_quorum(&board, &board.third, 3);
    board_after(&board, appointed);
    board_after(&board, higher);
    const struct op *word = board_word(&board, "approve", &friend, higher);

    assert_int_equal(board_effect(&board, steward), EFFECT_PENDING);
    assert_int_equal(board_effect(&board, word), EFFECT_NO_RIGHT);
    assert_int_equal(board_effect(&board, higher), EFFECT_PENDING);
    assert_int_equal(board_roles(&board, &friend), 0);
    assert_int_equal(charter_quorum(board_fold(&board)), 2);
    board_assert_any_order(&board);
    /* A steward of before, who stands by the quorum, ends the quarrel. */
    board_word(&board, "approve", board.first, higher);
    assert_int_equal(board_effect(&board, higher), EFFECT_YES);
    assert_int_equal(charter_quorum(board_fold(&board)), 3);
    assert_int_equal(board_roles(&board, &friend), 0);
    board_assert_any_order(&board);
}

#define ALONE(name) cmocka_unit_test_setup_teardown(name, begin_alone, end)
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
#define THREE(name) cmocka_unit_test_setup_teardown(name, begin_three, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_word_about_what_is_not_here_or_unsound_has_no_effect),
        ALONE(of_many_words_so_many_count_as_it_takes),
        TEST(what_is_complete_may_be_approved_once_more),
        TEST(the_recovery_keys_word_and_a_stewards_behind_it_both_hold),
        THREE(words_of_others_stay_where_a_proposal_is_taken_back),
        TEST(a_quorum_is_that_of_the_heads_at_which_it_was_complete),
        TEST(a_recovery_key_is_in_force_where_its_rotation_was_complete),
        ALONE(of_two_quorums_that_hold_side_by_side_the_higher_one_counts),
        TEST(acts_that_undo_each_other_come_to_rest_with_nothing_granted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
