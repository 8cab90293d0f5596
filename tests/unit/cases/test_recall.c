/* What a recall takes the effect of, and who may say that it purged. */
#include "town.h"

#include <string.h>

#include "node/cases/disclosure.h"

static int begin(void **state)
{
    static struct town town;
    town_init(&town, 81);
    *state = &town;
    return 0;
}

static int end(void **state)
{
    town_deinit(*state);
    return 0;
}

static const struct op *say(struct town *town, struct log *log, int site,
                            const char *kind)
{
    bool is_bare = strcmp(kind, "opened") == 0;
    return town_say(town, log, site, kind, is_bare ? NULL : "text", "请补充",
                    &town->sites[site].desk);
}

static const struct op *machine(struct town *town, struct log *log, int site,
                                const char *kind)
{
    return town_say(town, log, site, kind, NULL, NULL, &town->sites[site].node);
}

static const struct op *recall_by(struct town *town, struct log *log, int site,
                                  const struct story_person *by)
{
    return town_say(town, log, site, "recall", "reason", "当事人撤回同意", by);
}

static const struct op *recall(struct town *town, struct log *log)
{
    return recall_by(town, log, VILLAGE, &town->sites[VILLAGE].steward);
}

static const struct op *onward(struct town *town, struct log *log)
{
    return town_onward(town, log, TOWNSHIP, COUNTY, CLASS_RECORD | CLASS_CONTEXT,
                       &town->sites[TOWNSHIP].desk);
}

/* An escalation that may go onward, and that the township has opened. */
static void escalate(struct town *town, struct log *log)
{
    town_escalate(town, log, "yes", &town->sites[VILLAGE].steward);
    machine(town, log, TOWNSHIP, "received");
    say(town, log, TOWNSHIP, "opened");
}

static bool is_recalled(struct town *town, const struct log *log)
{
    struct fold_result result;
    bool is_shown = false;
    town_fold(town, log, &result);
    bool is_so = result.is_recalled;
    assert_true(view_map_flag(buf_bytes(&result.view), "recalled", &is_shown));
    assert_int_equal(is_shown, is_so);
    fold_result_deinit(&result);
    return is_so;
}

static bool is_held(const struct fold_result *result, const struct id *site)
{
    for (uint32_t i = 0; i < result->held_len; i++)
        if (id_equal(&result->held[i], site))
            return true;
    return false;
}

static void O4_a_recall_by_a_stranger_or_without_the_right_has_no_effect(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    escalate(town, &log);

    const struct op *mediator =
        recall_by(town, &log, VILLAGE, &town->sites[VILLAGE].mediator);
    const struct op *holder =
        recall_by(town, &log, TOWNSHIP, &town->sites[TOWNSHIP].steward);
    const struct op *stranger =
        recall_by(town, &log, COUNTY, &town->sites[COUNTY].steward);

    assert_int_equal(town_effect(town, &log, mediator), EFFECT_NO_RIGHT);
    assert_int_equal(town_effect(town, &log, holder), EFFECT_NO_RIGHT);
    assert_int_equal(town_effect(town, &log, stranger), EFFECT_NO_HOLDER);
    assert_false(is_recalled(town, &log));
}

static void what_came_before_a_recall_keeps_its_effect(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    escalate(town, &log);
    const struct op *advice = say(town, &log, TOWNSHIP, "advise");

    const struct op *op = recall(town, &log);

    assert_int_equal(town_effect(town, &log, op), EFFECT_YES);
    assert_int_equal(town_effect(town, &log, advice), EFFECT_YES);
    assert_true(is_recalled(town, &log));
    town_assert_state(town, &log, "recalled");
}

static void a_recall_beats_every_later_answer_and_grant(void **state)
{
    static const char *const kinds[] = {"accept", "advise", "return", "decide"};
    struct town *town = *state;
    struct log log = {0};
    escalate(town, &log);
    recall(town, &log);
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        assert_int_equal(town_effect(town, &log, say(town, &log, TOWNSHIP, kinds[i])),
                         EFFECT_RECALLED);
    const struct op *grant = onward(town, &log);
    const struct op *permit = town_say(town, &log, VILLAGE, "permit", NULL, NULL,
                                       &town->sites[VILLAGE].steward);
    const struct op *county = machine(town, &log, COUNTY, "received");

    assert_int_equal(town_effect(town, &log, grant), EFFECT_RECALLED);
    assert_int_equal(town_effect(town, &log, permit), EFFECT_RECALLED);
    assert_int_equal(town_effect(town, &log, county), EFFECT_NO_HOLDER);
    town_assert_state(town, &log, "recalled");
}

