/* Village rules in versions, and agreements that cite a clause as it stood. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/view.h"
#include "proto/pack.h"
#include "tests/sim/sim_county.h"

#define CLIENT 100

/* A version whose clauses are "number=text", NULL at the end. */
static void pack_rules(struct buf *arguments, const char *title, const char *version,
                       const char *from, const char *const *clauses)
{
    uint32_t len = 0;
    while (clauses[len] != NULL)
        len++;
    pack_map(arguments, 4);
    pack_str(arguments, "clauses");
    pack_array(arguments, len);
    for (uint32_t i = 0; i < len; i++) {
        const char *text = strchr(clauses[i], '=') + 1;
        pack_array(arguments, 2);
        pack_str_bytes(arguments, bytes_of(clauses[i], (size_t)(text - clauses[i]) - 1));
        pack_str(arguments, text);
    }
    pack_str(arguments, "from");
    pack_str(arguments, from);
    pack_str(arguments, "title");
    pack_str(arguments, title);
    pack_str(arguments, "version");
    pack_str(arguments, version);
}

static enum status add_rules(struct sim_county *f, const char *title, const char *version,
                             const char *from, const char *const *clauses,
                             struct id *written)
{
    struct buf arguments = {0}, out = {0};
    pack_rules(&arguments, title, version, from, clauses);
    enum status status =
        world_call(f->world, f->fengyuan, "rules.add", buf_bytes(&arguments), &out);
    if (status == STATUS_OK && written != NULL)
        assert_true(view_map_id(buf_bytes(&out), "op", written));
    buf_deinit(&arguments);
    buf_deinit(&out);
    return status;
}

static const char *const first[] = {"第一条=邻里和睦", "第三条=田埂以村里测量为准", NULL};
static const char *const second[] = {"第三条=田埂以镇里测量为准", NULL};

static void new_case(struct sim_county *f)
{
    struct buf out = {0};
    SIM_SAY(f, f->fengyuan, &out, "case.new", "category", "土地", "narrative", "田埂争执",
            "title", "田埂");
    buf_deinit(&out);
}

static enum status agree(struct sim_county *f, const char *clauses, const char *deadline)
{
    struct buf arguments = {0}, out = {0};
    pack_map(&arguments, clauses == NULL ? 4 : 5);
    pack_str(&arguments, "case");
    pack_str(&arguments, "2026-0001");
    if (clauses != NULL) {
        pack_str(&arguments, "clauses");
        pack_array(&arguments, 1);
        pack_str(&arguments, clauses);
    }
    pack_str(&arguments, "deadline");
    pack_str(&arguments, deadline);
    pack_str(&arguments, "parties");
    pack_array(&arguments, 2);
    for (int i = 0; i < 2; i++) {
        pack_array(&arguments, 2);
        pack_str(&arguments, i == 0 ? "张某" : "李某");
        pack_str(&arguments, "owner");
    }
    pack_str(&arguments, "terms");
    pack_str(&arguments, "以测量为准，各让半米");
    enum status status =
        world_call(f->world, f->fengyuan, "agreement.new", buf_bytes(&arguments), &out);
    buf_deinit(&arguments);
    buf_deinit(&out);
    return status;
}

struct seen {
    struct id wanted;
    uint32_t cites, agreements;
};

static bool see_cite(void *context, struct bytes cite)
{
    struct seen *seen = context;
    struct pack_reader reader = pack_reader_of(cite);
    struct id op;
    uint32_t two;
    assert_int_equal(pack_read_array(&reader, &two, NULL), STATUS_OK);
    assert_int_equal(pack_read_fixed(&reader, op.bytes, ID_SIZE, NULL), STATUS_OK);
    seen->cites += id_equal(&op, &seen->wanted);
    return true;
}

