/* Lists over the API: what filters leave, pages while others write, and that the rows are
 * derived like everything else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "crypto/key.h"
#include "node/cases/view.h"
#include "tests/sim/sim_county.h"

#define SAY(node, ...) SIM_SAY(f, node, &out, __VA_ARGS__)

static void new_case(struct sim_county *f, const char *category, const char *title,
                     const char *narrative)
{
    SIM_SAY(f, f->fengyuan, NULL, "case.new", "category", category, "title", title,
            "narrative", narrative);
}

struct titles {
    char text[256];
};

static bool add_title(void *context, struct bytes element)
{
    struct titles *titles = context;
    struct bytes title;
    assert_true(view_map_text(element, "title", &title));
    (void)strncat(titles->text, (const char *)title.data, title.len);
    return true;
}

/* The titles of an answer, one behind the other. */
static const char *titles_of(const struct buf *answer, const char *list)
{
    static struct titles titles;
    titles.text[0] = '\0';
    view_map_each(buf_bytes(answer), list, add_title, &titles);
    return titles.text;
}

/* The id by which the next page is asked for; "" where there is none. */
static const char *next_of(const struct buf *answer)
{
    static char hex[2 * ID_SIZE + 1];
    struct id next;
    hex[0] = '\0';
    if (view_map_id(buf_bytes(answer), "next", &next))
        hex_encode(hex, next.bytes, ID_SIZE);
    return hex;
}

static void cases_are_found_by_what_is_asked_for_the_newest_first(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    new_case(f, "邻里", "甲", "一");
    new_case(f, "田土", "乙", "二");
    new_case(f, "邻里", "丙", "三");
    SAY(f->fengyuan, "case.triage", "case", "2026-0003", "decision", "keep", "reason",
        "能办");
    world_run(f->world, 0);

    SAY(f->fengyuan, "case.list", NULL, NULL);
    assert_string_equal(titles_of(&out, "cases"), "丙乙甲");
    assert_string_equal(next_of(&out), "");
    SAY(f->fengyuan, "case.list", "category", "邻里");
    assert_string_equal(titles_of(&out, "cases"), "丙甲");
    SAY(f->fengyuan, "case.list", "category", "邻里", "state", "registered");
    assert_string_equal(titles_of(&out, "cases"), "甲");
    SAY(f->fengyuan, "case.list", "conflicts", "true");
    assert_string_equal(titles_of(&out, "cases"), "");
    SAY(f->fengyuan, "case.list", "escalated", "true");
    assert_string_equal(titles_of(&out, "cases"), "");
    SAY(f->fengyuan, "case.list", "party", "李某");
    assert_string_equal(titles_of(&out, "cases"), "");
    SAY(f->fengyuan, "case.new", "category", "邻里", "title", "丁", "narrative", "四",
        "parties", "[张某=applicant,李某=respondent]");
    world_run(f->world, 0);
    SAY(f->fengyuan, "case.list", "party", "李某");
    assert_string_equal(titles_of(&out, "cases"), "丁");
    SAY(f->fengyuan, "case.list", "since", "#1");
    assert_string_equal(titles_of(&out, "cases"), "丁丙乙甲");
    SAY(f->fengyuan, "case.list", "until", "#1");
    assert_string_equal(titles_of(&out, "cases"), "");
    buf_deinit(&out);
}

static void what_is_mine_is_what_i_wrote_down(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    new_case(f, "邻里", "甲", "一");
    sim_add_person(f, f->fengyuan, "李某", "mediator", NULL);
    assert_int_equal(world_unlock(f->world, f->fengyuan, "李某", "135791"), STATUS_OK);
    new_case(f, "邻里", "乙", "二");
    world_run(f->world, 0);

    SAY(f->fengyuan, "case.list", "mine", "true");

    assert_string_equal(titles_of(&out, "cases"), "乙");
    assert_int_equal(world_unlock(f->world, f->fengyuan, "", "246810"), STATUS_OK);
    SAY(f->fengyuan, "case.list", "mine", "true");
    assert_string_equal(titles_of(&out, "cases"), "甲");
    buf_deinit(&out);
}

