/* A week without network, at two pages: what the village's page gives out the township's
 * takes, part by part, and the answer comes back; what is no bundle stops no other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/sim/page_scene.h"
#include "tests/sim/sim_files.h"
#include "tests/sim/sim_stick.h"

#define FILES_MAX 8

/* The other end, with a page of its own. */
struct town {
    struct browser_door door;
    struct browser browser;
};

struct parts {
    struct buf files[FILES_MAX];
    char names[FILES_MAX][96];
    uint32_t len;
};

static void set_up(struct page_scene *scene, struct town *town)
{
    struct sim_county *f = scene->door.f;
    browser_door_open(&town->door, f, f->township);
    browser_open(&town->browser, &town->door);
    browser_sign_in(&town->browser, "");
    world_set_offline(f->world, f->fengyuan, true);
    world_run(f->world, 3000);
}

static void tear_down(struct town *town, struct parts *parts)
{
    for (uint32_t i = 0; i < parts->len; i++)
        buf_deinit(&parts->files[i]);
    browser_close(&town->browser);
    browser_door_close(&town->door);
}

/* The page where one writes for that site. */
static void path_for(const struct world_node *site, const char *deed, char out[static 96])
{
    char hex[2 * ID_SIZE + 1];
    hex_encode(hex, world_site(site)->bytes, ID_SIZE);
    (void)snprintf(out, 96, "/courier/%s%s", hex, deed);
}

/* What came last is a file. */
static void keep_part(const struct browser *browser, struct parts *parts)
{
    assert_true(parts->len < FILES_MAX);
    (void)snprintf(parts->names[parts->len], sizeof(parts->names[0]), "%s",
                   browser->disposition);
    buf_add(&parts->files[parts->len++], browser->body.data, browser->body.len - 1);
}

/* All parts by the forms that the page shows, in the order in which it shows them. */
static void write_parts(struct browser *browser, const struct world_node *to,
                        struct parts *parts)
{
    char page[96], write[96], next[96], done[96], part[128], fields[160];
    path_for(to, "", page);
    path_for(to, "/write", write);
    path_for(to, "/next", next);
    path_for(to, "/done", done);
    assert_int_equal(browser_get(browser, page), 200);
    assert_true(browser_sees(browser, write));
    assert_false(browser_sees(browser, next));
    assert_int_equal(browser_post(browser, write, "pin=" PIN), 200);
    keep_part(browser, parts);
    for (;;) {
        assert_int_equal(browser_get(browser, page), 200);
        if (browser_sees(browser, done))
            break;
        assert_true(browser_sees(browser, next));
        browser_value(browser, "part", part);
        (void)snprintf(fields, sizeof(fields), "part=%s", part);
        assert_int_equal(browser_post(browser, next, fields), 200);
        keep_part(browser, parts);
    }
    assert_false(browser_sees(browser, next));
    assert_int_equal(browser_post(browser, done, ""), 303);
    assert_string_equal(browser->location, "/courier?said=bundle");
}

static int hand_in(struct browser *browser, const struct parts *parts)
{
    struct browser_file files[FILES_MAX];
    char names[FILES_MAX][16];
    for (uint32_t i = 0; i < parts->len; i++) {
        (void)snprintf(names[i], sizeof(names[i]), "part-%u", i);
        files[i] = (struct browser_file){names[i], buf_bytes(&parts->files[i])};
    }
    assert_int_equal(browser_get(browser, "/courier"), 200);
    return browser_post_files(browser, "/courier/read", files, parts->len);
}

/* A record with a file that needs more than one part. */
static void send_much(struct sim_county *f, char hex[static 65], struct buf *file)
{
    char number[32];
    *file = files_text("渠图", 1500000);
    files_case(f, number);
    files_attach(f, number, "map.txt", buf_bytes(file));
    files_consent(f, number, "[map.txt]");
    files_release(f, number, "[map.txt]", hex);
}

