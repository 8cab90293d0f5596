/* Acts that take several stewards: who stands by them, from when on they have effect, and
 * that no order of arrival and no op that is dated back gets round it. */
#include "board.h"

#include <string.h>

#include "node/cases/role.h"

static struct board board;

static int begin(void **state)
{
    board_init(&board, 41, 2);
    return 0;
}

static int begin_alone(void **state)
{
    board_init(&board, 42, 1);
    return 0;
}

static int begin_three(void **state)
{
    board_init(&board, 43, 3);
    return 0;
}

static int end(void **state)
{
    board_deinit(&board);
    return 0;
}

static void without_a_quorum_one_steward_is_enough(void **state)
{
    const struct op *node = board_node(&board, board.first);

    assert_int_equal(charter_quorum(board_fold(&board)), 1);
    assert_int_equal(board_effect(&board, node), EFFECT_YES);
    assert_true(board_has_machine(&board));
}

static void a_node_waits_for_the_second_steward(void **state)
{
    const struct op *node = board_node(&board, board.first);
    assert_int_equal(board_effect(&board, node), EFFECT_PENDING);
    assert_int_equal(board_words(&board), 1);
    assert_false(board_has_machine(&board));
    assert_int_equal(board_roles(&board, &board.machine), 0);

    const struct op *word = board_word(&board, "approve", &board.second, node);

    assert_int_equal(board_effect(&board, node), EFFECT_YES);
    assert_int_equal(board_effect(&board, word), EFFECT_YES);
    assert_true(board_has_machine(&board));
    assert_int_equal(board_roles_at(&board, node, &board.machine), 0);
    assert_int_equal(board_roles_at(&board, word, &board.machine), ROLE_NODE);
    board_assert_any_order(&board);
}

static void stewards_and_the_quorum_wait_as_nodes_do_and_others_do_not(void **state)
{
    struct story_person fourth = story_person(board.town.story, 110);
    struct story_person helper = story_person(board.town.story, 111);
    const struct op *steward = board_steward(&board, board.first, &fourth);
    const struct op *mediator = board_person(&board, board.first, &helper, "mediator");
    const struct op *lower = board_quorum(&board, board.first, 1);

    assert_int_equal(board_effect(&board, steward), EFFECT_PENDING);
    assert_int_equal(board_effect(&board, lower), EFFECT_PENDING);
    assert_int_equal(board_effect(&board, mediator), EFFECT_YES);
    assert_int_equal(charter_quorum(board_fold(&board)), 2);

    board_word(&board, "approve", &board.third, lower);
    assert_int_equal(charter_quorum(board_fold(&board)), 1);
    assert_int_equal(board_effect(&board, steward), EFFECT_PENDING);
    board_word(&board, "approve", &board.third, steward);
    assert_int_equal(board_roles(&board, &fourth), ROLE_STEWARD);
    board_assert_any_order(&board);
}

static void the_same_steward_counts_once(void **state)
{
    const struct op *node = board_node(&board, board.first);

    board_word(&board, "approve", board.first, node);
    board_word(&board, "approve", board.first, node);

    assert_int_equal(board_effect(&board, node), EFFECT_PENDING);
    assert_int_equal(board_words(&board), 1);
    board_assert_any_order(&board);
}

static void who_approves_twice_counts_once(void **state)
{
    const struct op *node = board_node(&board, board.first);

    board_word(&board, "approve", &board.second, node);
    board_word(&board, "approve", &board.second, node);

    assert_int_equal(board_effect(&board, node), EFFECT_PENDING);
    assert_int_equal(board_words(&board), 2);
    board_word(&board, "approve", &board.third, node);
    assert_int_equal(board_effect(&board, node), EFFECT_YES);
    board_assert_any_order(&board);
}

static void words_side_by_side_add_up(void **state)
{
    const struct op *node = board_node(&board, board.first);
    board_after(&board, node);
    const struct op *one = board_word(&board, "approve", &board.second, node);
    board_after(&board, node);
    const struct op *other = board_word(&board, "approve", &board.third, node);

    assert_int_equal(board_effect(&board, node), EFFECT_YES);
    assert_int_equal(board_roles_at(&board, one, &board.machine), 0);
    assert_int_equal(board_roles_at(&board, other, &board.machine), 0);
    board_assert_any_order(&board);
}

