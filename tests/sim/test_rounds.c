/* Rounds over places and topics: begun from a list, looked at, and what was found becomes
 * a case; none of it is a case, and none of it leaves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/key.h"
#include "node/cases/view.h"
#include "proto/pack.h"
#include "tests/sim/sim_county.h"

static void pack_list(struct buf *out, const char *name, const char *const *texts)
{
    uint32_t len = 0;
    while (texts[len] != NULL)
        len++;
    pack_str(out, name);
    pack_array(out, len);
    for (uint32_t i = 0; i < len; i++)
        pack_str(out, texts[i]);
}

static enum status set_list(struct sim_county *f, const char *title,
                            const char *const *places, const char *const *topics)
{
    struct buf arguments = {0}, out = {0};
    pack_map(&arguments, 3);
    pack_list(&arguments, "places", places);
    pack_str(&arguments, "title");
    pack_str(&arguments, title);
    pack_list(&arguments, "topics", topics);
    enum status status =
        world_call(f->world, f->fengyuan, "checklist.set", buf_bytes(&arguments), &out);
    buf_deinit(&arguments);
    buf_deinit(&out);
    return status;
}

static const char *const places[] = {"桥头", "学校", NULL};
static const char *const topics[] = {"排水", "用电", NULL};

static void begin_round(struct sim_county *f, struct buf *out)
{
    assert_int_equal(set_list(f, "汛前排查", places, topics), STATUS_OK);
    SIM_SAY(f, f->fengyuan, out, "round.begin", "day", "2026-05-02");
}

static enum status find(struct sim_county *f, struct buf *out, const char *category)
{
    struct buf arguments = {0};
    pack_map(&arguments, category == NULL ? 4 : 5);
    pack_str(&arguments, "as_case");
    pack_bool(&arguments, true);
    if (category != NULL) {
        pack_str(&arguments, "category");
        pack_str(&arguments, category);
    }
    pack_str(&arguments, "place");
    pack_str(&arguments, "学校");
    pack_str(&arguments, "text");
    pack_str(&arguments, "墙上的线露在外面");
    pack_str(&arguments, "topic");
    pack_str(&arguments, "用电");
    enum status status =
        world_call(f->world, f->fengyuan, "round.finding", buf_bytes(&arguments), out);
    buf_deinit(&arguments);
    return status;
}

static uint64_t number(const struct buf *out, const char *name)
{
    uint64_t number = 999;
    assert_true(view_map_uint(buf_bytes(out), name, &number));
    return number;
}

static void a_round_says_what_was_looked_at_and_what_was_not(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    begin_round(f, &out);

    SIM_SAY(f, f->fengyuan, &out, "round.look", "place", "桥头", "topic", "排水");
    SIM_SAY(f, f->fengyuan, &out, "round.finding", "place", "桥头", "text", "栏杆松了",
            "topic", "用电");
    SIM_SAY(f, f->fengyuan, &out, "round.look", "place", "桥头", "topic", "用电");

    SIM_SAY(f, f->fengyuan, &out, "round.show");
    assert_int_equal(number(&out, "spots"), 4);
    assert_int_equal(number(&out, "looked"), 2);
    assert_int_equal(view_map_count(buf_bytes(&out), "findings"), 1);
    assert_int_equal(view_map_count(buf_bytes(&out), "unseen"), 2);
    assert_true(view_map_has_text(buf_bytes(&out), "title", "汛前排查"));
    assert_true(view_map_has_text(buf_bytes(&out), "day", "2026-05-02"));
    buf_deinit(&out);
}

static void a_finding_becomes_a_case_that_says_how_it_was_found(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    struct bytes view, text;
    begin_round(f, &out);
    assert_int_equal(find(f, &out, "安全"), STATUS_OK);
    assert_true(view_map_has_text(buf_bytes(&out), "number", "2026-0001"));

    SIM_SAY(f, f->fengyuan, &out, "case.show", "case", "2026-0001");

    assert_true(view_map_get(buf_bytes(&out), "view", &view));
    assert_true(view_text(view, "found-by", &text) && bytes_equal_str(text, "round"));
    assert_true(view_text(view, "title", &text) && bytes_equal_str(text, "学校 用电"));
    assert_true(view_text(view, "place", &text) && bytes_equal_str(text, "学校"));
    SIM_SAY(f, f->fengyuan, &out, "round.list");
    assert_int_equal(view_map_count(buf_bytes(&out), "rounds"), 1);
    SIM_SAY(f, f->fengyuan, &out, "round.show");
    assert_int_equal(number(&out, "cases"), 1);
    buf_deinit(&out);
}

static bool first_op(void *context, struct bytes finding)
{
    return !view_map_id(finding, "op", context);
}

static void a_finding_of_before_becomes_one_case_and_no_second(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    struct id op;
    char digits[2 * ID_SIZE + 1];
    begin_round(f, &out);
    SIM_SAY(f, f->fengyuan, &out, "round.finding", "place", "桥头", "text", "栏杆松了",
            "topic", "用电");
    SIM_SAY(f, f->fengyuan, &out, "round.show");
    view_map_each(buf_bytes(&out), "findings", first_op, &op);
    hex_encode(digits, op.bytes, 6);
    digits[0] = (char)(digits[0] >= 'a' ? digits[0] - 'a' + 'A' : digits[0]);

    SIM_SAY(f, f->fengyuan, &out, "round.case", "category", "安全", "finding", digits,
            "title", "桥栏杆");

    assert_true(view_map_has_text(buf_bytes(&out), "number", "2026-0001"));
    assert_int_equal(world_say(f->world, f->fengyuan, &out, "round.case", "category",
                               "安全", "finding", digits, NULL),
                     STATUS_EXISTS);
    assert_int_equal(world_say(f->world, f->fengyuan, &out, "round.case", "category",
                               "安全", "finding", "00000000", NULL),
                     STATUS_NOT_FOUND);
    assert_int_equal(world_say(f->world, f->fengyuan, &out, "round.case", "category",
                               "安全", "finding", "0", NULL),
                     STATUS_INVALID);
    assert_int_equal(
        world_say(f->world, f->fengyuan, &out, "round.case", "finding", digits, NULL),
        STATUS_EXISTS);
    buf_deinit(&out);
}

static void a_list_has_versions_and_a_round_goes_by_that_of_its_day(void **state)
{
    static const char *const more[] = {"桥头", "学校", "老戏台", NULL};
    struct sim_county *f = *state;
    struct buf out = {0};
    begin_round(f, &out);
    assert_int_equal(set_list(f, "汛前排查", more, topics), STATUS_OK);

    SIM_SAY(f, f->fengyuan, &out, "round.show");
    assert_int_equal(number(&out, "spots"), 4);
    SIM_SAY(f, f->fengyuan, &out, "round.begin", "list", "汛前排查");
    SIM_SAY(f, f->fengyuan, &out, "round.show");
    assert_int_equal(number(&out, "spots"), 6);
    SIM_SAY(f, f->fengyuan, &out, "checklist.list");
    assert_int_equal(view_map_count(buf_bytes(&out), "lists"), 1);
    SIM_SAY(f, f->fengyuan, &out, "round.list", "limit", "0");
    assert_int_equal(view_map_count(buf_bytes(&out), "rounds"), 2);
    buf_deinit(&out);
}

/* What a person types to reach for a round as if it were a case finds none. */
static void no_verb_of_a_case_reaches_a_round(void **state)
{
    static const char *const methods[] = {"case.show", "escalate.preview", "print",
                                          "outbox"};
    struct sim_county *f = *state;
    struct buf out = {0};
    struct id scope;
    char digits[2 * ID_SIZE + 1];
    begin_round(f, &out);
    assert_true(view_map_id(buf_bytes(&out), "round", &scope));
    hex_encode(digits, scope.bytes, ID_SIZE);
    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
        assert_int_equal(
            world_say(f->world, f->fengyuan, &out, methods[i], "case", digits, NULL),
            STATUS_NOT_FOUND);
        assert_int_equal(
            world_say(f->world, f->fengyuan, &out, methods[i], "case", "round", NULL),
            STATUS_NOT_FOUND);
    }
    digits[12] = '\0';
    assert_int_equal(world_say(f->world, f->fengyuan, &out, "case.note", "case", digits,
                               "text", "看过了", NULL),
                     STATUS_NOT_FOUND);
    SIM_SAY(f, f->fengyuan, &out, "case.list");
    assert_int_equal(view_map_count(buf_bytes(&out), "cases"), 0);
    SIM_SAY(f, f->fengyuan, &out, "due");
    assert_int_equal(view_map_count(buf_bytes(&out), "items"), 0);
    assert_int_equal(sim_status(f, f->fengyuan, "cases"), 0);
    buf_deinit(&out);
}

