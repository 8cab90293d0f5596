#include "crypto/age_armor.h"

#include <string.h>

#include "crypto/base64.h"

#define BEGIN "-----BEGIN AGE ENCRYPTED FILE-----"
#define END "-----END AGE ENCRYPTED FILE-----"
#define MARK "-----begin"
#define BLANKS_MAX 1024

static char lower(uint8_t c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static bool is_blank(uint8_t byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

bool age_armor_seen(const uint8_t *bytes, size_t len)
{
    size_t begin = 0;
    while (begin < len && is_blank(bytes[begin]))
        begin++;
    if (begin < len && bytes[begin] == '-')
        return true;
    size_t mark_len = strlen(MARK);
    for (size_t i = 0; i + mark_len <= len; i++) {
        size_t k = 0;
        while (k < mark_len && lower(bytes[i + k]) == MARK[k])
            k++;
        if (k == mark_len)
            return true;
    }
    return false;
}

static bool is_line(const struct age_armor *armor, const char *text)
{
    return armor->line_len == strlen(text) &&
           memcmp(armor->line, text, armor->line_len) == 0;
}

static bool decode(const struct age_armor *armor, uint8_t *bytes, size_t *len)
{
    return armor->line_len > 0 && armor->line_len <= AGE_ARMOR_LINE_MAX &&
           base64_decode(bytes, AGE_ARMOR_BYTES_MAX, len, armor->line, armor->line_len,
                         BASE64_PADDED);
}

/* A whole line, without its end. */
static bool take_line(struct age_armor *armor, uint8_t *bytes, size_t *bytes_len)
{
    bool is_full = armor->line_len == AGE_ARMOR_LINE_MAX;
    switch (armor->place) {
    case ARMOR_BEGINS:
        armor->place = ARMOR_INSIDE;
        return is_line(armor, BEGIN);
    case ARMOR_INSIDE:
        if (is_line(armor, END)) {
            armor->place = ARMOR_BEHIND;
            return true;
        }
        if (!decode(armor, bytes, bytes_len))
            return false;
        if (!is_full || *bytes_len < AGE_ARMOR_BYTES_MAX)
            armor->place = ARMOR_ENDING;
        return true;
    default: /* ENDING: what is short was the last one */
        armor->place = ARMOR_BEHIND;
        return is_line(armor, END);
    }
}

enum age_verdict age_armor_put(struct age_armor *armor, uint8_t byte,
                               uint8_t bytes[static AGE_ARMOR_BYTES_MAX],
                               size_t *bytes_len)
{
    *bytes_len = 0;
    if (armor->place == ARMOR_BEFORE || armor->place == ARMOR_BEHIND) {
        if (is_blank(byte))
            return ++armor->blanks <= BLANKS_MAX ? AGE_MORE : AGE_BAD_ARMOR;
        if (armor->place == ARMOR_BEHIND)
            return AGE_BAD_ARMOR;
        armor->place = ARMOR_BEGINS;
        armor->blanks = 0;
    }
    if (byte != '\n') {
        if (armor->line_len == sizeof(armor->line))
            return AGE_BAD_ARMOR;
        armor->line[armor->line_len++] = (char)byte;
        return AGE_MORE;
    }
    if (armor->line_len > 0 && armor->line[armor->line_len - 1] == '\r')
        armor->line_len--;
    bool holds = take_line(armor, bytes, bytes_len);
    armor->line_len = 0;
    return holds ? AGE_MORE : AGE_BAD_ARMOR;
}

/* The last line may end with the file. */
enum age_verdict age_armor_end(struct age_armor *armor)
{
    bool may_end = armor->place == ARMOR_INSIDE || armor->place == ARMOR_ENDING;
    if (may_end && is_line(armor, END))
        armor->place = ARMOR_BEHIND;
    return armor->place == ARMOR_BEHIND ? AGE_WHOLE : AGE_BAD_ARMOR;
}