static void cases_of_minors_are_listed_and_not_exported(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    new_case(f, "邻里", "甲", "一");
    SAY(f->fengyuan, "case.new", "category", "学校", "title", "乙", "narrative", "二",
        "minor", "true");
    world_run(f->world, 0);

    SAY(f->fengyuan, "case.list", NULL, NULL);
    assert_string_equal(titles_of(&out, "cases"), "乙甲");
    SAY(f->fengyuan, "case.list", "export", "true");
    assert_string_equal(titles_of(&out, "cases"), "甲");
    buf_deinit(&out);
}

/* A record of a minor is read where it came in, and goes into no file from there. */
static void records_of_minors_are_in_the_inbox_and_not_exported(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    (void)sim_escalate(f, f->fengyuan, "水渠");
    SAY(f->fengyuan, "case.new", "category", "学校", "title", "照看", "narrative", "二",
        "context", "一", "minor", "true", "parties", "[child=child]");
    SAY(f->fengyuan, "case.consent", "case", "2026-0002", "party", "child", "fields",
        "[context,title]", "manner", "guardian", "guardian", "parent");
    SAY(f->fengyuan, "case.triage", "case", "2026-0002", "decision", "escalate", "beyond",
        "true", "reason", "要镇里来");
    SAY(f->fengyuan, "escalate.release", "case", "2026-0002", "fields", "[context,title]",
        "reason", "村里办不了");
    world_run(f->world, 5000);

    SAY(f->township, "inbox", NULL, NULL);
    assert_string_equal(titles_of(&out, "escalations"), "照看水渠");
    SAY(f->township, "inbox", "export", "true");
    assert_string_equal(titles_of(&out, "escalations"), "水渠");
    buf_deinit(&out);
}

static void pages_show_each_case_once_while_others_write(void **state)
{
    static const char *const titles[] = {"甲", "乙", "丙", "丁", "戊"};
    struct sim_county *f = *state;
    struct buf out = {0};
    char after[2 * ID_SIZE + 1];
    for (size_t i = 0; i < 5; i++)
        new_case(f, "邻里", titles[i], "一");
    world_run(f->world, 0);

    SAY(f->fengyuan, "case.list", "limit", "#2");
    assert_string_equal(titles_of(&out, "cases"), "戊丁");
    (void)snprintf(after, sizeof(after), "%s", next_of(&out));
    new_case(f, "邻里", "己", "一");
    SAY(f->fengyuan, "case.note", "case", "2026-0001", "text", "改了");
    SAY(f->fengyuan, "case.note", "case", "2026-0005", "text", "改了");
    world_run(f->world, 0);
    SAY(f->fengyuan, "case.list", "limit", "#2", "after", after);
    assert_string_equal(titles_of(&out, "cases"), "丙乙");
    SAY(f->fengyuan, "case.list", "limit", "#2", "after", "2026-0002");
    assert_string_equal(titles_of(&out, "cases"), "甲");
    assert_string_equal(next_of(&out), "");
    buf_deinit(&out);
}

static void what_came_in_is_found_by_its_village(void **state)
{
    struct sim_county *f = *state;
    struct buf out = {0};
    (void)sim_escalate(f, f->fengyuan, "水渠");
    (void)sim_escalate(f, f->xikou, "桥");
    char site[2 * ID_SIZE + 1];
    hex_encode(site, world_site(f->xikou)->bytes, ID_SIZE);

    SAY(f->township, "inbox", NULL, NULL);
    assert_string_equal(titles_of(&out, "escalations"), "桥水渠");
    SAY(f->township, "inbox", "from", "枫源村");
    assert_string_equal(titles_of(&out, "escalations"), "水渠");
    SAY(f->township, "inbox", "from", site);
    assert_string_equal(titles_of(&out, "escalations"), "桥");
    char text[KEY_TEXT_SIZE];
    key_to_text(text, "fqs1", world_site(f->xikou)->bytes);
    SAY(f->township, "inbox", "from", text);
    assert_string_equal(titles_of(&out, "escalations"), "桥");
    SAY(f->township, "inbox", "state", "opened");
    assert_string_equal(titles_of(&out, "escalations"), "");
    SAY(f->township, "inbox", "limit", "#1");
    assert_string_equal(titles_of(&out, "escalations"), "桥");
    char after[2 * ID_SIZE + 1];
    (void)snprintf(after, sizeof(after), "%s", next_of(&out));
    SAY(f->township, "inbox", "after", after);
    assert_string_equal(titles_of(&out, "escalations"), "水渠");
    SAY(f->fengyuan, "case.list", "escalated", "true");
    assert_string_equal(titles_of(&out, "cases"), "水渠");
    /* What a village sent is not what came in to it. */
    SAY(f->fengyuan, "inbox", NULL, NULL);
    assert_string_equal(titles_of(&out, "escalations"), "");
    buf_deinit(&out);
}

