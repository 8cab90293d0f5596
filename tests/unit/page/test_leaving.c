/* What of a case could leave it, and whom one would have to ask first. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "asked.h"
#include "node/cases/escalation.h"
#include "node/page/leaving.h"
#include "node/page/peek.h"
#include "proto/pack.h"

static void write_register(struct buf *out, const char *name, const char *value)
{
    pack_str(out, name);
    pack_array(out, 1);
    pack_map(out, 1);
    pack_str(out, "value");
    pack_str(out, value);
}

/* A case of one party, who consented to the title alone. */
static void write_case(struct buf *out)
{
    pack_map(out, 1);
    pack_str(out, "view");
    pack_map(out, 3);
    pack_str(out, "consents");
    pack_array(out, 3);
    pack_map(out, 5);
    pack_str(out, "fields");
    pack_array(out, 2);
    pack_str(out, "title");
    pack_str(out, "file:00");
    pack_str(out, "given");
    pack_bool(out, true);
    pack_str(out, "manner");
    pack_str(out, "oral");
    pack_str(out, "party");
    pack_str(out, "张某");
    pack_str(out, "witness");
    pack_str(out, "何某");
    pack_map(out, 1);
    pack_str(out, "paper");
    pack_str(out, "3号");
    pack_map(out, 0); /* what proves it was erased */
    pack_str(out, "parties");
    pack_array(out, 1);
    pack_array(out, 2);
    pack_str(out, "张某");
    pack_str(out, "applicant");
    pack_str(out, "registers");
    pack_map(out, 2);
    write_register(out, "context", "往年轮灌");
    write_register(out, "title", "水渠");
}

static struct bytes field_of(struct bytes leaving, const char *name)
{
    struct pack_reader reader;
    for (uint32_t count = peek_list(leaving, &reader); count > 0; count--) {
        struct bytes field = peek_next(&reader);
        if (bytes_equal_str(peek_text_in(field, "name"), name))
            return field;
    }
    return (struct bytes){0};
}

static bool is(struct bytes field, const char *name)
{
    struct bytes raw = peek_in(field, name);
    assert_int_equal(raw.len, 1);
    return raw.data[0] == 0xc3;
}

static void only_what_every_party_consented_to_is_free(void **state)
{
    struct buf result = {0};
    struct asked asked;
    struct err err = {0};
    struct pack_reader reader;
    (void)state;
    write_case(&result);
    asked_init(&asked, "case", &result);
    asked.visit.stars[1] = bytes_str("wish");
    assert_int_equal(
        form_read_query(&asked.visit.form, bytes_str("fields=title&fields=wish"), &err),
        STATUS_OK);

    assert_int_equal(leaving_prepare(&asked.visit, &asked.values), STATUS_OK);

    struct bytes leaving = asked_value(&asked, "leaving");
    assert_int_equal(peek_list(leaving, &reader), 8);
    struct bytes title = field_of(leaving, "title");
    struct bytes context = field_of(leaving, "context");
    struct bytes wish = field_of(leaving, "wish");
    assert_true(is(title, "free") && is(title, "there"));
    assert_true(bytes_equal_str(peek_text_in(title, "text"), "水渠"));
    assert_true(is(context, "there") && !is(context, "free"));
    assert_true(peek_text_in(context, "why").len > 0);
    assert_true(!is(wish, "there") && is(wish, "here"));
    assert_true(
        bytes_equal_str(peek_text_in(field_of(leaving, "parties"), "text"), "张某"));
    form_deinit(&asked.visit.form);
    asked_deinit(&asked);
    buf_deinit(&result);
}

static void a_consent_is_told_with_its_proof(void **state)
{
    struct buf result = {0};
    struct asked asked;
    (void)state;
    write_case(&result);
    asked_init(&asked, "case", &result);
    assert_int_equal(leaving_prepare(&asked.visit, &asked.values), STATUS_OK);
    struct bytes consents = asked_value(&asked, "consents");
    struct bytes consent = asked_element(consents, 1);
    assert_true(bytes_equal_str(peek_text_in(consent, "proof"), "3号"));
    assert_int_equal(peek_text_in(asked_element(consents, 2), "proof").len, 0);
    consent = asked_element(consents, 0);
    assert_true(bytes_equal_str(peek_text_in(consent, "proof"), "何某"));
    struct bytes fields = peek_in(consent, "fields");
    assert_true(bytes_equal_str(peek_text(asked_element(fields, 0)), "标题"));
    /* A file that is here no more is called as the consent calls it. */
    assert_true(bytes_equal_str(peek_text(asked_element(fields, 1)), "file:00"));
    asked_deinit(&asked);
    buf_deinit(&result);
}

