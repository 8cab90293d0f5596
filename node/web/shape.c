#include "node/web/shape.h"

#include <stdio.h>
#include <string.h>

#include "proto/date.h"
#include "proto/limits.h"

#include "node/web/sentences.h"

#define WALL_MAX 253402271999u /* the last second of 9999 there */

static void add(struct buf *out, const char *text)
{
    buf_add(out, text, strlen(text));
}

void shape_escape(struct buf *out, struct bytes text)
{
    uint32_t character;
    for (struct bytes left = text; utf8_next(&left, &character); text = left) {
        char escaped[12];
        if (character == '&')
            add(out, "&amp;");
        else if (character == '<')
            add(out, "&lt;");
        else if (character == '>')
            add(out, "&gt;");
        else if (character == '"')
            add(out, "&quot;");
        else if (character == '\'')
            add(out, "&#39;");
        else if (utf8_is_active(character) && character != '\n' && character != '\t') {
            (void)snprintf(escaped, sizeof(escaped),
                           character > 0xffff ? "\\U%08x" : "\\u%04x", character);
            add(out, escaped);
        } else if (character == 0xfffd) {
            add(out, "\xef\xbf\xbd"); /* bytes that are no text */
        } else {
            buf_add(out, text.data, (size_t)(left.data - text.data));
        }
    }
}

static void add_time(struct buf *out, uint64_t wall, bool has_hour)
{
    char text[DATE_TEXT_SIZE], hour[8];
    if (wall == 0 || wall > WALL_MAX)
        return;
    date_text(text, date_of_seconds(wall, SITE_MINUTES_EAST));
    add(out, text);
    unsigned minutes = (unsigned)((wall / 60 + SITE_MINUTES_EAST) % (24 * 60));
    (void)snprintf(hour, sizeof(hour), " %02u:%02u", minutes / 60, minutes % 60);
    if (has_hour)
        add(out, hour);
}

static void add_hex(struct buf *out, struct bytes bytes, size_t max)
{
    for (size_t i = 0; i < bytes.len && i < max; i++) {
        char digits[3];
        hex_encode(digits, bytes.data + i, 1);
        buf_add(out, digits, 2);
    }
}

static void add_url(struct buf *out, struct bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.data[i];
        char escaped[4];
        bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                        (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' ||
                        c == '~';
        if (is_plain) {
            buf_add_u8(out, c);
            continue;
        }
        (void)snprintf(escaped, sizeof(escaped), "%%%02X", (unsigned)c);
        buf_add(out, escaped, 3);
    }
}

static void add_number(struct buf *out, uint64_t number)
{
    char text[24];
    int len = snprintf(text, sizeof(text), "%llu", (unsigned long long)number);
    buf_add(out, text, (size_t)len);
}

static void add_size(struct buf *out, uint64_t size)
{
    bool is_large = size >= 1024 * 1024;
    uint64_t unit = is_large ? 1024 * 1024 : 1024;
    add_number(out, (size + unit - 1) / unit);
    add(out, is_large ? " MB" : " KB");
}

bool shape_add(struct buf *out, struct bytes shape, const struct pack_item *item)
{
    bool is_text = item->type == PACK_STR, is_bin = item->type == PACK_BIN;
    bool is_number = item->type == PACK_UINT;
    if (shape.len == 0) {
        if (is_text)
            shape_escape(out, item->bytes);
        else if (is_number)
            add_number(out, item->number);
    } else if (bytes_equal_str(shape, "day") || bytes_equal_str(shape, "time")) {
        if (is_number)
            add_time(out, item->number, bytes_equal_str(shape, "time"));
    } else if (bytes_equal_str(shape, "hex") || bytes_equal_str(shape, "short")) {
        if (is_bin)
            add_hex(out, item->bytes, bytes_equal_str(shape, "hex") ? SIZE_MAX : 4);
    } else if (bytes_equal_str(shape, "url")) {
        if (is_text)
            add_url(out, item->bytes);
        else if (is_bin)
            add_hex(out, item->bytes, SIZE_MAX);
        else if (is_number)
            add_number(out, item->number);
    } else if (bytes_equal_str(shape, "size")) {
        if (is_number)
            add_size(out, item->number);
    } else {
        return false;
    }
    return true;
}

void shape_word(struct buf *out, enum language language, struct bytes prefix,
                const struct pack_item *item)
{
    struct bytes text;
    if (item->type == PACK_STR && texts_find_word(prefix, item->bytes, language, &text))
        buf_add(out, text.data, text.len);
    else
        (void)shape_add(out, bytes_str(""), item);
}

void shape_say(struct buf *out, enum language language, const struct pack_item *item)
{
    struct buf said = {0};
    if (item->type != PACK_STR)
        return;
    sentences_say(&said, language, item->bytes);
    shape_escape(out, buf_bytes(&said));
    out->failed |= said.failed;
    buf_deinit(&said);
}