static void a_rebuild_finds_rounds_again(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    begin_round(f, &out);
    SIM_SAY(f, f->fengyuan, &out, "round.finding", "place", "桥头", "text", "栏杆松了",
            "topic", "用电");

    assert_int_equal(world_rebuild(f->fengyuan), STATUS_OK);

    SIM_SAY(f, f->fengyuan, &out, "round.show");
    assert_int_equal(view_map_count(buf_bytes(&out), "findings"), 1);
    SIM_SAY(f, f->fengyuan, &out, "checklist.list");
    assert_int_equal(view_map_count(buf_bytes(&out), "lists"), 1);
    SIM_SAY(f, f->fengyuan, &out, "search", "words", "栏杆");
    assert_int_equal(view_map_count(buf_bytes(&out), "hits"), 1);
    buf_deinit(&out);
}

static void of_many_rounds_the_newest_are_listed(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    begin_round(f, &out);
    SIM_SAY(f, f->fengyuan, NULL, "round.begin");
    SIM_SAY(f, f->fengyuan, &out, "round.list", "limit", "#1");
    assert_int_equal(view_map_count(buf_bytes(&out), "rounds"), 1);
    SIM_SAY(f, f->fengyuan, &out, "round.list", "limit", "#2");
    assert_int_equal(view_map_count(buf_bytes(&out), "rounds"), 2);
    buf_deinit(&out);
}

