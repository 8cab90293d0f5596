#include "node/page/timeline.h"

#include <string.h>

#include "node/cases/schema.h"
#include "node/page/peek.h"
#include "node/web/shape.h"
#include "proto/pack.h"

#define CASE_PREFIX "case."

/* Fields of a case go up under their own names with this before them. */
static const struct schema_field *field_of(const struct schema_kind *kind,
                                           struct bytes name)
{
    size_t len = strlen(CASE_PREFIX);
    const struct schema_field *field = kind == NULL ? NULL : schema_field(kind, name);
    if (field != NULL || name.len <= len || memcmp(name.data, CASE_PREFIX, len) != 0)
        return field;
    name = bytes_of(name.data + len, name.len - len);
    field = schema_field(schema_kind(bytes_str("case-new")), name);
    return field != NULL ? field : schema_field(schema_kind(bytes_str("triage")), name);
}

static const char *label(enum language language, const char *zh_cn, const char *en)
{
    return language == LANGUAGE_ZH_CN ? zh_cn : en;
}

/* ---- a value in words ---- */

static void add_text(struct buf *out, enum language language, const char *key)
{
    struct bytes text;
    if (!texts_find(bytes_str(key), language, &text)) /* never: it has one */
        text = bytes_str(key);                        /* and a test fails */
    buf_add(out, text.data, text.len);
}

/* A word of the schema, of roles and the like; what is none of them stays as it is. */
static void add_word(struct buf *out, enum language language, struct bytes word)
{
    struct bytes text;
    if (!texts_find_word(bytes_str("word"), word, language, &text))
        text = word;
    buf_add(out, text.data, text.len);
}

/* has_words: texts in it may be words of ours; what a person wrote stays as it is. */
static void add_value(struct buf *out, enum language language, bool has_words,
                      struct pack_reader *reader)
{
    struct pack_item item;
    char digits[9];
    if (pack_next(reader, &item, NULL) != STATUS_OK) /* never: the view is whole */
        return;
    switch (item.type) {
    case PACK_NIL:
        add_text(out, language, "value.gone");
        break;
    case PACK_BOOL:
        add_text(out, language, item.number != 0 ? "value.yes" : "value.no");
        break;
    case PACK_STR:
        if (has_words)
            add_word(out, language, item.bytes);
        else
            buf_add(out, item.bytes.data, item.bytes.len);
        break;
    case PACK_BIN:
        hex_encode(digits, item.bytes.data, item.bytes.len < 4 ? item.bytes.len : 4);
        buf_add(out, digits, strlen(digits));
        break;
    case PACK_ARRAY:
    case PACK_MAP:
        for (uint32_t i = 0; i < item.count; i++) {
            if (i > 0)
                add_text(out, language, "value.comma");
            if (item.type == PACK_MAP) {
                add_value(out, language, has_words, reader);
                add_text(out, language, "value.colon");
            }
            add_value(out, language, has_words, reader);
        }
        break;
    default:
        (void)shape_add(out, bytes_str(""), &item);
    }
}

/* ---- one entry ---- */

/* What says nothing to a reader: salts, keys, digests, ids, who sees which classes. */
static bool is_shown(const struct schema_field *field)
{
    static const enum schema_type hidden[] = {TYPE_SALT,   TYPE_BYTES, TYPE_DIGESTS,
                                              TYPE_SECRET, TYPE_KEY,   TYPE_ID,
                                              TYPE_DH_KEY, TYPE_IDS,   TYPE_SITES};
    if (field == NULL)
        return true;
    for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++)
        if (field->type == hidden[i])
            return false;
    return strcmp(field->name, "classes") != 0;
}

static bool has_words(const struct schema_field *field)
{
    static const enum schema_type types[] = {TYPE_WORD, TYPE_TEXTS, TYPE_PARTIES,
                                             TYPE_CONSENTS, TYPE_TRIAGE};
    for (size_t i = 0; field != NULL && i < sizeof(types) / sizeof(types[0]); i++)
        if (field->type == types[i])
            return true;
    return false;
}

/* [[alias, role], …]: who, and as what. */
static void add_parties(struct buf *out, enum language language, struct bytes value)
{
    struct pack_reader reader, pair;
    for (uint32_t i = 0, count = peek_list(value, &reader); i < count; i++) {
        (void)peek_list(peek_next(&reader), &pair); /* two texts; the schema saw to it */
        struct bytes alias = peek_text(peek_next(&pair));
        if (i > 0)
            add_text(out, language, "value.comma");
        buf_add(out, alias.data, alias.len);
        add_text(out, language, "value.open");
        add_word(out, language, peek_text(peek_next(&pair)));
        add_text(out, language, "value.close");
    }
}