static bool see_entry(void *context, struct bytes entry)
{
    struct seen *seen = context;
    struct bytes fields;
    if (!view_map_has_text(entry, "kind", "agreement"))
        return true;
    seen->agreements++;
    assert_true(view_map_get(entry, "fields", &fields));
    view_map_each(fields, "clauses", see_cite, seen);
    return true;
}

static struct seen look(struct sim_county *f, const struct id *wanted)
{
    struct seen seen = {.wanted = *wanted};
    struct buf out = {0};
    struct bytes view;
    SIM_SAY(f, f->fengyuan, &out, "case.show", "case", "2026-0001");
    assert_true(view_map_get(buf_bytes(&out), "view", &view));
    view_map_each(view, "journal", see_entry, &seen);
    buf_deinit(&out);
    return seen;
}

static void an_agreement_cites_the_clause_as_it_stood(void **state)
{
    struct sim_county *f = *state;
    struct id old, new;
    new_case(f);
    assert_int_equal(add_rules(f, "村规民约", "2026", "2026-12-01", first, &old),
                     STATUS_OK);
    assert_int_equal(agree(f, "第三条", "2026-12-31"), STATUS_OK);
    assert_int_equal(add_rules(f, "", "2027", "", second, &new), STATUS_OK);

    assert_int_equal(look(f, &old).cites, 1);
    assert_int_equal(agree(f, "第三条", "2027-01-31"), STATUS_OK);

    assert_int_equal(look(f, &old).cites, 1);
    assert_int_equal(look(f, &new).cites, 1);
    assert_int_equal(look(f, &new).agreements, 2);
    /* The new version has no first clause any more. */
    assert_int_equal(agree(f, "第一条", "2027-01-31"), STATUS_NOT_FOUND);
}

static bool keep_state(void *context, struct bytes hit)
{
    assert_true(view_map_text(hit, "state", context));
    return true;
}

static void rules_are_no_cases(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    struct bytes found = bytes_str("nothing");
    assert_int_equal(add_rules(f, "村规民约", "2026", "", first, NULL), STATUS_OK);
    assert_int_equal(sim_status(f, f->fengyuan, "cases"), 0);
    new_case(f);
    assert_int_equal(sim_status(f, f->fengyuan, "cases"), 1);

    SIM_SAY(f, f->fengyuan, &out, "search", "words", "邻里和睦");

    assert_int_equal(view_map_count(buf_bytes(&out), "hits"), 1);
    view_map_each(buf_bytes(&out), "hits", keep_state, &found);
    assert_int_equal(found.len, 0);
    buf_deinit(&out);
}

static void rules_are_listed_and_shown_with_all_their_versions(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    struct bytes title;
    assert_int_equal(add_rules(f, "村规民约", "2026", "", first, NULL), STATUS_OK);
    assert_int_equal(add_rules(f, "村规民约", "2027", "", second, NULL), STATUS_OK);
    assert_int_equal(add_rules(f, "水沟公约", "一", "", second, NULL), STATUS_OK);

    SIM_SAY(f, f->fengyuan, &out, "rules.list");
    assert_int_equal(view_map_count(buf_bytes(&out), "rules"), 2);
    SIM_SAY(f, f->fengyuan, &out, "rules.show", "title", "村规民约");
    assert_int_equal(view_map_count(buf_bytes(&out), "versions"), 2);
    assert_true(view_map_text(buf_bytes(&out), "title", &title));
    assert_true(bytes_equal_str(title, "村规民约"));
    SIM_SAY(f, f->fengyuan, &out, "case.list");
    assert_int_equal(view_map_count(buf_bytes(&out), "cases"), 0);
    assert_int_equal(world_say(f->world, f->fengyuan, &out, "rules.show", NULL),
                     STATUS_CONFLICT);
    SIM_SAY(f, f->fengyuan, &out, "search", "words", "镇里测量");
    assert_int_equal(view_map_count(buf_bytes(&out), "hits"), 2);
    assert_int_equal(world_rebuild(f->fengyuan), STATUS_OK);
    SIM_SAY(f, f->fengyuan, &out, "rules.list");
    assert_int_equal(view_map_count(buf_bytes(&out), "rules"), 2);
    buf_deinit(&out);
}

