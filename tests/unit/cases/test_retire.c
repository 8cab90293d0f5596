/* Erasing what has had its time: who may, what goes, what stays, and that what stays
 * still verifies. */
#include "town.h"

#include <stdio.h>
#include <string.h>

#include "node/cases/retire.h"

static int begin(void **state)
{
    static struct town town;
    town_init(&town, 91);
    *state = &town;
    return 0;
}

static int end(void **state)
{
    town_deinit(*state);
    return 0;
}

static const struct op *close_case(struct town *town, struct log *log)
{
    struct op *op = log_begin(town, log, VILLAGE, "close");
    story_put(op, "outcome", story_text(town->story, "agreement"));
    story_put(op, "oral", story_flag(town->story, true));
    story_put(op, "follow-up", story_text(town->story, "当面点头"));
    story_put(op, "text", story_text(town->story, "两家和解"));
    return log_seal(town, log, op, &town->sites[VILLAGE].mediator);
}

static const struct op *keep_identity(struct town *town, struct log *log)
{
    static const char sealed[] = "sealed, whatever it is";
    struct op *op = log_begin(town, log, VILLAGE, "identity");
    story_put(op, "party", story_text(town->story, "张某"));
    story_put(op, "sealed", story_bin(town->story, sealed, sizeof(sealed)));
    return log_seal(town, log, op, &town->sites[VILLAGE].mediator);
}

static struct op *begin_retire(struct town *town, struct op *op, const char *what,
                               const struct op *head)
{
    struct story *story = town->story;
    story_put(op, "heads", story_ids(story, &head, 1));
    story_put(op, "rule", story_text(story, "others"));
    story_put(op, "what", story_text(story, what));
    story_put(op, "years", story_uint(story, 5));
    return op;
}

static const struct op *retire(struct town *town, struct log *log, const char *what)
{
    const struct op *head = log->ops[log->len - 1];
    struct op *op = log_begin(town, log, VILLAGE, "retire");
    return log_seal(town, log, begin_retire(town, op, what, head),
                    &town->sites[VILLAGE].node);
}

static const struct op *keep(struct town *town, struct log *log, bool kept,
                             const struct story_person *by)
{
    struct op *op = log_begin(town, log, VILLAGE, "keep");
    story_put(op, "kept", story_flag(town->story, kept));
    story_put(op, "reason", story_text(town->story, "法院调卷"));
    return log_seal(town, log, op, by);
}

static bool is_kept(struct town *town, const struct log *log)
{
    struct fold_result result;
    struct bytes kept;
    town_fold(town, log, &result);
    assert_true(view_map_get(buf_bytes(&result.view), "kept", &kept));
    fold_result_deinit(&result);
    return kept.len > 1;
}

/* --- who may, and when --- */

static void the_machine_retires_a_case_that_is_closed(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    town_case(town, &log);
    const struct op *early = retire(town, &log, "contents");
    close_case(town, &log);

    const struct op *person = log_seal(
        town, &log,
        begin_retire(town, log_begin(town, &log, VILLAGE, "retire"), "contents", early),
        &town->sites[VILLAGE].steward);
    const struct op *machine = retire(town, &log, "contents");

    assert_int_equal(town_effect(town, &log, early), EFFECT_NOT_CLOSED);
    assert_int_equal(town_effect(town, &log, person), EFFECT_NO_RIGHT);
    assert_int_equal(town_effect(town, &log, machine), EFFECT_YES);
}

static void what_keeps_a_case_open_keeps_its_contents(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    const struct op *founding = town_case(town, &log);
    struct log fork = {{founding}, 1};
    close_case(town, &log);
    log_add(&log, town_triage(town, &fork, "keep"));
    struct op *op = log_begin_after(town, VILLAGE, "retire", log.ops[1]);
    story_after(op, log.ops[2]);

    log_seal(town, &log, begin_retire(town, op, "contents", founding),
             &town->sites[VILLAGE].node);

    assert_int_equal(town_effect(town, &log, op), EFFECT_NOT_CLOSED);
}

static void a_case_that_was_opened_and_closed_again_may_be_retired(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    town_case(town, &log);
    close_case(town, &log);
    town_say(town, &log, VILLAGE, "reopen", "reason", "又堵了",
             &town->sites[VILLAGE].mediator);
    const struct op *open = retire(town, &log, "contents");
    assert_int_equal(town_effect(town, &log, open), EFFECT_NOT_CLOSED);
    close_case(town, &log);
    assert_int_equal(town_effect(town, &log, retire(town, &log, "contents")), EFFECT_YES);
}

