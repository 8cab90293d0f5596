#include <string.h>

#include "proto/pack.h"

/* How many bytes the sequence at text has, 0 where it is not valid UTF-8 (RFC 3629). */
static size_t sequence_len(const uint8_t *text, size_t left)
{
    static const uint32_t floors[] = {0, 0, 0x80, 0x800, 0x10000};
    uint8_t first = text[0];
    size_t len = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || left < len)
        return 0;
    uint32_t point = first & (0x7fu >> len);
    for (size_t i = 1; i < len; i++) {
        if ((text[i] & 0xc0) != 0x80)
            return 0;
        point = point << 6 | (text[i] & 0x3fu);
    }
    if (point < floors[len] || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))
        return 0;
    return len;
}

/* How many bytes from there on are 0x01 to 0x7f, eight at a time: most text is. Taking 1
 * from each byte sets the highest bit of a zero; it may do so beside a zero as well. */
static size_t plain_len(struct bytes text, size_t at)
{
    size_t from = at;
    for (uint64_t word; text.len - at >= sizeof(word); at += sizeof(word)) {
        memcpy(&word, text.data + at, sizeof(word));
        if (((word | (word - 0x0101010101010101u)) & 0x8080808080808080u) != 0)
            break;
    }
    return at - from;
}

bool utf8_is_valid(struct bytes text)
{
    for (size_t at = 0; at < text.len;) {
        uint8_t first = text.data[at];
        size_t len = first >= 0x80 ? sequence_len(text.data + at, text.len - at)
                     : first == 0  ? 0
                                   : 1 + plain_len(text, at + 1);
        if (len == 0)
            return false;
        at += len;
    }
    return true;
}

bool utf8_next(struct bytes *text, uint32_t *character)
{
    if (text->len == 0)
        return false;
    uint8_t first = text->data[0];
    size_t len = first < 0x80 ? 1 : sequence_len(text->data, text->len);
    *character = len == 0 ? 0xfffd : len == 1 ? first : first & (0x7fu >> len);
    for (size_t i = 1; i < len; i++)
        *character = *character << 6 | (text->data[i] & 0x3fu);
    len += len == 0;
    text->data += len;
    text->len -= len;
    return true;
}

bool utf8_is_active(uint32_t character)
{
    static const struct {
        uint32_t first, last;
    } ranges[] = {
        {0x0000, 0x001f},   /* C0: line breaks, escape */
        {0x007f, 0x009f},   /* delete and C1, whose U+009B is an escape of its own */
        {0x00ad, 0x00ad},   /* soft hyphen */
        {0x034f, 0x034f},   /* combining grapheme joiner */
        {0x061c, 0x061c},   /* Arabic letter mark */
        {0x115f, 0x1160},   /* Hangul fillers */
        {0x17b4, 0x17b5},   /* Khmer inherent vowels */
        {0x180b, 0x180f},   /* Mongolian selectors */
        {0x200b, 0x200f},   /* zero width, direction marks */
        {0x2028, 0x202e},   /* separators, embeddings and overrides */
        {0x2060, 0x206f},   /* invisible operators, isolates */
        {0x3164, 0x3164},   /* Hangul filler */
        {0xfeff, 0xfeff},   /* byte order mark */
        {0xffa0, 0xffa0},   /* half width Hangul filler */
        {0xfff0, 0xfffb},   /* interlinear annotation */
        {0x1d173, 0x1d17a}, /* musical format */
        {0xe0000, 0xe0fff}, /* tags and more selectors */
    };
    for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
        if (character <= ranges[i].last)
            return character >= ranges[i].first;
    return false;
}
