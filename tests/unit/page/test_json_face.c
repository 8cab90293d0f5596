/* The API for programs: JSON to what the core reads, its answers to JSON, and the
 * document that says so; all by the table that the core gives out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "node/page/json_face.h"
#include "shown.h"

static void add_argument(struct buf *out, const char *name, const char *type,
                         bool is_optional)
{
    pack_map(out, 3);
    pack_str(out, "name");
    pack_str(out, name);
    pack_str(out, "optional");
    pack_bool(out, is_optional);
    pack_str(out, "type");
    pack_str(out, type);
}

/* {methods: [{arguments: [...], name: "do", reads: "cases", who: "person"}]} with an
 * optional argument of each type, and a text that has to be there. */
static void write_methods(struct buf *out)
{
    static const char *const types[] = {"text", "flag",  "number", "bytes", "texts",
                                        "ids",  "pairs", "lists",  "map",   "maps"};
    pack_map(out, 1);
    pack_str(out, "methods");
    pack_array(out, 1);
    pack_map(out, 4);
    pack_str(out, "arguments");
    pack_array(out, 11);
    add_argument(out, "must", "text", false);
    for (size_t i = 0; i < 10; i++)
        add_argument(out, types[i], types[i], true);
    pack_str(out, "name");
    pack_str(out, "do");
    pack_str(out, "reads");
    pack_str(out, "cases");
    pack_str(out, "who");
    pack_str(out, "person");
    assert_int_equal(pack_check(buf_bytes(out), NULL), STATUS_OK);
}

static enum status arguments(const char *method, const char *body, char *text,
                             size_t size, struct err *err)
{
    struct buf methods = {0}, out = {0};
    write_methods(&methods);
    enum status status = json_face_arguments(buf_bytes(&methods), bytes_str(method),
                                             bytes_str(body), &out, err);
    text[0] = '\0';
    if (status == STATUS_OK) {
        assert_int_equal(pack_check(buf_bytes(&out), NULL), STATUS_OK);
        struct pack_reader reader = pack_reader_of(buf_bytes(&out));
        shown_value(text, size, &reader);
    }
    buf_deinit(&methods);
    buf_deinit(&out);
    return status;
}

static void each_type_of_the_table_is_read(void **state)
{
    static const struct {
        const char *body, *map;
    } rows[] = {
        {"{\"must\":\"x\"}", "{\"must\":\"x\"}"},
        {"{\"must\":\"\\u7532\",\"text\":null}", "{\"must\":\"甲\"}"},
        {"{\"text\":\"a\",\"must\":\"b\"}", "{\"must\":\"b\",\"text\":\"a\"}"},
        {"{\"must\":\"x\",\"flag\":true,\"number\":7}",
         "{\"flag\":true,\"must\":\"x\",\"number\":7}"},
        {"{\"must\":\"x\",\"flag\":false}", "{\"flag\":false,\"must\":\"x\"}"},
        {"{\"must\":\"x\",\"bytes\":\"414243\"}", "{\"bytes\":<ABC>,\"must\":\"x\"}"},
        {"{\"must\":\"x\",\"texts\":[\"a\",\"b\"]}",
         "{\"must\":\"x\",\"texts\":[\"a\",\"b\"]}"},
        {"{\"must\":\"x\",\"ids\":[\"4142\"]}", "{\"ids\":[<AB>],\"must\":\"x\"}"},
        {"{\"must\":\"x\",\"pairs\":[[\"a\",\"b\"]]}",
         "{\"must\":\"x\",\"pairs\":[[\"a\",\"b\"]]}"},
        {"{\"must\":\"x\",\"lists\":[[false]]}", "{\"lists\":[[false]],\"must\":\"x\"}"},
        {"{\"must\":\"x\",\"lists\":[[\"a\",3,null,true]]}",
         "{\"lists\":[[\"a\",3,nil,true]],\"must\":\"x\"}"},
        {"{\"must\":\"x\",\"map\":{\"b\":\"2\",\"a\":\"1\"}}",
         "{\"map\":{\"a\":\"1\",\"b\":\"2\"},\"must\":\"x\"}"},
        {"{\"must\":\"x\",\"maps\":[{\"line\":\"4142\"},{\"line\":7}]}",
         "{\"maps\":[{\"line\":<AB>},{\"line\":7}],\"must\":\"x\"}"},
    };
    char text[512];
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_int_equal(arguments("do", rows[i].body, text, sizeof(text), NULL),
                         STATUS_OK);
        assert_string_equal(text, rows[i].map);
    }
}

