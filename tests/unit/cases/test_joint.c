/* Joint cases: several departments append, each for itself; and nobody takes it. */
#include "town.h"

#include <string.h>

#include "node/cases/disclosure.h"

static int begin(void **state)
{
    static struct town town;
    town_init(&town, 72);
    *state = &town;
    return 0;
}

static int end(void **state)
{
    town_deinit(*state);
    return 0;
}

static const struct op *open_by(struct town *town, struct log *log, int site)
{
    return town_say(town, log, site, "opened", NULL, NULL, &town->sites[site].desk);
}

static const struct op *invite(struct town *town, struct log *log, int site)
{
    return town_invite(town, log, TOWNSHIP, site, CLASS_ALL, &town->sites[TOWNSHIP].desk);
}

static const struct op *joint(struct town *town, struct log *log, int site,
                              const char *word)
{
    return town_say(town, log, site, "joint", "word", word, &town->sites[site].desk);
}

/* A record that the township opened, and to which it invited county and department. */
static void begin_joint(struct town *town, struct log *log)
{
    town_escalate(town, log, "yes", &town->sites[VILLAGE].steward);
    open_by(town, log, TOWNSHIP);
    invite(town, log, COUNTY);
    invite(town, log, DEPARTMENT);
    open_by(town, log, COUNTY);
    open_by(town, log, DEPARTMENT);
}

static bool is_unserved(struct town *town, const struct log *log)
{
    struct fold_result result;
    bool is_so = false;
    town_fold(town, log, &result);
    assert_true(view_map_flag(buf_bytes(&result.view), "unserved", &is_so));
    fold_result_deinit(&result);
    return is_so;
}

/* --- invitations --- */

static void who_is_invited_holds_the_record_and_answers(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct fold_result result;
    town_escalate(town, &log, "yes", &town->sites[VILLAGE].steward);
    open_by(town, &log, TOWNSHIP);

    town_invite(town, &log, TOWNSHIP, DEPARTMENT, CLASS_RECORD,
                &town->sites[TOWNSHIP].desk);
    const struct op *opened = open_by(town, &log, DEPARTMENT);
    town_fold(town, &log, &result);

    assert_int_equal(fold_effect_of(&result, &opened->id), EFFECT_YES);
    assert_int_equal(result.holders_len, 3);
    for (uint32_t i = 0; i < 3; i++)
        if (id_equal(&result.holders[i].site, town_site(town, DEPARTMENT)))
            assert_int_equal(result.holders[i].classes, CLASS_RECORD);
    fold_result_deinit(&result);
}

static void nobody_is_invited_without_the_villages_leave(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct fold_result result;
    town_escalate(town, &log, "ask", &town->sites[VILLAGE].steward);
    open_by(town, &log, TOWNSHIP);
    const struct op *early = invite(town, &log, DEPARTMENT);
    town_fold(town, &log, &result);
    assert_int_equal(fold_effect_of(&result, &early->id), EFFECT_NOT_PERMITTED);
    assert_int_equal(result.held_len, 2);
    fold_result_deinit(&result);

    town_say(town, &log, VILLAGE, "permit", NULL, NULL, &town->sites[VILLAGE].steward);
    const struct op *due = invite(town, &log, DEPARTMENT);

    assert_int_equal(town_effect(town, &log, due), EFFECT_YES);
}

static void nobody_invites_to_more_than_he_was_given(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    town_escalate(town, &log, "yes", &town->sites[VILLAGE].steward);
    open_by(town, &log, TOWNSHIP);
    town_invite(town, &log, TOWNSHIP, COUNTY, CLASS_RECORD | CLASS_TALK,
                &town->sites[TOWNSHIP].desk);
    open_by(town, &log, COUNTY);

    const struct op *wide =
        town_invite(town, &log, COUNTY, DEPARTMENT, CLASS_RECORD | CLASS_PARTIES,
                    &town->sites[COUNTY].desk);
    const struct op *narrow = town_invite(town, &log, COUNTY, DEPARTMENT, CLASS_RECORD,
                                          &town->sites[COUNTY].desk);

    assert_int_equal(town_effect(town, &log, wide), EFFECT_TOO_WIDE);
    assert_int_equal(town_effect(town, &log, narrow), EFFECT_YES);
}

