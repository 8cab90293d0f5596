/* A map that is put together in any order, and what is looked for in answers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "node/page/pairs.h"
#include "node/page/peek.h"
#include "proto/pack.h"

static void a_map_is_canonical_whatever_the_order(void **state)
{
    struct pairs pairs = {0};
    struct buf out = {0};
    (void)state;
    pairs_text(&pairs, "title", bytes_str("甲"));
    pairs_flag(&pairs, "a", true);
    pairs_uint(&pairs, "number", 300);
    pairs_bin(&pairs, "bin", bytes_of("\0\1", 2));
    pairs_raw(&pairs, "aa", bytes_of("\xc0", 1));
    assert_int_equal(pairs_pack(&pairs, &out), STATUS_OK);
    assert_int_equal(pack_check(buf_bytes(&out), NULL), STATUS_OK);
    assert_true(bytes_equal_str(peek_text_in(buf_bytes(&out), "title"), "甲"));
    assert_int_equal(peek_bin(peek_in(buf_bytes(&out), "bin")).len, 2);
    assert_int_equal(peek_in(buf_bytes(&out), "aa").len, 1);
    buf_deinit(&out);
    pairs_deinit(&pairs);
    assert_int_equal(pairs.len, 0);
}

static void a_second_value_takes_the_place_of_the_first(void **state)
{
    struct pairs pairs = {0};
    struct buf out = {0};
    (void)state;
    pairs_text(&pairs, "a", bytes_str("first"));
    pairs_text(&pairs, "b", bytes_str("other"));
    pairs_text(&pairs, "a", bytes_str("second"));
    assert_true(pairs_has(&pairs, "a"));
    assert_false(pairs_has(&pairs, "c"));
    assert_int_equal(pairs_pack(&pairs, &out), STATUS_OK);
    assert_true(bytes_equal_str(peek_text_in(buf_bytes(&out), "a"), "second"));
    assert_true(bytes_equal_str(peek_text_in(buf_bytes(&out), "b"), "other"));
    buf_deinit(&out);
    pairs_deinit(&pairs);
}

static void one_too_many_or_too_long_is_no_map(void **state)
{
    struct pairs pairs = {0};
    struct buf out = {0};
    char name[PAIR_NAME_MAX + 2];
    (void)state;
    for (int i = 0; i < PAIRS_MAX; i++) {
        (void)snprintf(name, sizeof(name), "%d", i);
        pairs_flag(&pairs, name, true);
    }
    pairs_flag(&pairs, "0", false); /* it is there */
    assert_int_equal(pairs_pack(&pairs, &out), STATUS_OK);
    pairs_flag(&pairs, "one more", true);
    assert_int_equal(pairs_pack(&pairs, &out), STATUS_NO_MEMORY);
    pairs_deinit(&pairs);

    memset(name, 'n', PAIR_NAME_MAX + 1);
    name[PAIR_NAME_MAX + 1] = '\0';
    pairs_uint(&pairs, name + 1, 1);
    assert_false(pairs.memory.failed);
    pairs_uint(&pairs, name, 1);
    assert_true(pairs.memory.failed);
    pairs_deinit(&pairs);
    buf_deinit(&out);
}

static void what_is_missing_or_another_type_reads_as_empty(void **state)
{
    struct buf list = {0};
    struct pack_reader reader;
    struct bytes none = {0}, seven = bytes_of("\x07", 1), cut = bytes_of("\xa5", 1);
    (void)state;
    assert_int_equal(peek_text(none).len + peek_text(seven).len + peek_text(cut).len, 0);
    assert_int_equal(peek_bin(none).len + peek_bin(seven).len, 0);
    assert_int_equal(peek_in(none, "a").len + peek_in(seven, "a").len, 0);
    assert_int_equal(peek_list(none, &reader) + peek_list(seven, &reader), 0);
    assert_int_equal(peek_list(cut, &reader), 0);
    assert_int_equal(peek_next(&reader).len, 0);
    pack_array(&list, 2);
    pack_str(&list, "x");
    pack_map(&list, 1);
    pack_str(&list, "k");
    pack_nil(&list);
    assert_int_equal(peek_list(buf_bytes(&list), &reader), 2);
    assert_true(bytes_equal_str(peek_text(peek_next(&reader)), "x"));
    assert_int_equal(peek_list(peek_next(&reader), &reader), 1);
    assert_true(bytes_equal_str(peek_text(peek_next(&reader)), "k"));
    buf_deinit(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_map_is_canonical_whatever_the_order),
        cmocka_unit_test(a_second_value_takes_the_place_of_the_first),
        cmocka_unit_test(one_too_many_or_too_long_is_no_map),
        cmocka_unit_test(what_is_missing_or_another_type_reads_as_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