static void a_mediator_approves_nothing(void **state)
{
    const struct op *node = board_node(&board, board.first);

    const struct op *word =
        board_word(&board, "approve", &board.town.sites[VILLAGE].mediator, node);

    assert_int_equal(board_effect(&board, word), EFFECT_NO_RIGHT);
    assert_int_equal(board_effect(&board, node), EFFECT_PENDING);
}

/* Who is to become a steward does not stand by that as one. */
static void nobody_approves_the_own_appointment(void **state)
{
    struct story_person fourth = story_person(board.town.story, 110);
    const struct op *steward = board_steward(&board, board.first, &fourth);

    const struct op *word = board_word(&board, "approve", &fourth, steward);

    assert_int_equal(board_effect(&board, word), EFFECT_NO_RIGHT);
    assert_int_equal(board_effect(&board, steward), EFFECT_PENDING);
    board_assert_any_order(&board);
}

static void a_word_names_what_lies_beneath_it_and_takes_words(void **state)
{
    struct log *log = board_log(&board);
    const struct op *head = log->ops[log->len - 1];
    const struct op *node = board_node(&board, board.first);
    board_after(&board, head);
    const struct op *beside = board_word(&board, "approve", &board.second, node);
    const struct op *person = board_word(&board, "approve", &board.second, log->ops[1]);

    assert_int_equal(board_effect(&board, beside), EFFECT_NO_TARGET);
    assert_int_equal(board_effect(&board, person), EFFECT_NO_TARGET);
    assert_int_equal(board_effect(&board, node), EFFECT_PENDING);
}

static void a_revoked_steward_does_not_count_for_what_waits(void **state)
{
    const struct op *node = board_node(&board, board.first);
    const struct op *word = board_word(&board, "approve", &board.second, node);

    board_revoke(&board, &board.third, &board.second, node);
    assert_int_equal(board_effect(&board, word), EFFECT_REVOKED);
    assert_int_equal(board_effect(&board, node), EFFECT_PENDING);
    assert_int_equal(board_words(&board), 1);
    board_assert_any_order(&board);
}

static void what_was_complete_when_a_steward_was_revoked_stands_if_covered(void **state)
{
    const struct op *node = board_node(&board, board.first);
    const struct op *word = board_word(&board, "approve", &board.second, node);

    board_revoke(&board, &board.third, &board.second, word);

    assert_int_equal(board_effect(&board, node), EFFECT_YES);
    assert_true(board_has_machine(&board));
    board_assert_any_order(&board);
}

/* A thief proposes a machine; the key is revoked, and the charter's heads are covered, as
 * they are. The proposal is not half done for good. */
static void
a_covered_proposal_of_a_revoked_steward_waits_for_all_of_the_quorum(void **state)
{
    const struct op *node = board_node(&board, &board.second);
    board_revoke(&board, &board.third, &board.second, node);
    assert_int_equal(board_effect(&board, node), EFFECT_PENDING);
    assert_int_equal(board_words(&board), 0);

    board_word(&board, "approve", board.first, node);
    assert_int_equal(board_effect(&board, node), EFFECT_PENDING);
    board_word(&board, "approve", &board.third, node);

    assert_int_equal(board_effect(&board, node), EFFECT_YES);
    board_assert_any_order(&board);
}

static void a_steward_who_is_revoked_beside_it_does_not_complete_it(void **state)
{
    const struct op *node = board_node(&board, board.first);
    board_after(&board, node);
    board_revoke(&board, &board.third, &board.second, node);
    board_after(&board, node);
    board_word(&board, "approve", &board.second, node);

    assert_int_equal(board_effect(&board, node), EFFECT_PENDING);
    assert_int_equal(board_words(&board), 1);
    board_assert_any_order(&board);
}

static void two_revoked_stewards_stood_by_what_was_complete(void **state)
{
    const struct op *node = board_node(&board, board.first);
    const struct op *word = board_word(&board, "approve", &board.second, node);
    board_revoke(&board, &board.third, &board.second, word);
    board_revoke(&board, &board.third, board.first, word);

    assert_int_equal(board_effect(&board, node), EFFECT_YES);
    board_assert_any_order(&board);
}

