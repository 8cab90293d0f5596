/* What a browser sent: fields of a query, of a form, of a form with files; and what no
 * browser sends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/page/form.h"

#define URLENCODED "application/x-www-form-urlencoded"
#define MULTIPART "multipart/form-data; boundary=XX"

static void assert_field(const struct form *form, size_t i, const char *name,
                         const char *value)
{
    assert_true(i < form->len);
    assert_true(bytes_equal_str(form->fields[i].name, name));
    assert_true(bytes_equal_str(form->fields[i].value, value));
}

/* ---- a=1&b=2 ---- */

static void a_query_is_names_and_values(void **state)
{
    static const struct {
        const char *query, *name, *value;
    } rows[] = {
        {"a=1", "a", "1"},
        {"a", "a", ""},
        {"a=", "a", ""},
        {"a=b=c", "a", "b=c"},
        {"&&a=1&", "a", "1"},
        {"=lost&a=1", "a", "1"},
        {"a=%E7%94%B2+%26%3d", "a", "甲 &="},
        {"%61=x", "a", "x"},
        {"a=100%", "a", "100%"},
        {"a=%4", "a", "%4"},
        {"a=%zz%4g", "a", "%zz%4g"},
        {"a=%/0%:0%@0%G0%`0%g0", "a", "%/0%:0%@0%G0%`0%g0"},
        {"a=%2", "a", "%2"},
        {"a=1%0D%0A2%0d3", "a", "1\n23"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct form form = {.len = 0};
        assert_int_equal(form_read_query(&form, bytes_str(rows[i].query), NULL),
                         STATUS_OK);
        assert_int_equal(form.len, 1);
        assert_field(&form, 0, rows[i].name, rows[i].value);
        form_deinit(&form);
    }
}

static void a_field_is_found_by_its_name_and_number(void **state)
{
    struct form form = {.len = 0};
    struct bytes value;
    (void)state;
    assert_int_equal(form_read_body(&form, bytes_str(URLENCODED "; charset=UTF-8"),
                                    bytes_str("p=one&q=x&p=two"), NULL),
                     STATUS_OK);
    assert_true(form_find(&form, bytes_str("p"), 0, &value));
    assert_true(bytes_equal_str(value, "one"));
    assert_true(form_find(&form, bytes_str("p"), 1, &value));
    assert_true(bytes_equal_str(value, "two"));
    assert_false(form_find(&form, bytes_str("p"), 2, &value));
    assert_false(form_find(&form, bytes_str("none"), 0, &value));
    assert_true(bytes_equal_str(form_text(&form, "p"), "one"));
    assert_int_equal(form_text(&form, "none").len, 0);
    form_deinit(&form);
    assert_int_equal(form.len, 0);
}

static void nothing_is_no_field(void **state)
{
    struct form form = {.len = 0};
    (void)state;
    assert_int_equal(form_read_query(&form, bytes_str(""), NULL), STATUS_OK);
    assert_int_equal(form_read_body(&form, bytes_str("text/plain"), bytes_str(""), NULL),
                     STATUS_OK);
    assert_int_equal(form.len, 0);
    form_deinit(&form);
}

static void what_is_no_text_is_refused(void **state)
{
    static const char *const rows[] = {"a=%ff", "%ff=a", "a=%00", "a=%e7%94",
                                       "a=%ed%a0%80"};
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct form form = {.len = 0};
        struct err err = {0};
        assert_int_equal(form_read_query(&form, bytes_str(rows[i]), &err),
                         STATUS_INVALID);
        assert_non_null(strstr(err.text, "UTF-8"));
        form_deinit(&form);
    }
}

static void a_form_has_so_many_fields_and_such_names(void **state)
{
    char query[FORM_FIELDS_MAX * 4 + 8] = "";
    struct form form = {.len = 0};
    (void)state;
    for (int i = 0; i < FORM_FIELDS_MAX; i++)
        memcpy(query + strlen(query), "a=1&", 5);
    assert_int_equal(form_read_query(&form, bytes_str(query), NULL), STATUS_OK);
    assert_int_equal(form.len, FORM_FIELDS_MAX);
    form_deinit(&form);
    memcpy(query + strlen(query), "a=1", 4);
    assert_int_equal(form_read_query(&form, bytes_str(query), NULL), STATUS_TOO_LARGE);
    form_deinit(&form);

    memset(query, 'n', FORM_FIELD_NAME_MAX + 1);
    query[FORM_FIELD_NAME_MAX + 1] = '\0';
    assert_int_equal(form_read_query(&form, bytes_str(query), NULL), STATUS_TOO_LARGE);
    form_deinit(&form);
    query[FORM_FIELD_NAME_MAX] = '\0';
    assert_int_equal(form_read_query(&form, bytes_str(query), NULL), STATUS_OK);
    form_deinit(&form);
}

static void a_form_is_read_once(void **state)
{
    struct form form = {.len = 0};
    (void)state;
    assert_int_equal(form_read_query(&form, bytes_str("a=1"), NULL), STATUS_OK);
    assert_int_equal(form_read_query(&form, bytes_str("a=1"), NULL), STATUS_INVALID);
    assert_int_equal(form_read_body(&form, bytes_str(URLENCODED), bytes_str("a=1"), NULL),
                     STATUS_INVALID);
    form_deinit(&form);
}

/* ---- with files ---- */

