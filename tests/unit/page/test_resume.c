/* What was typed before, and not sent, stands in its form again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "node/page/call.h"
#include "node/page/peek.h"
#include "node/page/resume.h"
#include "proto/pack.h"

/* As call.h's `fields` keeps what was typed. */
static void keep(const char *typed, struct buf *map)
{
    struct form form = {.len = 0};
    struct pairs pairs = {0};
    struct buf arguments = {0};
    const struct call_source source = {.form = &form};
    assert_int_equal(form_read_query(&form, bytes_str(typed), NULL), STATUS_OK);
    assert_int_equal(call_arguments(&pairs, "fields:fields", &source, NULL), STATUS_OK);
    assert_int_equal(pairs_pack(&pairs, &arguments), STATUS_OK);
    struct bytes fields = peek_in(buf_bytes(&arguments), "fields");
    buf_add(map, fields.data, fields.len);
    pairs_deinit(&pairs);
    buf_deinit(&arguments);
    form_deinit(&form);
}

/* The fields of a form, as "a=1&b=2". */
static void assert_form(const char *asked, const char *draft, const char *expected)
{
    struct form form = {.len = 0};
    struct buf map = {0}, text = {0};
    keep(draft, &map);
    assert_int_equal(form_read_query(&form, bytes_str(asked), NULL), STATUS_OK);
    assert_int_equal(resume_form(&form, buf_bytes(&map)), draft[0] != '\0');
    for (size_t i = 0; i < form.len; i++) {
        buf_add(&text, "&", i > 0);
        buf_add(&text, form.fields[i].name.data, form.fields[i].name.len);
        buf_add(&text, "=", 1);
        buf_add(&text, form.fields[i].value.data, form.fields[i].value.len);
    }
    buf_add_u8(&text, '\0');
    assert_string_equal((const char *)text.data, expected);
    buf_deinit(&text);
    buf_deinit(&map);
    form_deinit(&form);
}

static void what_was_typed_stands_there_in_its_order(void **state)
{
    (void)state;
    assert_form("", "", "");
    assert_form("", "text=abc&pin=1", "text=abc");
    assert_form("", "b=1&a=2&b=3", "a=2&b=1&b=3");
    assert_form("", "b2=c&12=a&-3=d", "-3=d&12=a&b2=c"); /* no second ones of a name */
    assert_form("", "role=x&role2=y", "role=x&role2=y"); /* the same */
    /* An empty one keeps its place among those of its name. */
    assert_form("", "role=x&role=&role=z&role-who=1&role-who=2&role-who=3",
                "role=x&role=&role=z&role-who=1&role-who=2&role-who=3");
}

/* No page of ours keeps such a one, and another version might. */
static void a_name_that_is_longer_than_any_is_no_second_one(void **state)
{
    char name[PAIR_NAME_MAX + 8];
    struct form form = {.len = 0};
    struct buf map = {0};
    (void)state;
    memset(name, 'n', sizeof(name) - 3);
    memcpy(name + sizeof(name) - 3, "-2", 3);
    pack_map(&map, 1);
    pack_str(&map, name);
    pack_str(&map, "typed");
    assert_true(resume_form(&form, buf_bytes(&map)));
    assert_int_equal(form.len, 1);
    assert_true(bytes_equal_str(form.fields[0].name, name));
    assert_true(bytes_equal_str(form.fields[0].value, "typed"));
    buf_deinit(&map);
    form_deinit(&form);
}

static void more_than_nine_of_a_name_keep_their_order(void **state)
{
    char typed[256] = "";
    (void)state;
    for (int i = 1; i <= 12; i++)
        (void)snprintf(typed + strlen(typed), sizeof(typed) - strlen(typed), "%sf=%d",
                       i > 1 ? "&" : "", i);
    assert_form("", typed, typed);
}

static void what_was_asked_for_now_goes_before_it(void **state)
{
    (void)state;
    assert_form("until=40", "text=abc&until=7", "until=40&text=abc");
}

static void a_name_that_ends_in_a_number_is_its_own(void **state)
{
    (void)state;
    assert_form("", "step-2=b", "step-2=b"); /* there is no first one */
    assert_form("", "a2=b&a=c", "a=c&a2=b");
}

static void what_the_form_has_no_room_for_is_left_out(void **state)
{
    struct form form = {.len = FORM_FIELDS_MAX - 1};
    struct buf map = {0};
    (void)state;
    keep("a=1&b=2", &map);
    assert_true(resume_form(&form, buf_bytes(&map)));
    assert_int_equal(form.len, FORM_FIELDS_MAX);
    buf_deinit(&map);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_typed_stands_there_in_its_order),
        cmocka_unit_test(a_name_that_is_longer_than_any_is_no_second_one),
        cmocka_unit_test(more_than_nine_of_a_name_keep_their_order),
        cmocka_unit_test(what_was_asked_for_now_goes_before_it),
        cmocka_unit_test(a_name_that_ends_in_a_number_is_its_own),
        cmocka_unit_test(what_the_form_has_no_room_for_is_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
