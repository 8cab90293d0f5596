/* The gate in front of msgpack-c: what is canonical passes, everything else is refused
 * before anything is allocated. Rows M1 and M2 of the bad inputs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/limits.h"
#include "proto/pack.h"

static enum status check_hex(const char *hex)
{
    uint8_t bytes[512];
    size_t len = strlen(hex) / 2;
    assert_true(len <= sizeof(bytes));
    assert_true(hex_decode(bytes, len, hex));
    return pack_check(bytes_of(bytes, len), NULL);
}

static void canonical_values_pass(void **state)
{
    static const char *const good[] = {
        "00",
        "7f",
        "cc80",
        "ccff",
        "cd0100",
        "ce00010000",
        "cf0000000100000000",
        "ff",
        "e0",
        "d0df",
        "d080",
        "d1ff7f",
        "d2ffff7fff",
        "d3ffffffff7fffffff",
        "c0",
        "c2",
        "c3",
        "a0",
        "a161",
        "a3e69eab",
        "a3ed9fbf",
        "a3ee8080",
        "a4f48fbfbf",
        "c400",
        "c40101",
        "90",
        "93010203",
        "80",
        "81a16101",
        "82a16101a16202",
        "82a16101a2616101",
    };
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        if (check_hex(good[i]) != STATUS_OK)
            fail_msg("%s was refused", good[i]);
}

static void M2_other_forms_are_refused(void **state)
{
    static const char *const bad[] = {
        "",
        "cc7f",
        "cd00ff",
        "ce0000ffff",
        "cf00000000ffffffff",
        "d0e0",
        "d1ff80",
        "d2ffff8000",
        "d3ffffffff80000000",
        "d000",
        "d10001",
        "c1",
        "ca3f800000",
        "cb3ff0000000000000",
        "c70100",
        "c800010000",
        "c9000000010000",
        "d40000",
        "d5000000",
        "d8",
        "d90161",
        "da000161",
        "db0000000161",
        "c5000101",
        "c60000000101",
        "dc000101",
        "dd0000000101",
        "de0001a16101",
        "df00000001a16101",
        "82a16201a16102",
        "82a16101a16102",
        "810101",
        "a100",
        "a2c080",
        "a3e08080",
        "a3eda080",
        "a3edbfbf",
        "a4f0808080",
        "a4f4908080",
        "a1ff",
        "a2c3",
        "0000",
        "9101ff",
        "a2e69e",
        "81c4016101",
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        if (check_hex(bad[i]) == STATUS_OK)
            fail_msg("%s was let through", bad[i]);
}

static void M1_counts_that_the_bytes_cannot_hold_are_refused(void **state)
{
    static const char *const bad[] = {"ddffffffff", "dfffffffff", "c6ffffffff",
                                      "dbffffffff", "dcffff",     "deffff",
                                      "9f",         "8f",         "bf"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(check_hex(bad[i]), STATUS_INVALID);
}

static void M1_nesting_is_bounded_from_9_levels_to_a_million(void **state)
{
    static const size_t depths[] = {8, 9, 100, 1000000};
    for (size_t i = 0; i < 4; i++) {
        uint8_t *bytes = malloc(depths[i] + 1);
        assert_non_null(bytes);
        memset(bytes, 0x91, depths[i]);
        bytes[depths[i]] = 0;

        enum status status = pack_check(bytes_of(bytes, depths[i] + 1), NULL);

        assert_int_equal(status, i == 0 ? STATUS_OK : STATUS_INVALID);
        free(bytes);
    }
}

static void M1_64_KiB_of_nested_long_arrays_are_refused(void **state)
{
    uint8_t *bytes = malloc(65536);
    assert_non_null(bytes);
    for (size_t i = 0; i + 2 < 65536; i += 3)
        memcpy(bytes + i, "\xdc\xff\xff", 3);
    bytes[65535] = 0;

    assert_int_equal(pack_check(bytes_of(bytes, 65536), NULL), STATUS_INVALID);

    free(bytes);
}

static void what_is_written_is_read_back(void **state)
{
    static const uint64_t numbers[] = {
        0,         1,     127,   128,        255,
        256,       65535, 65536, UINT32_MAX, (uint64_t)UINT32_MAX + 1,
        UINT64_MAX};
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        struct buf buf = {0};
        pack_uint(&buf, numbers[i]);
        assert_int_equal(pack_check(buf_bytes(&buf), NULL), STATUS_OK);
        struct pack_reader reader = pack_reader_of(buf_bytes(&buf));
        uint64_t back;
        assert_int_equal(pack_read_uint(&reader, &back, NULL), STATUS_OK);
        assert_true(back == numbers[i]);
        buf_deinit(&buf);
    }
    static const size_t lengths[] = {0, 31, 32, 255, 256, 65535, 65536};
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        char *text = malloc(lengths[i] + 1);
        assert_non_null(text);
        memset(text, 'x', lengths[i]);
        struct buf buf = {0};
        pack_str_bytes(&buf, bytes_of(text, lengths[i]));
        pack_bin(&buf, text, lengths[i]);
        struct pack_reader reader = pack_reader_of(buf_bytes(&buf));
        struct bytes back;
        assert_int_equal(pack_read_str(&reader, &back, NULL), STATUS_OK);
        assert_int_equal(back.len, lengths[i]);
        assert_int_equal(pack_read_bin(&reader, &back, NULL), STATUS_OK);
        assert_int_equal(back.len, lengths[i]);
        assert_true(pack_at_end(&reader));
        buf_deinit(&buf);
        free(text);
    }
}

/* Every two-byte and every three-byte input: no crash, and what passes is canonical, that
 * is, writing it again gives the same bytes for numbers. */
