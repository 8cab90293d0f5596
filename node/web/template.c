#include "node/web/template.h"

#include <assert.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "node/web/qr.h"
#include "proto/pack.h"
#include "proto/pack_map.h"

/* Names are looked for in the map of the innermost section first. */
struct frame {
    struct bytes map;
    const struct frame *outer;
};

struct filling {
    struct bytes left; /* of the template */
    enum template_language language;
    struct buf *out;
    enum status status;
};

/* --- escaping --- */

static void add(struct buf *out, const char *text)
{
    buf_add(out, text, strlen(text));
}

void template_escape(struct buf *out, struct bytes text)
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

/* --- values --- */

static struct pack_item find(const struct frame *frame, struct bytes name,
                             struct bytes *raw)
{
    struct pack_item item = {.type = PACK_NIL};
    char key[32];
    assert(name.len < sizeof(key));
    memcpy(key, name.data, name.len);
    key[name.len] = '\0';
    for (; frame != NULL; frame = frame->outer) {
        if (!pack_map_find(frame->map, key, 1, raw))
            continue;
        struct pack_reader reader = pack_reader_of(*raw);
        enum status status = pack_next(&reader, &item, NULL);
        assert(status == STATUS_OK); /* it passed pack_check */
        (void)status;
        break;
    }
    return item;
}

static bool is_there(const struct pack_item *item)
{
    switch (item->type) {
    case PACK_STR:
        return item->bytes.len > 0;
    case PACK_BOOL:
        return item->number != 0;
    case PACK_ARRAY:
        return item->count > 0;
    default:
        return item->type != PACK_NIL;
    }
}

static void add_value(struct buf *out, const struct pack_item *item)
{
    char number[24];
    if (item->type == PACK_STR)
        template_escape(out, item->bytes);
    if (item->type != PACK_UINT)
        return;
    (void)snprintf(number, sizeof(number), "%llu", (unsigned long long)item->number);
    add(out, number);
}

/* --- the walk --- */

static bool begins_with(struct bytes text, const char *with)
{
    return text.len >= strlen(with) && memcmp(text.data, with, strlen(with)) == 0;
}

static struct bytes behind(struct bytes text, size_t len)
{
    return bytes_of(text.data + len, text.len - len);
}

/* Moves on behind the next place of that text; what lies before it. Without one, all. */
static struct bytes take_until(struct bytes *left, const char *mark)
{
    struct bytes before = *left;
    while (left->len > 0 && !begins_with(*left, mark))
        *left = behind(*left, 1);
    before.len -= left->len;
    if (left->len > 0)
        *left = behind(*left, strlen(mark));
    return before;
}

static void add_words(struct filling *filling, struct bytes words)
{
    struct bytes first = take_until(&words, "|");
    struct bytes chosen = filling->language == LANGUAGE_ZH_CN ? first : words;
    buf_add(filling->out, chosen.data, chosen.len);
}

static void fill(struct filling *filling, const struct frame *frame, bool is_written);

/* The body, from where the walk stands, once for each element. */
static void fill_each(struct filling *filling, const struct frame *frame,
                      struct bytes list)
{
    struct pack_reader reader = pack_reader_of(list);
    struct bytes body = filling->left, element;
    uint32_t count = 0;
    enum status status = pack_read_array(&reader, &count, NULL);
    for (; status == STATUS_OK && count > 0; count--) {
        status = pack_value(&reader, 1, &element, NULL);
        struct frame inner = {element, frame};
        filling->left = body;
        fill(filling, &inner, true);
    }
    assert(status == STATUS_OK); /* it passed pack_check */
}

/* sort: the character that begins its tag. */
static void fill_section(struct filling *filling, const struct frame *frame,
                         struct bytes name, uint8_t sort, bool is_written)
{
    struct bytes raw = {0};
    struct pack_item item = find(frame, name, &raw);
    struct frame inner = {raw, frame};
    bool is_shown = is_written && is_there(&item) != (sort == '^');
    if (is_shown && sort == '#' && item.type == PACK_ARRAY)
        fill_each(filling, frame, raw);
    else
        fill(filling, sort == '#' && item.type == PACK_MAP ? &inner : frame, is_shown);
}

static void fill_tag(struct filling *filling, const struct frame *frame, struct bytes tag)
{
    struct bytes raw;
    struct pack_item item;
    if (begins_with(tag, ":")) {
        add_words(filling, behind(tag, 1));
    } else if (begins_with(tag, "qr ")) {
        item = find(frame, behind(tag, 3), &raw);
        if (item.type == PACK_STR && filling->status == STATUS_OK)
            filling->status = qr_add(filling->out, item.bytes);
    } else {
        item = find(frame, tag, &raw);
        add_value(filling->out, &item);
    }
}

/* Up to the end of the section, or of the template. */
static void fill(struct filling *filling, const struct frame *frame, bool is_written)
{
    while (filling->left.len > 0) {
        struct bytes text = take_until(&filling->left, "{{");
        if (is_written)
            buf_add(filling->out, text.data, text.len);
        struct bytes tag = take_until(&filling->left, "}}");
        if (begins_with(tag, "/"))
            return;
        if (begins_with(tag, "#") || begins_with(tag, "^") || begins_with(tag, "?"))
            fill_section(filling, frame, behind(tag, 1), tag.data[0], is_written);
        else if (is_written && tag.len > 0)
            fill_tag(filling, frame, tag);
    }
}

enum status template_fill(struct bytes template, struct bytes values,
                          enum template_language language, struct buf *out)
{
    struct filling filling = {.left = template, .language = language, .out = out};
    struct frame frame = {values, NULL};
    fill(&filling, &frame, true);
    return filling.status == STATUS_OK ? buf_status(out) : filling.status;
}