static void what_is_wrong_is_said_and_leaves_nothing(void **state)
{
    static const char *const none[] = {NULL}, *const twice[] = {"桥头", "桥头", NULL};
    struct sim_county *f = *state;
    struct buf out = {0};
    assert_int_equal(world_say(f->world, f->fengyuan, &out, "round.begin", NULL),
                     STATUS_NOT_FOUND);
    assert_int_equal(world_say(f->world, f->fengyuan, &out, "round.show", NULL),
                     STATUS_NOT_FOUND);
    assert_int_equal(set_list(f, "", places, topics), STATUS_INVALID);
    assert_int_equal(set_list(f, "汛前排查", none, topics), STATUS_INVALID);
    assert_int_equal(set_list(f, "汛前排查", twice, topics), STATUS_INVALID);
    assert_int_equal(
        world_say(f->world, f->fengyuan, &out, "checklist.set", "title", "排查", NULL),
        STATUS_INVALID);
    SIM_SAY(f, f->fengyuan, &out, "checklist.list");
    assert_int_equal(view_map_count(buf_bytes(&out), "lists"), 0);

    begin_round(f, &out);
    assert_int_equal(
        world_say(f->world, f->fengyuan, &out, "round.begin", "day", "2026-02-30", NULL),
        STATUS_INVALID);
    assert_int_equal(world_say(f->world, f->fengyuan, &out, "round.look", "place",
                               "张某家", "topic", "排水", NULL),
                     STATUS_INVALID);
    assert_int_equal(
        world_say(f->world, f->fengyuan, &out, "round.look", "place", "桥头", NULL),
        STATUS_INVALID);
    assert_int_equal(world_say(f->world, f->fengyuan, &out, "round.look", "place", "桥头",
                               "round", "12", "topic", "排水", NULL),
                     STATUS_INVALID);
    assert_int_equal(world_say(f->world, f->fengyuan, &out, "round.look", "place", "桥头",
                               "round", "000000000000", "topic", "排水", NULL),
                     STATUS_NOT_FOUND);
    assert_int_equal(find(f, &out, NULL), STATUS_INVALID);
    assert_int_equal(find(f, &out, ""), STATUS_INVALID);
    SIM_SAY(f, f->fengyuan, &out, "round.list");
    assert_int_equal(view_map_count(buf_bytes(&out), "rounds"), 1);
    SIM_SAY(f, f->fengyuan, &out, "round.show");
    assert_int_equal(number(&out, "looked"), 0);
    assert_int_equal(view_map_count(buf_bytes(&out), "findings"), 0);
    assert_int_equal(sim_status(f, f->fengyuan, "cases"), 0);
    buf_deinit(&out);
}

/* Counts of the site's own lists; a case of a minor is in none of them. */
static void what_grew_lately_is_suggested(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    for (int i = 0; i < 3; i++)
        SIM_SAY(f, f->fengyuan, &out, "case.new", "category", "土地", "narrative", "争执",
                "title", "田埂");
    SIM_SAY(f, f->fengyuan, &out, "round.suggest");
    assert_int_equal(view_map_count(buf_bytes(&out), "categories"), 1);
    buf_deinit(&out);
}