/* Text is looked at several bytes at a time. */
static void M2_a_byte_of_text_is_judged_alike_wherever_it_stands(void **state)
{
    (void)state;
    static const char letter[] = "\xe9\x82\xbb"; /* 邻 */
    char text[40];
    for (size_t at = 0; at < sizeof(text); at++) {
        for (int byte = 0; byte < 256; byte++) {
            memset(text, byte % 2 == 0 ? 'x' : 0x01, sizeof(text));
            text[at] = (char)byte;
            assert_int_equal(utf8_is_valid(bytes_of(text, sizeof(text))),
                             byte > 0 && byte < 0x80);
        }
        memset(text, 'x', sizeof(text));
        size_t len = sizeof(text) - at < 3 ? sizeof(text) - at : 3;
        memcpy(text + at, letter, len);
        assert_int_equal(utf8_is_valid(bytes_of(text, sizeof(text))), len == 3);
    }
}

static void M2_characters_come_one_by_one_and_what_is_none_as_fffd(void **state)
{
    static const uint32_t wanted[] = {'a',    0xe9,   0x6c34, 0x20000, 0,
                                      0xfffd, 0xfffd, 'b',    0xfffd};
    struct bytes text = bytes_of("a\xc3\xa9\xe6\xb0\xb4\xf0\xa0\x80\x80\0\xff\xc0"
                                 "b\xe6",
                                 15);
    uint32_t character;
    (void)state;
    for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
        assert_true(utf8_next(&text, &character));
        assert_int_equal(character, wanted[i]);
    }
    assert_false(utf8_next(&text, &character));
}

/* The first and last of each kind, and what stands beside them. */
static void what_acts_on_its_surroundings_is_told_from_what_is_written(void **state)
{
    static const uint32_t active[] = {
        0,      '\n',   0x1b,   0x1f,   0x7f,    0x9b,    0x9f,    0xad,
        0x34f,  0x61c,  0x115f, 0x1160, 0x17b4,  0x17b5,  0x180b,  0x180f,
        0x200b, 0x200f, 0x2028, 0x202e, 0x2060,  0x2066,  0x206f,  0x3164,
        0xfeff, 0xffa0, 0xfff0, 0xfffb, 0x1d173, 0x1d17a, 0xe0000, 0xe0fff};
    static const uint32_t written[] = {
        ' ',     '~',     0xa0,    0xac,    0xae,    0xe9,   0x34e,  0x350,
        0x61b,   0x61d,   0x115e,  0x1161,  0x17b3,  0x17b6, 0x180a, 0x1810,
        0x200a,  0x2010,  0x2027,  0x202f,  0x205f,  0x2070, 0x3163, 0x3165,
        0x6c34,  0xfefe,  0xff00,  0xff9f,  0xffa1,  0xffef, 0xfffd, 0x1d172,
        0x1d17b, 0x20000, 0xdffff, 0xe1000, 0x10ffff};
    (void)state;
    for (size_t i = 0; i < sizeof(active) / sizeof(active[0]); i++)
        assert_true(utf8_is_active(active[i]));
    for (size_t i = 0; i < sizeof(written) / sizeof(written[0]); i++)
        assert_false(utf8_is_active(written[i]));
}

static void every_short_input_gets_an_answer(void **state)
{
    size_t passed = 0;
    for (uint32_t n = 0; n < 1u << 24; n += 1) {
        uint8_t bytes[3] = {(uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n};
        if (pack_check(bytes_of(bytes, 3), NULL) != STATUS_OK)
            continue;
        passed++;
        struct pack_reader reader = pack_reader_of(bytes_of(bytes, 3));
        uint64_t number;
        if (pack_read_uint(&reader, &number, NULL) == STATUS_OK)
            assert_true(number > 255 && number < 65536);
    }
    assert_true(passed > 65000 && passed < 1u << 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(canonical_values_pass),
        cmocka_unit_test(M2_other_forms_are_refused),
        cmocka_unit_test(M1_counts_that_the_bytes_cannot_hold_are_refused),
        cmocka_unit_test(M1_nesting_is_bounded_from_9_levels_to_a_million),
        cmocka_unit_test(M1_64_KiB_of_nested_long_arrays_are_refused),
        cmocka_unit_test(what_is_written_is_read_back),
        cmocka_unit_test(M2_a_byte_of_text_is_judged_alike_wherever_it_stands),
        cmocka_unit_test(M2_characters_come_one_by_one_and_what_is_none_as_fffd),
        cmocka_unit_test(what_acts_on_its_surroundings_is_told_from_what_is_written),
        cmocka_unit_test(every_short_input_gets_an_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
