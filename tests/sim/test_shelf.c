/* Papers beside the cases of which nothing, or not everything, is left: who wrote them
 * was revoked on another machine and nobody covers them, or their words are gone from
 * this copy. They are shown as what they are, and nothing is built on them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/key.h"
#include "node/cases/view.h"
#include "proto/pack.h"
#include "tests/sim/sim_aside.h"

#define SAY(...) SIM_SAY(f, f->fengyuan, &out, __VA_ARGS__)
#define ANSWERS(expected, ...)                                                           \
    assert_int_equal(world_say(f->world, f->fengyuan, NULL, __VA_ARGS__, NULL), expected)

/* The word of it comes from another machine, which knew of nothing to cover. */
static void revoke_elsewhere(struct sim_county *f, const uint8_t *seed)
{
    uint8_t key[KEY_SIZE];
    struct draft draft;
    key_sign_public(key, seed);
    draft_init(&draft, "revoke", world_site(f->fengyuan));
    draft_ids(&draft, "covers", NULL, 0);
    draft_bin(&draft, "key", key, sizeof(key));
    (void)sim_aside(f, world_site(f->fengyuan), &draft, NULL, false);
}

static void pack_pair(struct buf *out, const char *one, const char *other)
{
    pack_array(out, 2);
    pack_str(out, one);
    pack_str(out, other);
}

static void set_card(struct sim_county *f)
{
    struct buf map = {0};
    pack_map(&map, 4);
    pack_str(&map, "roles");
    pack_array(&map, 1);
    pack_pair(&map, "指挥", "村主任");
    pack_str(&map, "steps");
    pack_array(&map, 1);
    pack_array(&map, 3);
    pack_str(&map, "指挥");
    pack_str(&map, "通知各户");
    pack_uint(&map, 0);
    pack_str(&map, "title");
    pack_str(&map, "防汛");
    pack_str(&map, "trigger");
    pack_str(&map, "水位过线");
    assert_int_equal(world_call(f->world, f->fengyuan, "card.set", buf_bytes(&map), NULL),
                     STATUS_OK);
    buf_deinit(&map);
}

static uint32_t count(struct sim_county *f, const char *method, const char *name)
{
    struct buf out = {0};
    SAY(method);
    uint32_t len = view_map_count(buf_bytes(&out), name);
    buf_deinit(&out);
    return len;
}

static void what_has_no_effect_any_more_is_nothing_to_build_on(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    uint8_t deputy[32];
    SAY("case.new", "category", "邻里", "title", "水渠", "narrative", "争执", "parties",
        "[张某=甲方,李某=乙方]");
    sim_add_person(f, f->fengyuan, "副手", "steward", deputy);
    assert_int_equal(world_unlock(f->world, f->fengyuan, "副手", "135791"), STATUS_OK);
    SAY("rules.add", "title", "桥头村约", "version", "2026", "clauses", "[1=各清一段]");
    SAY("checklist.set", "title", "汛前", "places", "[桥头]", "topics", "[排水]");
    SAY("round.begin", "day", "2026-05-02");
    SAY("meeting.begin", "day", "2026-11-27");
    set_card(f);
    assert_int_equal(world_unlock(f->world, f->fengyuan, "", "246810"), STATUS_OK);
    SAY("agreement.new", "case", "2026-0001", "clauses", "[1]", "terms", "各清一段");
    SAY("print", "case", "2026-0001", "lang", "zh_CN");
    assert_true(sim_count(buf_bytes(&out), "桥头村约") > 0);

    revoke_elsewhere(f, deputy);

    assert_int_equal(count(f, "rules.list", "rules"), 1);
    assert_int_equal(count(f, "rules.show", "versions"), 0);
    assert_int_equal(count(f, "checklist.list", "lists"), 0);
    assert_int_equal(count(f, "round.list", "rounds"), 1);
    assert_int_equal(count(f, "round.show", "unseen"), 0);
    assert_int_equal(count(f, "card.list", "cards"), 1);
    assert_int_equal(count(f, "card.show", "versions"), 0);
    assert_int_equal(count(f, "meeting.list", "meetings"), 1);
    assert_int_equal(count(f, "meeting.show", "items"), 0);
    assert_int_equal(count(f, "agenda", "open"), 0);
    ANSWERS(STATUS_NOT_FOUND, "round.begin", "day", "2026-05-03");
    ANSWERS(STATUS_NOT_FOUND, "card.activate", "category", "安全", "day", "2026-07-01");
    ANSWERS(STATUS_NOT_FOUND, "agreement.new", "case", "2026-0001", "clauses", "[1]",
            "terms", "各清一段");
    SAY("print", "case", "2026-0001"); /* the clause is named, and not told */
    assert_int_equal(sim_count(buf_bytes(&out), "桥头村约"), 0);
    buf_deinit(&out);
}

