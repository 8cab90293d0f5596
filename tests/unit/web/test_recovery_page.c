/* The recovery sheet as a page. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "node/web/recovery_page.h"
#include "proto/pack.h"

static void write_values(struct buf *out, uint64_t wall)
{
    pack_map(out, 6);
    pack_str(out, "identity");
    pack_str(out, "AGE-SECRET-KEY-1QQQ");
    pack_str(out, "name");
    pack_str(out, "<i>枫源村</i>");
    pack_str(out, "recovery");
    pack_str(out, "fqr1aaa");
    pack_str(out, "site");
    pack_str(out, "fqs1bbb");
    pack_str(out, "wall");
    pack_uint(out, wall);
    pack_str(out, "words");
    pack_array(out, 24);
    for (uint32_t i = 0; i < 24; i++) {
        pack_map(out, 2);
        pack_str(out, "number");
        pack_uint(out, i + 1);
        pack_str(out, "word");
        pack_str(out, "baan");
    }
    assert_int_equal(pack_check(buf_bytes(out), NULL), STATUS_OK);
}

static void make(struct buf *page, uint64_t wall)
{
    struct buf values = {0};
    write_values(&values, wall);
    assert_int_equal(recovery_page_add(buf_bytes(&values), page), STATUS_OK);
    buf_deinit(&values);
}

static uint32_t count(const struct buf *page, const char *part)
{
    uint32_t found = 0;
    size_t len = strlen(part);
    for (size_t i = 0; i + len <= page->len; i++)
        found += memcmp(page->data + i, part, len) == 0;
    return found;
}

static void it_shows_each_of_the_values_where_it_is_looked_for(void **state)
{
    struct buf page = {0};
    (void)state;
    make(&page, 1796040000); /* noon of the 30th there */
    assert_int_equal(count(&page, "<span>&lt;i&gt;枫源村&lt;/i&gt;</span>"), 1);
    assert_int_equal(count(&page, "<span>fqs1bbb</span>"), 1);
    assert_int_equal(count(&page, "<span>2026-11-30</span>"), 1);
    assert_int_equal(count(&page, "<b>1.</b> baan<"), 1);
    assert_int_equal(count(&page, "<b>24.</b> baan<"), 1);
    assert_int_equal(count(&page, "baan"), 24);
    assert_int_equal(count(&page, ">fqr1aaa<"), 1);
    assert_int_equal(count(&page, ">AGE-SECRET-KEY-1QQQ<"), 1);
    assert_int_equal(count(&page, "<svg"), 2);
    buf_deinit(&page);
}

static void a_day_that_is_not_known_is_left_to_a_pen(void **state)
{
    struct buf page = {0};
    (void)state;
    make(&page, 0);
    assert_int_equal(count(&page, "1970"), 0);
    assert_int_equal(count(&page, "<i class=\"line\"></i>"), 1);
    buf_clear(&page);
    make(&page, 1796040000);
    assert_int_equal(count(&page, "<i class=\"line\"></i>"), 0);
    buf_deinit(&page);
}

/* A page with a key asks nothing of anybody: what is opened must not tell. */
static void it_is_whole_and_asks_for_nothing_from_elsewhere(void **state)
{
    static const char *const nowhere[] = {"{{",    "}}",   "<script", "<img",
                                          "<link", "<a ",  "<i>枫",   "url(",
                                          "href",  "src=", "<form"};
    struct buf page = {0};
    (void)state;
    make(&page, 0);
    assert_memory_equal(page.data, "<!DOCTYPE html>", 15);
    assert_int_equal(count(&page, "</html>"), 1);
    assert_int_equal(count(&page, "default-src 'none'"), 1);
    assert_int_equal(count(&page, "http://"), 2); /* the name of SVG, twice */
    assert_int_equal(count(&page, "https://"), 0);
    for (size_t i = 0; i < sizeof(nowhere) / sizeof(nowhere[0]); i++)
        assert_int_equal(count(&page, nowhere[i]), 0);
    buf_deinit(&page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_shows_each_of_the_values_where_it_is_looked_for),
        cmocka_unit_test(a_day_that_is_not_known_is_left_to_a_pen),
        cmocka_unit_test(it_is_whole_and_asks_for_nothing_from_elsewhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
