/* A case of which much was written: its screens stay light, and all of it can be read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/page/screen.h"
#include "proto/limits.h"
#include "tests/sim/page_scene.h"

#define NOTES 90
#define LONG_TEXT 12000 /* bytes; of Chinese a third as many characters */
#define CASE_PREFIX "/case/+"
#define NUMBER "2026-0001"

static void long_text(char out[static LONG_TEXT + 1])
{
    for (size_t i = 0; i < LONG_TEXT; i += 3)
        memcpy(out + i, i % 60 == 57 ? "。" : "水", 3);
    out[LONG_TEXT] = '\0';
}

static void write_case(struct page_scene *f)
{
    static char text[LONG_TEXT + 1];
    struct sim_county *county = f->door.f;
    struct buf out = {0};
    long_text(text);
    SIM_SAY(county, f->door.node, &out, "case.new", "category", "邻里", "context", text,
            "narrative", text, "parties", "[张某=applicant,李某=respondent]", "title",
            "写了很久的一件事");
    for (int i = 0; i < NOTES; i++) {
        char note[64];
        (void)snprintf(note, sizeof(note), "第 %d 次上门，谈了半天。", i);
        SIM_SAY(county, f->door.node, NULL, "case.note", "case", NUMBER, "text", note);
    }
    SIM_SAY(county, f->door.node, NULL, "case.triage", "beyond", "true", "case", NUMBER,
            "decision", "escalate", "reason", "跨村");
    buf_deinit(&out);
}

static int set_up(void **state)
{
    if (page_scene_set_up(state) != 0)
        return -1;
    write_case(*state);
    return 0;
}

static void each_screen_of_a_long_case_is_light(void **state)
{
    struct page_scene *f = *state;
    const struct screen *screen;
    uint32_t seen = 0;
    for (size_t i = 0; (screen = screen_at(i)) != NULL; i++) {
        char path[256];
        size_t len = strlen(CASE_PREFIX);
        if (strncmp(screen->path, CASE_PREFIX, len) != 0 || screen->raw != RAW_NO ||
            strchr(screen->path + len, '+') != NULL)
            continue;
        (void)snprintf(path, sizeof(path), "/case/%s%s", NUMBER, screen->path + len);
        assert_int_equal(browser_get(&f->browser, path), 200);
        if (f->browser.body.len > PAGE_BYTES_MAX)
            fail_msg("%s has %zu bytes", path, f->browser.body.len);
        seen++;
    }
    assert_true(seen > 15);
}

static void what_leaves_of_a_long_case_is_shown_whole(void **state)
{
    struct page_scene *f = *state;
    static const char *const parties[] = {"张某", "李某"};
    char path[256];
    for (size_t i = 0; i < 2; i++)
        SIM_SAY(f->door.f, f->door.node, NULL, "case.consent", "case", NUMBER, "fields",
                "[title,context,narrative]", "manner", "oral", "party", parties[i],
                "witness", "王某");
    (void)snprintf(path, sizeof(path), "/case/%s/escalate", NUMBER);
    assert_int_equal(browser_get(&f->browser, path), 200);
    assert_int_equal(
        browser_post(&f->browser, path,
                     "fields=title&fields=context&fields=narrative&reason=跨村"
                     "&onward=ask"),
        200);
    assert_true(f->browser.body.len <= PAGE_BYTES_MAX);
    assert_true(f->browser.body.len > 3 * LONG_TEXT); /* what leaves is not cut */
}