#define PART(head, body)                                                                 \
    "--XX\r\nContent-Disposition: form-data;" head "\r\n\r\n" body "\r\n"

static void a_form_with_files_is_fields_and_bytes(void **state)
{
    struct form form = {.len = 0};
    (void)state;
    struct bytes body = bytes_str(PART(" name=\"text\"", "一\r\n二") PART(
        " name=\"photo\"; filename=\"门.jpg\"\r\nContent-Type: image/jpeg",
        "\xff\xd8\r\n--X-") PART(" name=\"empty\"; filename=\"\"", "") "--XX--\r\n");
    assert_int_equal(form_read_body(&form, bytes_str(MULTIPART), body, NULL), STATUS_OK);
    assert_int_equal(form.len, 3);
    assert_field(&form, 0, "text", "一\n二");
    assert_field(&form, 1, "photo", "\xff\xd8\r\n--X-");
    assert_true(form.fields[1].is_file);
    assert_true(form.fields[1].value.data > body.data &&
                form.fields[1].value.data < body.data + body.len); /* borrowed */
    assert_field(&form, 2, "filename", "门.jpg");
    form_deinit(&form);
}

/* A browser that knows no name has a file all the same. */
static void a_file_without_a_name_is_a_file(void **state)
{
    struct form form = {.len = 0};
    (void)state;
    struct bytes body =
        bytes_str(PART(" name=\"photo\"; filename=\"\"", "\xff\xd8") "--XX--\r\n");
    assert_int_equal(form_read_body(&form, bytes_str(MULTIPART), body, NULL), STATUS_OK);
    assert_int_equal(form.len, 2);
    assert_field(&form, 0, "photo", "\xff\xd8");
    assert_true(form.fields[0].is_file);
    assert_field(&form, 1, "filename", "");
    form_deinit(&form);
}

static void a_boundary_may_stand_in_quotes(void **state)
{
    struct form form = {.len = 0};
    (void)state;
    assert_int_equal(form_read_body(&form,
                                    bytes_str("multipart/form-data; boundary=\"XX\""),
                                    bytes_str(PART(" name=\"a\"", "1") "--XX--"), NULL),
                     STATUS_OK);
    assert_field(&form, 0, "a", "1");
    form_deinit(&form);
}

static void no_cut_of_a_form_with_files_is_read(void **state)
{
    static const char whole[] =
        PART(" name=\"a\"", "1") PART(" name=\"f\"; filename=\"f\"", "bytes") "--XX--";
    (void)state;
    for (size_t len = 1; len < sizeof(whole) - 1; len++) {
        struct form form = {.len = 0};
        char *cut = malloc(len); /* so that a sanitizer sees what is behind it */
        assert_non_null(cut);
        memcpy(cut, whole, len);
        assert_int_equal(
            form_read_body(&form, bytes_str(MULTIPART), bytes_of(cut, len), NULL),
            STATUS_INVALID);
        form_deinit(&form);
        free(cut);
    }
}

static void hostile_forms_are_refused(void **state)
{
    static const struct {
        const char *type, *body;
        enum status status;
    } rows[] = {
        {"text/plain", "a=1", STATUS_UNSUPPORTED},
        {"", "a=1", STATUS_UNSUPPORTED},
        {"multipart/form-data", "--XX--", STATUS_INVALID},
        {"multipart/form-data; boundary=", "--XX--", STATUS_INVALID},
        {"multipart/form-data; boundary=\"\"", "----", STATUS_INVALID},
        {"multipart/form-data; boundary="
         "12345678901234567890123456789012345678901234567890123456789012345678901",
         "--", STATUS_INVALID},
        {MULTIPART, "preamble\r\n--XX--", STATUS_INVALID},
        {MULTIPART, "--XXjunk\r\n--XX--", STATUS_INVALID},
        {MULTIPART, PART(" nome=\"a\"", "1") "--XX--", STATUS_INVALID},
        {MULTIPART, "--XX\r\nno end of its head\r\n--XX--", STATUS_INVALID},
        {MULTIPART, PART(" name=\"a\"", "\xff") "--XX--", STATUS_INVALID},
        {MULTIPART, PART(" name=\"\xff\"; filename=\"f\"", "x") "--XX--", STATUS_INVALID},
        {MULTIPART, PART(" name=\"a\"; filename=\"\xff\"", "x") "--XX--", STATUS_INVALID},
        {MULTIPART,
         PART(" name=\"a23456789012345678901234567890123456789012345678901234567890123"
              "4\"; filename=\"f\"",
              "x") "--XX--",
         STATUS_OK},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct form form = {.len = 0};
        assert_int_equal(
            form_read_body(&form, bytes_str(rows[i].type), bytes_str(rows[i].body), NULL),
            rows[i].status);
        form_deinit(&form);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_query_is_names_and_values),
        cmocka_unit_test(a_field_is_found_by_its_name_and_number),
        cmocka_unit_test(nothing_is_no_field),
        cmocka_unit_test(what_is_no_text_is_refused),
        cmocka_unit_test(a_form_has_so_many_fields_and_such_names),
        cmocka_unit_test(a_form_is_read_once),
        cmocka_unit_test(a_form_with_files_is_fields_and_bytes),
        cmocka_unit_test(a_file_without_a_name_is_a_file),
        cmocka_unit_test(a_boundary_may_stand_in_quotes),
        cmocka_unit_test(no_cut_of_a_form_with_files_is_read),
        cmocka_unit_test(hostile_forms_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