/* --- progress --- */

struct entries {
    struct town *town;
    const struct op *ops[4];
    const char *words[4];
    uint32_t len;
};

static bool match_entry(void *context, struct bytes element)
{
    struct entries *wanted = context;
    struct id op;
    assert_true(view_map_id(element, "op", &op));
    for (uint32_t i = 0; i < 4 && wanted->ops[i] != NULL; i++)
        if (id_equal(&op, &wanted->ops[i]->id)) {
            assert_true(view_map_has_text(element, "word", wanted->words[i]));
            wanted->len++;
        }
    return true;
}

static uint32_t matches(struct town *town, const struct log *log, struct entries *wanted)
{
    struct fold_result result;
    town_fold(town, log, &result);
    wanted->len = 0;
    view_map_each(buf_bytes(&result.view), "joint", match_entry, wanted);
    uint32_t count = view_map_count(buf_bytes(&result.view), "joint");
    fold_result_deinit(&result);
    return wanted->len == count ? count : UINT32_MAX;
}

static void each_department_has_a_word_of_its_own(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    begin_joint(town, &log);
    joint(town, &log, COUNTY, "taken");
    const struct op *county = joint(town, &log, COUNTY, "working");
    const struct op *department = joint(town, &log, DEPARTMENT, "done");
    const struct op *township = joint(town, &log, TOWNSHIP, "taken");
    struct entries wanted = {.ops = {county, department, township},
                             .words = {"working", "done", "taken"}};

    assert_int_equal(matches(town, &log, &wanted), 3);
}

