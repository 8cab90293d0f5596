/* What was written in two ways at once, side by side. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "asked.h"
#include "node/page/peek.h"
#include "node/page/sides.h"
#include "node/web/parts.h"
#include "node/web/template.h"
#include "proto/pack.h"

static void begin_conflict(struct buf *out, const char *field, const char *party)
{
    pack_map(out, 3);
    pack_str(out, "field");
    pack_str(out, field);
    pack_str(out, "party");
    pack_str(out, party);
    pack_str(out, "values");
    pack_array(out, 1);
    pack_map(out, 3);
    pack_str(out, "author");
    pack_bin(out, "0123456789abcdef0123456789abcdef", 32);
    pack_str(out, "op");
    pack_bin(out, "fedcba9876543210fedcba9876543210", 32);
    pack_str(out, "value");
}

static void a_text_stands_as_it_is_and_an_op_by_its_labels(void **state)
{
    struct buf result = {0};
    struct asked asked;
    struct pack_reader reader;
    (void)state;
    pack_map(&result, 1);
    pack_str(&result, "conflicts");
    pack_array(&result, 4);
    begin_conflict(&result, "place", "");
    pack_str(&result, "村东头");
    begin_conflict(&result, "triage", "");
    pack_map(&result, 1);
    pack_str(&result, "danger");
    pack_bool(&result, true);
    begin_conflict(&result, "consents", "张某");
    pack_map(&result, 1);
    pack_str(&result, "given");
    pack_bool(&result, false);
    begin_conflict(&result, "newer", "");
    pack_str(&result, "?");
    asked_init(&asked, "conflict", &result);

    assert_int_equal(sides_prepare(&asked.visit, &asked.values), STATUS_OK);

    struct bytes sides = asked_value(&asked, "sides");
    assert_int_equal(peek_list(sides, &reader), 4);
    struct bytes place = asked_element(sides, 0), triage = asked_element(sides, 1);
    struct bytes consents = asked_element(sides, 2), newer = asked_element(sides, 3);
    assert_true(bytes_equal_str(peek_text_in(place, "label"), "地点"));
    struct bytes value = asked_element(peek_in(place, "values"), 0);
    assert_true(bytes_equal_str(peek_text_in(value, "value"), "村东头"));
    assert_int_equal(peek_list(peek_in(value, "rows"), &reader), 0);
    assert_int_equal(peek_bin(peek_in(value, "op")).len, 32);
    assert_true(bytes_equal_str(peek_text_in(triage, "label"), "分诊"));
    value = asked_element(peek_in(triage, "values"), 0);
    struct bytes row = asked_element(peek_in(value, "rows"), 0);
    assert_true(bytes_equal_str(peek_text_in(row, "label"), "有无人身危险"));
    assert_true(bytes_equal_str(peek_text_in(row, "text"), "是"));
    assert_true(bytes_equal_str(peek_text_in(consents, "party"), "张某"));
    assert_true(bytes_equal_str(peek_text_in(newer, "label"), "newer"));
    asked_deinit(&asked);
    buf_deinit(&result);
}

static void labels_are_in_the_language_of_the_visit(void **state)
{
    struct buf result = {0};
    struct asked asked;
    (void)state;
    pack_map(&result, 1);
    pack_str(&result, "conflicts");
    pack_array(&result, 2);
    begin_conflict(&result, "place", "");
    pack_str(&result, "x");
    begin_conflict(&result, "consents", "张某");
    pack_map(&result, 1);
    pack_str(&result, "given");
    pack_bool(&result, false);
    asked_init(&asked, "conflict", &result);
    asked.visit.language = LANGUAGE_EN;

    assert_int_equal(sides_prepare(&asked.visit, &asked.values), STATUS_OK);

    struct bytes sides = asked_value(&asked, "sides");
    for (uint32_t i = 0; i < 2; i++) {
        struct bytes label = peek_text_in(asked_element(sides, i), "label");
        assert_true(label.len > 0 && label.data[0] < 0x80);
    }
    asked_deinit(&asked);
    buf_deinit(&result);
}

static bool has(const struct buf *page, const char *text)
{
    return memmem(page->data, page->len, text, strlen(text)) != NULL;
}

static void each_side_can_be_chosen_and_what_was_seen_is_said(void **state)
{
    struct buf result = {0}, page = {0};
    struct asked asked;
    struct bytes template;
    (void)state;
    pack_map(&result, 1);
    pack_str(&result, "conflicts");
    pack_array(&result, 2);
    begin_conflict(&result, "place", "");
    pack_str(&result, "<村东头>");
    begin_conflict(&result, "triage", "");
    pack_map(&result, 1);
    pack_str(&result, "danger");
    pack_bool(&result, true);
    asked_init(&asked, "conflict", &result);
    assert_int_equal(sides_prepare(&asked.visit, &asked.values), STATUS_OK);
    pairs_text(&asked.values, "which", bytes_str("2026-0001"));
    (void)asked_value(&asked, "sides");

    assert_true(parts_find(bytes_str("conflicts"), &template));
    assert_int_equal(
        template_fill(template, buf_bytes(&asked.map), LANGUAGE_ZH_CN, &page), STATUS_OK);

    assert_true(has(&page, "action=\"/case/2026-0001/conflicts\""));
    assert_true(has(&page, "name=\"field\" value=\"place\""));
    assert_true(has(&page, "name=\"seen\" value=\"66656463"));
    assert_true(has(&page, "name=\"choose\" value=\"66656463"));
    assert_true(has(&page, "&lt;村东头&gt;"));
    /* Two whole ops are not kept side by side: one of them counts. */
    const uint8_t *both = memmem(page.data, page.len, "name=\"both\"", 11);
    assert_non_null(both);
    assert_null(
        memmem(both + 1, page.len - (size_t)(both + 1 - page.data), "name=\"both\"", 11));
    asked_deinit(&asked);
    buf_deinit(&page);
    buf_deinit(&result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_stands_as_it_is_and_an_op_by_its_labels),
        cmocka_unit_test(labels_are_in_the_language_of_the_visit),
        cmocka_unit_test(each_side_can_be_chosen_and_what_was_seen_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