static void revocations_need_no_quorum(void **state)
{
    const struct op *revoke = board_revoke(&board, board.first, &board.second, NULL);

    assert_int_equal(board_effect(&board, revoke), EFFECT_YES);
    assert_true(charter_is_revoked(board_fold(&board), board.second.key));
    assert_int_equal(charter_quorum(board_fold(&board)), 2); /* it does not shrink */
}

static void the_recovery_key_alone_is_enough(void **state)
{
    struct story_person fourth = story_person(board.town.story, 110);
    const struct op *node = board_node(&board, board.first);
    const struct op *steward = board_steward(&board, &board.sheet, &fourth);
    const struct op *by_itself = board_node(&board, &board.sheet);
    const struct op *word = board_word(&board, "approve", &board.sheet, node);

    assert_int_equal(board_effect(&board, steward), EFFECT_YES);
    assert_int_equal(board_effect(&board, by_itself), EFFECT_NO_RIGHT);
    assert_int_equal(board_effect(&board, word), EFFECT_YES);
    assert_int_equal(board_effect(&board, node), EFFECT_YES);
    board_assert_any_order(&board);
}

static void a_quorum_is_no_more_than_the_stewards(void **state)
{
    const struct op *four = board_quorum(&board, &board.sheet, 4);
    const struct op *none = board_quorum(&board, &board.sheet, 0);
    const struct op *three = board_quorum(&board, &board.sheet, 3);

    assert_int_equal(board_effect(&board, four), EFFECT_TOO_FEW);
    assert_int_equal(board_effect(&board, none), EFFECT_BAD_FIELD);
    assert_int_equal(board_effect(&board, three), EFFECT_YES);
    assert_int_equal(charter_quorum(board_fold(&board)), 3);
}

/* Whoever has a stolen key writes beneath the heads of before the quorum. */
static void an_op_that_is_dated_back_before_the_quorum_waits_too(void **state)
{
    struct log *log = board_log(&board);
    const struct op *before = log->ops[log->len - 2];
    assert_true(op_is_kind(log->ops[log->len - 1], "quorum"));

    board_after(&board, before);
    const struct op *node = board_node(&board, &board.second);

    assert_int_equal(board_effect(&board, node), EFFECT_PENDING);
    assert_false(board_has_machine(&board));
    board_assert_any_order(&board);
}

/* What a steward appoints beside the quorum approves nothing of it. */
static void a_steward_who_is_appointed_beside_the_quorum_is_none(void **state)
{
    struct log *log = board_log(&board);
    struct story_person friend = story_person(board.town.story, 112);
    board_after(&board, log->ops[log->len - 2]);
    const struct op *steward = board_steward(&board, &board.second, &friend);
    const struct op *node = board_node(&board, &board.second);
    const struct op *word = board_word(&board, "approve", &friend, node);

    assert_int_equal(board_effect(&board, steward), EFFECT_PENDING);
    assert_int_equal(board_effect(&board, word), EFFECT_NO_RIGHT);
    assert_int_equal(board_effect(&board, node), EFFECT_PENDING);
    assert_int_equal(charter_quorum(board_fold(&board)), 2);
    board_assert_any_order(&board);
}

static void lowering_it_lets_through_nothing_that_waited(void **state)
{
    const struct op *node = board_node(&board, board.first);
    const struct op *lower = board_quorum(&board, board.first, 1);
    board_word(&board, "approve", &board.second, lower);
    const struct op *next = board_steward(&board, board.first, &board.sheet);

    assert_int_equal(charter_quorum(board_fold(&board)), 1);
    assert_int_equal(board_effect(&board, node), EFFECT_PENDING);
    assert_int_equal(board_effect(&board, next), EFFECT_YES);
    board_assert_any_order(&board);
}