static void add_size(struct buf *out, struct bytes value)
{
    struct pack_reader reader = pack_reader_of(value);
    struct pack_item item;
    if (pack_next(&reader, &item, NULL) == STATUS_OK) /* never: the same */
        (void)shape_add(out, bytes_str("size"), &item);
}

static bool is_list(struct bytes value)
{
    struct pack_reader reader;
    return peek_list(value, &reader) > 0;
}

static void add_field(struct buf *out, enum language language,
                      const struct schema_field *field, struct bytes value)
{
    struct pack_reader reader = pack_reader_of(value);
    if (field != NULL && field->type == TYPE_PARTIES && is_list(value))
        add_parties(out, language, value);
    else if (field != NULL && strcmp(field->name, "size") == 0)
        add_size(out, value);
    else
        add_value(out, language, has_words(field), &reader);
}

static void write_row(const struct schema_field *field, struct bytes name,
                      struct bytes value, enum language language, struct buf *out)
{
    struct buf text = {0};
    add_field(&text, language, field, value);
    pack_map(out, 2);
    pack_str(out, "label");
    if (field == NULL)
        pack_str_bytes(out, name);
    else
        pack_str(out, label(language, field->zh_cn, field->en));
    pack_str(out, "text");
    pack_str_bytes(out, buf_bytes(&text));
    out->failed |= text.failed;
    buf_deinit(&text);
}

void timeline_write_rows(const struct schema_kind *kind, struct bytes fields,
                         enum language language, struct buf *out)
{
    struct pack_reader reader;
    struct buf rows = {0};
    uint32_t count = 0;
    for (uint32_t pairs = peek_list(fields, &reader); pairs > 0; pairs--) {
        struct bytes name = peek_text(peek_next(&reader));
        struct bytes value = peek_next(&reader);
        const struct schema_field *field = field_of(kind, name);
        if (!is_shown(field))
            continue;
        write_row(field, name, value, language, &rows);
        count++;
    }
    pack_array(out, count);
    buf_append(out, &rows);
    buf_deinit(&rows);
}

static void write_entry(struct bytes entry, enum language language, struct buf *out)
{
    struct bytes name = peek_text_in(entry, "kind");
    struct bytes to = peek_bin(peek_in(peek_in(entry, "fields"), "site"));
    const struct schema_kind *kind = schema_kind(name);
    pack_map(out, 8);
    peek_copy(out, "author", peek_in(entry, "author"));
    peek_copy(out, "kind", peek_in(entry, "kind"));
    pack_str(out, "label");
    if (kind == NULL)
        pack_str_bytes(out, name);
    else
        pack_str(out, label(language, kind->zh_cn, kind->en));
    peek_copy(out, "op", peek_in(entry, "op"));
    pack_str(out, "rows");
    timeline_write_rows(kind, peek_in(entry, "fields"), language, out);
    peek_copy(out, "site", peek_in(entry, "site"));
    pack_str(out, "to");
    if (to.len > 0)
        pack_bin(out, to.data, to.len);
    else
        pack_nil(out);
    peek_copy(out, "wall", peek_in(entry, "wall"));
}

/* The first one goes as soon as one more is too much; reader then stands at the one
 * behind it. */
static void choose(struct bytes journal, uint64_t until, struct timeline *shown,
                   struct pack_reader *reader)
{
    struct pack_reader ahead;
    size_t bytes = 0;
    uint32_t all = peek_list(journal, &ahead);
    uint32_t end = until > 0 && until < all ? (uint32_t)until : all;
    *shown = (struct timeline){.later = all - end};
    (void)peek_list(journal, reader);
    while (shown->first + shown->count < end) {
        bytes += peek_next(&ahead).len;
        shown->count++;
        while (shown->count > 1 &&
               (shown->count > TIMELINE_ENTRIES || bytes > TIMELINE_BYTES)) {
            bytes -= peek_next(reader).len;
            shown->count--;
            shown->first++;
        }
    }
}

enum status timeline_write(struct bytes view, enum language language, uint64_t until,
                           struct timeline *shown, struct buf *out)
{
    struct pack_reader reader;
    choose(peek_in(view, "journal"), until, shown, &reader);
    pack_array(out, shown->count);
    for (uint32_t i = 0; i < shown->count; i++)
        write_entry(peek_next(&reader), language, out);
    return buf_status(out);
}