/* Place and topic together are longer than a title may be. */
static void a_finding_under_long_names_becomes_a_case(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0}, arguments = {0};
    char place[121] = "", topic[121] = "";
    for (int i = 0; i < 40; i++) {
        memcpy(place + 3 * i, "桥", 3);
        memcpy(topic + 3 * i, "水", 3);
    }
    const char *const where[] = {place, NULL}, *const what[] = {topic, NULL};
    assert_int_equal(set_list(f, "巡查", where, what), STATUS_OK);
    SIM_SAY(f, f->fengyuan, NULL, "round.begin");
    pack_map(&arguments, 5);
    pack_str(&arguments, "as_case");
    pack_bool(&arguments, true);
    pack_str(&arguments, "category");
    pack_str(&arguments, "安全");
    pack_str(&arguments, "place");
    pack_str(&arguments, place);
    pack_str(&arguments, "text");
    pack_str(&arguments, "墙裂");
    pack_str(&arguments, "topic");
    pack_str(&arguments, topic);

    assert_int_equal(
        world_call(f->world, f->fengyuan, "round.finding", buf_bytes(&arguments), &out),
        STATUS_OK);

    assert_int_equal(sim_status(f, f->fengyuan, "cases"), 1);
    buf_deinit(&out);
    buf_deinit(&arguments);
}

static void nothing_is_suggested_where_nobody_knows_what_lately_is(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    bool is_trusted = true;
    for (int i = 0; i < 3; i++)
        SIM_SAY(f, f->fengyuan, &out, "case.new", "category", "土地", "narrative", "争执",
                "title", "田埂");
    world_set_wall(f->world, 1790000000, WALL_NONE);

    SIM_SAY(f, f->fengyuan, &out, "round.suggest");

    assert_int_equal(view_map_count(buf_bytes(&out), "categories"), 0);
    assert_true(view_map_flag(buf_bytes(&out), "clock_trusted", &is_trusted));
    assert_false(is_trusted);
    buf_deinit(&out);
}

static void who_only_looks_finds_nothing_and_makes_no_case_of_it(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    struct id op;
    char digits[2 * ID_SIZE + 1];
    begin_round(f, &out);
    SIM_SAY(f, f->fengyuan, NULL, "round.finding", "place", "桥头", "text", "栏杆松了",
            "topic", "用电");
    SIM_SAY(f, f->fengyuan, &out, "round.show");
    view_map_each(buf_bytes(&out), "findings", first_op, &op);
    hex_encode(digits, op.bytes, ID_SIZE);
    sim_add_person(f, f->fengyuan, "丙某", "observer", NULL);
    assert_int_equal(world_unlock(f->world, f->fengyuan, "丙某", "135791"), STATUS_OK);

    assert_int_equal(find(f, &out, "安全"), STATUS_DENIED);
    assert_int_equal(world_say(f->world, f->fengyuan, NULL, "round.case", "category",
                               "安全", "finding", digits, NULL),
                     STATUS_DENIED);
    assert_int_equal(world_say(f->world, f->fengyuan, NULL, "round.begin", NULL),
                     STATUS_DENIED);

    assert_int_equal(world_unlock(f->world, f->fengyuan, "", "246810"), STATUS_OK);
    SIM_SAY(f, f->fengyuan, &out, "round.show");
    assert_int_equal(view_map_count(buf_bytes(&out), "findings"), 1);
    assert_int_equal(number(&out, "cases"), 0);
    assert_int_equal(sim_status(f, f->fengyuan, "cases"), 0);
    buf_deinit(&out);
}

int main(void)
{
#define ONE(test)                                                                        \
    cmocka_unit_test_setup_teardown(test, sim_county_set_up_in_memory,                   \
                                    sim_county_tear_down_in_memory)
    const struct CMUnitTest tests[] = {
        ONE(a_finding_under_long_names_becomes_a_case),
        ONE(a_round_says_what_was_looked_at_and_what_was_not),
        ONE(a_finding_becomes_a_case_that_says_how_it_was_found),
        ONE(a_finding_of_before_becomes_one_case_and_no_second),
        ONE(a_list_has_versions_and_a_round_goes_by_that_of_its_day),
        ONE(no_verb_of_a_case_reaches_a_round),
        ONE(a_rebuild_finds_rounds_again),
        ONE(of_many_rounds_the_newest_are_listed),
        ONE(what_is_wrong_is_said_and_leaves_nothing),
        ONE(what_grew_lately_is_suggested),
        ONE(nothing_is_suggested_where_nobody_knows_what_lately_is),
        ONE(who_only_looks_finds_nothing_and_makes_no_case_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
