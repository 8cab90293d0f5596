/* What takes several stewards, on the page: who may, sees it on Today, approves it or
 * takes it back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/sim/page_scene.h"

#define OTHER_PIN "135791" /* of whom sim_add_person adds */
#define TODAY_SAYS "有事等管理员同意"

/* A second steward and a mediator, each at a browser; it takes two stewards from now on.
 */
struct others {
    struct browser steward, mediator;
};

static void set_up(struct page_scene *f, struct others *others)
{
    struct sim_county *county = f->door.f;
    sim_add_person(county, f->door.node, "李某", "steward", NULL);
    sim_add_person(county, f->door.node, "王某", "mediator", NULL);
    SIM_SAY(county, f->door.node, NULL, "quorum.set", "number", "#2");
    browser_open(&others->steward, &f->door);
    browser_sign_in(&others->steward, "李某");
    browser_open(&others->mediator, &f->door);
    browser_sign_in(&others->mediator, "王某");
}

static void tear_down(struct others *others)
{
    browser_close(&others->steward);
    browser_close(&others->mediator);
}

static void add_a_steward(struct browser *browser)
{
    assert_int_equal(browser_get(browser, "/people"), 200);
    assert_false(browser_sees(browser, "等管理员同意"));
    assert_int_equal(browser_post(browser, "/people/add",
                                  "pin=" PIN
                                  "&name=赵某&role=steward&new=864200&new=864200"),
                     303);
}

/* On the page of people, which shows one thing that waits. */
static int post_about_it(struct browser *browser, const char *path, const char *pin)
{
    char op[128], fields[256];
    assert_int_equal(browser_get(browser, "/people"), 200);
    browser_value(browser, "op", op);
    assert_true(op[0] != '\0');
    (void)snprintf(fields, sizeof(fields), "pin=%s&op=%s", pin, op);
    return browser_post(browser, path, fields);
}

static void a_second_steward_approves_what_the_first_proposed(void **state)
{
    struct page_scene *f = *state;
    struct others others;
    set_up(f, &others);
    assert_int_equal(browser_get(&others.steward, "/"), 200);
    assert_false(browser_sees(&others.steward, TODAY_SAYS));
    add_a_steward(&f->browser);

    assert_int_equal(browser_get(&others.mediator, "/"), 200);
    assert_false(browser_sees(&others.mediator, TODAY_SAYS));
    assert_int_equal(browser_get(&others.mediator, "/people"), 200);
    assert_true(browser_sees(&others.mediator, "赵某"));
    assert_false(browser_sees(&others.mediator, "/people/approve"));

    assert_int_equal(browser_get(&others.steward, "/"), 200);
    assert_true(browser_sees(&others.steward, TODAY_SAYS));
    assert_int_equal(browser_get(&others.steward, "/people"), 200);
    assert_true(browser_sees(&others.steward, "添一位管理员 赵某"));
    assert_true(browser_sees(&others.steward, "要 2 位管理员同意。 已经同意： 陈某"));
    assert_int_equal(post_about_it(&others.steward, "/people/approve", OTHER_PIN), 303);

    assert_int_equal(browser_get(&others.steward, others.steward.location), 200);
    assert_true(browser_sees(&others.steward, "已记下您的同意"));
    assert_true(browser_sees(&others.steward,
                             "<strong>赵某</strong> <span class=\"word\">管理员"));
    assert_false(browser_sees(&others.steward, "/people/approve"));
    assert_int_equal(browser_get(&others.steward, "/"), 200);
    assert_false(browser_sees(&others.steward, TODAY_SAYS));
    tear_down(&others);
}

static void who_proposed_it_takes_it_back(void **state)
{
    struct page_scene *f = *state;
    struct others others;
    set_up(f, &others);
    add_a_steward(&f->browser);
    assert_int_equal(post_about_it(&f->browser, "/people/approve", PIN), 409);
    assert_int_equal(post_about_it(&f->browser, "/people/withdraw", PIN), 303);
    assert_int_equal(browser_get(&others.steward, "/people"), 200);
    assert_false(browser_sees(&others.steward, "/people/approve"));
    tear_down(&others);
}

int main(void)
{
#define ONE(test)                                                                        \
    cmocka_unit_test_setup_teardown(test, page_scene_set_up, page_scene_tear_down)
    const struct CMUnitTest tests[] = {
        ONE(a_second_steward_approves_what_the_first_proposed),
        ONE(who_proposed_it_takes_it_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