static void a_record_goes_up_from_page_to_page_and_its_answer_comes_down(void **state)
{
    struct page_scene *scene = *state;
    struct sim_county *f = scene->door.f;
    struct town town;
    struct parts up = {0}, down = {0};
    struct buf file;
    char hex[65];
    set_up(scene, &town);
    send_much(f, hex, &file);
    assert_int_equal(browser_get(&scene->browser, "/courier"), 200);
    assert_true(browser_sees(&scene->browser, "青河镇"));
    assert_true(browser_sees(&scene->browser, "、新上报 1 件、附件 1 个"));

    write_parts(&scene->browser, f->township, &up);
    assert_true(up.len >= 2);
    assert_string_equal(up.names[0], "attachment; filename=\"fengqiao-001.age\"");
    assert_string_equal(up.names[1], "attachment; filename=\"fengqiao-002.age\"");
    for (uint32_t i = 0; i < up.len; i++)
        assert_true(up.files[i].len <= BUNDLE_FILE_MAX);
    assert_int_equal(browser_get(&scene->browser, scene->browser.location), 200);
    assert_true(browser_sees(&scene->browser, "已记下：都放进U盘了"));
    assert_true(browser_sees(&scene->browser, "1 份，还没有回音"));

    assert_int_equal(hand_in(&town.browser, &up), 200);
    assert_true(browser_sees(&town.browser, "枫源村"));
    assert_true(browser_sees(&town.browser, "part-1"));
    assert_false(browser_sees(&town.browser, "没有读入"));
    assert_int_equal(files_get(f, f->township, hex, buf_bytes(&file)), STATUS_OK);

    write_parts(&town.browser, f->fengyuan, &down);
    assert_int_equal(hand_in(&scene->browser, &down), 200);
    assert_int_equal(stick_waits(f, f->fengyuan, f->township, "ops"), 0);
    assert_int_equal(browser_get(&scene->browser, "/courier"), 200);
    assert_true(browser_sees(&scene->browser, "没有要带的"));
    assert_false(browser_sees(&scene->browser, "还没有回音"));
    for (uint32_t i = 0; i < down.len; i++)
        buf_deinit(&down.files[i]);
    buf_deinit(&file);
    tear_down(&town, &up);
}

/* The evidence about a record, to be taken to an auditor. */
static void a_record_is_taken_away_as_evidence(void **state)
{
    static const char head[] = "\x94\xb1"
                               "fengqiao-evidence";
    struct page_scene *scene = *state;
    struct sim_county *f = scene->door.f;
    struct browser *browser = &scene->browser;
    struct id record = sim_escalate(f, f->fengyuan, "水渠");
    char hex[2 * ID_SIZE + 1], page[96], path[96], name[96];
    hex_encode(hex, record.bytes, ID_SIZE);
    (void)snprintf(page, sizeof(page), "/record/%s", hex);
    (void)snprintf(path, sizeof(path), "/record/%s/evidence", hex);
    (void)snprintf(name, sizeof(name), "attachment; filename=\"evidence-%.12s\"", hex);

    assert_int_equal(browser_get(browser, page), 200);
    assert_int_equal(browser_post(browser, path, ""), 403); /* not without the PIN */
    assert_string_equal(browser->disposition, "");
    assert_int_equal(browser_post(browser, path, "pin=" PIN), 200);

    assert_string_equal(browser->disposition, name);
    assert_true(browser->body.len > sizeof(head));
    assert_memory_equal(browser->body.data, head, sizeof(head) - 1);

    /* What is not here has none. */
    memset(hex, '5', 2 * ID_SIZE);
    (void)snprintf(path, sizeof(path), "/record/%s/evidence", hex);
    (void)browser_get(browser, page);
    assert_int_equal(browser_post(browser, path, ""), 404);
    assert_string_equal(browser->disposition, "");
}

static void each_file_says_what_it_came_to_and_stops_no_other(void **state)
{
    struct page_scene *scene = *state;
    struct sim_county *f = scene->door.f;
    struct town town;
    struct parts up = {0};
    set_up(scene, &town);
    struct id record = sim_escalate(f, f->fengyuan, "水渠");
    write_parts(&scene->browser, f->township, &up);
    assert_int_equal(up.len, 1);
    const struct browser_file files[] = {
        {"<b>bad</b>.age", bytes_str("no bundle")},
        {"good.age", buf_bytes(&up.files[0])},
        {"again.age", buf_bytes(&up.files[0])},
    };
    (void)browser_get(&town.browser, "/courier");

    assert_int_equal(browser_post_files(&town.browser, "/courier/read", files, 3), 200);

    assert_true(browser_sees(&town.browser, "&lt;b&gt;bad&lt;/b&gt;.age"));
    assert_true(browser_sees(&town.browser, "没有读入"));
    assert_true(browser_sees(&town.browser, "这个文件不是数据包，或途中被改动、截短"));
    assert_true(browser_sees(&town.browser, "good.age"));
    assert_true(browser_sees(&town.browser, "，其中 0 条是新的")); /* again.age */
    sim_assert_state(f, f->township, &record, "received");

    /* What is for somebody else says so. */
    assert_int_equal(hand_in(&scene->browser, &up), 200);
    assert_true(browser_sees(&scene->browser, "没有读入"));
    assert_false(browser_sees(&scene->browser, "已读入"));
    tear_down(&town, &up);
}

