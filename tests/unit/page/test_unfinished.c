/* Drafts by the names of the pages that they belong to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "asked.h"
#include "node/page/peek.h"
#include "node/page/unfinished.h"
#include "proto/pack.h"

static void write_draft(struct buf *out, const char *form)
{
    pack_map(out, 2);
    pack_str(out, "form");
    pack_str(out, form);
    pack_str(out, "wall");
    pack_uint(out, 1700000000);
}

static void a_draft_is_called_as_its_page_is(void **state)
{
    struct buf result = {0};
    struct asked asked;
    struct pack_reader reader;
    (void)state;
    pack_map(&result, 1);
    pack_str(&result, "drafts");
    pack_array(&result, 4);
    write_draft(&result, "/case/2026-0001/settle");
    write_draft(&result, "/no/such/page");
    write_draft(&result, "/cases"); /* has no form to be kept */
    write_draft(&result, "/cases/new");
    asked_init(&asked, "drafts", &result);

    assert_int_equal(unfinished_prepare(&asked.visit, &asked.values), STATUS_OK);

    struct bytes list = asked_value(&asked, "unfinished");
    assert_int_equal(peek_list(list, &reader), 2);
    struct bytes first = asked_element(list, 0), second = asked_element(list, 1);
    assert_true(bytes_equal_str(peek_text_in(first, "about"), "2026-0001"));
    assert_true(bytes_equal_str(peek_text_in(first, "title"), "记录结果"));
    assert_true(bytes_equal_str(peek_text_in(second, "about"), ""));
    assert_true(bytes_equal_str(peek_text_in(second, "path"), "/cases/new"));
    asked_deinit(&asked);
    buf_deinit(&result);
}

static void who_has_none_is_shown_none(void **state)
{
    struct buf result = {0};
    struct asked asked;
    struct pack_reader reader;
    (void)state;
    pack_map(&result, 0);
    asked_init(&asked, "drafts", &result);
    assert_int_equal(unfinished_prepare(&asked.visit, &asked.values), STATUS_OK);
    assert_int_equal(peek_list(asked_value(&asked, "unfinished"), &reader), 0);
    asked_deinit(&asked);
    buf_deinit(&result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_draft_is_called_as_its_page_is),
        cmocka_unit_test(who_has_none_is_shown_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
