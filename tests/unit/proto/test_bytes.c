/* Borrowed bytes, hex, and a look into a map. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "proto/bytes.h"
#include "proto/pack_map.h"

static void bytes_are_in_the_order_of_a_dictionary(void **state)
{
    static const char *const words[] = {"", "a", "aa", "ab", "b"};
    (void)state;
    for (int i = 0; i < 5; i++)
        for (int k = 0; k < 5; k++) {
            int order = bytes_compare(bytes_str(words[i]), bytes_str(words[k]));
            assert_int_equal((order > 0) - (order < 0), (i > k) - (i < k));
            assert_int_equal(bytes_equal_str(bytes_str(words[i]), words[k]), i == k);
        }
}

static void hex_is_read_back_and_nothing_else_is(void **state)
{
    static const char *const bad[] = {"",       "0",      "00112",  "001122ff", "0011g2",
                                      "/01122", "00112:", "00112`", "00112@",   "G01122"};
    uint8_t bytes[3] = {0x00, 0xab, 0xff}, back[3];
    char text[2 * sizeof(bytes) + 1];
    (void)state;
    hex_encode(text, bytes, sizeof(bytes));
    assert_string_equal(text, "00abff");
    assert_true(hex_decode(back, sizeof(back), text));
    assert_memory_equal(back, bytes, sizeof(bytes));
    assert_true(hex_decode(back, sizeof(back), "00ABfF"));
    assert_memory_equal(back, bytes, sizeof(bytes));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_false(hex_decode(back, sizeof(back), bad[i]));
}

static void what_has_failed_stays_so_whatever_is_appended(void **state)
{
    struct buf failed = {.failed = true}, whole = {0};
    (void)state;
    buf_add(&whole, "a", 1);
    buf_append(&failed, &whole);
    assert_int_equal(buf_status(&failed), STATUS_NO_MEMORY);
    assert_int_equal(failed.len, 0);
    buf_deinit(&whole);
}

static void a_text_is_taken_apart_at_a_mark(void **state)
{
    struct bytes left = bytes_str("a, bc, ");
    (void)state;
    assert_true(bytes_equal_str(bytes_take(&left, ", "), "a"));
    assert_true(bytes_equal_str(bytes_take(&left, ", "), "bc"));
    assert_int_equal(left.len, 0);
    assert_true(bytes_equal_str(bytes_take(&left, ", "), ""));
    left = bytes_str("no mark");
    assert_true(bytes_equal_str(bytes_take(&left, ", "), "no mark"));
    assert_int_equal(left.len, 0);
}

static void what_was_wiped_is_empty(void **state)
{
    struct buf buf = {0};
    (void)state;
    buf_wipe(&buf); /* there was nothing */
    buf_add(&buf, "secret", 6);
    buf_wipe(&buf);
    assert_null(buf.data);
    assert_int_equal(buf.len, 0);
}

static void a_map_gives_the_value_of_a_name_or_nothing(void **state)
{
    static const struct {
        const char *hex;
        bool is_found;
    } rows[] = {
        {"82a16101a16202", true},
        {"81a16202", true},
        {"81a16101", false},
        {"80", false},
        {"91a162", false},
        {"82a16101a162", false},
        {"82a161c1a16202", false},
        {"820101a16202", false},
        {"", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        uint8_t map[16];
        size_t len = strlen(rows[i].hex) / 2;
        struct bytes value;
        assert_true(hex_decode(map, len, rows[i].hex));
        bool is_found = pack_map_find(bytes_of(map, len), "b", 0, &value);
        assert_int_equal(is_found, rows[i].is_found);
        assert_true(!is_found || (value.len == 1 && value.data[0] == 2));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_are_in_the_order_of_a_dictionary),
        cmocka_unit_test(hex_is_read_back_and_nothing_else_is),
        cmocka_unit_test(what_has_failed_stays_so_whatever_is_appended),
        cmocka_unit_test(a_text_is_taken_apart_at_a_mark),
        cmocka_unit_test(what_was_wiped_is_empty),
        cmocka_unit_test(a_map_gives_the_value_of_a_name_or_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