static void more_files_than_eight_are_refused_and_none_is_read(void **state)
{
    struct page_scene *scene = *state;
    struct sim_county *f = scene->door.f;
    struct town town;
    struct parts up = {0};
    struct browser_file files[9];
    set_up(scene, &town);
    struct id record = sim_escalate(f, f->fengyuan, "水渠");
    write_parts(&scene->browser, f->township, &up);
    for (size_t i = 0; i < 9; i++)
        files[i] = (struct browser_file){"a.age", buf_bytes(&up.files[0])};
    (void)browser_get(&town.browser, "/courier");
    assert_int_equal(browser_post_files(&town.browser, "/courier/read", files, 9), 413);
    assert_true(browser_sees(&town.browser, "一次最多交 8 个文件"));
    sim_assert_state(f, f->township, &record, "unknown");
    (void)browser_get(&town.browser, "/courier");
    assert_int_equal(browser_post_files(&town.browser, "/courier/read", files, 0), 422);
    (void)browser_get(&town.browser, "/courier");
    assert_int_equal(browser_post_files(&town.browser, "/courier/read", files, 8), 200);
    sim_assert_state(f, f->township, &record, "received");
    tear_down(&town, &up);
}

/* A second press of the same button would skip a part, unseen. */
static void a_part_is_not_given_twice_and_none_is_skipped(void **state)
{
    struct page_scene *scene = *state;
    struct browser *browser = &scene->browser;
    struct sim_county *f = scene->door.f;
    struct town town;
    struct parts up = {0};
    struct buf file;
    char hex[65], page[96], write[96], next[96], done[96];
    set_up(scene, &town);
    send_much(f, hex, &file);
    path_for(f->township, "", page);
    path_for(f->township, "/write", write);
    path_for(f->township, "/next", next);
    path_for(f->township, "/done", done);

    (void)browser_get(browser, page);
    assert_int_equal(browser_post(browser, write, ""), 403); /* not without the PIN */
    assert_int_equal(browser_post(browser, next, "part=1"), 403);
    assert_int_equal(browser_post(browser, next, "part=1&pin=" PIN), 404); /* of what? */
    assert_int_equal(browser_post(browser, done, ""), 404);
    assert_int_equal(browser_post(browser, write, ""), 200);
    (void)browser_get(browser, page);
    assert_int_equal(browser_post(browser, next, "part=0"), 409);
    assert_true(browser_sees(browser, "请从头再取"));
    assert_true(browser_sees(browser, "value=\"1\"")); /* where it stands */
    assert_int_equal(browser_post(browser, next, "part=1"), 200);
    assert_string_equal(browser->disposition,
                        "attachment; filename=\"fengqiao-002.age\"");
    (void)browser_get(browser, page);
    assert_int_equal(browser_post(browser, next, "part=1"), 409);

    /* And anew: it is another bundle, from its first part on. */
    assert_int_equal(browser_post(browser, write, ""), 200);
    keep_part(browser, &up);
    assert_string_equal(up.names[0], "attachment; filename=\"fengqiao-001.age\"");
    assert_int_equal(stick_waits(f, f->fengyuan, f->township, "acked"), 0);
    buf_deinit(&file);
    tear_down(&town, &up);
}

/* To look writes nothing, and who is no neighbour has no page. */
static void to_look_begins_no_bundle(void **state)
{
    struct page_scene *scene = *state;
    struct sim_county *f = scene->door.f;
    char page[96];
    path_for(f->township, "", page);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(browser_get(&scene->browser, "/courier"), 200);
        assert_int_equal(browser_get(&scene->browser, page), 200);
    }
    assert_false(browser_sees(&scene->browser, "还没有回音"));
    assert_true(browser_sees(&scene->browser, "/write"));
    path_for(f->county, "", page);
    assert_int_equal(browser_get(&scene->browser, page), 200);
    assert_true(browser_sees(&scene->browser, "本单位没有和它结对"));
    assert_false(browser_sees(&scene->browser, "/write"));
}

#define ONE(name)                                                                        \
    cmocka_unit_test_setup_teardown(name, page_scene_set_up, page_scene_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ONE(a_record_goes_up_from_page_to_page_and_its_answer_comes_down),
        ONE(a_record_is_taken_away_as_evidence),
        ONE(each_file_says_what_it_came_to_and_stops_no_other),
        ONE(more_files_than_eight_are_refused_and_none_is_read),
        ONE(a_part_is_not_given_twice_and_none_is_skipped),
        ONE(to_look_begins_no_bundle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
