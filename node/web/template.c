#include "node/web/template.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include "node/web/parts.h"
#include "node/web/qr.h"
#include "node/web/shape.h"
#include "proto/pack.h"
#include "proto/pack_map.h"

/* Names are looked for in the map of the innermost section first. */
struct frame {
    struct bytes map;
    const struct frame *outer;
};

struct filling {
    struct bytes left; /* of the template */
    enum language language;
    struct buf *out;
    enum status status;
};

/* --- texts --- */

static bool begins_with(struct bytes text, const char *with)
{
    return text.len >= strlen(with) && memcmp(text.data, with, strlen(with)) == 0;
}

static struct bytes behind(struct bytes text, size_t len)
{
    return bytes_of(text.data + len, text.len - len);
}

/* --- values --- */

#define NAME_MAX_LEN 64

/* One name in one map. */
static bool find_in(struct bytes map, struct bytes name, struct bytes *raw)
{
    char key[NAME_MAX_LEN];
    assert(name.len < sizeof(key));
    memcpy(key, name.data, name.len);
    key[name.len] = '\0';
    return pack_map_find(map, key, 1, raw);
}

/* In a map by a name, in a list by a number from 0 on. */
static bool find_inside(struct bytes value, struct bytes name, struct bytes *raw)
{
    struct pack_reader reader = pack_reader_of(value);
    struct pack_item item = {.type = PACK_NIL};
    enum status status = pack_next(&reader, &item, NULL);
    assert(status == STATUS_OK); /* a whole value: it passed pack_check */
    if (item.type != PACK_ARRAY)
        return find_in(value, name, raw);
    uint32_t number = 0;
    for (size_t i = 0; i < name.len && i < 4; i++)
        number = number * 10 + (uint32_t)(name.data[i] - '0');
    if (number >= item.count)
        return false;
    for (uint32_t i = 0; i <= number; i++) {
        status = pack_value(&reader, 1, raw, NULL);
        assert(status == STATUS_OK); /* the same */
    }
    return true;
}

/* Names are parted by dots: the first is looked for from within, the others inside it. */
static struct pack_item find(const struct frame *frame, struct bytes path,
                             struct bytes *raw)
{
    struct pack_item item = {.type = PACK_NIL};
    if (bytes_equal_str(path, ".")) {
        *raw = frame->map;
    } else if (begins_with(path, ".")) {
        if (!find_inside(frame->map, behind(path, 1), raw))
            return item;
    } else {
        struct bytes name = bytes_take(&path, ".");
        while (frame != NULL && !find_in(frame->map, name, raw))
            frame = frame->outer;
        if (frame == NULL)
            return item;
        while (path.len > 0)
            if (!find_inside(*raw, bytes_take(&path, "."), raw))
                return item;
    }
    struct pack_reader reader = pack_reader_of(*raw);
    enum status status = pack_next(&reader, &item, NULL);
    assert(status == STATUS_OK); /* it passed pack_check */
    (void)status;
    return item;
}

static bool is_there(const struct pack_item *item)
{
    switch (item->type) {
    case PACK_STR:
        return item->bytes.len > 0;
    case PACK_BOOL:
    case PACK_UINT:
        return item->number != 0;
    case PACK_ARRAY:
        return item->count > 0;
    default:
        return item->type != PACK_NIL;
    }
}

/* --- the walk --- */

static void add_words(struct filling *filling, struct bytes words)
{
    struct bytes first = bytes_take(&words, "|");
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
    for (; count > 0; count--) {
        status = pack_value(&reader, 1, &element, NULL);
        assert(status == STATUS_OK); /* it passed pack_check */
        struct frame inner = {element, frame};
        filling->left = body;
        fill(filling, &inner, true);
    }
}

#define DIGITS_MAX 64 /* of an id */

/* Is the value of the one name in the list of texts of the other? */
static bool has(const struct frame *frame, struct bytes list, struct bytes name)
{
    char digits[DIGITS_MAX + 1];
    struct bytes raw = {0}, element;
    struct pack_item wanted = find(frame, name, &raw);
    struct pack_item item = find(frame, list, &raw);
    struct pack_reader reader = pack_reader_of(raw);
    if (wanted.type == PACK_BIN && wanted.bytes.len <= DIGITS_MAX / 2) {
        hex_encode(digits, wanted.bytes.data, wanted.bytes.len);
        wanted = (struct pack_item){.type = PACK_STR, .bytes = bytes_str(digits)};
    }
    if (item.type != PACK_ARRAY || wanted.type != PACK_STR)
        return false;
    enum status status = pack_next(&reader, &item, NULL);
    for (uint32_t left = item.count; status == STATUS_OK && left > 0; left--) {
        status = pack_read_str(&reader, &element, NULL);
        if (status == STATUS_OK && bytes_equal(element, wanted.bytes))
            return true;
    }
    return false;
}

static bool is_met(const struct frame *frame, struct bytes test, struct bytes *raw)
{
    struct bytes text = test, other = test;
    struct bytes list = bytes_take(&other, " has ");
    if (other.len > 0)
        return has(frame, list, other);
    struct bytes name = bytes_take(&text, "=");
    struct pack_item item = find(frame, name, raw);
    return name.len == test.len ? is_there(&item)
                                : item.type == PACK_STR && bytes_equal(item.bytes, text);
}

