/* What the templates of the page have beyond those of the papers: names inside names,
 * elements by number, names of keys, texts, parts, tests for a text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "node/web/qr.h"
#include "node/web/template.h"
#include "proto/pack.h"

#define KEY "0123456789abcdef0123456789abcdef"
#define NODE_AND_KEY "elsewhere:" KEY

static void add_named(struct buf *out, const char *key_name, const char *key,
                      const char *name)
{
    bool is_before = strcmp(key_name, "name") < 0; /* keys ascend */
    pack_map(out, 2);
    if (!is_before) {
        pack_str(out, "name");
        pack_str(out, name);
    }
    pack_str(out, key_name);
    pack_bin(out, key, strlen(key));
    if (is_before) {
        pack_str(out, "name");
        pack_str(out, name);
    }
}

/* {case: {list: [["甲", "applicant"], ["乙", "other"]], state: "closed"}, digits:
 * [texts], key: bin, names: {authors: [{key, name}], sites: [{site, name}, {site: …,
 * name: ""}]}, other: bin, said: "a code has six words", state: "triaged", texts: ["x",
 * "y"], to_send: 4} */
static void write_values(struct buf *out)
{
    pack_map(out, 10);
    pack_str(out, "case");
    pack_map(out, 2);
    pack_str(out, "list");
    pack_array(out, 2);
    for (int i = 0; i < 2; i++) {
        pack_array(out, 2);
        pack_str(out, i == 0 ? "甲" : "乙");
        pack_str(out, i == 0 ? "applicant" : "other");
    }
    pack_str(out, "state");
    pack_str(out, "closed");
    pack_str(out, "digits");
    pack_array(out, 2);
    pack_str(out, "no digits");
    pack_str(out, "7a7a7a7a7a");
    pack_str(out, "key");
    pack_bin(out, KEY, 32);
    pack_str(out, "long");
    pack_bin(out, KEY KEY, 64);
    pack_str(out, "names");
    pack_map(out, 2);
    pack_str(out, "authors");
    pack_array(out, 1);
    add_named(out, "key", NODE_AND_KEY, "<陈>");
    pack_str(out, "sites");
    pack_array(out, 2);
    add_named(out, "site", "short", "短");
    add_named(out, "site", KEY, "");
    pack_str(out, "other");
    pack_bin(out, "zzzzz", 5);
    pack_str(out, "said");
    pack_str(out, "a code has six words");
    pack_str(out, "state");
    pack_str(out, "triaged");
    pack_str(out, "texts");
    pack_array(out, 2);
    pack_str(out, "x");
    pack_str(out, "y");
    pack_str(out, "to_send");
    pack_uint(out, 4);
    assert_int_equal(pack_check(buf_bytes(out), NULL), STATUS_OK);
}