static void a_close_beside_it_closes_nothing(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    const struct op *founding = town_case(town, &log);
    close_case(town, &log);
    struct op *op = log_begin_after(town, VILLAGE, "retire", founding);

    log_seal(town, &log, begin_retire(town, op, "contents", founding),
             &town->sites[VILLAGE].node);

    assert_int_equal(town_effect(town, &log, op), EFFECT_NOT_CLOSED);
}

static void a_steward_keeps_a_case_until_he_ends_it(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    town_case(town, &log);
    close_case(town, &log);
    assert_false(is_kept(town, &log));

    const struct op *mediator = keep(town, &log, true, &town->sites[VILLAGE].mediator);
    const struct op *steward = keep(town, &log, true, &town->sites[VILLAGE].steward);
    assert_true(is_kept(town, &log));
    const struct op *stopped = retire(town, &log, "identities");
    keep(town, &log, false, &town->sites[VILLAGE].steward);
    assert_false(is_kept(town, &log));
    const struct op *after = retire(town, &log, "contents");

    assert_int_equal(town_effect(town, &log, mediator), EFFECT_NO_RIGHT);
    assert_int_equal(town_effect(town, &log, steward), EFFECT_YES);
    assert_int_equal(town_effect(town, &log, stopped), EFFECT_KEPT);
    assert_int_equal(town_effect(town, &log, after), EFFECT_YES);
}

static void of_two_words_at_once_the_one_that_keeps_holds(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    town_case(town, &log);
    const struct op *closed = close_case(town, &log);
    static const bool kept[] = {true, false};
    for (int i = 0; i < 2; i++) {
        struct op *op = log_begin_after(town, VILLAGE, "keep", closed);
        story_put(op, "kept", story_flag(town->story, kept[i]));
        story_put(op, "reason", story_text(town->story, "两人同时"));
        log_seal(town, &log, op, &town->sites[VILLAGE].steward);
    }
    assert_true(is_kept(town, &log));
}

static void a_word_that_was_erased_keeps(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    town_case(town, &log);
    close_case(town, &log);
    const struct op *op = keep(town, &log, false, &town->sites[VILLAGE].steward);
    log.ops[log.len - 1] = story_withhold(town->story, op, 0);
    assert_true(is_kept(town, &log));
}

/* --- what goes --- */

static void assert_shown(const struct op *op, enum retire_what what, const char *names)
{
    uint32_t mask = retire_mask(op, what), shown = 0, wanted = 0;
    for (uint32_t i = 0; i < op->fields_len; i++) {
        shown += mask >> i & 1;
        char name[OP_NAME_MAX + 3];
        (void)snprintf(name, sizeof(name), " %.*s ", (int)op->fields[i].name.len,
                       (const char *)op->fields[i].name.data);
        bool is_named = strstr(names, name) != NULL;
        wanted += is_named;
        assert_int_equal(mask >> i & 1, is_named);
    }
    assert_int_equal(shown, wanted);
}

static void identities_go_alone_and_contents_but_for_number_and_tombstones(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    const struct op *founding = town_case(town, &log);
    const struct op *identity = keep_identity(town, &log);
    const struct op *closed = close_case(town, &log);
    const struct op *tombstone = retire(town, &log, "identities");

    assert_shown(identity, RETIRE_IDENTITIES, " party ");
    assert_shown(closed, RETIRE_IDENTITIES, " follow-up oral outcome text ");
    assert_shown(founding, RETIRE_CONTENTS, " number ");
    assert_shown(identity, RETIRE_CONTENTS, "");
    assert_shown(closed, RETIRE_CONTENTS, "");
    assert_shown(tombstone, RETIRE_CONTENTS, " heads rule what years ");
    assert_false(retire_is_due(identity, RETIRE_NOTHING));
    assert_true(retire_is_due(identity, RETIRE_IDENTITIES));
    assert_false(retire_is_due(closed, RETIRE_IDENTITIES));
    assert_false(retire_is_due(tombstone, RETIRE_CONTENTS));
}

static void facts_of_covers_and_whose_case_it_is_stay(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    const struct op *founding = town_case(town, &log);
    struct op *cover = log_begin(town, &log, VILLAGE, "cover");
    story_put(cover, "key", story_bin(town->story, founding->author, 32));
    story_put(cover, "heads", story_ids(town->story, &founding, 1));
    log_seal(town, &log, cover, &town->sites[VILLAGE].steward);
    struct op *op = story_begin(town->story, "case-new");
    story_put(op, "minor", story_flag(town->story, true));
    story_put(op, "title", story_text(town->story, "争执"));

    assert_shown(cover, RETIRE_CONTENTS, " heads key ");
    assert_shown(op, RETIRE_CONTENTS, " minor ");
}