/* sort: the character that begins its tag; test: as in is_met. */
static void fill_section(struct filling *filling, const struct frame *frame,
                         struct bytes test, uint8_t sort, bool is_written)
{
    struct bytes raw = {0};
    bool is_shown = is_written && is_met(frame, test, &raw) != (sort == '^');
    struct pack_reader reader = pack_reader_of(raw);
    struct pack_item item = {.type = PACK_NIL};
    struct frame inner = {raw, frame};
    if (is_shown && sort == '#' && raw.len > 0)
        is_shown =
            pack_next(&reader, &item, NULL) == STATUS_OK; /* it passed pack_check */
    if (item.type == PACK_ARRAY)
        fill_each(filling, frame, raw);
    else
        fill(filling, item.type == PACK_MAP ? &inner : frame, is_shown);
}

/* Another template in this place, filled from the same values. */
static void fill_inside(struct filling *filling, const struct frame *frame,
                        struct bytes template)
{
    struct bytes left = filling->left;
    filling->left = template;
    fill(filling, frame, true);
    filling->left = left;
}

static void fill_text(struct filling *filling, const struct frame *frame,
                      struct bytes key)
{
    struct bytes text;
    bool is_known = texts_find(key, filling->language, &text);
    assert(is_known); /* a test looks through all templates */
    fill_inside(filling, frame, text);
}

static void fill_part(struct filling *filling, const struct frame *frame,
                      struct bytes name)
{
    struct bytes part;
    bool is_known = parts_find(name, &part);
    assert(is_known); /* the same */
    fill_inside(filling, frame, part);
}

/* The name that goes with a key in one of the lists of names.* (docs/API.md); of a key
 * that is in none its first digits. */
static void add_name(struct buf *out, const struct frame *frame, const char *list,
                     const char *key, const struct pack_item *item)
{
    struct bytes raw = {0}, element, value, name;
    struct pack_item names = find(frame, bytes_str(list), &raw);
    struct pack_reader reader = pack_reader_of(raw), inner;
    enum status status = STATUS_OK;
    if (names.type == PACK_ARRAY)
        status = pack_next(&reader, &names, NULL);
    assert(status == STATUS_OK); /* it passed pack_check */
    if (item->type != PACK_BIN || item->bytes.len == 0)
        return; /* it was erased, or the entry has none */
    for (uint32_t i = 0; names.type == PACK_ARRAY && i < names.count; i++) {
        status = pack_value(&reader, 1, &element, NULL);
        assert(status == STATUS_OK); /* the same */
        if (!pack_map_find(element, key, 1, &value) ||
            !pack_map_find(element, "name", 1, &name) || value.len < item->bytes.len ||
            memcmp(value.data + value.len - item->bytes.len, item->bytes.data,
                   item->bytes.len) != 0)
            continue;
        inner = pack_reader_of(name);
        if (pack_read_str(&inner, &name, NULL) == STATUS_OK && name.len > 0) {
            shape_escape(out, name);
            return;
        }
    }
    (void)shape_add(out, bytes_str("short"), item);
}

/* {{shape name}}, {{word prefix name}}, {{say name}}, {{qr name}}, {{who key}}, {{whose
 * site}} */
static void fill_value(struct filling *filling, const struct frame *frame,
                       struct bytes tag)
{
    struct bytes raw, name = tag;
    struct bytes shape = bytes_take(&name, " ");
    struct bytes prefix = {0};
    if (name.len == 0) {
        name = tag;
        shape = bytes_str("");
    } else if (bytes_equal_str(shape, "word")) {
        prefix = bytes_take(&name, " ");
    }
    struct pack_item item = find(frame, name, &raw);
    if (bytes_equal_str(shape, "qr")) {
        if (item.type == PACK_STR && filling->status == STATUS_OK)
            filling->status = qr_add(filling->out, item.bytes);
    } else if (bytes_equal_str(shape, "who")) {
        add_name(filling->out, frame, "names.authors", "key", &item);
    } else if (bytes_equal_str(shape, "whose")) {
        add_name(filling->out, frame, "names.sites", "site", &item);
    } else if (bytes_equal_str(shape, "word")) {
        shape_word(filling->out, filling->language, prefix, &item);
    } else if (bytes_equal_str(shape, "say")) {
        shape_say(filling->out, filling->language, &item);
    } else {
        bool is_known = shape_add(filling->out, shape, &item);
        assert(is_known); /* the same */
        (void)is_known;
    }
}

static void fill_tag(struct filling *filling, const struct frame *frame, struct bytes tag)
{
    if (begins_with(tag, ":"))
        add_words(filling, behind(tag, 1));
    else if (begins_with(tag, "="))
        fill_text(filling, frame, behind(tag, 1));
    else if (begins_with(tag, ">"))
        fill_part(filling, frame, behind(tag, 1));
    else
        fill_value(filling, frame, tag);
}

/* Up to the end of the section, or of the template. */
static void fill(struct filling *filling, const struct frame *frame, bool is_written)
{
    while (filling->left.len > 0) {
        struct bytes text = bytes_take(&filling->left, "{{");
        if (is_written)
            buf_add(filling->out, text.data, text.len);
        struct bytes tag = bytes_take(&filling->left, "}}");
        if (begins_with(tag, "/"))
            return;
        if (begins_with(tag, "#") || begins_with(tag, "^") || begins_with(tag, "?"))
            fill_section(filling, frame, behind(tag, 1), tag.data[0], is_written);
        else if (is_written && tag.len > 0)
            fill_tag(filling, frame, tag);
    }
}

enum status template_fill(struct bytes template, struct bytes values,
                          enum language language, struct buf *out)
{
    struct filling filling = {.left = template, .language = language, .out = out};
    struct frame frame = {values, NULL};
    fill(&filling, &frame, true);
    return filling.status == STATUS_OK ? buf_status(out) : filling.status;
}
