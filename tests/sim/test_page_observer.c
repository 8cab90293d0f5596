/* The page as an observer sees it: each screen there is, and no content on any; what
 * happened and when on those that are meant for it; and no deed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "node/core/api.h"
#include "node/page/deed.h"
#include "node/page/screen.h"
#include "tests/sim/page_scene.h"
#include "tests/sim/sim_spoken.h"

#define OBSERVER "观某"
#define OBSERVER_PIN "135791"
#define PATH_SIZE 256

struct observed {
    struct page_scene *scene;
    struct sim_county *f;
    struct spoken spoken;
    struct needles *needles;
    struct browser browser; /* the observer's */
};

static void set_up(struct observed *observed, struct page_scene *scene)
{
    *observed = (struct observed){.scene = scene, .f = scene->door.f};
    sim_speak(observed->f, &observed->spoken);
    observed->needles = sim_spoken_needles(observed->f);
    sim_add_person(observed->f, scene->door.node, OBSERVER, "observer", NULL);
    browser_open(&observed->browser, &scene->door);
    browser_sign_in(&observed->browser, OBSERVER);
}

static void tear_down(struct observed *observed)
{
    browser_close(&observed->browser);
    needles_free(observed->needles);
}

static bool tells(const struct observed *observed, const struct browser *browser)
{
    return needles_find(observed->needles, buf_bytes(&browser->body), NEEDLE_NOBODY) !=
           NULL;
}

/* A path of the table: what its pluses may stand for. */
static void path_of(const struct observed *observed, const char *pattern,
                    char path[static PATH_SIZE])
{
    const struct spoken *spoken = &observed->spoken;
    const char *first = strncmp(pattern, "/record", 7) == 0  ? spoken->record
                        : strncmp(pattern, "/paste", 6) == 0 ? "1"
                                                             : spoken->number;
    const char *second = strstr(pattern, "/set/") != NULL ? "title" : spoken->file;
    size_t len = 0, pluses = 0;
    for (; *pattern != '\0'; pattern++) {
        const char *text = pluses == 0 ? first : second;
        int wrote = *pattern == '+'
                        ? snprintf(path + len, PATH_SIZE - len, "%s", text)
                        : snprintf(path + len, PATH_SIZE - len, "%c", *pattern);
        pluses += *pattern == '+';
        len += (size_t)wrote;
        assert_true(len < PATH_SIZE);
    }
}

static void no_screen_shows_an_observer_any_content(void **state)
{
    struct observed observed;
    const struct screen *screen;
    uint32_t told = 0, shown = 0;
    set_up(&observed, *state);
    for (size_t i = 0; (screen = screen_at(i)) != NULL; i++) {
        char path[PATH_SIZE];
        if (screen->raw == RAW_STREAM)
            continue;
        path_of(&observed, screen->path, path);

        shown += browser_get(&observed.browser, path) == 200;
        if (tells(&observed, &observed.browser))
            fail_msg("%s tells an observer a content", path);

        /* The steward is told. */
        (void)browser_get(&observed.scene->browser, path);
        told += tells(&observed, &observed.scene->browser);
    }
    assert_true(shown > 10);
    assert_true(told > 25);
    tear_down(&observed);
}

static void sees(const struct observed *observed, const char *part)
{
    if (!browser_sees(&observed->browser, part))
        fail_msg("an observer does not see %s", part);
}

static void an_observer_finds_a_case_by_its_number_and_reads_what_was_done(void **state)
{
    struct observed observed;
    char path[PATH_SIZE];
    set_up(&observed, *state);
    struct browser *browser = &observed.browser;

    assert_int_equal(browser_get(browser, "/"), 200);
    sees(&observed, "href=\"/cases\"");
    sees(&observed, "href=\"/inbox\"");
    (void)snprintf(path, sizeof(path), "<strong>案件 %s</strong>",
                   observed.spoken.number); /* what is due */
    sees(&observed, path);
    sees(&observed, "2026-12-25");
    assert_false(browser_sees(browser, "href=\"/search\""));
    assert_false(browser_sees(browser, "href=\"/cases/new\""));

    assert_int_equal(browser_get(browser, "/cases"), 200);
    (void)snprintf(path, sizeof(path), "/case/%s", observed.spoken.number);
    sees(&observed, path);
    assert_false(browser_sees(browser, "name=\"category\""));

    assert_int_equal(browser_get(browser, path), 200);
    sees(&observed, "观察员看到何时");
    sees(&observed, "重新办理"); /* reopened */
    sees(&observed, "陈某");     /* by whom */
    sees(&observed, "2026-12-25");
    assert_false(browser_sees(browser, "<textarea"));

    (void)snprintf(path, sizeof(path), "/record/%s", observed.spoken.record);
    assert_int_equal(browser_get(browser, path), 200);
    sees(&observed, "青河镇");
    sees(&observed, "转介");
    assert_false(browser_sees(browser, "<textarea"));
    tear_down(&observed);
}

/* Each deed of the page, as its form would send it; what is a person's own goes. */
static void an_observer_does_nothing_on_the_page(void **state)
{
    static const char *const own[] = {"person.pin", "device.revoke", "device.lock",
                                      "unlock",     "device.claim",  "device.enter"};
    struct observed observed;
    const struct deed *deed;
    uint32_t refused = 0;
    set_up(&observed, *state);
    for (size_t i = 0; (deed = deed_at(i)) != NULL; i++) {
        char path[PATH_SIZE];
        bool is_own = deed->method == NULL;
        for (size_t at = 0; at < sizeof(own) / sizeof(own[0]); at++)
            is_own |= !is_own && strcmp(deed->method, own[at]) == 0;
        if (is_own)
            continue;
        path_of(&observed, deed->path, path);
        assert_int_equal(browser_get(&observed.browser, "/settings"), 200);

        int code = browser_post(&observed.browser, path, "pin=" OBSERVER_PIN);

        if (code == 303 && strstr(observed.browser.location, "/enter") == NULL)
            fail_msg("%s goes for an observer", path);
        if (tells(&observed, &observed.browser))
            fail_msg("%s tells an observer a content", path);
        refused++;
    }
    assert_true(refused > 40);
    tear_down(&observed);
}

static void programs_get_what_the_page_gets(void **state)
{
    struct observed observed;
    char body[128];
    set_up(&observed, *state);
    (void)snprintf(body, sizeof(body), "{\"case\":\"%s\"}", observed.spoken.number);

    assert_int_equal(browser_json(&observed.browser, "case.show", body), 200);
    sees(&observed, "\"kind\":\"reopen\"");
    assert_false(tells(&observed, &observed.browser));
    assert_int_equal(browser_json(&observed.browser, "print", body), 403);
    sees(&observed, "not shown to observers");

    assert_int_equal(browser_json(&observed.scene->browser, "case.show", body), 200);
    assert_true(tells(&observed, &observed.scene->browser));
    tear_down(&observed);
}

int main(void)
{
#define ONE(test)                                                                        \
    cmocka_unit_test_setup_teardown(test, page_scene_set_up, page_scene_tear_down)
    const struct CMUnitTest tests[] = {
        ONE(no_screen_shows_an_observer_any_content),
        ONE(an_observer_finds_a_case_by_its_number_and_reads_what_was_done),
        ONE(an_observer_does_nothing_on_the_page),
        ONE(programs_get_what_the_page_gets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