static void what_is_wrong_is_said_and_leaves_nothing(void **state)
{
    static const char *const none[] = {NULL};
    struct sim_county *f = *state;
    struct buf out = {0};
    new_case(f);
    assert_int_equal(add_rules(f, "", "2026", "", first, NULL), STATUS_INVALID);
    assert_int_equal(add_rules(f, "村规", "", "", first, NULL), STATUS_INVALID);
    assert_int_equal(add_rules(f, "村规", "1", "2026-02-30", first, NULL),
                     STATUS_INVALID);
    assert_int_equal(add_rules(f, "村规", "1", "", none, NULL), STATUS_INVALID);
    assert_int_equal(world_say(f->world, f->fengyuan, &out, "rules.add", "title", "村规",
                               "version", "1", NULL),
                     STATUS_INVALID);
    assert_int_equal(
        world_say(f->world, f->fengyuan, &out, "rules.show", "title", "无", NULL),
        STATUS_NOT_FOUND);
    assert_int_equal(agree(f, NULL, "2026-13-01"), STATUS_INVALID);
    assert_int_equal(agree(f, "第三条", "2026-12-31"), STATUS_NOT_FOUND);
    assert_int_equal(agree(f, "第三条第三条第三条第三条第三条第三条第三条第三条", ""),
                     STATUS_NOT_FOUND);
    assert_int_equal(world_say(f->world, f->fengyuan, &out, "agreement.new", "case",
                               "2026-0001", "terms", "各让半米", NULL),
                     STATUS_INVALID); /* the case has no parties */
    assert_int_equal(world_say(f->world, f->fengyuan, &out, "agreement.new", "case",
                               "2026-0001", NULL),
                     STATUS_INVALID);
    SIM_SAY(f, f->fengyuan, &out, "rules.list");
    assert_int_equal(view_map_count(buf_bytes(&out), "rules"), 0);
    buf_deinit(&out);
}

static bool page_has(const struct buf *page, const char *part)
{
    struct bytes html = {0};
    struct bytes raw;
    assert_true(view_map_get(buf_bytes(page), "html", &raw));
    struct pack_reader reader = pack_reader_of(raw);
    assert_int_equal(pack_read_bin(&reader, &html, NULL), STATUS_OK);
    return memmem(html.data, html.len, part, strlen(part)) != NULL;
}

static void a_paper_has_what_was_agreed_in_the_wording_that_was_cited(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    new_case(f);
    SIM_SAY(f, f->fengyuan, &out, "case.set", "case", "2026-0001", "field", "title",
            "value", "<script>田埂</script>");
    SIM_SAY(f, f->fengyuan, &out, "print", "case", "2026-0001", "set", "agreement");
    assert_false(page_has(&out, "各让半米")); /* an empty form */
    assert_int_equal(add_rules(f, "村规民约", "2026年版", "", first, NULL), STATUS_OK);
    assert_int_equal(agree(f, "第三条", "2026-12-31"), STATUS_OK);
    assert_int_equal(add_rules(f, "村规民约", "2027年版", "", second, NULL), STATUS_OK);

    SIM_SAY(f, f->fengyuan, &out, "print", "case", "2026-0001", "lang", "zh_CN");

    assert_true(page_has(&out, "各让半米") && page_has(&out, "2026-12-31"));
    assert_true(page_has(&out, "2026年版") && page_has(&out, "田埂以村里测量为准"));
    assert_false(page_has(&out, "2027年版") || page_has(&out, "田埂以镇里测量为准"));
    assert_true(page_has(&out, "枫源村") && page_has(&out, "张某"));
    assert_true(page_has(&out, "&lt;script&gt;田埂"));
    assert_false(page_has(&out, "<script"));
    SIM_SAY(f, f->fengyuan, &out, "print", "case", "2026-0001", "lang", "en", "set",
            "notice");
    assert_true(page_has(&out, "Notice of rights"));
    assert_false(page_has(&out, "各让半米"));
    assert_int_equal(world_say(f->world, f->fengyuan, &out, "print", "case", "2026-0001",
                               "set", "poem", NULL),
                     STATUS_INVALID);
    assert_int_equal(world_say(f->world, f->fengyuan, &out, "print", "case", "2026-0001",
                               "lang", "fr", NULL),
                     STATUS_INVALID);
    assert_int_equal(
        world_say(f->world, f->fengyuan, &out, "print", "case", "2026-9999", NULL),
        STATUS_NOT_FOUND);
    assert_int_equal(
        world_say(f->world, f->xikou, &out, "print", "case", "2026-0001", NULL),
        STATUS_NOT_FOUND);
    buf_deinit(&out);
}

