/* Each allocation of the page fails once, while it shows, writes and is asked by
 * programs: the answer says so, nobody is signed out by it, no answer goes to another
 * visit, and what was told as done is there once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/sim/browser.h"
#include "tests/sim/sim_files.h"
#include "tests/support/fail_memory.h"

#define PIN "246810"
#define FAILURES_MAX 5000

struct scene {
    struct browser_door door;
    struct browser browser;
    char cookie[BROWSER_COOKIE_MAX], mark[128];
};

static int set_up(void **state)
{
    static struct scene scene;
    void *county;
    if (sim_county_set_up_in_memory(&county) != 0)
        return -1;
    scene = (struct scene){.mark = ""};
    browser_door_open(&scene.door, county, ((struct sim_county *)county)->fengyuan);
    browser_open(&scene.browser, &scene.door);
    browser_sign_in(&scene.browser, "");
    assert_int_equal(browser_get(&scene.browser, "/cases/new"), 200);
    browser_value(&scene.browser, "mark", scene.mark);
    memcpy(scene.cookie, scene.browser.cookie, sizeof(scene.cookie));
    scene.door.enter = fail_memory_in;
    scene.door.leave = fail_memory_out;
    *state = &scene;
    return 0;
}

static int tear_down(void **state)
{
    struct scene *scene = *state;
    void *county = scene->door.f;
    browser_close(&scene->browser);
    browser_door_close(&scene->door);
    return sim_county_tear_down_in_memory(&county);
}

typedef int ask_fn(struct scene *scene, uint64_t number);

/* Until nothing fails any more; how often something did. */
static uint64_t fail_each(struct scene *scene, ask_fn *ask, int wanted)
{
    for (uint64_t i = 0; i < FAILURES_MAX; i++) {
        fail_memory_after(i, false);
        int code = ask(scene, i);
        bool has_failed = fail_memory_stop();
        assert_string_equal(scene->browser.cookie, scene->cookie);
        if (code != wanted && code != 500 && code != 503)
            fail_msg("allocation %llu: %d", (unsigned long long)i, code);
        assert_int_equal(ask(scene, i), wanted);
        if (!has_failed)
            return i;
    }
    fail_msg("more failures than anybody has patience for");
    return 0;
}

static int show(struct scene *scene, uint64_t number)
{
    (void)number;
    scene->browser.request.authorization = bytes_str("");
    return browser_get(&scene->browser, "/cases");
}

static void a_page_is_shown_or_says_that_no_memory_is_left(void **state)
{
    assert_true(fail_each(*state, show, 200) > 20);
}

/* The same number, the same once. */
static int write_case(struct scene *scene, uint64_t number)
{
    char fields[512];
    (void)snprintf(fields, sizeof(fields),
                   "mark=%s&once=%032llx&pin=" PIN "&title=第%llu件&category=邻里"
                   "&narrative=x&party=张某&party-role=applicant",
                   scene->mark, (unsigned long long)number, (unsigned long long)number);
    return browser_post_bare(&scene->browser, "/cases/new", fields);
}

static void a_case_is_written_once_whatever_fails(void **state)
{
    struct scene *scene = *state;
    uint64_t asked = fail_each(scene, write_case, 303) + 1;
    assert_int_equal(sim_status(scene->door.f, scene->door.node, "cases"), asked);
}

static int ask_in_json(struct scene *scene, uint64_t number)
{
    (void)number;
    return browser_json(&scene->browser, "case.list", "{\"limit\":3}");
}

static void a_program_gets_its_answer_or_why_not(void **state)
{
    assert_true(fail_each(*state, ask_in_json, 200) > 10);
}

/* ---- every page, every form ---- */

/* "*" stands for the number of the case, "#" for its file. */
static const char *const pages[] = {
    "/",
    "/cases",
    "/cases/new",
    "/case/*",
    "/case/*/triage",
    "/case/*/set",
    "/case/*/set/title",
    "/case/*/tasks",
    "/case/*/consents",
    "/case/*/files",
    "/case/*/file/#",
    "/case/*/agreement",
    "/case/*/print",
    "/case/*/papers",
    "/case/*/escalate",
    "/case/*/outbox",
    "/case/*/conflicts",
    "/outbox",
    "/pastes",
    "/search",
    "/rounds",
    "/cards",
    "/rules",
    "/inbox",
    "/recalls",
    "/agenda",
    "/courier",
    "/more",
    "/settings",
    "/people",
    "/peers",
    "/quarantine",
    "/due-table",
    "/retention",
    "/policy",
    "/enter",
    "/api/v1/openapi.json",
    "/style.css",
    "/api/v1/nothing",
    "/nothing",
};

