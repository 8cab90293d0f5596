/* What was typed and not sent: it is there again, whatever sort of field it stood in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/sim/page_scene.h"
#include "tests/sim/sim_files.h"

static void a_draft_comes_back_and_goes_when_its_case_is_written(void **state)
{
    struct page_scene *f = *state;
    struct browser *browser = &f->browser;
    char path[128];
    (void)browser_get(browser, "/cases/new");
    assert_int_equal(browser_post(browser, "/draft", "title=半句话&pin=" PIN "&once=x"),
                     303);
    assert_int_equal(browser_get(browser, "/cases/new"), 200);
    assert_true(browser_sees(browser, "半句话"));
    assert_true(browser_sees(browser, "这是上次没有写完的草稿"));
    assert_false(browser_sees(browser, PIN));
    page_scene_write_case(f, NEW_CASE, path);
    assert_int_equal(browser_get(browser, "/cases/new"), 200);
    assert_false(browser_sees(browser, "半句话"));
    (void)browser_get(browser, "/cases/new"); /* a script goes nowhere */
    assert_int_equal(browser_post(browser, "/draft", "title=另一句&quiet=1"), 204);
}

/* Sends no form, keeps what is in it, and comes again. */
static void keep_and_come_again(struct page_scene *f, const char *path,
                                const char *fields)
{
    assert_int_equal(browser_get(&f->browser, path), 200);
    assert_int_equal(browser_post(&f->browser, "/draft", fields), 303);
    assert_int_equal(browser_get(&f->browser, path), 200);
}

static void ticks_and_choices_come_back(void **state)
{
    struct page_scene *f = *state;
    char path[128], page[160];
    page_scene_write_case(f, NEW_CASE "&party=李某&party-role=respondent", path);
    (void)snprintf(page, sizeof(page), "%s/consents", path);
    keep_and_come_again(f, page,
                        "party=李某&fields=title&fields=narrative&manner=signed&paper=7");
    assert_true(browser_sees(&f->browser, "value=\"李某\" selected"));
    assert_false(browser_sees(&f->browser, "value=\"张某\" selected"));
    assert_true(browser_sees(&f->browser, "value=\"title\" checked"));
    assert_true(browser_sees(&f->browser, "value=\"narrative\" checked"));
    assert_false(browser_sees(&f->browser, "value=\"category\" checked"));
    assert_true(browser_sees(&f->browser, "value=\"signed\" checked"));
    (void)snprintf(page, sizeof(page), "%s/triage", path);
    keep_and_come_again(f, page, "danger=1&decision=keep");
    assert_true(browser_sees(&f->browser, "name=\"danger\" value=\"1\" checked"));
    assert_false(browser_sees(&f->browser, "name=\"beyond\" value=\"1\" checked"));
    assert_true(browser_sees(&f->browser, "value=\"keep\" required checked"));
}

static void a_file_that_was_ticked_is_ticked_again(void **state)
{
    struct page_scene *f = *state;
    char path[128], page[160], digits[2 * ID_SIZE + 1], text[128];
    page_scene_write_case(f, NEW_CASE, path);
    struct id op = files_attach(f->door.f, path + strlen("/case/"), "收据.txt",
                                bytes_str("收到三百元"));
    hex_encode(digits, op.bytes, ID_SIZE);
    (void)snprintf(page, sizeof(page), "%s/consents", path);
    (void)snprintf(text, sizeof(text), "file=%s", digits);
    keep_and_come_again(f, page, text);
    (void)snprintf(text, sizeof(text), "%s\" checked", digits);
    assert_true(browser_sees(&f->browser, text));
}

static void rows_come_back_each_in_its_place(void **state)
{
    struct page_scene *f = *state;
    keep_and_come_again(f, "/cards",
                        "title=防汛&role=组长&role-who=王某&role=&role-who=&role=联络"
                        "&role-who=赵某&step=喊人&step-role=组长&step-days=0&step=守夜"
                        "&step-role=联络&step-days=2");
    assert_true(browser_sees(&f->browser, "name=\"role\" value=\"组长\""));
    assert_true(
        browser_sees(&f->browser, "name=\"role\" value=\"联络\" aria-label=\"岗位 3\""));
    assert_true(browser_sees(&f->browser, "name=\"role-who\" value=\"赵某\""));
    assert_true(browser_sees(&f->browser, "name=\"step-days\" value=\"2\""));
}

int main(void)
{
#define TEST(name)                                                                       \
    cmocka_unit_test_setup_teardown(name, page_scene_set_up, page_scene_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_draft_comes_back_and_goes_when_its_case_is_written),
        TEST(ticks_and_choices_come_back),
        TEST(a_file_that_was_ticked_is_ticked_again),
        TEST(rows_come_back_each_in_its_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