static void raised_and_lowered_side_by_side_the_higher_one_holds(void **state)
{
    struct log *log = board_log(&board);
    const struct op *head = log->ops[log->len - 1];
    const struct op *lower = board_quorum(&board, board.first, 1);
    const struct op *low = board_word(&board, "approve", &board.second, lower);
    board_after(&board, head);
    const struct op *higher = board_quorum(&board, &board.third, 3);
    const struct op *high = board_word(&board, "approve", &board.second, higher);
    board_after(&board, low);
    board_after(&board, high);
    const struct op *node = board_node(&board, board.first);

    assert_int_equal(board_effect(&board, higher), EFFECT_YES);
    assert_int_equal(board_effect(&board, lower), EFFECT_PENDING);
    assert_int_equal(charter_quorum(board_fold(&board)), 3);
    board_word(&board, "approve", &board.second, node);
    assert_int_equal(board_effect(&board, node), EFFECT_PENDING);
    board_word(&board, "approve", &board.third, node);
    assert_int_equal(board_effect(&board, node), EFFECT_YES);
    board_assert_any_order(&board);
}

static void who_proposed_takes_it_back_for_good(void **state)
{
    const struct op *node = board_node(&board, board.first);
    const struct op *back = board_word(&board, "withdraw", board.first, node);
    board_word(&board, "approve", &board.second, node);
    board_word(&board, "approve", &board.third, node);

    assert_int_equal(board_effect(&board, back), EFFECT_YES);
    assert_int_equal(board_effect(&board, node), EFFECT_WITHDRAWN);
    assert_false(board_has_machine(&board));
    board_assert_any_order(&board);
}

static void who_approved_takes_back_the_own_word_alone(void **state)
{
    const struct op *node = board_node(&board, board.first);
    const struct op *word = board_word(&board, "approve", &board.second, node);
    assert_int_equal(board_words(&board), 2);
    const struct op *back = board_word(&board, "withdraw", &board.second, node);

    assert_int_equal(board_effect(&board, back), EFFECT_YES);
    assert_int_equal(board_effect(&board, word), EFFECT_WITHDRAWN);
    assert_int_equal(board_words(&board), 1);
    board_word(&board, "approve", &board.second, node);
    assert_int_equal(board_words(&board), 2);
    board_word(&board, "approve", &board.third, node);
    assert_int_equal(board_effect(&board, node), EFFECT_YES);
    board_assert_any_order(&board);
}

static void nobody_takes_back_what_is_done_or_a_word_of_others(void **state)
{
    const struct op *node = board_node(&board, board.first);
    const struct op *strange = board_word(&board, "withdraw", &board.second, node);
    board_word(&board, "approve", &board.second, node);
    const struct op *late = board_word(&board, "withdraw", board.first, node);

    assert_int_equal(board_effect(&board, strange), EFFECT_NO_TARGET);
    assert_int_equal(board_effect(&board, late), EFFECT_NO_TARGET);
    assert_int_equal(board_effect(&board, node), EFFECT_YES);
    board_assert_any_order(&board);
}

/* A right that came by a quorum is a right like any other beneath what gave it. */
static void who_came_by_a_quorum_acts_beneath_it(void **state)
{
    struct story_person fourth = story_person(board.town.story, 110);
    struct story_person helper = story_person(board.town.story, 111);
    const struct op *steward = board_steward(&board, board.first, &fourth);
    const struct op *word = board_word(&board, "approve", &board.second, steward);
    board_after(&board, steward);
    const struct op *early = board_person(&board, &fourth, &helper, "mediator");
    board_after(&board, word);
    const struct op *due = board_person(&board, &fourth, &helper, "desk");

    assert_int_equal(board_effect(&board, early), EFFECT_NO_RIGHT);
    assert_int_equal(board_effect(&board, due), EFFECT_YES);
    board_assert_any_order(&board);
}

