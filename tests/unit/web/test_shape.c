/* How a value is shown: days of UTC+8, digits, sizes, and parts of addresses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "node/web/shape.h"

static struct pack_item number(uint64_t value)
{
    return (struct pack_item){.type = PACK_UINT, .number = value};
}

static struct pack_item text(const char *value)
{
    return (struct pack_item){.type = PACK_STR, .bytes = bytes_str(value)};
}

static struct pack_item bin(const void *data, size_t len)
{
    return (struct pack_item){.type = PACK_BIN, .bytes = bytes_of(data, len)};
}

static void assert_shape(const char *shape, struct pack_item item, const char *wanted)
{
    struct buf out = {0};
    assert_true(shape_add(&out, bytes_str(shape), &item));
    buf_add_u8(&out, '\0');
    assert_string_equal((const char *)out.data, wanted);
    buf_deinit(&out);
}

static void a_moment_is_a_day_of_the_village(void **state)
{
    static const struct {
        uint64_t wall;
        const char *day, *time;
    } rows[] = {
        {1, "1970-01-01", "1970-01-01 08:00"},
        {57599, "1970-01-01", "1970-01-01 23:59"},
        {57600, "1970-01-02", "1970-01-02 00:00"},
        {951753600, "2000-02-29", "2000-02-29 00:00"},
        {951839999, "2000-02-29", "2000-02-29 23:59"},
        {951840000, "2000-03-01", "2000-03-01 00:00"},
        {1709136000, "2024-02-29", "2024-02-29 00:00"},
        {1798646399, "2026-12-30", "2026-12-30 23:59"},
        {4107513599, "2100-02-28", "2100-02-28 23:59"},
        {4107513600, "2100-03-01", "2100-03-01 00:00"}, /* no leap year */
        {253402271999u, "9999-12-31", "9999-12-31 23:59"},
        {253402272000u, "", ""}, /* and no year of five digits */
        {UINT64_MAX, "", ""},
        {0, "", ""}, /* unknown */
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_shape("day", number(rows[i].wall), rows[i].day);
        assert_shape("time", number(rows[i].wall), rows[i].time);
    }
}

static void bytes_are_digits_and_part_of_an_address(void **state)
{
    static const uint8_t id[] = {0x00, 0xab, 0x01, 0xff, 0x7e};
    (void)state;
    assert_shape("hex", bin(id, sizeof(id)), "00ab01ff7e");
    assert_shape("short", bin(id, sizeof(id)), "00ab01ff");
    assert_shape("short", bin(id, 2), "00ab");
    assert_shape("url", bin(id, sizeof(id)), "00ab01ff7e");
    assert_shape("url", number(UINT64_MAX), "18446744073709551615");
    assert_shape("url", text("aZ09-_.~ &=/\"甲"), "aZ09-_.~%20%26%3D%2F%22%E7%94%B2");
}

static void a_size_is_rounded_up(void **state)
{
    (void)state;
    assert_shape("size", number(0), "0 KB");
    assert_shape("size", number(1), "1 KB");
    assert_shape("size", number(1024), "1 KB");
    assert_shape("size", number(1025), "2 KB");
    assert_shape("size", number(1048575), "1024 KB");
    assert_shape("size", number(1048577), "2 MB");
}

static void what_is_of_another_type_shows_nothing(void **state)
{
    static const char *const shapes[] = {"",      "day", "time", "hex",
                                         "short", "url", "size"};
    struct pack_item nil = {.type = PACK_NIL}, list = {.type = PACK_ARRAY};
    struct buf out = {0};
    (void)state;
    for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
        assert_shape(shapes[i], nil, "");
        assert_shape(shapes[i], list, "");
    }
    assert_shape("day", text("2026-11-30"), "");
    assert_shape("size", text("7"), "");
    assert_shape("hex", text("ab"), "");
    assert_shape("", bin("ab", 2), "");
    assert_false(shape_add(&out, bytes_str("poem"), &nil));
    assert_int_equal(out.len, 0);
}

static void a_word_is_said_in_the_language_of_the_page(void **state)
{
    struct pack_item word = text("due today"), other = text("<b>"), seven = number(7);
    struct buf out = {0};
    (void)state;
    shape_word(&out, LANGUAGE_ZH_CN, bytes_str("due-state"), &word);
    buf_add_u8(&out, '|');
    shape_word(&out, LANGUAGE_EN, bytes_str("due-state"), &word);
    buf_add_u8(&out, '|');
    shape_word(&out, LANGUAGE_EN, bytes_str("due-state"), &other);
    buf_add_u8(&out, '|');
    shape_word(&out, LANGUAGE_EN, bytes_str("due-state"), &seven);
    buf_add_u8(&out, '\0');
    assert_string_equal((const char *)out.data, "今天到期|due today|&lt;b&gt;|7");
    buf_deinit(&out);
}

static void M4_a_sentence_that_holds_what_a_person_wrote_is_escaped(void **state)
{
    struct pack_item sentence = text("there is no case <b>\" here"), seven = number(7);
    struct buf out = {0};
    (void)state;
    shape_say(&out, LANGUAGE_ZH_CN, &sentence);
    shape_say(&out, LANGUAGE_ZH_CN, &seven);
    buf_add_u8(&out, '\0');
    assert_string_equal((const char *)out.data, "这里没有这个案件：&lt;b&gt;&quot;。");
    buf_deinit(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_moment_is_a_day_of_the_village),
        cmocka_unit_test(bytes_are_digits_and_part_of_an_address),
        cmocka_unit_test(a_size_is_rounded_up),
        cmocka_unit_test(what_is_of_another_type_shows_nothing),
        cmocka_unit_test(a_word_is_said_in_the_language_of_the_page),
        cmocka_unit_test(M4_a_sentence_that_holds_what_a_person_wrote_is_escaped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