/* It stands in the consent by the op that attached it, and on the screen by its name. */
static void a_file_that_was_consented_to_is_called_by_its_name(void **state)
{
    const struct id other = {{1}}, files_op = {{2}};
    char word[CONSENT_FILE_SIZE];
    struct buf result = {0}, answer = {0};
    struct asked asked;
    (void)state;
    escalation_file_word(word, &files_op);
    pack_map(&result, 1);
    pack_str(&result, "view");
    pack_map(&result, 1);
    pack_str(&result, "consents");
    pack_array(&result, 1);
    pack_map(&result, 1);
    pack_str(&result, "fields");
    pack_array(&result, 2);
    pack_str(&result, word);
    pack_str(&result, "file:00");
    asked_init(&asked, "case", &result);
    asked.screen.calls[1] = (struct screen_call){"files", "method", "", true};
    pack_map(&answer, 1);
    pack_str(&answer, "files");
    pack_array(&answer, 3);
    pack_map(&answer, 1); /* one whose op is not told */
    pack_str(&answer, "name");
    pack_str(&answer, "无主.jpg");
    pack_map(&answer, 2);
    pack_str(&answer, "name");
    pack_str(&answer, "别的.jpg");
    pack_str(&answer, "op");
    pack_bin(&answer, other.bytes, ID_SIZE);
    pack_map(&answer, 2);
    pack_str(&answer, "name");
    pack_str(&answer, "水渠.jpg");
    pack_str(&answer, "op");
    pack_bin(&answer, files_op.bytes, ID_SIZE);
    struct buf *out = &asked.visit.answers[2];
    pack_array(out, 3);
    pack_uint(out, 3);
    pack_str(out, "OK");
    buf_append(out, &answer);

    assert_int_equal(leaving_prepare(&asked.visit, &asked.values), STATUS_OK);

    struct bytes consent = asked_element(asked_value(&asked, "consents"), 0);
    struct bytes fields = peek_in(consent, "fields");
    assert_true(bytes_equal_str(peek_text(asked_element(fields, 0)), "水渠.jpg"));
    assert_true(bytes_equal_str(peek_text(asked_element(fields, 1)), "file:00"));
    asked_deinit(&asked);
    buf_deinit(&answer);
    buf_deinit(&result);
}

static void the_preview_leaves_out_nothing_but_what_the_template_says(void **state)
{
    struct buf result = {0}, answer = {0};
    struct asked asked;
    struct pack_reader reader;
    (void)state;
    write_case(&result);
    asked_init(&asked, "case", &result);
    asked.screen.calls[1] = (struct screen_call){"preview", "method", "", true};
    pack_map(&answer, 2);
    pack_str(&answer, "extra");
    pack_map(&answer, 4);
    pack_str(&answer, "danger-reason");
    pack_str(&answer, "有人受伤");
    pack_str(&answer, "onward");
    pack_str(&answer, "ask");
    pack_str(&answer, "reason");
    pack_str(&answer, "跨村");
    pack_str(&answer, "strange");
    pack_str(&answer, "x");
    pack_str(&answer, "fields");
    pack_map(&answer, 1);
    pack_str(&answer, "title");
    pack_str(&answer, "水渠");
    struct buf *out = &asked.visit.answers[2];
    pack_array(out, 3);
    pack_uint(out, 3);
    pack_str(out, "OK");
    buf_append(out, &answer);

    assert_int_equal(leaving_prepare(&asked.visit, &asked.values), STATUS_OK);

    struct bytes goes = asked_element(asked_value(&asked, "goes"), 0);
    assert_true(bytes_equal_str(peek_text_in(goes, "label"), "标题"));
    struct bytes beside = asked_value(&asked, "beside");
    assert_int_equal(peek_list(beside, &reader), 3);
    assert_true(
        bytes_equal_str(peek_text_in(asked_element(beside, 2), "label"), "strange"));
    asked_deinit(&asked);
    buf_deinit(&answer);
    buf_deinit(&result);
}

static void without_a_case_nothing_is_said(void **state)
{
    struct buf result = {0};
    struct asked asked;
    (void)state;
    write_case(&result);
    asked_init(&asked, "other", &result);
    assert_int_equal(leaving_prepare(&asked.visit, &asked.values), STATUS_OK);
    assert_int_equal(asked_value(&asked, "leaving").len, 0);
    asked_deinit(&asked);
    buf_deinit(&result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_every_party_consented_to_is_free),
        cmocka_unit_test(a_consent_is_told_with_its_proof),
        cmocka_unit_test(a_file_that_was_consented_to_is_called_by_its_name),
        cmocka_unit_test(the_preview_leaves_out_nothing_but_what_the_template_says),
        cmocka_unit_test(without_a_case_nothing_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
