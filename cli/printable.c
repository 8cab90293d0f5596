#include "cli/printable.h"

#include <string.h>

#include "proto/pack.h"

struct range {
    uint32_t first, last;
};

static const struct range wide_ranges[] = {
    {0x1100, 0x115f},   {0x231a, 0x231b},   {0x2329, 0x232a},   {0x23e9, 0x23ec},
    {0x23f0, 0x23f0},   {0x23f3, 0x23f3},   {0x25fd, 0x25fe},   {0x2614, 0x2615},
    {0x2648, 0x2653},   {0x267f, 0x267f},   {0x2693, 0x2693},   {0x26a1, 0x26a1},
    {0x26aa, 0x26ab},   {0x26bd, 0x26be},   {0x26c4, 0x26c5},   {0x26ce, 0x26ce},
    {0x26d4, 0x26d4},   {0x26ea, 0x26ea},   {0x26f2, 0x26f3},   {0x26f5, 0x26f5},
    {0x26fa, 0x26fa},   {0x26fd, 0x26fd},   {0x2705, 0x2705},   {0x270a, 0x270b},
    {0x2728, 0x2728},   {0x274c, 0x274c},   {0x274e, 0x274e},   {0x2753, 0x2755},
    {0x2757, 0x2757},   {0x2795, 0x2797},   {0x27b0, 0x27b0},   {0x27bf, 0x27bf},
    {0x2b1b, 0x2b1c},   {0x2b50, 0x2b50},   {0x2b55, 0x2b55},   {0x2e80, 0x303e},
    {0x3041, 0x33ff},   {0x3400, 0x4dbf},   {0x4e00, 0x9fff},   {0xa000, 0xa4cf},
    {0xa960, 0xa97f},   {0xac00, 0xd7a3},   {0xf900, 0xfaff},   {0xfe10, 0xfe19},
    {0xfe30, 0xfe6f},   {0xff01, 0xff60},   {0xffe0, 0xffe6},   {0x16fe0, 0x18cff},
    {0x1aff0, 0x1b2ff}, {0x1f004, 0x1f004}, {0x1f0cf, 0x1f0cf}, {0x1f18e, 0x1f18e},
    {0x1f191, 0x1f19a}, {0x1f200, 0x1f320}, {0x1f32d, 0x1f335}, {0x1f337, 0x1f37c},
    {0x1f37e, 0x1f393}, {0x1f3a0, 0x1f3ca}, {0x1f3cf, 0x1f3d3}, {0x1f3e0, 0x1f3f0},
    {0x1f3f4, 0x1f3f4}, {0x1f3f8, 0x1f43e}, {0x1f440, 0x1f440}, {0x1f442, 0x1f4fc},
    {0x1f4ff, 0x1f53d}, {0x1f54b, 0x1f54e}, {0x1f550, 0x1f567}, {0x1f57a, 0x1f57a},
    {0x1f595, 0x1f596}, {0x1f5a4, 0x1f5a4}, {0x1f5fb, 0x1f64f}, {0x1f680, 0x1f6c5},
    {0x1f6cc, 0x1f6cc}, {0x1f6d0, 0x1f6d2}, {0x1f6d5, 0x1f6df}, {0x1f6eb, 0x1f6ec},
    {0x1f6f4, 0x1f6fc}, {0x1f7e0, 0x1f7eb}, {0x1f90c, 0x1f9ff}, {0x1fa70, 0x1faff},
    {0x20000, 0x2fffd}, {0x30000, 0x3fffd},
};

/* Marks that stand on the character before them. */
static const struct range zero_ranges[] = {
    {0x0300, 0x036f}, {0x0483, 0x0489}, {0x0591, 0x05bd}, {0x064b, 0x065f},
    {0x0e31, 0x0e31}, {0x0e34, 0x0e3a}, {0x0e47, 0x0e4e}, {0x0f71, 0x0f7e},
    {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff}, {0x20d0, 0x20ff}, {0x302a, 0x302d},
    {0x3099, 0x309a}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f},
};

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static bool is_within(const struct range *ranges, size_t len, uint32_t character)
{
    size_t low = 0;
    size_t high = len;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (character > ranges[middle].last)
            low = middle + 1;
        else if (character < ranges[middle].first)
            high = middle;
        else
            return true;
    }
    return false;
}

unsigned printable_width_of(uint32_t character)
{
    if (character < 0x300)
        return 1;
    if (is_within(zero_ranges, COUNT_OF(zero_ranges), character))
        return 0;
    return is_within(wide_ranges, COUNT_OF(wide_ranges), character) ? 2 : 1;
}

/* How a character is shown, whose bytes in the text are raw: itself or an escape, for
 * which there is room in escaped. */
static struct bytes show(uint32_t character, struct bytes raw, char escaped[static 12])
{
    if (utf8_is_active(character)) {
        int len =
            snprintf(escaped, 12, character > 0xffff ? "\\U%08x" : "\\u%04x", character);
        return bytes_of(escaped, (size_t)len);
    }
    return character == 0xfffd ? bytes_of("\xef\xbf\xbd", 3) : raw;
}

void printable_add(struct buf *out, struct bytes text)
{
    uint32_t character;
    char escaped[12];
    for (struct bytes left = text; utf8_next(&left, &character); text = left) {
        struct bytes raw = bytes_of(text.data, (size_t)(left.data - text.data));
        struct bytes shown = show(character, raw, escaped);
        buf_add(out, shown.data, shown.len);
    }
}

size_t printable_width(struct bytes text)
{
    size_t width = 0;
    uint32_t character;
    char escaped[12];
    while (utf8_next(&text, &character)) {
        width += utf8_is_active(character)
                     ? show(character, (struct bytes){0}, escaped).len
                     : printable_width_of(character);
    }
    return width;
}

/* Without a buffer: where memory has ended, a code or a number is shown all the same. */
void printable_print(FILE *out, struct bytes text)
{
    uint32_t character;
    char escaped[12];
    for (struct bytes left = text; utf8_next(&left, &character); text = left) {
        struct bytes raw = bytes_of(text.data, (size_t)(left.data - text.data));
        struct bytes shown = show(character, raw, escaped);
        (void)fwrite(shown.data, 1, shown.len, out); /* cli_run looks at ferror(out) */
    }
}

void printable_print_lines(FILE *out, struct bytes text, unsigned indent)
{
    for (;;) {
        const uint8_t *end = text.len ? memchr(text.data, '\n', text.len) : NULL;
        size_t len = end ? (size_t)(end - text.data) : text.len;
        printable_print(out, bytes_of(text.data, len));
        if (!end)
            return;
        fprintf(out, "\n%*s", (int)indent, "");
        text = bytes_of(end + 1, text.len - len - 1);
    }
}