/* The township answers and sends it onward while the recall is on its way. */
static void a_recall_beats_what_crosses_it(void **state)
{
    struct town *town = *state;
    struct log log = {0}, both;
    struct fold_result result;
    escalate(town, &log);
    struct log fork = log;
    recall(town, &fork);
    both = fork;
    const struct op *opened = say(town, &log, TOWNSHIP, "opened");
    const struct op *decided = say(town, &log, TOWNSHIP, "decide");
    const struct op *grant = onward(town, &log);
    log_add(&both, opened);
    log_add(&both, decided);
    log_add(&both, grant);

    town_fold(town, &both, &result);

    assert_int_equal(fold_effect_of(&result, &opened->id), EFFECT_YES);
    assert_int_equal(fold_effect_of(&result, &decided->id), EFFECT_RECALLED);
    assert_int_equal(fold_effect_of(&result, &grant->id), EFFECT_RECALLED);
    assert_int_equal(result.holders_len, 2);
    assert_false(is_held(&result, town_site(town, COUNTY)));
    fold_result_deinit(&result);
    town_assert_state(town, &both, "recalled");
}

static void who_received_by_a_grant_that_crossed_purges_too(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct fold_result result;
    escalate(town, &log);
    struct log fork = log;
    const struct op *called = recall(town, &fork);
    onward(town, &log);
    const struct op *received = machine(town, &log, COUNTY, "received");
    struct op *purged = log_begin(town, &log, COUNTY, "purged");
    story_after(purged, called);
    log_add(&log, called);
    log_seal(town, &log, purged, &town->sites[COUNTY].node);

    town_fold(town, &log, &result);

    assert_int_equal(fold_effect_of(&result, &received->id), EFFECT_YES);
    assert_int_equal(fold_effect_of(&result, &purged->id), EFFECT_YES);
    assert_int_equal(result.holders_len, 2);
    assert_true(is_held(&result, town_site(town, COUNTY)));
    fold_result_deinit(&result);
}

/* An op names what it has seen in the order of ids, so the recall stands first or last.
 */
static void who_has_seen_a_recall_beside_an_answer_purges(void **state)
{
    struct town *town = *state;
    struct log escalated = {0};
    int firsts = 0, turns = 16;
    escalate(town, &escalated);
    for (int turn = 0; turn < turns; turn++) {
        struct log log = escalated, fork = escalated;
        const struct op *called = recall(town, &fork);
        const struct op *advice = say(town, &log, TOWNSHIP, "advise");
        struct op *purged = log_begin(town, &log, TOWNSHIP, "purged");
        story_after(purged, called);
        log_add(&log, called);
        log_seal(town, &log, purged, &town->sites[TOWNSHIP].node);
        const struct op *late = say(town, &log, TOWNSHIP, "advise");
        firsts += id_compare(&called->id, &advice->id) < 0;

        assert_int_equal(town_effect(town, &log, advice), EFFECT_RECALLED);
        assert_int_equal(town_effect(town, &log, purged), EFFECT_YES);
        assert_int_equal(town_effect(town, &log, late), EFFECT_RECALLED);
    }
    assert_true(firsts > 0);
    assert_true(firsts < turns);
}

static void nobody_purges_what_was_not_recalled(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    escalate(town, &log);
    const struct op *early = machine(town, &log, TOWNSHIP, "purged");
    recall(town, &log);
    const struct op *person =
        town_say(town, &log, TOWNSHIP, "purged", NULL, NULL, &town->sites[TOWNSHIP].desk);
    const struct op *founder = machine(town, &log, VILLAGE, "purged");
    const struct op *stranger = machine(town, &log, COUNTY, "purged");
    const struct op *holder = town_say(town, &log, TOWNSHIP, "purged", "backups",
                                       "每周一份U盘", &town->sites[TOWNSHIP].node);

    assert_int_equal(town_effect(town, &log, early), EFFECT_NOT_RECALLED);
    assert_int_equal(town_effect(town, &log, person), EFFECT_NO_RIGHT);
    assert_int_equal(town_effect(town, &log, founder), EFFECT_NO_RIGHT);
    assert_int_equal(town_effect(town, &log, stranger), EFFECT_NO_HOLDER);
    assert_int_equal(town_effect(town, &log, holder), EFFECT_YES);
    town_assert_state(town, &log, "recalled");
}

/* Whoever erased the founder's words judges as before: facts stay. */
static void erasing_what_was_recalled_changes_no_effect(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct fold_result whole, erased;
    escalate(town, &log);
    onward(town, &log);
    machine(town, &log, COUNTY, "received");
    recall(town, &log);
    machine(town, &log, TOWNSHIP, "purged");
    town_fold(town, &log, &whole);
    const struct op *founding = log.ops[0];
    log.ops[0] =
        story_withhold(town->story, founding, disclosure_mask(founding, CLASS_FACT));

    town_fold(town, &log, &erased);

    assert_int_equal(whole.effects_len, erased.effects_len);
    for (uint32_t i = 0; i < whole.effects_len; i++)
        assert_int_equal(whole.effects[i].effect, erased.effects[i].effect);
    assert_int_equal(whole.holders_len, erased.holders_len);
    assert_true(erased.is_recalled);
    assert_null(memmem(erased.view.data, erased.view.len, "排水沟", strlen("排水沟")));
    fold_result_deinit(&whole);
    fold_result_deinit(&erased);
}

