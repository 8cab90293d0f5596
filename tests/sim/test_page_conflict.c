/* Two machines of a village wrote at once: the page says so where the day begins, shows
 * both side by side, and settles what was seen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/cases/view.h"
#include "tests/sim/page_scene.h"
#include "tests/sim/sim_aside.h"

#define CASE "/case/2026-0001"
#define CONFLICTS CASE "/conflicts"

/* A case whose title says 甲 here and 乙 there. */
static struct id new_conflict(struct page_scene *f)
{
    struct sim_county *county = f->door.f;
    struct buf out = {0};
    struct id scope;
    struct draft draft;
    SIM_SAY(county, f->door.node, &out, "case.new", "category", "邻里", "narrative",
            "两家争执。", "title", "水沟");
    assert_true(view_map_id(buf_bytes(&out), "scope", &scope));
    SIM_SAY(county, f->door.node, NULL, "case.set", "case", "2026-0001", "field", "title",
            "value", "甲家的沟");
    draft_init(&draft, "set", &scope);
    draft_text(&draft, "title", bytes_str("乙家的沟"));
    (void)sim_aside(county, &scope, &draft, &scope, false);
    buf_deinit(&out);
    return scope;
}

/* The fields of the form as it stands there: what was seen, and the one to be chosen. */
static void read_form(struct page_scene *f, char fields[static 512], const char *text)
{
    const char *page = (const char *)f->browser.body.data;
    const char *mark = "name=\"seen\" value=\"", *at = page;
    size_t len = (size_t)snprintf(fields, 512, "pin=" PIN "&field=title");
    while ((at = strstr(at, mark)) != NULL) {
        at += strlen(mark);
        len += (size_t)snprintf(fields + len, 512 - len, "&seen=%.64s", at);
    }
    if (text == NULL)
        return;
    mark = "name=\"choose\" value=\"";
    at = strstr(strstr(page, text), mark);
    assert_non_null(at);
    (void)snprintf(fields + len, 512 - len, "&choose=%.64s", at + strlen(mark));
}

static void both_are_shown_and_one_is_chosen(void **state)
{
    struct page_scene *f = *state;
    struct browser *browser = &f->browser;
    char fields[512];
    assert_int_equal(browser_get(browser, "/"), 200);
    assert_false(browser_sees(browser, CONFLICTS));
    (void)new_conflict(f);
    assert_int_equal(browser_get(browser, "/"), 200);
    assert_true(browser_sees(browser, CONFLICTS));
    assert_int_equal(browser_get(browser, "/cases?conflicts=1"), 200);
    assert_true(browser_sees(browser, CASE));
    assert_int_equal(browser_get(browser, CASE), 200);
    assert_true(browser_sees(browser, CONFLICTS));
    assert_int_equal(browser_get(browser, CONFLICTS), 200);
    assert_true(browser_sees(browser, "甲家的沟"));
    assert_true(browser_sees(browser, "乙家的沟"));

    read_form(f, fields, "<p class=\"text\">乙家的沟");
    assert_int_equal(browser_post(browser, CONFLICTS, fields), 303);

    assert_int_equal(browser_get(browser, CASE), 200);
    assert_true(browser_sees(browser, "<h1>乙家的沟</h1>"));
    assert_false(browser_sees(browser, CONFLICTS));
    assert_int_equal(browser_get(browser, CONFLICTS), 200); /* an empty one says so */
    assert_false(browser_sees(browser, "name=\"choose\""));
}

static void both_may_stand_as_one_text(void **state)
{
    struct page_scene *f = *state;
    struct browser *browser = &f->browser;
    char fields[600];
    (void)new_conflict(f);
    assert_int_equal(browser_get(browser, CONFLICTS), 200);
    read_form(f, fields, NULL);
    (void)snprintf(fields + strlen(fields), sizeof(fields) - strlen(fields), "&both=1");
    assert_int_equal(browser_post(browser, CONFLICTS, fields), 303);
    assert_int_equal(browser_get(browser, CASE), 200);
    assert_true(browser_sees(browser, "甲家的沟"));
    assert_true(browser_sees(browser, "乙家的沟"));
    assert_false(browser_sees(browser, CONFLICTS));
}

/* While somebody looked, a third value came. */
static void what_was_not_seen_is_not_settled(void **state)
{
    struct page_scene *f = *state;
    struct browser *browser = &f->browser;
    struct draft draft;
    char fields[512];
    struct id scope = new_conflict(f);
    assert_int_equal(browser_get(browser, CONFLICTS), 200);
    read_form(f, fields, "<p class=\"text\">乙家的沟");
    draft_init(&draft, "set", &scope);
    draft_text(&draft, "title", bytes_str("丙家的沟"));
    (void)sim_aside(f->door.f, &scope, &draft, &scope, false);
    assert_int_equal(browser_post(browser, CONFLICTS, fields), 409);
    assert_true(browser_sees(browser, "丙家的沟"));
    assert_true(browser_sees(browser, "role=\"alert\""));
}

int main(void)
{
#define TEST(name)                                                                       \
    cmocka_unit_test_setup_teardown(name, page_scene_set_up, page_scene_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(both_are_shown_and_one_is_chosen),
        TEST(both_may_stand_as_one_text),
        TEST(what_was_not_seen_is_not_settled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
