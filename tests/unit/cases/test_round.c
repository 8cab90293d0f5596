/* Rounds: what is looked at stands on the list, what becomes a case was found, and the
 * order of arrival decides nothing. */
#include "town.h"

#include <string.h>

#include "node/cases/matter.h"

static int begin(void **state)
{
    static struct town town;
    town_init(&town, 83);
    *state = &town;
    return 0;
}

static int end(void **state)
{
    town_deinit(*state);
    return 0;
}

static const struct story_person *mediator(struct town *town)
{
    return &town->sites[VILLAGE].mediator;
}

static const struct op *begin_round(struct town *town, struct log *log,
                                    const struct story_person *by)
{
    struct id list = {{7}};
    struct op *op = log_begin(town, log, VILLAGE, "round");
    story_put(op, "title", story_text(town->story, "汛前排查"));
    story_put(op, "list", story_bin(town->story, list.bytes, ID_SIZE));
    story_put(op, "places", story_texts(town->story, "桥头 学校"));
    story_put(op, "topics", story_texts(town->story, "排水 用电"));
    return log_seal(town, log, op, by);
}

static struct op *spot(struct town *town, struct op *op, const char *place,
                       const char *topic)
{
    story_put(op, "place", story_text(town->story, place));
    story_put(op, "topic", story_text(town->story, topic));
    return op;
}

static const struct op *look(struct town *town, struct log *log, const char *place,
                             const char *topic)
{
    struct op *op = spot(town, log_begin(town, log, VILLAGE, "looked"), place, topic);
    return log_seal(town, log, op, mediator(town));
}

static const struct op *find(struct town *town, struct log *log, const char *place,
                             const char *topic)
{
    struct op *op = spot(town, log_begin(town, log, VILLAGE, "finding"), place, topic);
    story_put(op, "text", story_text(town->story, "栏杆松了"));
    return log_seal(town, log, op, mediator(town));
}

static const struct op *become(struct town *town, struct log *log, const struct id *what)
{
    struct id scope = {{9}};
    struct op *op = log_begin(town, log, VILLAGE, "finding-case");
    story_put(op, "finding", story_bin(town->story, what->bytes, ID_SIZE));
    story_put(op, "case", story_bin(town->story, scope.bytes, ID_SIZE));
    return log_seal(town, log, op, mediator(town));
}

/* Takes the value of that field out of the last op of the log. */
static void erase(struct town *town, struct log *log, size_t at, const char *field)
{
    const struct op *op = log->ops[at];
    uint32_t bit = 0;
    for (uint32_t i = 0; i < op->fields_len; i++)
        if (bytes_equal_str(op->fields[i].name, field))
            bit = 1u << i;
    log->ops[at] = story_withhold(town->story, op, ~bit);
}

static void what_is_looked_at_stands_on_the_list(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    begin_round(town, &log, mediator(town));

    const struct op *first = look(town, &log, "桥头", "排水");
    const struct op *found = find(town, &log, "学校", "用电");
    const struct op *place = look(town, &log, "张某家", "排水");
    const struct op *topic = find(town, &log, "桥头", "人口");

    assert_int_equal(town_effect(town, &log, first), EFFECT_YES);
    assert_int_equal(town_effect(town, &log, found), EFFECT_YES);
    assert_int_equal(town_effect(town, &log, place), EFFECT_NOT_ON_LIST);
    assert_int_equal(town_effect(town, &log, topic), EFFECT_NOT_ON_LIST);
}

static void of_what_was_erased_nothing_is_asked(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    begin_round(town, &log, mediator(town));
    const struct op *place = look(town, &log, "张某家", "排水");
    assert_int_equal(town_effect(town, &log, place), EFFECT_NOT_ON_LIST);

    erase(town, &log, 1, "place");
    assert_int_equal(town_effect(town, &log, place), EFFECT_YES);

    const struct op *topic = find(town, &log, "桥头", "人口");
    assert_int_equal(town_effect(town, &log, topic), EFFECT_NOT_ON_LIST);
    erase(town, &log, 0, "topics");
    assert_int_equal(town_effect(town, &log, topic), EFFECT_YES);

    const struct op *none = become(town, &log, &place->id);
    assert_int_equal(town_effect(town, &log, none), EFFECT_NO_FINDING);
    erase(town, &log, log.len - 1, "finding");
    assert_int_equal(town_effect(town, &log, none), EFFECT_YES);
}

