/* Outcomes, and the sentences that come with them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "proto/err.h"
#include "proto/pack.h"

static void each_status_has_a_name_that_leads_back_and_a_text(void **state)
{
    (void)state;
    for (enum status status = STATUS_OK; status <= STATUS_NO_MEMORY; status++) {
        assert_int_equal(status_from_name(status_name(status)), status);
        assert_true(strlen(status_text(status)) > 0);
    }
}

static void an_unknown_status_reads_as_invalid(void **state)
{
    enum status beyond = STATUS_NO_MEMORY + 1;
    (void)state;
    assert_int_equal(status_from_name("PLEASED"), STATUS_INVALID);
    assert_string_equal(status_name(beyond), "INVALID");
    assert_string_equal(status_text(beyond), "unknown");
}

static void a_refusal_is_told_in_its_own_words_or_in_those_of_its_status(void **state)
{
    struct err err = {0};
    (void)state;
    assert_string_equal(err_text(NULL, STATUS_DENIED), status_text(STATUS_DENIED));
    assert_string_equal(err_text(&err, STATUS_DENIED), status_text(STATUS_DENIED));
    assert_int_equal(err_set(NULL, STATUS_FULL, "%d", 1), STATUS_FULL);

    assert_int_equal(err_set(&err, STATUS_DENIED, "%s has not been asked", "李某"),
                     STATUS_DENIED);

    assert_int_equal(err.status, STATUS_DENIED);
    assert_string_equal(err_text(&err, STATUS_DENIED), "李某 has not been asked");
}

static void a_sentence_that_is_too_long_is_cut(void **state)
{
    struct err err = {0};
    char text[ERR_TEXT_MAX + 10];
    (void)state;
    memset(text, 'a', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    assert_int_equal(err_set(&err, STATUS_INVALID, "%s", text), STATUS_INVALID);
    assert_int_equal(strlen(err.text), ERR_TEXT_MAX - 1);
}

/* A precision counts bytes, and our own end does too. */
static void a_sentence_is_whole_characters(void **state)
{
    (void)state;
    struct err err = {0};
    (void)err_set(&err, STATUS_INVALID, "no file %.*s there", 4, "水沟");
    assert_string_equal(err.text, "no file 水? there");
    (void)err_set(&err, STATUS_INVALID, "%s", "水\xef\xbf\xbd沟");
    assert_string_equal(err.text, "水\xef\xbf\xbd沟");
    char text[ERR_TEXT_MAX + 4] = "";
    for (int i = 0; i < ERR_TEXT_MAX; i += 3)
        memcpy(text + i, "沟", 3);
    (void)err_set(&err, STATUS_INVALID, "%s", text);
    assert_true(utf8_is_valid(bytes_str(err.text)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sentence_is_whole_characters),
        cmocka_unit_test(each_status_has_a_name_that_leads_back_and_a_text),
        cmocka_unit_test(an_unknown_status_reads_as_invalid),
        cmocka_unit_test(a_refusal_is_told_in_its_own_words_or_in_those_of_its_status),
        cmocka_unit_test(a_sentence_that_is_too_long_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