/* Asked by a client of its own, whose turn is still to come. */
static void add_rules_in_this_turn(struct sim_county *f, uint64_t number,
                                   const char *version, const char *const *clauses)
{
    struct buf request = {0};
    pack_array(&request, 3);
    pack_uint(&request, number);
    pack_str(&request, "rules.add");
    pack_rules(&request, "村规民约", version, "", clauses);
    world_event(f->fengyuan, EVENT_CLIENT_REQUEST, CLIENT, buf_bytes(&request));
    buf_deinit(&request);
}

static void rules_written_twice_in_one_turn_are_two_versions_of_one(void **state)
{
    static const char unlock[] = "\x93\x01\xa6unlock\x81\xa3pin\xa6"
                                 "246810";
    struct sim_county *f = *state;
    struct buf out = {0};
    new_case(f);
    world_event(f->fengyuan, EVENT_CLIENT_OPENED, CLIENT, (struct bytes){0});
    world_event(f->fengyuan, EVENT_CLIENT_REQUEST, CLIENT,
                bytes_of(unlock, sizeof(unlock) - 1));
    world_run(f->world, 0);

    add_rules_in_this_turn(f, 2, "2026年版", first);
    add_rules_in_this_turn(f, 3, "2027年版", second);
    world_run(f->world, 0);

    SIM_SAY(f, f->fengyuan, &out, "rules.list");
    assert_int_equal(view_map_count(buf_bytes(&out), "rules"), 1);
    SIM_SAY(f, f->fengyuan, &out, "rules.show");
    assert_int_equal(view_map_count(buf_bytes(&out), "versions"), 2);
    buf_deinit(&out);
}

static void only_a_steward_writes_village_rules(void **state)
{
    struct sim_county *f = *state;
    sim_add_person(f, f->fengyuan, "甲某", "mediator", NULL);
    assert_int_equal(world_unlock(f->world, f->fengyuan, "甲某", "135791"), STATUS_OK);

    assert_int_equal(add_rules(f, "村规", "1", "", first, NULL), STATUS_DENIED);

    assert_int_equal(world_unlock(f->world, f->fengyuan, "", "246810"), STATUS_OK);
}

int main(void)
{
#define ONE(test)                                                                        \
    cmocka_unit_test_setup_teardown(test, sim_county_set_up_in_memory,                   \
                                    sim_county_tear_down_in_memory)
    const struct CMUnitTest tests[] = {
        ONE(an_agreement_cites_the_clause_as_it_stood),
        ONE(rules_are_no_cases),
        ONE(rules_are_listed_and_shown_with_all_their_versions),
        ONE(what_is_wrong_is_said_and_leaves_nothing),
        ONE(a_paper_has_what_was_agreed_in_the_wording_that_was_cited),
        ONE(rules_written_twice_in_one_turn_are_two_versions_of_one),
        ONE(only_a_steward_writes_village_rules),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