static void assert_filled_in(enum language language, const char *template,
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

#define assert_filled(template, wanted) assert_filled_in(LANGUAGE_EN, template, wanted)

static void names_lead_into_maps_and_lists(void **state)
{
    (void)state;
    assert_filled("{{case.state}}, {{case.list.1.0}}", "closed, 乙");
    assert_filled("{{case.list.2.0}}{{case.list.0.9}}{{case.none.x}}{{none.x}}|", "|");
    assert_filled("{{texts.0}}{{texts.1}}{{texts.2}}", "xy");
    assert_filled("{{texts.00001}}", "x");         /* four digits count */
    assert_filled("{{texts.x}}{{state.0}}|", "|"); /* no number, no list */
}

static void an_element_is_a_dot_and_what_is_in_it_a_dot_before(void **state)
{
    (void)state;
    assert_filled("{{#texts}}[{{.}}]{{/texts}}", "[x][y]");
    assert_filled("{{#case.list}}{{.0}}:{{word role .1}} {{.7}}{{/list}}",
                  "甲:applicant 乙:other ");
    assert_filled("{{#case}}{{.state}}{{.none}}{{state}}{{to_send}}{{/case}}",
                  "closedclosed4");
}

static void a_test_asks_for_a_text(void **state)
{
    (void)state;
    assert_filled("{{?state=triaged}}a{{/state}}{{?state=closed}}b{{/state}}", "a");
    assert_filled("{{^state=triaged}}a{{/state}}{{^state=closed}}b{{/state}}", "b");
    assert_filled("{{?case.state=closed}}a{{/case.state}}{{?none=x}}b{{/none}}", "a");
    assert_filled("{{?to_send=4}}a{{/to_send}}{{^none=}}b{{/none}}", "b"); /* no text */
}

static void a_test_asks_whether_a_list_has_a_value(void **state)
{
    (void)state;
    assert_filled("{{#case.list}}{{?case.list.0 has .1}}{{.0}}{{/case}}{{/list}}", "甲");
    assert_filled("{{^texts has state}}a{{/texts}}{{?texts has texts.1}}b{{/texts}}",
                  "ab");
    assert_filled("{{?digits has other}}a{{/digits}}{{?digits has key}}b{{/digits}}",
                  "a");
    assert_filled("{{?digits has long}}a{{/digits}}|", "|"); /* no id is so long */
    assert_filled("{{?texts has none}}a{{/texts}}{{?none has state}}b{{/none}}"
                  "{{?state has state}}c{{/state}}{{?case.list has state}}d{{/case}}|",
                  "|"); /* no value, no list, no texts in it */
}

static void a_key_is_called_by_its_name(void **state)
{
    (void)state;
    assert_filled("{{who key}} {{who other}} {{who state}}{{who none}}|",
                  "&lt;陈&gt; 7a7a7a7a |"); /* no key, no name */
    assert_filled("{{whose key}} {{whose other}}", "30313233 7a7a7a7a"); /* "" is none */
    assert_filled("{{qr to_send}}{{qr none}}|", "|"); /* a text alone */
}

/* Lists of names as another version may write them: who cannot be told from them is
 * called by his first digits. */
static void a_list_of_names_that_is_odd_names_nobody(void **state)
{
    struct buf values = {0}, out = {0};
    (void)state;
    pack_map(&values, 3);
    pack_str(&values, "erased");
    pack_bin(&values, "", 0);
    pack_str(&values, "key");
    pack_bin(&values, KEY, 32);
    pack_str(&values, "names");
    pack_map(&values, 1);
    pack_str(&values, "authors");
    pack_array(&values, 4);
    pack_map(&values, 1);
    pack_str(&values, "name"); /* and no key */
    pack_str(&values, "陈");
    pack_map(&values, 1);
    pack_str(&values, "key"); /* and no name */
    pack_bin(&values, KEY, 32);
    pack_map(&values, 2);
    pack_str(&values, "key");
    pack_bin(&values, KEY, 32);
    pack_str(&values, "name");
    pack_uint(&values, 7); /* no text */
    add_named(&values, "key", KEY, "最后");
    assert_int_equal(pack_check(buf_bytes(&values), NULL), STATUS_OK);
    assert_int_equal(template_fill(bytes_str("{{who key}}{{who erased}}|"),
                                   buf_bytes(&values), LANGUAGE_EN, &out),
                     STATUS_OK);
    assert_true(bytes_equal_str(buf_bytes(&out), "最后|"));
    buf_deinit(&values);
    buf_deinit(&out);
}

/* What does not fit into a picture is no picture, and then the page is none. */
static void a_page_of_too_much_for_its_picture_is_none(void **state)
{
    char much[QR_TEXT_MAX + 2];
    struct buf values = {0}, out = {0};
    (void)state;
    memset(much, 'x', sizeof(much) - 1);
    much[sizeof(much) - 1] = '\0';
    pack_map(&values, 2);
    pack_str(&values, "a");
    pack_str(&values, much);
    pack_str(&values, "b");
    pack_str(&values, "a text that fits");
    assert_int_equal(
        template_fill(bytes_str("{{qr b}}"), buf_bytes(&values), LANGUAGE_EN, &out),
        STATUS_OK);
    buf_clear(&out);
    assert_int_equal(template_fill(bytes_str("{{qr a}}{{qr b}}"), buf_bytes(&values),
                                   LANGUAGE_EN, &out),
                     STATUS_TOO_LARGE);
    assert_int_equal(out.len, 0); /* nor is the one behind it made */
    buf_deinit(&values);
    buf_deinit(&out);
}

static void words_sentences_and_texts_are_in_the_language_of_the_page(void **state)
{
    (void)state;
    assert_filled("{{word state state}}, {{=peer.to-send}}", "triaged, 4 to hand over");
    assert_filled_in(LANGUAGE_ZH_CN, "{{word state state}}，{{=peer.to-send}}",
                     "已分诊，待送出 4 条");
    assert_filled("{{say said}}", "a code has six words");
    assert_filled_in(LANGUAGE_ZH_CN, "{{say said}}{{say none}}", "结对码是六个词。");
}

static void a_part_is_filled_from_the_same_values(void **state)
{
    (void)state;
    assert_filled("{{^state}}{{>top}}{{/state}}{{>form}}",
                  "<input type=\"hidden\" name=\"mark\" value=\"\"><input "
                  "type=\"hidden\" name=\"once\" value=\"\"><input type=\"hidden\" "
                  "name=\"back\" value=\"\">\n");
}

static void what_is_no_value_has_no_place(void **state)
{
    struct buf values = {0}, out = {0};
    (void)state;
    pack_str(&values, "no map");
    assert_int_equal(
        template_fill(bytes_str("{{name}}{{.}}"), buf_bytes(&values), LANGUAGE_EN, &out),
        STATUS_OK);
    assert_true(bytes_equal_str(buf_bytes(&out), "no map"));
    buf_deinit(&values);
    buf_deinit(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_lead_into_maps_and_lists),
        cmocka_unit_test(an_element_is_a_dot_and_what_is_in_it_a_dot_before),
        cmocka_unit_test(a_test_asks_for_a_text),
        cmocka_unit_test(a_test_asks_whether_a_list_has_a_value),
        cmocka_unit_test(a_key_is_called_by_its_name),
        cmocka_unit_test(a_list_of_names_that_is_odd_names_nobody),
        cmocka_unit_test(a_page_of_too_much_for_its_picture_is_none),
        cmocka_unit_test(words_sentences_and_texts_are_in_the_language_of_the_page),
        cmocka_unit_test(a_part_is_filled_from_the_same_values),
        cmocka_unit_test(what_is_no_value_has_no_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
