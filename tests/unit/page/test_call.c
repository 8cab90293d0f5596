/* Arguments of a call from a form, by a line of text; and what answers are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "node/page/call.h"
#include "shown.h"

static enum status arguments(const char *wanted, const char *query, char *text,
                             size_t size, struct err *err)
{
    struct form form = {.len = 0};
    struct pairs out = {0};
    struct buf map = {0};
    assert_int_equal(form_read_query(&form, bytes_str(query), NULL), STATUS_OK);
    struct call_source source = {.path = {bytes_str("first"), bytes_str("second")},
                                 .form = &form};
    enum status status = call_arguments(&out, wanted, &source, err);
    if (status == STATUS_OK) {
        assert_int_equal(pairs_pack(&out, &map), STATUS_OK);
        assert_int_equal(pack_check(buf_bytes(&map), NULL), STATUS_OK);
        struct pack_reader reader = pack_reader_of(buf_bytes(&map));
        text[0] = '\0';
        shown_value(text, size, &reader);
    }
    buf_deinit(&map);
    pairs_deinit(&out);
    form_deinit(&form);
    return status;
}

static void arguments_are_what_the_line_says(void **state)
{
    static const struct {
        const char *wanted, *query, *map;
    } rows[] = {
        {"", "a=1", "{}"},
        {"a b", "a=1&c=3", "{\"a\":\"1\"}"},
        {"a", "a=", "{}"}, /* empty is not there */
        {"a=b", "b=1", "{\"a\":\"1\"}"},
        {"a=+ b=++", "", "{\"a\":\"first\",\"b\":\"second\"}"},
        {"a='text b:number='50", "", "{\"a\":\"text\",\"b\":50}"},
        {"b a", "a=1&b=2", "{\"a\":\"1\",\"b\":\"2\"}"}, /* in their order */
        {"a:flag b:flag", "a=on", "{\"a\":true,\"b\":false}"},
        {"a:mark b:mark", "a=on", "{\"a\":true}"},
        {"a:all", "", "{\"a\":true}"},
        {"n:number", "n=18446744073709", "{\"n\":18446744073709}"},
        {"n:number", "", "{}"},
        {"a:list", "a=1&a=&a=+&a=2", "{\"a\":[\"1\",\"2\"]}"},
        {"a:list", "a=1", "{\"a\":[\"1\"]}"},
        {"a:list", "", "{}"},
        {"a:lines", "a=x%0D%0A%0A+%09%0Ay", "{\"a\":[\"x\",\"y\"]}"},
        {"a:lines", "a=+%0A", "{}"},
        {"s:steps=step", "step=%09+%0A&step-role=r&step-days=1", "{}"}, /* blank */
        {"a:list", "a=%09&a=+%09x", "{\"a\":[\" \tx\"]}"},
        {"a:hex", "a=414243", "{\"a\":<ABC>}"},
        {"a:file", "a=ABC", "{\"a\":<ABC>}"},
        {"p:parties=party",
         "party=x&party-role=applicant&party=&party-role=other&party=y&party-role=z",
         "{\"p\":[[\"x\",\"applicant\"],[\"y\",\"z\"]]}"},
        {"p:parties=party", "party=x", "{}"}, /* no role, no party */
        {"c:clauses=clause", "clause=text&clause-number=7", "{\"c\":[[\"7\",\"text\"]]}"},
        {"r:roles=role",
         "role=chief&role-who=Chen&role=&role-who=", "{\"r\":[[\"chief\",\"Chen\"]]}"},
        {"s:steps=step", "step=go&step-role=chief&step-days=2&step=+&step=no+role",
         "{\"s\":[[\"chief\",\"go\",2]]}"},
        {"c:numbered", "c=1+one%0A%0A2%E3%80%80+two+words%0Aalone",
         "{\"c\":[[\"1\",\"one\"],[\"2\",\"two words\"],[\"alone\",\"\"]]}"},
        {"c:numbered", "c=1+%E3%80%80a", "{\"c\":[[\"1\",\"a\"]]}"},
        {"s:steps=step", "step=go&step-role=chief", "{}"}, /* no day, no step */
        {"c:numbered", "c=1%E3%80%81+one%0A2%E3%80%80",
         "{\"c\":[[\"1、\",\"one\"],[\"2\",\"\"]]}"},
        {"w:said", "w=", "{\"w\":\"\"}"}, /* empty is said, too */
        {"w:said", "", "{}"},
        {"p:twice=new", "new=246810&new=246810", "{\"p\":\"246810\"}"},
        {"f:fields",
         "a=1&a=2&a=3&"
         "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn=x",
         "{\"f\":{\"a\":\"1\",\"a-2\":\"2\",\"a-3\":\"3\"}}"},
        {"a:front=x b:back=x", "x=well%09drowning",
         "{\"a\":\"well\",\"b\":\"drowning\"}"},
        {"f:fields", "mark=m&once=o&pin=246810&back=%2F&quiet=1&title=t&text=x",
         "{\"f\":{\"text\":\"x\",\"title\":\"t\"}}"},
        {"f:fields", "", "{\"f\":{}}"},
    };
    char text[512];
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_int_equal(
            arguments(rows[i].wanted, rows[i].query, text, sizeof(text), NULL),
            STATUS_OK);
        assert_string_equal(text, rows[i].map);
    }
}

