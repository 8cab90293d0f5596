/* Templates: every value is escaped, sections follow what is there, and each paper stands
 * by itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "node/web/print.h"
#include "node/web/qr.h"
#include "node/web/shape.h"
#include "proto/pack.h"

/* {flag: true, list: [{name: "甲"}, {name: "乙"}], map: {inner: "丙"}, name: "外",
 *  no: false, none: [], number: 7, text: "<b>&\"'", void: nil} */
static void write_values(struct buf *out)
{
    pack_map(out, 9);
    pack_str(out, "flag");
    pack_bool(out, true);
    pack_str(out, "list");
    pack_array(out, 2);
    for (int i = 0; i < 2; i++) {
        pack_map(out, 1);
        pack_str(out, "name");
        pack_str(out, i == 0 ? "甲" : "乙");
    }
    pack_str(out, "map");
    pack_map(out, 1);
    pack_str(out, "inner");
    pack_str(out, "丙");
    pack_str(out, "name");
    pack_str(out, "外");
    pack_str(out, "no");
    pack_bool(out, false);
    pack_str(out, "none");
    pack_array(out, 0);
    pack_str(out, "number");
    pack_uint(out, 7);
    pack_str(out, "text");
    pack_str(out, "<b>&\"'");
    pack_str(out, "void");
    pack_nil(out);
    assert_int_equal(pack_check(buf_bytes(out), NULL), STATUS_OK);
}

static void assert_filled(const char *template, enum language language,
                          const char *wanted)
{
    struct buf values = {0}, out = {0};
    write_values(&values);
    assert_int_equal(
        template_fill(bytes_str(template), buf_bytes(&values), language, &out),
        STATUS_OK);
    buf_add_u8(&out, '\0');
    assert_string_equal((const char *)out.data, wanted);
    buf_deinit(&values);
    buf_deinit(&out);
}

static void a_place_takes_a_text_or_a_number(void **state)
{
    (void)state;
    assert_filled("a{{name}}b{{number}}c", LANGUAGE_EN, "a外b7c");
    assert_filled("{{void}}{{missing}}{{list}}{{flag}}|", LANGUAGE_EN, "|");
    assert_filled("no place, { alone } and }}", LANGUAGE_EN,
                  "no place, { alone } and }}");
    assert_filled("open {{", LANGUAGE_EN, "open ");
}

static void words_come_in_the_language_of_the_page(void **state)
{
    (void)state;
    assert_filled("{{:编号|Number}}", LANGUAGE_ZH_CN, "编号");
    assert_filled("{{:编号|Number}}", LANGUAGE_EN, "Number");
}

