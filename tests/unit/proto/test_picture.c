/* What is left of a picture, and which ones are refused. Real files, and what other
 * programs find in the cleaned ones: tests/e2e/picture.mjs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "proto/picture.h"

/* A file being built: hex digits, and spaces that mean nothing. */
static struct buf file;

static void add(const char *hex)
{
    for (; *hex != '\0'; hex += *hex == ' ' ? 1 : 2) {
        char digits[3] = {hex[0], hex[1], '\0'};
        uint8_t byte;
        if (*hex == ' ')
            continue;
        assert_true(hex_decode(&byte, 1, digits));
        buf_add_u8(&file, byte);
    }
}

static void add_zeros(size_t len)
{
    for (size_t i = 0; i < len; i++)
        buf_add_u8(&file, 0);
}

static int tear_down(void **state)
{
    (void)state;
    buf_deinit(&file);
    return 0;
}

static struct picture about;

/* The cleaned file; the caller frees. A second cleaning changes nothing. */
static struct buf cleaned(void)
{
    struct buf out = {0}, again = {0};
    struct err err = {0};
    struct picture other;
    enum status status = picture_clean(buf_bytes(&file), &out, &about, &err);
    if (status != STATUS_OK)
        fail_msg("%s", err_text(&err, status));
    assert_int_equal(picture_clean(buf_bytes(&out), &again, &other, &err), STATUS_OK);
    assert_true(bytes_equal(buf_bytes(&out), buf_bytes(&again)));
    assert_int_equal(other.orientation, about.orientation);
    assert_int_equal(other.width, about.width);
    assert_int_equal(other.height, about.height);
    assert_string_equal(other.type, about.type);
    buf_deinit(&again);
    return out;
}

static void refused(enum status expected, const char *word)
{
    struct buf out = {0};
    struct err err = {0};
    enum status status = picture_clean(buf_bytes(&file), &out, &about, &err);
    if (status != expected || strstr(err.text, word) == NULL)
        fail_msg("%s instead of %s, and says: %s", status_name(status),
                 status_name(expected), err.text);
    assert_int_equal(picture_clean(buf_bytes(&file), &out, &about, NULL), expected);
    buf_deinit(&out);
    buf_clear(&file);
}

/* --- JPEG --- */

#define SOI "ffd8"
#define JFIF "ffe0 0010 4a46494600 0101 00 0001 0001 00 00"
#define QUANTISER "ffdb 0043 00"
#define FRAME "ffc0 000b 08 0010 0020 01 011100"
#define HUFFMAN "ffc4 0014 00 01000000000000000000000000000000 05"
#define SCAN "ffda 0008 01 0100 003f00"
#define EOI "ffd9"

static void add_tables(void)
{
    add(QUANTISER);
    add_zeros(64);
    add(FRAME HUFFMAN);
}

static void add_rest(void)
{
    add_tables();
    add(SCAN "12ff0034ffd055" EOI);
}

static void a_jpeg_keeps_what_makes_the_picture(void **state)
{
    (void)state;
    buf_clear(&file);
    add(SOI JFIF);
    add_rest();
    struct buf out = cleaned();
    assert_true(bytes_equal(buf_bytes(&out), buf_bytes(&file)));
    assert_string_equal(about.type, "image/jpeg");
    assert_int_equal(about.width, 32);
    assert_int_equal(about.height, 16);
    assert_int_equal(about.orientation, 1);
    buf_deinit(&out);
}

static bool holds(struct bytes in, const char *word)
{
    size_t len = strlen(word);
    for (size_t i = 0; i + len <= in.len; i++)
        if (memcmp(in.data + i, word, len) == 0)
            return true;
    return false;
}