/* Stewards and the sheet say whatever they like, after one to three of the last ops. */
static void say_something(void)
{
    struct story *story = board.town.story;
    struct log *log = board_log(&board);
    struct story_person *const all[] = {board.first, &board.second, &board.third,
                                        &board.sheet};
    struct story_person fresh = story_person(story, 200 + story_dice(story, 6));
    struct story_person key = story_person(story, 300 + story_dice(story, 1000));
    const struct story_person *by = all[story_dice(story, 4)];
    const struct op *recent[3];
    for (uint32_t i = 0; i < 3; i++)
        recent[i] = log->ops[log->len - 1 - story_dice(story, 5)];
    board_after(&board, recent[0]);
    if (recent[1] != recent[0])
        board_after(&board, recent[1]);
    uint32_t what = story_dice(story, 17);
    if (what < 2)
        board_node(&board, by);
    else if (what < 4)
        board_steward(&board, by, &fresh);
    else if (what < 6)
        board_quorum(&board, by, 1 + story_dice(story, 3));
    else if (what < 8)
        board_rotate(&board, by, &key);
    else if (what == 8)
        board_revoke(&board, by, all[story_dice(story, 3)], recent[2]);
    else
        board_word(&board, what < 11 ? "withdraw" : "approve", by, recent[2]);
}

/* What holds for good (docs/decisions/0005) is never less than what holds now. */
static void assert_unrevoked_is_more(void)
{
    struct charter *charter = board_fold(&board);
    const struct log *log = board_log(&board);
    const struct charter_person *persons;
    size_t len;
    persons = charter_persons(charter, &len);
    for (size_t i = 0; i < log->len; i++)
        for (size_t j = 0; j < len; j++) {
            struct charter_right right =
                charter_right(charter, &log->ops[i]->id, 1, persons[j].key);
            assert_int_equal(right.roles & ~right.roles_unrevoked, 0);
        }
}

static void random_acts_fold_alike_in_any_order(void **state)
{
    uint32_t met[EFFECT_WRONG_OPENING + 1] = {0};
    for (uint64_t seed = 0; seed < 16; seed++) {
        board_init(&board, 1000 + seed, 1 + seed % 3);
        for (int i = 0; i < 24; i++)
            say_something();
        struct charter *charter = board_fold(&board);
        for (size_t i = 0; i < board_log(&board)->len; i++)
            met[charter_effect(charter, &board_log(&board)->ops[i]->id)]++;
        assert_unrevoked_is_more();
        board_assert_any_order(&board);
        board_deinit(&board);
    }
    static const enum effect wanted[] = {EFFECT_YES,       EFFECT_PENDING,
                                         EFFECT_REVOKED,   EFFECT_WITHDRAWN,
                                         EFFECT_OVERRULED, EFFECT_NO_TARGET};
    for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
        assert_true(met[wanted[i]] > 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
#define ALONE(name) cmocka_unit_test_setup_teardown(name, begin_alone, end)
#define THREE(name) cmocka_unit_test_setup_teardown(name, begin_three, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ALONE(without_a_quorum_one_steward_is_enough),
        TEST(a_node_waits_for_the_second_steward),
        TEST(stewards_and_the_quorum_wait_as_nodes_do_and_others_do_not),
        TEST(the_same_steward_counts_once),
        THREE(who_approves_twice_counts_once),
        THREE(words_side_by_side_add_up),
        TEST(a_mediator_approves_nothing),
        TEST(nobody_approves_the_own_appointment),
        TEST(a_word_names_what_lies_beneath_it_and_takes_words),
        TEST(a_revoked_steward_does_not_count_for_what_waits),
        TEST(what_was_complete_when_a_steward_was_revoked_stands_if_covered),
        TEST(a_covered_proposal_of_a_revoked_steward_waits_for_all_of_the_quorum),
        TEST(a_steward_who_is_revoked_beside_it_does_not_complete_it),
        TEST(two_revoked_stewards_stood_by_what_was_complete),
        TEST(revocations_need_no_quorum),
        TEST(the_recovery_key_alone_is_enough),
        TEST(a_quorum_is_no_more_than_the_stewards),
        TEST(an_op_that_is_dated_back_before_the_quorum_waits_too),
        TEST(a_steward_who_is_appointed_beside_the_quorum_is_none),
        TEST(lowering_it_lets_through_nothing_that_waited),
        TEST(raised_and_lowered_side_by_side_the_higher_one_holds),
        TEST(who_proposed_takes_it_back_for_good),
        THREE(who_approved_takes_back_the_own_word_alone),
        TEST(nobody_takes_back_what_is_done_or_a_word_of_others),
        TEST(who_came_by_a_quorum_acts_beneath_it),
        cmocka_unit_test(random_acts_fold_alike_in_any_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