static void a_section_follows_what_is_there(void **state)
{
    static const struct {
        const char *template, *filled;
    } rows[] = {
        {"{{#list}}{{name}},{{/list}}", "甲,乙,"},
        {"{{?list}}{{name}}:{{#list}}{{name}}{{/list}}{{/list}}", "外:甲乙"},
        {"{{#map}}{{inner}}{{name}}{{/map}}", "丙外"},
        {"{{?map}}{{inner}}{{name}}{{/map}}", "外"},
        {"{{#name}}[{{name}}]{{/name}}{{#flag}}!{{/flag}}{{#number}}7{{/number}}",
         "[外]!7"},
        {"{{#none}}x{{/none}}{{#void}}x{{/void}}{{#no}}x{{/no}}{{#missing}}x{{/missing}}",
         ""},
        {"{{^none}}a{{/none}}{{^void}}b{{/void}}{{^no}}c{{/no}}{{^name}}d{{/name}}",
         "abc"},
        {"{{^name}}{{#list}}{{name}}{{/list}}{{qr name}}{{/name}}after", "after"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_filled(rows[i].template, LANGUAGE_EN, rows[i].filled);
}

static void M4_what_would_act_is_shown(void **state)
{
    struct buf out = {0};
    (void)state;
    assert_filled("{{text}}", LANGUAGE_EN, "&lt;b&gt;&amp;&quot;&#39;");
    shape_escape(&out, bytes_of("a\x1b\n\t\x7f\xe2\x80\xae\xd8\x9c\xe2\x81\xa6"
                                "\xef\xbb\xbf\xe2\x80\x8b\xff",
                                20));
    buf_add_u8(&out, '\0');
    assert_string_equal(
        (const char *)out.data,
        "a\\u001b\n\t\\u007f\\u202e\\u061c\\u2066\\ufeff\\u200b\xef\xbf\xbd");
    buf_clear(&out);
    shape_escape(&out, bytes_str("甲\xc2\xad\xe3\x85\xa4\xf3\xa0\x81\x81"));
    buf_add_u8(&out, '\0');
    assert_string_equal((const char *)out.data, "甲\\u00ad\\u3164\\U000e0041");
    buf_deinit(&out);
}

static void a_text_becomes_a_picture_that_stands_in_the_page(void **state)
{
    static char text[QR_TEXT_MAX + 1];
    struct buf out = {0};
    (void)state;
    memset(text, 'f', sizeof(text));
    assert_int_equal(qr_add(&out, bytes_of(text, 64)), STATUS_OK);
    assert_memory_equal(out.data, "<svg class=\"qr\"", 15);
    assert_memory_equal(out.data + out.len - 9, "\"/></svg>", 9);
    assert_int_equal(qr_add(&out, bytes_of(text, QR_TEXT_MAX)), STATUS_OK);
    assert_int_equal(qr_add(&out, bytes_of(text, QR_TEXT_MAX + 1)), STATUS_TOO_LARGE);
    buf_deinit(&out);
}

static uint32_t count(const struct buf *page, const char *part)
{
    uint32_t found = 0;
    size_t len = strlen(part);
    for (size_t i = 0; i + len <= page->len; i++)
        found += memcmp(page->data + i, part, len) == 0;
    return found;
}

static void write_party(struct buf *out)
{
    pack_str(out, "parties");
    pack_array(out, 1);
    pack_map(out, 2);
    pack_str(out, "alias");
    pack_str(out, "<i>甲</i>");
    pack_str(out, "role");
    pack_str(out, "申请人");
}

/* What api_print.c gives, with tags in every text of a person's. */
static void write_case(struct buf *out)
{
    pack_map(out, 10);
    pack_str(out, "agreement");
    pack_map(out, 5);
    pack_str(out, "facts");
    pack_str(out, "<i>事实</i>");
    pack_str(out, "op");
    pack_str(out, "0123456789abcdef");
    write_party(out);
    pack_str(out, "short");
    pack_str(out, "012345");
    pack_str(out, "terms");
    pack_str(out, "<i>条款</i>");
    static const char *const names[] = {"category", "context", "narrative", "number"};
    for (size_t i = 0; i < 4; i++) {
        pack_str(out, names[i]);
        pack_str(out, "<i>文</i>");
    }
    write_party(out);
    static const char *const rest[] = {"record", "short", "site", "title"};
    for (size_t i = 0; i < 4; i++) {
        pack_str(out, rest[i]);
        pack_str(out, i < 2 ? "0123" : "<i>文</i>");
    }
    assert_int_equal(pack_check(buf_bytes(out), NULL), STATUS_OK);
}

static void each_paper_is_a_whole_page_and_all_are_one(void **state)
{
    static const enum language languages[] = {LANGUAGE_ZH_CN, LANGUAGE_EN};
    struct buf values = {0};
    uint32_t papers = 0;
    (void)state;
    write_case(&values);
    for (size_t n = 0; n < 2; n++) {
        for (size_t i = 0; print_paper(i) != NULL; i++, papers++) {
            struct buf page = {0};
            assert_int_equal(
                print_page(print_paper(i), buf_bytes(&values), languages[n], &page),
                STATUS_OK);
            assert_memory_equal(page.data, "<!DOCTYPE html>", 15);
            assert_int_equal(count(&page, "<section"), 1);
            assert_int_equal(count(&page, "</section>"), 1);
            assert_int_equal(count(&page, "{{") + count(&page, "}}"), 0);
            assert_int_equal(count(&page, "<svg"), 1);
            assert_int_equal(count(&page, "http") - count(&page, "http-equiv"),
                             1); /* the name of SVG alone */
            assert_int_equal(count(&page, "<i>"), 0);
            assert_true(count(&page, "&lt;i&gt;") > 0);
            assert_int_equal(count(&page, "<script") + count(&page, "<img"), 0);
            buf_deinit(&page);
        }
        struct buf all = {0};
        assert_int_equal(print_page("all", buf_bytes(&values), languages[n], &all),
                         STATUS_OK);
        assert_int_equal(count(&all, "<section"), 5);
        assert_int_equal(count(&all, "</html>"), 1);
        buf_deinit(&all);
    }
    assert_int_equal(papers, 10);
    struct buf none = {0};
    assert_int_equal(print_page("poem", buf_bytes(&values), LANGUAGE_EN, &none),
                     STATUS_NOT_FOUND);
    buf_deinit(&none);
    buf_deinit(&values);
}

static void a_paper_that_nobody_knows_is_none(void **state)
{
    struct buf out = {0};
    (void)state;
    assert_int_equal(print_page("poem", bytes_of("\x80", 1), LANGUAGE_EN, &out),
                     STATUS_NOT_FOUND);
    buf_deinit(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_place_takes_a_text_or_a_number),
        cmocka_unit_test(words_come_in_the_language_of_the_page),
        cmocka_unit_test(a_section_follows_what_is_there),
        cmocka_unit_test(M4_what_would_act_is_shown),
        cmocka_unit_test(a_text_becomes_a_picture_that_stands_in_the_page),
        cmocka_unit_test(each_paper_is_a_whole_page_and_all_are_one),
        cmocka_unit_test(a_paper_that_nobody_knows_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