/* The fields of each, and what comes of it where memory holds. */
static const struct {
    const char *path, *fields;
    int code;
} forms[] = {
    {"/cases/new", "pin=" PIN "&title=t", 422},
    {"/case/*/note", "pin=" PIN "&text=来过", 303},
    {"/case/*/note", "pin=000000&text=来过", 403},
    {"/case/*/tasks", "pin=" PIN "&text=t&owner=o&due=2099-01-02", 303},
    {"/cases/export", "pin=" PIN, 200},
    {"/cards/set",
     "pin=" PIN
     "&title=防汛&trigger=水位&role=组长&role-who=王某&step=喊人&step-role=组长"
     "&step-days=0",
     303},
    {"/rules/add",
     "pin=" PIN "&title=村规&version=2026&from=2026-01-01&clauses=第一条+各清一段", 303},
    {"/rounds/list", "pin=" PIN "&title=汛前&places=桥头&topics=排水", 303},
    {"/pastes", "pin=" PIN "&text=群里说", 303},
    {"/draft", "back=%2Fcases%2Fnew&title=t&title=u&quiet=1", 204},
    {"/pin", "pin=" PIN "&new=" PIN "&new=864200", 422},
    {"/unlock", "pin=" PIN, 303},
    {"/lock", "", 303},
};

static struct {
    char number[32], file[2 * ID_SIZE + 1];
    size_t at;
    int wanted;
} walk;

static void write_path(char path[static 160], const char *pattern)
{
    size_t len = 0;
    for (; *pattern != '\0'; pattern++) {
        const char *put = *pattern == '*'   ? walk.number
                          : *pattern == '#' ? walk.file
                                            : NULL;
        if (put != NULL)
            len += (size_t)snprintf(path + len, 160 - len, "%s", put);
        else
            path[len++] = *pattern;
    }
    path[len] = '\0';
}

static int show_page(struct scene *scene)
{
    char path[160];
    write_path(path, pages[walk.at]);
    return browser_get(&scene->browser, path);
}

static int send_form(struct scene *scene)
{
    static unsigned long long once = 1000; /* those of cases are below */
    char path[160], fields[512];
    write_path(path, forms[walk.at].path);
    (void)snprintf(fields, sizeof(fields), "mark=%s&once=%032llx&%s", scene->mark, ++once,
                   forms[walk.at].fields);
    return browser_post_bare(&scene->browser, path, fields);
}

/* One failure at each place where none has been, until there is no new one. */
static void fail_new_places(struct scene *scene, int (*ask)(struct scene *), int wanted,
                            const char *what)
{
    bool has_failed = true;
    while (has_failed) {
        fail_memory_at_new_place();
        int code = ask(scene);
        has_failed = fail_memory_stop();
        assert_string_equal(scene->browser.cookie, scene->cookie);
        if (code != wanted && code != 500 && code != 503)
            fail_msg("%s: %d", what, code);
        if (!has_failed)
            assert_int_equal(code, wanted);
    }
}

static void no_page_and_no_form_says_what_is_not_so(void **state)
{
    struct scene *scene = *state;
    scene->door.enter = NULL;
    scene->door.leave = NULL;
    assert_int_equal(write_case(scene, 1), 303);
    (void)snprintf(walk.number, sizeof(walk.number), "%.*s",
                   (int)strcspn(scene->browser.location + 6, "?"),
                   scene->browser.location + 6);
    struct id op =
        files_attach(scene->door.f, walk.number, "收据.txt", bytes_str("收到三百元"));
    hex_encode(walk.file, op.bytes, ID_SIZE);
    int wanted[sizeof(pages) / sizeof(pages[0])];
    for (walk.at = 0; walk.at < sizeof(pages) / sizeof(pages[0]); walk.at++)
        wanted[walk.at] = show_page(scene);
    for (walk.at = 0; walk.at < sizeof(forms) / sizeof(forms[0]); walk.at++) {
        int code = send_form(scene);
        if (code != forms[walk.at].code)
            fail_msg("%s: %d", forms[walk.at].path, code);
    }
    assert_string_equal(scene->browser.cookie, scene->cookie);
    scene->door.enter = fail_memory_in;
    scene->door.leave = fail_memory_out;
    for (walk.at = 0; walk.at < sizeof(pages) / sizeof(pages[0]); walk.at++)
        fail_new_places(scene, show_page, wanted[walk.at], pages[walk.at]);
    for (walk.at = 0; walk.at < sizeof(forms) / sizeof(forms[0]); walk.at++)
        fail_new_places(scene, send_form, forms[walk.at].code, forms[walk.at].path);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_page_is_shown_or_says_that_no_memory_is_left),
        TEST(a_case_is_written_once_whatever_fails),
        TEST(a_program_gets_its_answer_or_why_not),
        TEST(no_page_and_no_form_says_what_is_not_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