static void a_jpeg_loses_everything_that_tells_of_its_maker(void **state)
{
    (void)state;
    buf_clear(&file);
    add(SOI "ffe0 0014 4a46494600 0102 01 0048 0048 01 01 53454352");    /* a thumbnail */
    add("ffe1 0010 687474703a2f2f53454352455400");                       /* XMP */
    add("ffe0 0008 4a4658580010 ffe0 0004 4a46 ffee 0008 534543524554"); /* JFXX */
    add("ffee 000a 41646f6265 534554");               /* too short to say anything */
    add("ffed 0008 534543524554");                    /* IPTC */
    add("ffe2 0008 534543524554");                    /* a profile */
    add("fffe 0008 534543524554 ffffff");             /* a comment, fill */
    add("ee 0010 41646f6265 0065 5345 4352 01 4554"); /* Adobe, and more */
    add_tables();
    add("fffe 0008 534543524554" SCAN "12" EOI "534543524554"); /* behind the end */
    assert_true(holds(buf_bytes(&file), "SECR"));
    struct buf out = cleaned();
    assert_false(holds(buf_bytes(&out), "SECR"));
    assert_false(holds(buf_bytes(&out), "ET"));

    buf_clear(&file);
    add(SOI JFIF "ffee 000e 41646f6265 0064 0000 0000 01");
    add_tables();
    add(SCAN "12" EOI);
    assert_true(bytes_equal(buf_bytes(&out), buf_bytes(&file)));
    buf_deinit(&out);
}

/* What Exif says of turning, in a JPEG. */
static uint32_t turned(const char *tiff, size_t len)
{
    buf_clear(&file);
    add(SOI "ffe1");
    buf_add_u16(&file, (uint16_t)(8 + len));
    buf_add(&file, "Exif\0", 6);
    add(tiff);
    add_rest();
    struct buf out = cleaned();
    buf_deinit(&out);
    return about.orientation;
}

static void how_a_picture_is_to_be_turned_stays(void **state)
{
    (void)state;
    static const struct {
        const char *tiff;
        uint32_t orientation;
    } rows[] = {
        {"49492a0008000000 0100 1201 0300 01000000 0600 0000 00000000", 6},
        {"4d4d002a00000008 0001 0112 0003 00000001 0008 0000 00000000", 8},
        /* after another entry */
        {"49492a0008000000 0200 0f01 0200 01000000 5a000000 1201 0300 01000000 03000000",
         3},
        {"49492a0008000000 0100 1201 0300 01000000 0900 0000", 1}, /* nonsense */
        {"49492a0008000000 0100 1201 0300 01000000 0000 0000", 1},
        {"49492a0008000000 0100 1201 0400 01000000 0600 0000", 1}, /* another type */
        {"49492a0008000000 0000", 1},
        {"49492a0008000000 0200 0f01 0200 01000000 5a000000", 1}, /* cut short */
        {"49492a00ffffffff 0100", 1},
        {"49492a0008000000", 1},
        {"49492a00", 1},
        {"58582a0008000000 0100", 1},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        size_t len = 0;
        for (const char *c = rows[i].tiff; *c != '\0'; c++)
            len += *c != ' ';
        assert_int_equal(turned(rows[i].tiff, len / 2), rows[i].orientation);
    }
}

static void a_jpeg_with_several_scans_and_fill_bytes_is_one(void **state)
{
    (void)state;
    buf_clear(&file);
    add(SOI);
    add_tables();
    add("ffdd 0004 0001" SCAN "12ff0034" SCAN "56ffff"
        "d9");
    struct buf out = cleaned();
    assert_int_equal(out.len, file.len - 1);
    buf_deinit(&out);
}

/* Progressive: each scan may bring tables of its own. */
static void a_jpeg_with_tables_between_its_scans_keeps_them(void **state)
{
    (void)state;
    buf_clear(&file);
    add(SOI);
    add_tables();
    file.data[2 + 69 + 1] = 0xc2; /* the frame: of a progressive one */
    add(SCAN "12ff0034" HUFFMAN SCAN "56ffd778" HUFFMAN SCAN "9a" EOI);
    struct buf out = cleaned();
    assert_true(bytes_equal(buf_bytes(&out), buf_bytes(&file)));
    buf_deinit(&out);
}

static void a_jpeg_cut_anywhere_is_refused(void **state)
{
    (void)state;
    buf_clear(&file);
    add(SOI JFIF);
    add_rest();
    size_t whole = file.len;
    for (size_t len = 3; len < whole; len++) {
        struct buf out = {0};
        assert_int_equal(picture_clean(bytes_of(file.data, len), &out, &about, NULL),
                         STATUS_INVALID);
        buf_deinit(&out);
    }
}