static void what_does_not_fit_is_refused_with_a_sentence(void **state)
{
    static const struct {
        const char *body, *sentence;
    } rows[] = {
        {"", "must is missing: a text"},
        {"{}", "must is missing: a text"},
        {"[]", "the body has to be a JSON object"},
        {"{\"must\":\"x\"", "the body has to be a JSON object"},
        {"{\"must\":\"x\"} and more", "the body has to be a JSON object"},
        {"{\"must\":\"x\",\"must\":\"y\"}", "the body has to be a JSON object"},
        {"{\"must\":\"\\u0000\"}", "the body has to be a JSON object"},
        {"{\"must\":null}", "must has to be a text"},
        {"{\"must\":7}", "must has to be a text"},
        {"{\"must\":\"x\",\"poem\":1}", "unknown argument poem"},
        {"{\"must\":\"x\",\"flag\":\"yes\"}", "flag has to be true or false"},
        {"{\"must\":\"x\",\"flag\":1,\"text\":\"t\"}", "flag has to be true or false"},
        {"{\"must\":\"x\",\"maps\":[{\"a\":1.5,\"b\":2}]}",
         "maps has to be a list of objects"},
        {"{\"must\":\"x\",\"number\":null,\"poem\":1}", "unknown argument poem"},
        {"{\"must\":\"x\",\"number\":-1}", "number has to be a number from 0 on"},
        {"{\"must\":\"x\",\"number\":1.5}", "number has to be a number from 0 on"},
        {"{\"must\":\"x\",\"bytes\":\"abc\"}", "bytes has to be bytes in hex"},
        {"{\"must\":\"x\",\"bytes\":\"zz\"}", "bytes has to be bytes in hex"},
        {"{\"must\":\"x\",\"ids\":[7]}", "ids has to be a list of ids in hex"},
        {"{\"must\":\"x\",\"ids\":[\"zz\"]}", "ids has to be a list of ids in hex"},
        {"{\"must\":\"x\",\"texts\":\"a\"}", "texts has to be a list of texts"},
        {"{\"must\":\"x\",\"lists\":[1.5]}", "lists has to be a list of lists"},
        {"{\"must\":\"x\",\"map\":{\"a\":1.5}}", "map has to be an object of texts"},
        {"{\"must\":\"x\",\"maps\":[{\"line\":\"zz\"}]}",
         "maps has to be a list of objects"},
        {"{\"must\":\"x\",\"lists\":[[[[[[[[1]]]]]]]]}",
         "lists has to be a list of lists"},
    };
    char text[512];
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct err err = {0};
        assert_int_equal(arguments("do", rows[i].body, text, sizeof(text), &err),
                         STATUS_INVALID);
        assert_string_equal(err.text, rows[i].sentence);
    }
    assert_int_equal(arguments("undo", "{}", text, sizeof(text), NULL), STATUS_NOT_FOUND);
}

static void assert_answer(enum status status, const struct buf *result, int code,
                          const char *wanted)
{
    struct page_response response = {0};
    json_face_answer(status, buf_bytes(result), &response);
    buf_add_u8(&response.body, '\0');
    assert_int_equal(response.code, code);
    assert_string_equal(response.type, "application/json");
    assert_string_equal((const char *)response.body.data, wanted);
    buf_deinit(&response.body);
}

static void an_answer_is_its_result_or_why_not(void **state)
{
    struct buf result = {0};
    (void)state;
    pack_map(&result, 1);
    pack_str(&result, "id");
    pack_bin(&result, "\x01\xab", 2);
    assert_answer(STATUS_OK, &result, 200, "{\"id\":\"01ab\"}");
    result.len--; /* cut */
    assert_answer(STATUS_OK, &result, 500,
                  "{\"error\":\"it is not well formed\",\"status\":\"INVALID\"}");
    buf_clear(&result);
    pack_str(&result, "the PIN is \"wrong\"");
    assert_answer(STATUS_DENIED, &result, 403,
                  "{\"error\":\"the PIN is \\\"wrong\\\"\",\"status\":\"DENIED\"}");
    buf_clear(&result);
    assert_answer(STATUS_NOT_FOUND, &result, 404,
                  "{\"error\":\"there is no such thing here\",\"status\":\"NOT_FOUND\"}");
    buf_deinit(&result);
}

static void the_document_names_each_method_and_what_it_needs(void **state)
{
    struct buf methods = {0}, out = {0};
    (void)state;
    write_methods(&methods);
    assert_int_equal(json_face_openapi(buf_bytes(&methods), &out), STATUS_OK);
    buf_add_u8(&out, '\0');
    const char *text = (const char *)out.data;
    assert_non_null(strstr(text, "\"/api/v1/do\":{\"post\":{\"operationId\":\"do\""));
    assert_non_null(strstr(text, "\"x-who\":\"person\",\"x-reads\":\"cases\""));
    assert_non_null(strstr(text, "\"required\":[\"must\"]"));
    assert_non_null(strstr(text, "\"number\":{\"type\":\"integer\",\"minimum\":0}"));
    buf_deinit(&methods);
    buf_deinit(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_type_of_the_table_is_read),
        cmocka_unit_test(what_does_not_fit_is_refused_with_a_sentence),
        cmocka_unit_test(an_answer_is_its_result_or_why_not),
        cmocka_unit_test(the_document_names_each_method_and_what_it_needs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