static void what_cannot_be_listed_is_said(void **state)
{
    struct sim_county *f = *state;
    struct world *w = f->world;
#define REFUSED(expected, ...)                                                           \
    assert_int_equal(world_say(w, f->fengyuan, NULL, __VA_ARGS__, NULL), expected)
    REFUSED(STATUS_NOT_FOUND, "case.list", "after", "2026-0009");
    REFUSED(STATUS_INVALID, "case.list", "since", "#9", "until", "#8");
    REFUSED(STATUS_INVALID, "case.list", "category", "[甲]");
    REFUSED(STATUS_INVALID, "case.list", "party", "[甲]");
    REFUSED(STATUS_NOT_FOUND, "inbox", "after", "deadbeef");
    REFUSED(STATUS_NOT_FOUND, "inbox", "from", "无此村");
    REFUSED(STATUS_INVALID, "inbox", "from", "[甲]");
    REFUSED(STATUS_INVALID, "inbox", "state", "[甲]");
    world_power_off(w, f->fengyuan);
    assert_int_equal(world_power_on(w, f->fengyuan), STATUS_OK); /* nobody unlocks */
    REFUSED(STATUS_DENIED, "case.list", "mine", "true");
}

/* Fengyuan's file, changed behind its back while its power is off. */
static void spoil(struct sim_county *f, const char *sql)
{
    char file[SCRATCH_SIZE + 64];
    sqlite3 *db;
    (void)snprintf(file, sizeof(file), "%s/node-2.db", f->directory);
    assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* As a migration leaves it: records that were folded before there were rows for lists. */
static void what_was_folded_before_is_listed_at_the_next_start(void **state)
{
    struct sim_county *f = *state;
    struct store *store = world_store(f->fengyuan);
    struct buf before = {0}, after = {0}, out = {0};
    (void)sim_escalate(f, f->fengyuan, "水渠");
    new_case(f, "邻里", "甲", "一");
    world_run(f->world, 0);
    assert_int_equal(store_dump(store, &before), STATUS_OK);
    world_power_off(f->world, f->fengyuan);
    spoil(f, "DELETE FROM listings; DELETE FROM listed_parties; "
             "INSERT INTO meta (name, value) VALUES ('unlisted', x'01')");

    assert_int_equal(world_power_on(f->world, f->fengyuan), STATUS_OK);

    assert_int_equal(store_dump(world_store(f->fengyuan), &after), STATUS_OK);
    assert_true(bytes_equal(buf_bytes(&before), buf_bytes(&after)));
    SAY(f->fengyuan, "case.list", NULL, NULL);
    assert_string_equal(titles_of(&out, "cases"), "甲水渠");
    buf_deinit(&before);
    buf_deinit(&after);
    buf_deinit(&out);
}

static void of_two_sites_of_one_name_it_is_said_which(void **state)
{
    struct sim_county *f = *state;
    struct world_node *other = world_found(f->world, "village", "枫源村", "other:1");
    world_pair(f->world, f->township, other);

    assert_int_equal(
        world_say(f->world, f->township, NULL, "inbox", "from", "枫源村", NULL),
        STATUS_CONFLICT);
}

int main(void)
{
#define ONE(test)                                                                        \
    cmocka_unit_test_setup_teardown(test, sim_county_set_up, sim_county_tear_down)
    const struct CMUnitTest tests[] = {
        ONE(cases_are_found_by_what_is_asked_for_the_newest_first),
        ONE(what_is_mine_is_what_i_wrote_down),
        ONE(cases_of_minors_are_listed_and_not_exported),
        ONE(records_of_minors_are_in_the_inbox_and_not_exported),
        ONE(pages_show_each_case_once_while_others_write),
        ONE(what_came_in_is_found_by_its_village),
        ONE(what_cannot_be_listed_is_said),
        ONE(what_was_folded_before_is_listed_at_the_next_start),
        ONE(of_two_sites_of_one_name_it_is_said_which),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
