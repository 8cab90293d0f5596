#include "node/cases/token.h"

#include <string.h>

#include "proto/pack.h"

enum sort {
    SORT_GAP,   /* parts tokens */
    SORT_ALONE, /* is one by itself */
    SORT_DIGIT,
    SORT_LETTER,
};

struct range {
    uint32_t first, last;
    enum sort sort;
};

/* Ascending, beyond ASCII; what lies between is a letter. Only what matters here is told
 * apart: letters of scripts that are written without blanks, and what is no letter. */
static const struct range ranges[] = {
    {0x0080, 0x00a9, SORT_GAP},     {0x00ab, 0x00b4, SORT_GAP},
    {0x00b6, 0x00b9, SORT_GAP},     {0x00bb, 0x00bf, SORT_GAP},
    {0x00d7, 0x00d7, SORT_GAP},     {0x00f7, 0x00f7, SORT_GAP},
    {0x060c, 0x060c, SORT_GAP},     {0x061b, 0x061f, SORT_GAP}, /* Arabic script */
    {0x0660, 0x0669, SORT_DIGIT},   {0x066a, 0x066d, SORT_GAP},
    {0x06d4, 0x06d4, SORT_GAP},     {0x06f0, 0x06f9, SORT_DIGIT},
    {0x0f04, 0x0f14, SORT_GAP}, /* Tibetan */
    {0x0f20, 0x0f29, SORT_DIGIT},   {0x1100, 0x11ff, SORT_ALONE},
    {0x1800, 0x180e, SORT_GAP},     {0x1810, 0x1819, SORT_DIGIT}, /* Mongolian */
    {0x2000, 0x2bff, SORT_GAP}, /* punctuation, signs, arrows */
    {0x2e00, 0x2e7f, SORT_GAP},     {0x2e80, 0x2fdf, SORT_ALONE},
    {0x2fe0, 0x3004, SORT_GAP},     {0x3005, 0x3007, SORT_ALONE},
    {0x3008, 0x3020, SORT_GAP},     {0x3021, 0x3029, SORT_ALONE},
    {0x302a, 0x303f, SORT_GAP},     {0x3040, 0x33ff, SORT_ALONE},
    {0x3400, 0x4dbf, SORT_ALONE},   {0x4dc0, 0x4dff, SORT_GAP},
    {0x4e00, 0x9fff, SORT_ALONE},   {0xa000, 0xa48f, SORT_ALONE}, /* Yi */
    {0xac00, 0xd7a3, SORT_ALONE},   {0xe000, 0xf8ff, SORT_GAP},
    {0xf900, 0xfaff, SORT_ALONE},   {0xfe10, 0xfe6f, SORT_GAP},
    {0xfeff, 0xff0f, SORT_GAP},     {0xff10, 0xff19, SORT_DIGIT},
    {0xff1a, 0xff20, SORT_GAP},     {0xff3b, 0xff40, SORT_GAP},
    {0xff5b, 0xff65, SORT_GAP},     {0xff66, 0xffdc, SORT_ALONE},
    {0xffe0, 0xffff, SORT_GAP},     {0x1f000, 0x1faff, SORT_GAP},
    {0x20000, 0x3fffd, SORT_ALONE}, {0xe0000, 0x10ffff, SORT_GAP},
};

static enum sort sort_of(uint32_t character)
{
    /* Most of what is written: without a search in the table. */
    if (character >= 0x4e00 && character <= 0x9fff)
        return SORT_ALONE;
    if (character < 0x80)
        return character >= '0' && character <= '9'                     ? SORT_DIGIT
               : (character | 0x20) >= 'a' && (character | 0x20) <= 'z' ? SORT_LETTER
                                                                        : SORT_GAP;
    size_t low = 0, high = sizeof(ranges) / sizeof(ranges[0]);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (character > ranges[middle].last)
            low = middle + 1;
        else if (character < ranges[middle].first)
            high = middle;
        else
            return ranges[middle].sort;
    }
    return SORT_LETTER;
}

/* Lower case and narrow: of Latin, Greek and Cyrillic letters what has a fixed distance,
 * or stands as pairs. */
static uint32_t fold(uint32_t character)
{
    static const struct {
        uint32_t first, last, distance;
    } shifts[] = {
        {0xc0, 0xde, 32},   {0x391, 0x3a9, 32}, {0x400, 0x40f, 80},
        {0x410, 0x42f, 32}, {'A', 'Z', 32}, /* of a wide one */
    };
    if (character < 0x80)
        return character >= 'A' && character <= 'Z' ? character + 32 : character;
    if (character > 0x42f && character < 0xff10)
        return character;
    if (character >= 0xff10 && character <= 0xff5a)
        character -= 0xff10 - '0';
    for (size_t i = 0; i < sizeof(shifts) / sizeof(shifts[0]); i++)
        if (character >= shifts[i].first && character <= shifts[i].last)
            return character + shifts[i].distance;
    if ((character >= 0x100 && character <= 0x137) ||
        (character >= 0x14a && character <= 0x177))
        return character | 1; /* Ā, ā: upper case is even */
    if ((character >= 0x139 && character <= 0x148) ||
        (character >= 0x179 && character <= 0x17e) ||
        (character >= 0x1cd && character <= 0x1dc)) /* Ǎ, ǎ: odd; the tones of pinyin */
        return character + (character & 1);
    return character;
}

static size_t encode(char out[static 4], uint32_t character)
{
    static const uint8_t firsts[] = {0, 0, 0xc0, 0xe0, 0xf0};
    size_t len = character < 0x80      ? 1
                 : character < 0x800   ? 2
                 : character < 0x10000 ? 3
                                       : 4;
    for (size_t i = len - 1; i > 0; i--, character >>= 6)
        out[i] = (char)(0x80 | (character & 0x3f));
    out[0] = (char)(firsts[len] | character);
    return len;
}

bool token_next(struct bytes text, size_t *at, struct token *token)
{
    if (*at >= text.len)
        return false;
    struct bytes left = bytes_of(text.data + *at, text.len - *at);
    enum sort sort = SORT_GAP;
    uint32_t character;
    token->len = 0;
    for (struct bytes before = left; utf8_next(&left, &character); before = left) {
        char folded[4];
        enum sort own = sort_of(character);
        if (token->len == 0 && own == SORT_GAP)
            continue;
        size_t len = encode(folded, fold(character));
        if (token->len > 0 && (own != sort || sort == SORT_ALONE ||
                               token->len + len > sizeof(token->text))) {
            left = before;
            break;
        }
        if (token->len == 0)
            token->from = text.len - before.len;
        sort = own;
        memcpy(token->text + token->len, folded, len);
        token->len += len;
    }
    *at = token->end = text.len - left.len;
    return token->len > 0;
}

bool token_equal(const struct token *a, const struct token *b)
{
    return a->len == b->len && memcmp(a->text, b->text, a->len) == 0;
}