/* A network that is gone for all three of them, for a while. */
static void three_that_write_apart_converge_and_all_are_kept(void **state)
{
    struct town *town = *state;
    struct log log = {0}, apart[3];
    const struct op *said[6];
    static const int sites[] = {TOWNSHIP, COUNTY, DEPARTMENT};
    static const char *const words[] = {"working", "declined", "done"};
    begin_joint(town, &log);
    for (int i = 0; i < 3; i++) {
        apart[i] = log;
        said[2 * i] = joint(town, &apart[i], sites[i], words[i]);
        said[2 * i + 1] = town_say(town, &apart[i], sites[i], "advise", "text",
                                   "先测量水位", &town->sites[sites[i]].desk);
    }
    struct buf first = {0};
    for (int turn = 0; turn < 6; turn++) {
        static const int orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                         {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
        struct log all = log;
        struct fold_result result;
        for (int i = 0; i < 3; i++)
            for (int k = 0; k < 2; k++)
                log_add(&all, said[2 * orders[turn][i] + k]);
        town_fold(town, &all, &result);
        for (int i = 0; i < 6; i++)
            assert_int_equal(fold_effect_of(&result, &said[i]->id), EFFECT_YES);
        assert_int_equal(view_map_count(buf_bytes(&result.view), "joint"), 3);
        if (turn == 0)
            buf_append(&first, &result.view);
        assert_true(bytes_equal(buf_bytes(&first), buf_bytes(&result.view)));
        fold_result_deinit(&result);
    }
    buf_deinit(&first);
}

/* --- nobody takes it --- */

static void it_is_unserved_once_all_who_were_asked_have_declined(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    town_escalate(town, &log, "yes", &town->sites[VILLAGE].steward);
    open_by(town, &log, TOWNSHIP);
    assert_false(is_unserved(town, &log));
    invite(town, &log, COUNTY);
    const struct op *invitation = invite(town, &log, DEPARTMENT);
    assert_false(is_unserved(town, &log));
    open_by(town, &log, COUNTY);

    joint(town, &log, COUNTY, "declined");
    assert_false(is_unserved(town, &log));
    town_about(town, &log, DEPARTMENT, "decline", invitation, "不归我们管",
               &town->sites[DEPARTMENT].desk);
    assert_true(is_unserved(town, &log));

    open_by(town, &log, DEPARTMENT);
    joint(town, &log, DEPARTMENT, "taken");
    assert_false(is_unserved(town, &log));
}

static void who_is_asked_anew_has_not_declined_yet(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    town_escalate(town, &log, "yes", &town->sites[VILLAGE].steward);
    open_by(town, &log, TOWNSHIP);
    invite(town, &log, DEPARTMENT);
    open_by(town, &log, DEPARTMENT);
    joint(town, &log, DEPARTMENT, "declined");
    assert_true(is_unserved(town, &log));

    invite(town, &log, DEPARTMENT);
    assert_false(is_unserved(town, &log));
    joint(town, &log, DEPARTMENT, "declined");

    assert_true(is_unserved(town, &log));
}

/* Neither has seen the other: the word that is there answers both. */
static void an_invitation_beside_the_no_is_answered_by_it(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    town_escalate(town, &log, "yes", &town->sites[VILLAGE].steward);
    open_by(town, &log, TOWNSHIP);
    invite(town, &log, DEPARTMENT);
    open_by(town, &log, DEPARTMENT);
    struct log beside = log;
    joint(town, &log, DEPARTMENT, "declined");

    log_add(&log, invite(town, &beside, DEPARTMENT));

    assert_true(is_unserved(town, &log));
}

static void who_takes_it_up_unasked_serves_it(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    town_escalate(town, &log, "ask", &town->sites[VILLAGE].steward);
    open_by(town, &log, TOWNSHIP);

    joint(town, &log, TOWNSHIP, "working");
    assert_false(is_unserved(town, &log));
    joint(town, &log, TOWNSHIP, "declined");

    assert_true(is_unserved(town, &log));
}

static void an_invitation_without_effect_asks_nobody(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    town_escalate(town, &log, "ask", &town->sites[VILLAGE].steward);
    open_by(town, &log, TOWNSHIP);
    invite(town, &log, COUNTY);

    joint(town, &log, TOWNSHIP, "declined");

    assert_true(is_unserved(town, &log));
}

static void the_village_is_not_asked_about_its_own_matter(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    town_escalate(town, &log, "yes", &town->sites[VILLAGE].steward);
    open_by(town, &log, TOWNSHIP);
    invite(town, &log, VILLAGE);

    joint(town, &log, TOWNSHIP, "declined");

    assert_true(is_unserved(town, &log));
}

static void a_village_that_declines_advice_takes_no_part(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    town_escalate(town, &log, "ask", &town->sites[VILLAGE].steward);
    open_by(town, &log, TOWNSHIP);
    const struct op *advice = town_say(town, &log, TOWNSHIP, "advise", "text",
                                       "先测量水位", &town->sites[TOWNSHIP].desk);

    town_about(town, &log, VILLAGE, "decline", advice, "村里另有办法",
               &town->sites[VILLAGE].steward);

    assert_false(is_unserved(town, &log));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(who_is_invited_holds_the_record_and_answers),
        TEST(nobody_is_invited_without_the_villages_leave),
        TEST(nobody_invites_to_more_than_he_was_given),
        TEST(each_department_has_a_word_of_its_own),
        TEST(three_that_write_apart_converge_and_all_are_kept),
        TEST(it_is_unserved_once_all_who_were_asked_have_declined),
        TEST(who_is_asked_anew_has_not_declined_yet),
        TEST(an_invitation_beside_the_no_is_answered_by_it),
        TEST(who_takes_it_up_unasked_serves_it),
        TEST(an_invitation_without_effect_asks_nobody),
        TEST(the_village_is_not_asked_about_its_own_matter),
        TEST(a_village_that_declines_advice_takes_no_part),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