static void a_jpeg_in_the_wrong_order_is_refused(void **state)
{
    (void)state;
    buf_clear(&file);
    static const struct {
        const char *hex, *word;
    } rows[] = {
        {SOI "ffd9", "too early"},
        {SOI "ff00", "order"},
        {SOI "ffd0", "order"},
        {SOI "ffd8ff", "order"},
        {SOI "ff01", "order"},
        {SOI SCAN "12" EOI, "order"},
        {SOI FRAME FRAME, "two frames"},
        {SOI FRAME EOI, "too early"},
        {SOI FRAME SCAN "12" FRAME, "two frames"},
        {SOI FRAME SCAN "12 ffc40002", "tables"},
        {SOI "ffdd000400011234", "between"},
        {SOI "ffdd0001", "short"},
        {SOI "ffdd00", "short"},
        {SOI "ffff", "short"},
        {SOI FRAME "ffda0002", "scan"},
        {SOI FRAME "ffda000301", "scan"},
        {SOI FRAME "ffda000300", "scan"},
        {SOI FRAME "ffda000305", "scan"},
        {SOI FRAME "ffda000901010000 3f0000", "scan"},
        {SOI "ffc00002", "frame"},
        {SOI "ffc00008 08 0010 0010 00", "frame"},
        {SOI "ffc00008 08 0010 0010 05", "frame"},
        {SOI "ffc0000c 08 0010 0020 01 01110000", "frame"},
        {SOI "ffdb0002", "tables"},
        {SOI "ffdb000400 00", "tables"},
        {SOI "ffc40002", "tables"},
        {SOI "ffc4000400 00", "tables"},
        {SOI "ffc40013 00 01000000000000000000000000000000", "tables"},
        {SOI "ffdd000300", "tables"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        add(rows[i].hex);
        refused(STATUS_INVALID, rows[i].word);
    }
}

static void a_jpeg_of_a_rare_kind_is_named_as_such(void **state)
{
    (void)state;
    buf_clear(&file);
    static const char *const rows[] = {SOI "ffc3000b080010002001011100", /* lossless */
                                       SOI "ffcc00020000", SOI "ff020002",
                                       SOI "ffc0000b0c0010002001011100" /* 12 bits */};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        add(rows[i]);
        refused(STATUS_UNSUPPORTED, "save it anew");
    }
}

static void a_quantiser_of_sixteen_bits_and_two_in_a_segment_are_kept(void **state)
{
    (void)state;
    buf_clear(&file);
    add(SOI "ffdb 00c4 10");
    add_zeros(128);
    add("01");
    add_zeros(64);
    add(FRAME SCAN "12" EOI);
    struct buf out = cleaned();
    assert_int_equal(out.len, file.len);
    buf_deinit(&out);
}

static void a_picture_without_a_size_or_with_too_much_of_it_is_refused(void **state)
{
    (void)state;
    buf_clear(&file);
    add(SOI "ffc0000b08 0000 0010 01 011100");
    refused(STATUS_INVALID, "no size");
    add(SOI "ffc0000b08 0010 0000 01 011100");
    refused(STATUS_INVALID, "no size");
    add(SOI "ffc0000b08 4001 0010 01 011100");
    refused(STATUS_TOO_LARGE, "smaller");
    add(SOI "ffc0000b08 0010 4001 01 011100");
    refused(STATUS_TOO_LARGE, "smaller");
}

/* --- PNG --- */

static uint32_t crc_of(const uint8_t *data, size_t len)
{
    uint32_t crc = UINT32_MAX;
    for (size_t i = 0; i < len; i++)
        for (uint32_t bit = 0, byte = data[i]; bit < 8; bit++, byte >>= 1)
            crc = crc >> 1 ^ (((crc ^ byte) & 1) != 0 ? 0xedb88320u : 0);
    return ~crc;
}

static void chunk(const char *type, const char *hex)
{
    size_t start = file.len;
    buf_add_u32(&file, 0);
    buf_add(&file, type, 4);
    add(hex);
    uint32_t len = (uint32_t)(file.len - start - 8);
    for (int i = 0; i < 4; i++)
        file.data[start + (size_t)i] = (uint8_t)(len >> (24 - 8 * i));
    buf_add_u32(&file, crc_of(file.data + start + 4, len + 4));
}

#define HEADER_GREY "00000020 00000010 08 00 00 00 00"
#define HEADER_COLOUR "00000020 00000010 08 02 00 00 01"
#define HEADER_PALETTE "00000020 00000010 02 03 00 00 00"