static void what_is_no_number_and_no_digits_is_said(void **state)
{
    static const struct {
        const char *wanted, *query, *sentence;
    } rows[] = {
        {"n:number", "n=7x", "that is no number: 7x"},
        {"n:number", "n=-1", "that is no number: -1"},
        {"n:number", "n=1234567890123456789", "that is no number: 1234567890123456789"},
        {"n:number", "n=a234567890123456789012345678901234567890tail",
         "that is no number: a234567890123456789012345678901234567890"},
        {"s:steps=step", "step=go&step-role=chief&step-days=soon",
         "that is no number: soon"},
        {"p:twice=new", "new=246810&new=246811", "what was typed twice is not the same"},
        {"p:twice=new", "new=246810", "what was typed twice is not the same"},
        {"h:hexes=h", "h=zz&h=41", "h: not digits of a known length"},
        {"id:hex", "id=abc", "id: not digits of a known length"},
        {"id:hex", "id=zz", "id: not digits of a known length"},
        {"id:hex",
         "id=00000000000000000000000000000000000000000000000000000000000000000000000000"
         "000000000000000000000000000000000000000000000000000000",
         NULL},
        {"id:hex",
         "id=00000000000000000000000000000000000000000000000000000000000000000000000000"
         "00000000000000000000000000000000000000000000000000000000",
         "id: not digits of a known length"},
    };
    char text[512];
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct err err = {0};
        enum status status =
            arguments(rows[i].wanted, rows[i].query, text, sizeof(text), &err);
        assert_int_equal(status, rows[i].sentence == NULL ? STATUS_OK : STATUS_INVALID);
        if (rows[i].sentence != NULL)
            assert_string_equal(err.text, rows[i].sentence);
    }
}

static void without_a_form_only_the_path_and_texts_are_there(void **state)
{
    struct call_source source = {.path = {bytes_str("first"), bytes_str("")}};
    struct pairs out = {0};
    (void)state;
    assert_int_equal(call_arguments(&out, "a=+ b=++ c d='x e:list=c", &source, NULL),
                     STATUS_OK);
    assert_true(pairs_has(&out, "a"));
    assert_false(pairs_has(&out, "b"));
    assert_false(pairs_has(&out, "c"));
    assert_true(pairs_has(&out, "d"));
    assert_false(pairs_has(&out, "e"));
    pairs_deinit(&out);
}

static void of_several_files_the_one_that_is_asked_for_is_taken(void **state)
{
    struct form form = {.len = 0};
    (void)state;
    assert_int_equal(form_read_query(&form, bytes_str("a=one&b=x&a=two"), NULL),
                     STATUS_OK);
    for (size_t i = 0; i < 3; i++) {
        static const char *const wanted[] = {"one", "two", NULL};
        struct call_source source = {.form = &form, .file = i};
        struct pairs out = {0};
        assert_int_equal(call_arguments(&out, "a:file b", &source, NULL), STATUS_OK);
        assert_int_equal(pairs_has(&out, "a"), wanted[i] != NULL);
        assert_true(pairs_has(&out, "b")); /* of that there is one */
        if (wanted[i] != NULL)
            assert_non_null(
                memmem(out.memory.data, out.memory.len, wanted[i], strlen(wanted[i])));
        pairs_deinit(&out);
    }
    form_deinit(&form);
}

static void a_request_is_written_as_the_control_socket_reads_it(void **state)
{
    static const char once[ONCE_SIZE + 1] = "0123456789abcdef";
    struct bytes none = bytes_of("\x80", 1);
    struct buf out = {0};
    char text[128] = "";
    (void)state;
    assert_int_equal(call_write(&out, 7, bytes_str("status"), none, (struct bytes){0}),
                     STATUS_OK);
    struct pack_reader reader = pack_reader_of(buf_bytes(&out));
    shown_value(text, sizeof(text), &reader);
    assert_string_equal(text, "[7,\"status\",{}]");
    buf_clear(&out);
    text[0] = '\0';
    assert_int_equal(
        call_write(&out, 7, bytes_str("case.new"), none, bytes_of(once, ONCE_SIZE)),
        STATUS_OK);
    reader = pack_reader_of(buf_bytes(&out));
    shown_value(text, sizeof(text), &reader);
    assert_string_equal(text, "[7,\"case.new\",{},<0123456789abcdef>]");
    buf_deinit(&out);
}

static void an_answer_is_a_status_and_a_result(void **state)
{
    struct buf out = {0};
    (void)state;
    pack_array(&out, 3);
    pack_uint(&out, 1);
    pack_str(&out, "DENIED");
    pack_str(&out, "the PIN is wrong");
    struct call_answer answer = call_read(buf_bytes(&out));
    assert_int_equal(answer.status, STATUS_DENIED);
    assert_true(bytes_equal_str(call_sentence(&answer), "the PIN is wrong"));
    for (size_t len = 0; len < out.len; len++) {
        answer = call_read(bytes_of(out.data, len));
        assert_int_equal(answer.status, STATUS_CORRUPT);
        assert_true(
            bytes_equal_str(call_sentence(&answer), "the stored data is damaged"));
    }
    out.data[0] = 0x94; /* four of them */
    assert_int_equal(call_read(buf_bytes(&out)).status, STATUS_CORRUPT);
    buf_deinit(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arguments_are_what_the_line_says),
        cmocka_unit_test(what_is_no_number_and_no_digits_is_said),
        cmocka_unit_test(without_a_form_only_the_path_and_texts_are_there),
        cmocka_unit_test(of_several_files_the_one_that_is_asked_for_is_taken),
        cmocka_unit_test(a_request_is_written_as_the_control_socket_reads_it),
        cmocka_unit_test(an_answer_is_a_status_and_a_result),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