/* From the end to the beginning, as a reader would: each note is on one page or more. */
static void all_of_it_can_be_read_a_page_at_a_time(void **state)
{
    struct page_scene *f = *state;
    bool is_seen[NOTES] = {false};
    char path[256];
    int pages = 0;
    (void)snprintf(path, sizeof(path), "/case/%s", NUMBER);
    for (;;) {
        assert_int_equal(browser_get(&f->browser, path), 200);
        pages++;
        for (int i = 0; i < NOTES; i++) {
            char note[64];
            (void)snprintf(note, sizeof(note), "第 %d 次上门", i);
            is_seen[i] |= browser_sees(&f->browser, note);
        }
        const char *link = strstr((const char *)f->browser.body.data, "?until=");
        if (link == NULL)
            break;
        (void)snprintf(path, sizeof(path), "/case/%s?until=%d", NUMBER,
                       atoi(link + strlen("?until=")));
    }
    assert_int_equal(pages, 4); /* what it began with fills one alone */
    assert_true(browser_sees(&f->browser, "回到最新"));
    for (int i = 0; i < NOTES; i++)
        assert_true(is_seen[i]);
    (void)snprintf(path, sizeof(path), "/case/%s?until=all", NUMBER);
    assert_int_equal(browser_get(&f->browser, path), 200); /* no number: the latest */
    assert_true(browser_sees(&f->browser, "第 89 次上门"));
}

/* More than one answer of the core holds. */
static void a_long_list_is_taken_away_whole_with_the_pin(void **state)
{
    struct page_scene *f = *state;
    uint32_t lines = 0;
    for (int i = 0; i < LIST_PAGE_MAX; i++)
        SIM_SAY(f->door.f, f->door.node, NULL, "case.new", "category", "邻里",
                "narrative", "两家争执。", "title", "水沟");
    (void)browser_get(&f->browser, "/cases");
    assert_int_equal(browser_post(&f->browser, "/cases/export", ""), 403);
    assert_true(browser_sees(&f->browser, "请先输入密码解锁"));
    assert_int_equal(browser_post(&f->browser, "/cases/export", "pin=" PIN), 200);
    for (size_t i = 0; i < f->browser.body.len; i++)
        lines += f->browser.body.data[i] == '\n';
    assert_int_equal(lines, 1 + LIST_PAGE_MAX + 1);
    assert_true(browser_sees(&f->browser, "写了很久的一件事"));
    (void)browser_get(&f->browser, "/cases");
    assert_int_equal(browser_post(&f->browser, "/cases/export", "category=坟山"), 200);
    assert_false(browser_sees(&f->browser, "水沟")); /* as it is filtered */
}

/* Follows the way to more until there is none; how many pages that were. */
static int pages_of(struct browser *browser, const char *path)
{
    char next[512];
    int pages = 1;
    assert_int_equal(browser_get(browser, path), 200);
    for (;;) {
        const char *at = strstr((const char *)browser->body.data, ">下一页<");
        if (at == NULL)
            return pages;
        size_t len = 0;
        while (strncmp(at, "href=\"", strlen("href=\"")) != 0)
            at--;
        for (at += strlen("href=\""); *at != '"' && len < sizeof(next) - 1; at++) {
            next[len++] = *at;
            if (strncmp(at, "&amp;", strlen("&amp;")) == 0)
                at += strlen("amp;");
        }
        next[len] = '\0';
        assert_int_equal(browser_get(browser, next), 200);
        pages++;
    }
}

static void lists_and_what_was_found_go_on_page_by_page(void **state)
{
    struct page_scene *f = *state;
    for (int i = 0; i < 120; i++)
        SIM_SAY(f->door.f, f->door.node, NULL, "case.new", "category", "邻里",
                "narrative", "两家争执。", "title", "水沟");
    assert_int_equal(pages_of(&f->browser, "/cases"), 3);
    assert_true(browser_sees(&f->browser, "写了很久的一件事"));
    assert_int_equal(pages_of(&f->browser, "/cases?category=%E9%82%BB%E9%87%8C"), 3);
    assert_int_equal(browser_get(&f->browser, "/search"), 200);
    assert_int_equal(browser_post(&f->browser, "/unlock", "pin=" PIN), 303);
    assert_int_equal(pages_of(&f->browser, "/search?words=%E6%B0%B4%E6%B2%9F"),
                     7); /* the index does not know that nothing follows */
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, page_scene_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(each_screen_of_a_long_case_is_light),
        TEST(what_leaves_of_a_long_case_is_shown_whole),
        TEST(all_of_it_can_be_read_a_page_at_a_time),
        TEST(a_long_list_is_taken_away_whole_with_the_pin),
        TEST(lists_and_what_was_found_go_on_page_by_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