static void begin_png(const char *header)
{
    buf_clear(&file);
    buf_add(&file, "\x89PNG\r\n\x1a\n", 8);
    chunk("IHDR", header);
}

static void end_png(void)
{
    chunk("IDAT", "789c");
    chunk("IDAT", "0300");
    chunk("IEND", "");
}

static void a_png_keeps_what_makes_the_picture(void **state)
{
    (void)state;
    static const struct {
        const char *header, *palette, *transparency;
    } rows[] = {
        {HEADER_GREY, NULL, NULL},
        {HEADER_GREY, NULL, "0001"},
        {HEADER_COLOUR, NULL, NULL},
        {HEADER_COLOUR, "010203", "000100020003"},
        {HEADER_PALETTE, "010203 040506", "00"},
        {HEADER_PALETTE, "010203", NULL},
        {"00000020 00000010 10 06 00 00 00", NULL, NULL},
        {"00000020 00000010 08 04 00 00 00", NULL, NULL},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        begin_png(rows[i].header);
        if (rows[i].palette != NULL)
            chunk("PLTE", rows[i].palette);
        if (rows[i].transparency != NULL)
            chunk("tRNS", rows[i].transparency);
        end_png();
        struct buf out = cleaned();
        assert_true(bytes_equal(buf_bytes(&out), buf_bytes(&file)));
        assert_string_equal(about.type, "image/png");
        assert_int_equal(about.width, 32);
        assert_int_equal(about.height, 16);
        buf_deinit(&out);
    }
}

static void a_png_loses_everything_that_tells_of_its_maker(void **state)
{
    (void)state;
    begin_png(HEADER_GREY);
    chunk("tEXt", "534543524554");
    chunk("eXIf", "49492a00534543524554");
    chunk("tIME", "07ea0b1b000000");
    chunk("IDAT", "789c");
    chunk("iTXt", "534543524554");
    chunk("IEND", "");
    add("534543524554"); /* behind the end */
    struct buf out = cleaned();
    assert_false(holds(buf_bytes(&out), "SECRET"));
    assert_false(holds(buf_bytes(&out), "tIME"));
    begin_png(HEADER_GREY);
    chunk("IDAT", "789c");
    chunk("IEND", "");
    assert_true(bytes_equal(buf_bytes(&out), buf_bytes(&file)));
    buf_deinit(&out);
}

static void a_png_cut_or_flipped_anywhere_is_refused(void **state)
{
    (void)state;
    begin_png(HEADER_GREY);
    end_png();
    for (size_t len = 8; len < file.len; len++) {
        struct buf out = {0};
        assert_int_equal(picture_clean(bytes_of(file.data, len), &out, &about, NULL),
                         STATUS_INVALID);
        buf_deinit(&out);
    }
    for (size_t bit = 8 * 8; bit < 8 * file.len; bit++) {
        struct buf out = {0};
        file.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_int_equal(picture_clean(buf_bytes(&file), &out, &about, NULL),
                         STATUS_INVALID);
        file.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
        buf_deinit(&out);
    }
}

static void a_header_that_no_png_has_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *header, *word;
    } rows[] = {
        {"00000020 00000010 08 00 00 00", "header"},
        {"00000020 00000010 08 01 00 00 00", "colours"},
        {"00000020 00000010 08 07 00 00 00", "colours"},
        {"00000020 00000010 03 00 00 00 00", "colours"},
        {"00000020 00000010 10 03 00 00 00", "colours"},
        {"00000020 00000010 20 00 00 00 00", "colours"},
        {"00000020 00000010 08 00 01 00 00", "packed"},
        {"00000020 00000010 08 00 00 01 00", "packed"},
        {"00000020 00000010 08 00 00 00 02", "packed"},
        {"00000000 00000010 08 00 00 00 00", "no size"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        begin_png(rows[i].header);
        refused(STATUS_INVALID, rows[i].word);
    }
    buf_add(&file, "\x89PNG\r\n\x1a\n", 8);
    chunk("IDAT", "00000020 00000010 08 00 00 00 00");
    refused(STATUS_INVALID, "header");
    begin_png("00004001 00000010 08 00 00 00 00");
    refused(STATUS_TOO_LARGE, "smaller");
}