/* Who threatens whom goes with the case; that somebody had said so still decides. */
static void why_nobody_could_wait_goes_and_what_left_stays_known(void **state)
{
    struct town *town = *state;
    struct story *story = town->story;
    struct log log = {0};
    town_case(town, &log);
    struct op *op = log_begin(town, &log, VILLAGE, "triage");
    story_put(op, "solvable", story_flag(story, false));
    story_put(op, "danger", story_flag(story, true));
    story_put(op, "beyond", story_flag(story, true));
    story_put(op, "decision", story_text(story, "escalate"));
    story_put(op, "reason", story_text(story, "有人持刀"));
    log_seal(town, &log, op, &town->sites[VILLAGE].mediator);
    struct op *sent = log_begin(town, &log, VILLAGE, "sent");
    story_put(sent, "danger", story_text(story, "张某扬言伤害李某"));
    story_put(sent, "escalation", story_bin(story, log.ops[0]->id.bytes, ID_SIZE));
    story_put(sent, "salt", story_bin(story, log.ops[0]->id.bytes, ID_SIZE));
    log_seal(town, &log, sent, &town->sites[VILLAGE].mediator);

    assert_shown(sent, RETIRE_CONTENTS, " escalation salt ");
    assert_true(retire_is_due(sent, RETIRE_CONTENTS));

    uint32_t mask = retire_mask(sent, RETIRE_CONTENTS);
    log.ops[log.len - 1] = story_withhold(story, sent, mask);
    assert_int_equal(town_effect(town, &log, log.ops[log.len - 1]), EFFECT_YES);
}

static void what_was_erased_is_gone_and_the_signature_holds(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct id network;
    struct buf whole = {0}, bytes = {0};
    const struct op *founding = town_case(town, &log);
    struct op read, again;
    network_id(&network, "test");
    op_encode(founding, ~0u, &whole);
    assert_int_equal(op_decode_bytes(&read, buf_bytes(&whole), NULL), STATUS_OK);
    op_trust(&read, &founding->id);

    assert_int_equal(retire_erase(&read, retire_mask(&read, RETIRE_CONTENTS), &bytes),
                     STATUS_OK);

    assert_null(memmem(bytes.data, bytes.len, "排水沟", strlen("排水沟")));
    assert_non_null(memmem(bytes.data, bytes.len, "2026-0001", strlen("2026-0001")));
    assert_int_equal(op_decode_bytes(&again, buf_bytes(&bytes), NULL), STATUS_OK);
    assert_int_equal(op_rebuild(&again), STATUS_OK);
    assert_true(id_equal(&again.id, &founding->id));
    assert_true(op_verify(&again, &network));
    assert_false(retire_is_due(&again, RETIRE_CONTENTS));
    buf_deinit(&whole);
    buf_deinit(&bytes);
}

static void bytes_that_are_not_the_op_of_their_id_are_not_touched(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct buf whole = {0}, bytes = {0};
    const struct op *founding = town_case(town, &log);
    struct op read;
    op_encode(founding, ~0u, &whole);
    assert_int_equal(op_decode_bytes(&read, buf_bytes(&whole), NULL), STATUS_OK);
    op_trust(&read, &founding->id);
    read.signature[5] ^= 1;

    assert_int_equal(retire_erase(&read, retire_mask(&read, RETIRE_CONTENTS), &bytes),
                     STATUS_CORRUPT);

    assert_int_equal(bytes.len, 0);
    buf_deinit(&whole);
}

/* --- which ops --- */

static void what_came_beside_or_after_the_heads_stays(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    enum retire_what what[8];
    const struct op *founding = town_case(town, &log);
    keep_identity(town, &log);
    close_case(town, &log);
    struct log fork = {{founding}, 1};
    const struct op *beside = town_say(town, &fork, VILLAGE, "note", "text", "旁边",
                                       &town->sites[VILLAGE].mediator);
    struct id done[2] = {retire(town, &log, "identities")->id};
    log_add(&log, beside);

    assert_int_equal(retire_plan(log.ops, (uint32_t)log.len, done, 1, what), STATUS_OK);
    for (size_t i = 0; i < log.len; i++)
        assert_int_equal(what[i], i < 3 ? RETIRE_IDENTITIES : RETIRE_NOTHING);

    log.len--;
    done[1] = retire(town, &log, "contents")->id;
    log_add(&log, beside);
    assert_int_equal(retire_plan(log.ops, (uint32_t)log.len, done, 2, what), STATUS_OK);
    for (size_t i = 0; i < log.len; i++)
        assert_int_equal(what[i], i < 4 ? RETIRE_CONTENTS : RETIRE_NOTHING);
}