static void only_a_finding_becomes_a_case(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct id nothing = {{1}};
    const struct op *founding = begin_round(town, &log, mediator(town));
    const struct op *looked = look(town, &log, "桥头", "排水");
    const struct op *found = find(town, &log, "学校", "用电");
    const struct op *nowhere = find(town, &log, "别处", "用电");

    const struct op *good = become(town, &log, &found->id);
    const struct op *of_look = become(town, &log, &looked->id);
    const struct op *of_nothing = become(town, &log, &nothing);
    const struct op *of_refused = become(town, &log, &nowhere->id);
    struct op *beside = log_begin_after(town, VILLAGE, "finding-case", founding);
    story_put(beside, "finding", story_bin(town->story, found->id.bytes, ID_SIZE));
    story_put(beside, "case", story_bin(town->story, nothing.bytes, ID_SIZE));
    log_seal(town, &log, beside, mediator(town));

    assert_int_equal(town_effect(town, &log, good), EFFECT_YES);
    assert_int_equal(town_effect(town, &log, of_look), EFFECT_NO_FINDING);
    assert_int_equal(town_effect(town, &log, of_nothing), EFFECT_NO_FINDING);
    assert_int_equal(town_effect(town, &log, of_refused), EFFECT_NO_FINDING);
    assert_int_equal(town_effect(town, &log, beside), EFFECT_NO_FINDING);
}

static const struct op *become_beside(struct town *town, struct log *log,
                                      const struct op *found, uint8_t scope)
{
    struct op *op = log_begin_after(town, VILLAGE, "finding-case", found);
    struct id other = {{scope}};
    story_put(op, "finding", story_bin(town->story, found->id.bytes, ID_SIZE));
    story_put(op, "case", story_bin(town->story, other.bytes, ID_SIZE));
    return log_seal(town, log, op, mediator(town));
}

static void a_finding_becomes_a_case_once(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    begin_round(town, &log, mediator(town));
    const struct op *found = find(town, &log, "学校", "用电");
    const struct op *other = find(town, &log, "桥头", "排水");

    const struct op *first = become(town, &log, &found->id);
    const struct op *second = become(town, &log, &found->id);
    const struct op *third = become(town, &log, &found->id);
    const struct op *of_other = become(town, &log, &other->id);

    assert_int_equal(town_effect(town, &log, first), EFFECT_YES);
    assert_int_equal(town_effect(town, &log, second), EFFECT_CASE_BEFORE);
    assert_int_equal(town_effect(town, &log, third), EFFECT_CASE_BEFORE);
    assert_int_equal(town_effect(town, &log, of_other), EFFECT_YES);

    /* Whose finding was erased stands in nobody's way. */
    erase(town, &log, 3, "finding");
    assert_int_equal(town_effect(town, &log, first), EFFECT_YES);
    assert_int_equal(town_effect(town, &log, second), EFFECT_YES);
    assert_int_equal(town_effect(town, &log, third), EFFECT_CASE_BEFORE);
}

/* Who has no right to say so leaves the finding to who has. */
static void what_has_no_effect_makes_no_case_of_a_finding(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct id scope = {{9}};
    begin_round(town, &log, mediator(town));
    const struct op *found = find(town, &log, "学校", "用电");
    struct op *by_desk = log_begin(town, &log, VILLAGE, "finding-case");
    story_put(by_desk, "finding", story_bin(town->story, found->id.bytes, ID_SIZE));
    story_put(by_desk, "case", story_bin(town->story, scope.bytes, ID_SIZE));
    log_seal(town, &log, by_desk, &town->sites[VILLAGE].desk);

    const struct op *good = become(town, &log, &found->id);

    assert_int_equal(town_effect(town, &log, by_desk), EFFECT_NO_RIGHT);
    assert_int_equal(town_effect(town, &log, good), EFFECT_YES);
}

/* Every order of three who knew nothing of each other: the same one made the case. */
static void of_cases_side_by_side_the_earliest_stands_in_any_order(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    const struct op *ops[3], *earliest;
    begin_round(town, &log, mediator(town));
    const struct op *found = find(town, &log, "学校", "用电");
    for (uint8_t i = 0; i < 3; i++)
        ops[i] = become_beside(town, &log, found, i + 1);
    earliest = ops[0];
    for (int i = 1; i < 3; i++)
        if (id_compare(&ops[i]->id, &earliest->id) < 0)
            earliest = ops[i];

    for (int i = 0; i < 3; i++)
        assert_int_equal(town_effect(town, &log, ops[i]),
                         ops[i] == earliest ? EFFECT_YES : EFFECT_CASE_BEFORE);
    town_assert_any_order(town, &log);
}

/* Covers let all be judged again: what had effect before is still the first. */
static void what_is_judged_again_still_becomes_a_case(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct site *village = &town->sites[VILLAGE];
    struct id scope = {{9}};
    begin_round(town, &log, &village->steward);
    struct op *op = spot(town, log_begin(town, &log, VILLAGE, "finding"), "学校", "用电");
    story_put(op, "text", story_text(town->story, "栏杆松了"));
    const struct op *found = log_seal(town, &log, op, &village->steward);
    op = log_begin(town, &log, VILLAGE, "finding-case");
    story_put(op, "finding", story_bin(town->story, found->id.bytes, ID_SIZE));
    story_put(op, "case", story_bin(town->story, scope.bytes, ID_SIZE));
    const struct op *good = log_seal(town, &log, op, &village->steward);
    const struct op *looked = look(town, &log, "桥头", "排水");
    site_revoke(town, VILLAGE, &village->steward, &village->mediator, NULL, 0);
    site_refresh(town, VILLAGE);
    assert_int_equal(town_effect(town, &log, looked), EFFECT_REVOKED);

    const struct op *heads[] = {village->log.ops[0], looked};
    op = log_begin(town, &log, VILLAGE, "cover");
    story_put(op, "key", story_bin(town->story, village->mediator.key, 32));
    story_put(op, "heads", story_ids(town->story, heads, 2));
    log_seal(town, &log, op, &village->steward);

    assert_int_equal(town_effect(town, &log, looked), EFFECT_YES);
    assert_int_equal(town_effect(town, &log, good), EFFECT_YES);
}