static bool first_rules(void *context, struct bytes rules)
{
    return !view_map_id(rules, "rules", context);
}

static bool first_list(void *context, struct bytes list)
{
    return !view_map_id(list, "list", context);
}

static void pack_list(struct buf *out, const char *one)
{
    pack_array(out, 1);
    pack_str(out, one);
}

static bool first_round(void *context, struct bytes round)
{
    return !view_map_id(round, "round", context);
}

static bool first_meeting(void *context, struct bytes meeting)
{
    return !view_map_id(meeting, "meeting", context);
}

static void what_a_copy_came_without_is_not_told(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0}, clauses = {0}, places = {0}, topics = {0};
    struct draft draft;
    struct id scope, round, found;
    char digits[2 * ID_SIZE + 1];
    SAY("case.new", "category", "邻里", "title", "水渠", "narrative", "争执");
    assert_true(view_map_id(buf_bytes(&out), "scope", &scope));
    draft_init(&draft, "note", &scope);
    draft_text(&draft, "text", bytes_str("看过现场"));
    (void)sim_aside(f, &scope, &draft, NULL, true);
    SAY("print", "case", "2026-0001");

    SAY("rules.add", "title", "村规", "version", "2026", "clauses", "[1=各清一段]");
    SAY("rules.list");
    view_map_each(buf_bytes(&out), "rules", first_rules, &scope);
    pack_array(&clauses, 1);
    pack_pair(&clauses, "1", "各清门前");
    draft_init(&draft, "rule-text", &scope);
    draft_raw(&draft, "clauses", buf_bytes(&clauses));
    draft_text(&draft, "version", bytes_str("2027"));
    (void)sim_aside(f, &scope, &draft, NULL, true);
    assert_int_equal(count(f, "rules.show", "versions"), 1);

    SAY("checklist.set", "title", "汛前", "places", "[桥头]", "topics", "[排水]");
    pack_list(&places, "桥头");
    pack_list(&topics, "排水");
    SAY("checklist.list");
    view_map_each(buf_bytes(&out), "lists", first_list, &scope);
    draft_init(&draft, "checklist-text", &scope);
    draft_raw(&draft, "places", buf_bytes(&places));
    draft_raw(&draft, "topics", buf_bytes(&topics));
    (void)sim_aside(f, &scope, &draft, NULL, true);
    assert_int_equal(count(f, "checklist.list", "lists"), 1);
    SAY("round.begin"); /* by the version that is here */
    SAY("round.list");
    view_map_each(buf_bytes(&out), "rounds", first_round, &round);
    draft_init(&draft, "finding", &round);
    draft_text(&draft, "place", bytes_str("桥头"));
    draft_text(&draft, "text", bytes_str("栏杆松了"));
    draft_text(&draft, "topic", bytes_str("排水"));
    found = sim_aside(f, &round, &draft, NULL, true);
    hex_encode(digits, found.bytes, ID_SIZE);
    assert_int_equal(count(f, "round.show", "findings"), 1);
    ANSWERS(STATUS_NOT_FOUND, "round.case", "category", "安全", "finding", digits);
    assert_int_equal(sim_status(f, f->fengyuan, "cases"), 1);

    SAY("meeting.begin", "day", "2026-11-27");
    SAY("meeting.list");
    view_map_each(buf_bytes(&out), "meetings", first_meeting, &scope);
    draft_init(&draft, "meeting-item", &scope);
    draft_bin(&draft, "about", round.bytes, ID_SIZE);
    draft_text(&draft, "due", bytes_str("2026-01-01"));
    draft_text(&draft, "owner", bytes_str("村主任"));
    draft_text(&draft, "text", bytes_str("量一量"));
    (void)sim_aside(f, &scope, &draft, NULL, true);
    assert_int_equal(count(f, "agenda", "open"), 1); /* nobody knows until when */
    buf_deinit(&out);
    buf_deinit(&clauses);
    buf_deinit(&places);
    buf_deinit(&topics);
}