/* Two machines, or a message that was under way: the word that erases more holds. */
static void a_retirement_of_less_takes_nothing_back(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    enum retire_what what[8];
    town_case(town, &log);
    close_case(town, &log);
    const struct op *more = retire(town, &log, "contents");
    const struct op *less = retire(town, &log, "identities");

    for (int turn = 0; turn < 2; turn++) {
        struct id done[2] = {(turn == 0 ? more : less)->id,
                             (turn == 0 ? less : more)->id};
        assert_int_equal(retire_plan(log.ops, (uint32_t)log.len, done, 2, what),
                         STATUS_OK);
        for (size_t i = 0; i < 2; i++)
            assert_int_equal(what[i], RETIRE_CONTENTS);
        assert_int_equal(what[2], RETIRE_IDENTITIES); /* what said so is told itself */
        assert_int_equal(what[3], RETIRE_NOTHING);
    }
}

static void a_retirement_of_which_nothing_is_shown_retires_nothing(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    enum retire_what what[4];
    town_case(town, &log);
    close_case(town, &log);
    const struct op *op = retire(town, &log, "contents");
    log.ops[2] = story_withhold(town->story, op, 0);

    assert_int_equal(retire_plan(log.ops, 3, &op->id, 1, what), STATUS_OK);

    for (int i = 0; i < 3; i++)
        assert_int_equal(what[i], RETIRE_NOTHING);
}

static void a_head_that_is_not_here_is_passed_over(void **state)
{
    struct town *town = *state;
    struct log log = {0}, other = {0};
    enum retire_what what[4];
    const struct op *founding = town_case(town, &other);
    town_case(town, &log);
    const struct op *elsewhere = town_say(town, &other, VILLAGE, "note", "text", "别处",
                                          &town->sites[VILLAGE].mediator);
    (void)founding;
    struct op *op = log_begin(town, &log, VILLAGE, "retire");
    log_seal(town, &log, begin_retire(town, op, "contents", elsewhere),
             &town->sites[VILLAGE].node);

    assert_int_equal(retire_plan(log.ops, 2, &op->id, 1, what), STATUS_OK);
    assert_int_equal(what[0], RETIRE_NOTHING);
    assert_int_equal(retire_plan(log.ops, 1, &op->id, 1, what), STATUS_NOT_FOUND);
    assert_int_equal(retire_plan(log.ops, 0, &op->id, 1, what), STATUS_INVALID);
}

static void a_retired_case_says_that_it_was_and_under_which_rule(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct fold_result result;
    struct bytes title;
    town_case(town, &log);
    keep_identity(town, &log);
    close_case(town, &log);
    retire(town, &log, "contents");
    for (size_t i = 0; i < 3; i++)
        log.ops[i] = story_withhold(town->story, log.ops[i],
                                    retire_mask(log.ops[i], RETIRE_CONTENTS));

    town_fold(town, &log, &result);

    struct bytes view = buf_bytes(&result.view);
    assert_true(bytes_equal_str(view_state(view), "closed"));
    assert_int_equal(view_map_count(view, "retired"), 1);
    assert_int_equal(view_map_count(view, "identities"), 0);
    assert_false(view_text(view, "title", &title));
    assert_int_equal(view_refused(view), 0);
    fold_result_deinit(&result);
}

static void words_are_those_of_the_field(void **state)
{
    (void)state;
    for (enum retire_what what = RETIRE_IDENTITIES; what <= RETIRE_CONTENTS; what++)
        assert_int_equal(retire_from_text(bytes_str(retire_text(what))), what);
    assert_int_equal(retire_from_text(bytes_str("everything")), RETIRE_NOTHING);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_machine_retires_a_case_that_is_closed),
        TEST(what_keeps_a_case_open_keeps_its_contents),
        TEST(a_case_that_was_opened_and_closed_again_may_be_retired),
        TEST(a_close_beside_it_closes_nothing),
        TEST(a_steward_keeps_a_case_until_he_ends_it),
        TEST(of_two_words_at_once_the_one_that_keeps_holds),
        TEST(a_word_that_was_erased_keeps),
        TEST(identities_go_alone_and_contents_but_for_number_and_tombstones),
        TEST(facts_of_covers_and_whose_case_it_is_stay),
        TEST(why_nobody_could_wait_goes_and_what_left_stays_known),
        TEST(what_was_erased_is_gone_and_the_signature_holds),
        TEST(bytes_that_are_not_the_op_of_their_id_are_not_touched),
        TEST(what_came_beside_or_after_the_heads_stays),
        TEST(a_retirement_of_less_takes_nothing_back),
        TEST(a_retirement_of_which_nothing_is_shown_retires_nothing),
        TEST(a_head_that_is_not_here_is_passed_over),
        TEST(a_retired_case_says_that_it_was_and_under_which_rule),
        cmocka_unit_test(words_are_those_of_the_field),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
