/* Results as JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "proto/json.h"
#include "proto/pack.h"

static void expect(struct buf *value, const char *json)
{
    struct buf out = {0};
    enum status status = json_add(&out, buf_bytes(value));
    assert_int_equal(status, STATUS_OK);
    buf_add_u8(&out, '\0');
    assert_string_equal((const char *)out.data, json);
    buf_deinit(&out);
    buf_deinit(value);
}

static void every_type_has_a_form(void **state)
{
    (void)state;
    struct buf value = {0};
    pack_map(&value, 6);
    pack_str(&value, "a");
    pack_array(&value, 2);
    pack_nil(&value);
    pack_array(&value, 0);
    pack_str(&value, "b");
    pack_bool(&value, true);
    pack_str(&value, "c");
    pack_uint(&value, UINT64_MAX);
    pack_str(&value, "d");
    buf_add_u8(&value, 0xff);
    pack_str(&value, "e");
    pack_bin(&value, "\x00\xff\x1b", 3);
    pack_str(&value, "f");
    pack_map(&value, 0);

    expect(&value, "{\"a\":[null,[]],\"b\":true,\"c\":18446744073709551615,\"d\":-1,"
                   "\"e\":\"00ff1b\",\"f\":{}}");
}

static void quotes_and_backslashes_are_escaped(void **state)
{
    (void)state;
    struct buf value = {0};
    pack_str(&value, "say \"so\" \\ on\ntwo\tlines");

    expect(&value, "\"say \\\"so\\\" \\\\ on\\ntwo\\u0009lines\"");
}

/* Row M4: JSON on a terminal is harmless too, and its reader gets the text as written. */
static void M4_terminal_escapes_and_bidi_overrides_are_escaped(void **state)
{
    (void)state;
    struct buf value = {0};
    pack_str(&value, "\x1b[31m\xe2\x80\xae\xc2\x9b\x7f\xf3\xa0\x80\x81张");

    expect(&value, "\"\\u001b[31m\\u202e\\u009b\\u007f\\udb40\\udc01张\"");
}

static void texts_that_are_none_become_a_mark_and_false_is_a_word(void **state)
{
    struct buf out = {0}, value = {0};
    (void)state;
    json_add_text(&out, bytes_of("a\xff\xc3", 3));
    buf_add_u8(&out, '\0');
    assert_string_equal((const char *)out.data, "\"a\\ufffd\\ufffd\"");
    buf_deinit(&out);
    pack_bool(&value, false);
    expect(&value, "false");
}

static void a_value_that_is_not_canonical_is_refused(void **state)
{
    (void)state;
    struct buf out = {0};
    static const uint8_t longer[] = {0xcc, 0x01};
    static const uint8_t real[] = {0xca, 0, 0, 0, 0};
    static const uint8_t cut[] = {0x92, 0x01};

    assert_int_equal(json_add(&out, bytes_of(longer, 2)), STATUS_INVALID);
    assert_int_equal(json_add(&out, bytes_of(real, 5)), STATUS_INVALID);
    assert_int_equal(json_add(&out, bytes_of(cut, 2)), STATUS_INVALID);

    assert_int_equal(out.len, 0);
    buf_deinit(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_type_has_a_form),
        cmocka_unit_test(quotes_and_backslashes_are_escaped),
        cmocka_unit_test(M4_terminal_escapes_and_bidi_overrides_are_escaped),
        cmocka_unit_test(texts_that_are_none_become_a_mark_and_false_is_a_word),
        cmocka_unit_test(a_value_that_is_not_canonical_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