/* Of two rulebooks, one has a later version that came without its clauses. */
static void a_clause_is_cited_from_the_rules_that_have_it(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0}, clauses = {0};
    struct draft draft;
    struct id rules;
    SAY("case.new", "category", "邻里", "title", "水渠", "narrative", "争执", "parties",
        "[张某=甲方,李某=乙方]");
    SAY("rules.add", "title", "村规", "version", "2026", "clauses", "[1=各清一段]");
    assert_true(view_map_id(buf_bytes(&out), "rules", &rules));
    pack_array(&clauses, 1);
    pack_pair(&clauses, "1", "各清门前");
    draft_init(&draft, "rule-text", &rules);
    draft_raw(&draft, "clauses", buf_bytes(&clauses));
    draft_text(&draft, "version", bytes_str("2027"));
    (void)sim_aside(f, &rules, &draft, NULL, true);
    SAY("rules.add", "title", "桥头村约", "version", "2026", "clauses", "[9=不占道]");

    SAY("agreement.new", "case", "2026-0001", "clauses", "[1]", "terms", "各清一段");
    SAY("agreement.new", "case", "2026-0001", "clauses", "[9]", "terms", "不占道");
    ANSWERS(STATUS_NOT_FOUND, "agreement.new", "case", "2026-0001", "clauses", "[7]",
            "terms", "各清一段");
    SAY("print", "case", "2026-0001", "set", "agreement");
    assert_true(sim_count(buf_bytes(&out), "不占道") > 0);
    buf_deinit(&out);
    buf_deinit(&clauses);
}

static void pack_cite(struct buf *out, const struct id *version, const char *number)
{
    pack_array(out, 1);
    pack_array(out, 2);
    pack_bin(out, version->bytes, ID_SIZE);
    pack_str(out, number);
}

/* The agreement is there, and the version that it cites came without its clauses. */
static void a_clause_whose_words_are_gone_is_named_and_not_told(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0}, clauses = {0}, cites = {0}, parties = {0};
    struct draft draft;
    struct id rules, scope;
    SAY("case.new", "category", "邻里", "title", "水渠", "narrative", "争执");
    assert_true(view_map_id(buf_bytes(&out), "scope", &scope));
    SAY("rules.add", "title", "村规", "version", "2026", "clauses", "[1=各清一段]");
    assert_true(view_map_id(buf_bytes(&out), "rules", &rules));
    SAY("rules.add", "title", "桥头村约", "version", "2026", "clauses", "[9=不占道]");
    pack_array(&clauses, 1);
    pack_pair(&clauses, "1", "各清门前");
    draft_init(&draft, "rule-text", &rules);
    draft_raw(&draft, "clauses", buf_bytes(&clauses));
    draft_text(&draft, "version", bytes_str("2027"));
    struct id version = sim_aside(f, &rules, &draft, NULL, true);
    for (int i = 0; i < 2; i++) { /* that one, and then the one that is here */
        buf_clear(&cites);
        buf_clear(&parties);
        pack_cite(&cites, i == 0 ? &version : &rules, "1");
        pack_array(&parties, 2);
        pack_pair(&parties, "张某", "甲方");
        pack_pair(&parties, "李某", "乙方");
        draft_init(&draft, "agreement", &scope);
        draft_raw(&draft, "clauses", buf_bytes(&cites));
        draft_raw(&draft, "parties", buf_bytes(&parties));
        draft_text(&draft, "terms", bytes_str("照办"));
        (void)sim_aside(f, &scope, &draft, NULL, false);

        SAY("print", "case", "2026-0001", "set", "agreement");

        assert_int_equal(sim_count(buf_bytes(&out), "各清一段"), i);
        assert_int_equal(sim_count(buf_bytes(&out), "各清门前"), 0);
    }
    buf_deinit(&out);
    buf_deinit(&clauses);
    buf_deinit(&cites);
    buf_deinit(&parties);
}

int main(void)
{
#define ONE(test)                                                                        \
    cmocka_unit_test_setup_teardown(test, sim_county_set_up_in_memory,                   \
                                    sim_county_tear_down_in_memory)
    const struct CMUnitTest tests[] = {
        ONE(what_has_no_effect_any_more_is_nothing_to_build_on),
        ONE(what_a_copy_came_without_is_not_told),
        ONE(a_clause_is_cited_from_the_rules_that_have_it),
        ONE(a_clause_whose_words_are_gone_is_named_and_not_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
