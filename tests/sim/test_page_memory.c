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

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_page_is_shown_or_says_that_no_memory_is_left),
        TEST(a_case_is_written_once_whatever_fails),
        TEST(a_program_gets_its_answer_or_why_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