static void a_png_in_the_wrong_order_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *header, *word, *chunks[3][2];
    } rows[] = {
        {HEADER_GREY, "too early", {{"IEND", ""}}},
        {HEADER_GREY, "too early", {{"IDAT", "00"}, {"IEND", "00"}}},
        {HEADER_GREY, "order", {{"IDAT", "00"}, {"tIME", ""}, {"IDAT", "00"}}},
        {HEADER_PALETTE, "order", {{"IDAT", "00"}}},
        {HEADER_COLOUR, "place", {{"IDAT", "00"}, {"PLTE", "010203"}}},
        {HEADER_COLOUR, "place", {{"PLTE", "010203"}, {"PLTE", "010203"}}},
        {HEADER_COLOUR, "place", {{"tRNS", "000100020003"}, {"PLTE", "010203"}}},
        {HEADER_COLOUR, "place", {{"IDAT", "00"}, {"tRNS", "000100020003"}}},
        {HEADER_GREY, "place", {{"tRNS", "0001"}, {"tRNS", "0001"}}},
        {HEADER_GREY, "size", {{"PLTE", "010203"}}},
        {"00000020 00000010 08 04 00 00 00", "size", {{"PLTE", "010203"}}},
        {HEADER_COLOUR, "size", {{"PLTE", ""}}},
        {HEADER_COLOUR, "size", {{"PLTE", "01020304"}}},
        {HEADER_GREY, "size", {{"tRNS", "01"}}},
        {HEADER_COLOUR, "size", {{"tRNS", "01"}}},
        {HEADER_PALETTE, "size", {{"PLTE", "010203"}, {"tRNS", "0001"}}},
        {HEADER_PALETTE, "size", {{"PLTE", "010203"}, {"tRNS", ""}}},
        {"00000020 00000010 08 06 00 00 00", "size", {{"tRNS", "0001"}}},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        begin_png(rows[i].header);
        for (size_t n = 0; n < 3 && rows[i].chunks[n][0] != NULL; n++)
            chunk(rows[i].chunks[n][0], rows[i].chunks[n][1]);
        refused(STATUS_INVALID, rows[i].word);
    }
    char palette[257 * 6 + 1];
    memset(palette, '0', sizeof(palette) - 1);
    palette[sizeof(palette) - 1] = '\0';
    begin_png(HEADER_COLOUR);
    chunk("PLTE", palette);
    refused(STATUS_INVALID, "size");
    begin_png(HEADER_GREY);
    chunk("ABCD", "00");
    refused(STATUS_UNSUPPORTED, "save it anew");
}

static void what_is_neither_of_the_two_is_refused(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "", "ff", "ffd8", "474946383961", "89504e470d0a1a", "52494646", "ffd9ffd8ff"};
    buf_clear(&file);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        add(rows[i]);
        refused(STATUS_UNSUPPORTED, "JPEG and PNG");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_jpeg_keeps_what_makes_the_picture),
        cmocka_unit_test(a_jpeg_loses_everything_that_tells_of_its_maker),
        cmocka_unit_test(how_a_picture_is_to_be_turned_stays),
        cmocka_unit_test(a_jpeg_with_several_scans_and_fill_bytes_is_one),
        cmocka_unit_test(a_jpeg_with_tables_between_its_scans_keeps_them),
        cmocka_unit_test(a_jpeg_cut_anywhere_is_refused),
        cmocka_unit_test(a_jpeg_in_the_wrong_order_is_refused),
        cmocka_unit_test(a_jpeg_of_a_rare_kind_is_named_as_such),
        cmocka_unit_test(a_quantiser_of_sixteen_bits_and_two_in_a_segment_are_kept),
        cmocka_unit_test(a_picture_without_a_size_or_with_too_much_of_it_is_refused),
        cmocka_unit_test(a_png_keeps_what_makes_the_picture),
        cmocka_unit_test(a_png_loses_everything_that_tells_of_its_maker),
        cmocka_unit_test(a_png_cut_or_flipped_anywhere_is_refused),
        cmocka_unit_test(a_header_that_no_png_has_is_refused),
        cmocka_unit_test(a_png_in_the_wrong_order_is_refused),
        cmocka_unit_test(what_is_neither_of_the_two_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, tear_down);
}
