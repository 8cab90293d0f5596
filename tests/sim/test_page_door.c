/* What comes to the door of the page before anybody is known: the language of a browser,
 * where it goes back to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "node/page/visit.h"
#include "tests/sim/page_scene.h"
#include "tests/sim/sim_files.h"

static void the_language_is_the_one_that_is_named_first(void **state)
{
    static const struct {
        const char *languages, *shown;
    } rows[] = {{"zh-CN,en;q=0.8", "lang=\"zh"},
                {"fr,en;q=0.8,zh", "lang=\"en"},
                {"fr", "lang=\"zh"},
                {"z", "lang=\"zh"},
                {"", "lang=\"zh"}};
    struct page_scene *f = *state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct browser other;
        browser_open(&other, &f->door);
        other.request.languages = bytes_str(rows[i].languages);
        assert_int_equal(browser_get(&other, "/enter"), 200);
        if (!browser_sees(&other, rows[i].shown))
            fail_msg("row %zu", i);
        browser_close(&other);
    }
}

/* Row W1: a link of somebody else leads nobody away. */
static void W1_back_is_a_page_of_ours(void **state)
{
    static const struct {
        const char *back, *goes;
    } rows[] = {
        {"", "/"},           {"cases", "/"},    {"/", "/"},    {"/cases", "/cases"},
        {"//evil", "/"},     {"/%5Cevil", "/"}, {"/a b", "/"}, {"/a%7Fb", "/"},
        {"/%E7%94%B2", "/"}, {"http:/x", "/"},
    };
    struct page_scene *f = *state;
    char fields[PATH_MAX_LEN + 64];
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        (void)snprintf(fields, sizeof(fields), "lang=en&back=%s", rows[i].back);
        assert_int_equal(browser_post_bare(&f->browser, "/language", fields), 303);
        if (strcmp(f->browser.location, rows[i].goes) != 0)
            fail_msg("%s leads to %s", rows[i].back, f->browser.location);
    }
    (void)snprintf(fields, sizeof(fields), "back=/%0*d", PATH_MAX_LEN, 0);
    assert_int_equal(browser_post_bare(&f->browser, "/language", fields), 303);
    assert_string_equal(f->browser.location, "/");
}

/* What a case holds is given as what it is, and nothing else is shown. */
static void a_file_is_given_as_what_it_is(void **state)
{
    struct page_scene *f = *state;
    char path[128], target[256], digits[2 * ID_SIZE + 1];
    page_scene_write_case(f, NEW_CASE, path);
    struct id op = files_attach(f->door.f, path + strlen("/case/"), "约.pdf",
                                bytes_str("%PDF-1.4\n%%EOF\n"));
    hex_encode(digits, op.bytes, ID_SIZE);
    (void)snprintf(target, sizeof(target), "%s/file/%s", path, digits);
    assert_int_equal(browser_get(&f->browser, target), 200);
    assert_string_equal(f->browser.disposition, "attachment");
    assert_true(browser_sees(&f->browser, "%PDF-1.4"));
}

/* A page that stays open hears that something is new, and who is not known does not. */
static void a_stream_stays_open(void **state)
{
    struct page_scene *f = *state;
    struct browser other;
    assert_int_equal(browser_get(&f->browser, "/live"), 200);
    assert_false(browser_sees(&f->browser, "<html"));
    browser_open(&other, &f->door);
    assert_int_equal(browser_get(&other, "/live"), 303);
    browser_close(&other);
}

int main(void)
{
#define TEST(name)                                                                       \
    cmocka_unit_test_setup_teardown(name, page_scene_set_up, page_scene_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_language_is_the_one_that_is_named_first),
        TEST(W1_back_is_a_page_of_ours),
        TEST(a_file_is_given_as_what_it_is),
        TEST(a_stream_stays_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