/* Nothing that belongs to a case has effect in a round, least of all what sends it up. */
static void a_round_is_no_case_and_never_goes_up(void **state)
{
    struct town *town = *state;
    struct log log = {0};
    struct fold_result result;
    begin_round(town, &log, mediator(town));
    look(town, &log, "桥头", "排水");

    const struct op *triage = town_triage(town, &log, "escalate");
    const struct op *note =
        town_say(town, &log, VILLAGE, "note", "text", "看过了", mediator(town));
    struct op *sent = log_begin(town, &log, VILLAGE, "sent");
    struct id escalation = {{5}};
    uint8_t salt[16] = {0};
    story_put(sent, "escalation", story_bin(town->story, escalation.bytes, ID_SIZE));
    story_put(sent, "salt", story_bin(town->story, salt, sizeof(salt)));
    log_seal(town, &log, sent, &town->sites[VILLAGE].steward);

    assert_int_equal(town_effect(town, &log, triage), EFFECT_WRONG_SCOPE);
    assert_int_equal(town_effect(town, &log, note), EFFECT_WRONG_SCOPE);
    assert_true(town_effect(town, &log, sent) != EFFECT_YES);
    town_fold(town, &log, &result);
    assert_int_equal(result.kind, SCOPE_CASE); /* of its own site alone */
    assert_int_equal(result.held_len, 1);
    assert_int_equal(matter_of(buf_bytes(&result.view)), MATTER_ROUND);
    assert_string_equal(matter_text(MATTER_ROUND), "round");
    assert_string_equal(matter_text(MATTER_CHECKLIST), "checklist");
    assert_int_equal(view_map_count(buf_bytes(&result.view), "parties"), 0);
    fold_result_deinit(&result);
}

/* No kind of these papers has a field in which somebody could be kept as a party. */
static void no_field_of_a_round_holds_a_party(void **state)
{
    const struct schema_kind *kind;
    (void)state;
    for (size_t i = 0; (kind = schema_kind_at(i)) != NULL; i++)
        for (uint32_t f = 0; f < kind->fields_len; f++)
            if (kind->of == MATTER_ROUND || kind->of == MATTER_CHECKLIST)
                assert_true(kind->fields[f].type != TYPE_PARTIES &&
                            kind->fields[f].type != TYPE_TEXTS &&
                            kind->fields[f].disclosure == CLASS_OWN);
}

static void a_round_is_begun_by_who_writes_cases(void **state)
{
    struct town *town = *state;
    struct log log = {0};

    const struct op *op = begin_round(town, &log, &town->sites[VILLAGE].desk);

    assert_int_equal(town_effect(town, &log, op), EFFECT_NO_RIGHT);
}

static void what_is_no_view_is_about_a_case(void **state)
{
    static const uint8_t nameless[] = {0x81, 0xa7, 'j', 'o',  'u', 'r',
                                       'n',  'a',  'l', 0x91, 0x80};
    (void)state;
    assert_int_equal(matter_of(bytes_of(nameless, sizeof(nameless))), MATTER_CASE);
    assert_int_equal(matter_of((struct bytes){0}), MATTER_CASE);
}

/* Every order of three looks that know nothing of each other. */
static void looks_side_by_side_fold_alike(void **state)
{
    static const char *const places[] = {"桥头", "学校", "别处"};
    struct town *town = *state;
    struct log log = {0};
    const struct op *founding = begin_round(town, &log, mediator(town));
    for (int i = 0; i < 3; i++) {
        struct op *op = log_begin_after(town, VILLAGE, "looked", founding);
        log_seal(town, &log, spot(town, op, places[i], "排水"), mediator(town));
    }
    town_assert_any_order(town, &log);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(what_is_looked_at_stands_on_the_list),
        TEST(of_what_was_erased_nothing_is_asked),
        TEST(only_a_finding_becomes_a_case),
        TEST(a_finding_becomes_a_case_once),
        TEST(what_has_no_effect_makes_no_case_of_a_finding),
        TEST(of_cases_side_by_side_the_earliest_stands_in_any_order),
        TEST(what_is_judged_again_still_becomes_a_case),
        TEST(a_round_is_no_case_and_never_goes_up),
        TEST(no_field_of_a_round_holds_a_party),
        TEST(a_round_is_begun_by_who_writes_cases),
        TEST(what_is_no_view_is_about_a_case),
        TEST(looks_side_by_side_fold_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