static void a_recall_hides_what_is_opened_beside_it(void **state)
{
    struct town *town = *state;
    struct story *story = town->story;
    struct log log = {0};
    struct fold_result result;
    struct bytes text;
    const struct op *founding =
        town_escalate(town, &log, "yes", &town->sites[VILLAGE].steward);
    struct log fork = log;
    const struct op_field *title = op_field(founding, "case.title");
    struct op *open = log_begin(town, &log, VILLAGE, "open");
    story_put(open, "op", story_bin(story, founding->id.bytes, ID_SIZE));
    story_put(open, "field", story_text(story, "case.title"));
    story_put(open, "value", story_bin(story, title->value.data, title->value.len));
    story_put(open, "salt", story_bin(story, title->salt, OP_SALT_SIZE));
    log_seal(town, &log, open, &town->sites[VILLAGE].steward);
    log.ops[0] = story_withhold(story, founding, disclosure_mask(founding, CLASS_FACT));
    town_fold(town, &log, &result);
    assert_true(view_text(buf_bytes(&result.view), "title", &text));
    fold_result_deinit(&result);

    log_add(&log, recall(town, &fork));

    town_fold(town, &log, &result);
    assert_int_equal(fold_effect_of(&result, &open->id), EFFECT_RECALLED);
    assert_false(view_text(buf_bytes(&result.view), "title", &text));
    fold_result_deinit(&result);
}

static void a_recall_counts_where_a_cover_stands_by_it(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct story_person other = story_person(town->story, 99);
    site_appoint(town, VILLAGE, &town->sites[VILLAGE].steward, &other, "steward");
    site_refresh(town, VILLAGE);
    escalate(town, &log);
    const struct op *called = recall_by(town, &log, VILLAGE, &other);
    const struct op *purged = machine(town, &log, TOWNSHIP, "purged");
    site_revoke(town, VILLAGE, &town->sites[VILLAGE].steward, &other, NULL, 0);
    site_refresh(town, VILLAGE);
    assert_int_equal(town_effect(town, &log, called), EFFECT_REVOKED);
    assert_int_equal(town_effect(town, &log, purged), EFFECT_NOT_RECALLED);
    assert_false(is_recalled(town, &log));

    struct op *cover = log_begin(town, &log, VILLAGE, "cover");
    story_put(cover, "key", story_bin(town->story, other.key, 32));
    story_put(cover, "heads", story_ids(town->story, &called, 1));
    log_seal(town, &log, cover, &town->sites[VILLAGE].steward);

    assert_int_equal(town_effect(town, &log, called), EFFECT_YES);
    assert_int_equal(town_effect(town, &log, purged), EFFECT_YES);
    assert_true(is_recalled(town, &log));
}

static void recalls_and_answers_fold_alike_in_any_order(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct fold_result first, other;
    escalate(town, &log);
    struct log fork = log, third = log;
    const struct op *ops[] = {recall(town, &fork), say(town, &log, TOWNSHIP, "advise"),
                              onward(town, &log), recall(town, &third),
                              machine(town, &fork, TOWNSHIP, "purged")};
    struct log told = log;
    told.len = 3;
    for (size_t i = 0; i < 5; i++)
        log_add(&told, ops[i]);
    town_fold(town, &told, &first);
    for (int turn = 0; turn < 20; turn++) {
        for (size_t i = told.len; i > 1; i--) {
            size_t j = story_dice(town->story, (uint32_t)i);
            const struct op *kept = told.ops[i - 1];
            told.ops[i - 1] = told.ops[j];
            told.ops[j] = kept;
        }
        town_fold(town, &told, &other);
        assert_true(bytes_equal(buf_bytes(&first.view), buf_bytes(&other.view)));
        fold_result_deinit(&other);
    }
    fold_result_deinit(&first);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(O4_a_recall_by_a_stranger_or_without_the_right_has_no_effect),
        TEST(what_came_before_a_recall_keeps_its_effect),
        TEST(a_recall_beats_every_later_answer_and_grant),
        TEST(a_recall_beats_what_crosses_it),
        TEST(who_received_by_a_grant_that_crossed_purges_too),
        TEST(who_has_seen_a_recall_beside_an_answer_purges),
        TEST(nobody_purges_what_was_not_recalled),
        TEST(erasing_what_was_recalled_changes_no_effect),
        TEST(a_recall_hides_what_is_opened_beside_it),
        TEST(a_recall_counts_where_a_cover_stands_by_it),
        TEST(recalls_and_answers_fold_alike_in_any_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
