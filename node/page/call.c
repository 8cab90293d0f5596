#include "node/page/call.h"

#include <stdio.h>
#include <string.h>

#include "node/page/peek.h"
#include "proto/pack.h"

struct word {
    struct bytes name, type, source;
};

static struct word read_word(struct bytes text)
{
    struct word word = {0};
    struct bytes front = bytes_take(&text, "=");
    word.source = text;
    word.type = front;
    word.name = bytes_take(&word.type, ":");
    if (word.source.len == 0)
        word.source = word.name;
    return word;
}

static bool find(const struct call_source *source, struct bytes name, size_t number,
                 struct bytes *value)
{
    bool is_one = number == 0;
    if (bytes_equal_str(name, "+") || bytes_equal_str(name, "++")) {
        *value = source->path[name.len - 1];
        return is_one;
    }
    if (name.len > 0 && name.data[0] == '\'') {
        *value = bytes_of(name.data + 1, name.len - 1);
        return is_one;
    }
    return source->form != NULL && form_find(source->form, name, number, value);
}

static enum status read_number(struct bytes text, uint64_t *number, struct err *err)
{
    return form_number(text, number)
               ? STATUS_OK
               : err_set(err, STATUS_INVALID, "that is no number: %.*s",
                         (int)(text.len < 40 ? text.len : 40), (const char *)text.data);
}

#define HEX_BYTES_MAX 64

static enum status read_hex(const char *name, struct bytes text,
                            uint8_t bytes[static HEX_BYTES_MAX], struct err *err)
{
    if (text.len > 2 * HEX_BYTES_MAX || !hex_read(bytes, text.len / 2, text))
        return err_set(err, STATUS_INVALID, "%s: not digits of a known length", name);
    return STATUS_OK;
}

static enum status add_hex(struct pairs *out, const char *name, struct bytes text,
                           struct err *err)
{
    uint8_t bytes[HEX_BYTES_MAX];
    enum status status = read_hex(name, text, bytes, err);
    if (status == STATUS_OK)
        pairs_bin(out, name, bytes_of(bytes, text.len / 2));
    return status;
}

static bool is_blank(struct bytes text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.data[i] != ' ' && text.data[i] != '\n' && text.data[i] != '\t')
            return false;
    return true;
}

/* An array of what each step writes; the count is known only behind it. */
static void end_list(struct pairs *out, const char *name, struct buf *list,
                     uint32_t count, uint32_t count_wanted)
{
    struct buf raw = {0};
    if (count >= count_wanted) {
        pack_array(&raw, count);
        buf_append(&raw, list);
        pairs_raw(out, name, buf_bytes(&raw));
        out->memory.failed |= raw.failed;
    }
    buf_deinit(&raw);
    buf_deinit(list);
}

static void add_list(struct pairs *out, const char *name, const struct word *word,
                     const struct call_source *source)
{
    struct buf list = {0};
    struct bytes value;
    uint32_t count = 0;
    for (size_t i = 0; find(source, word->source, i, &value); i++) {
        if (is_blank(value))
            continue;
        pack_str_bytes(&list, value);
        count++;
    }
    end_list(out, name, &list, count, 1);
}

static enum status add_hexes(struct pairs *out, const char *name, const struct word *word,
                             const struct call_source *source, struct err *err)
{
    struct buf list = {0};
    struct bytes value;
    uint32_t count = 0;
    enum status status = STATUS_OK;
    for (; status == STATUS_OK && find(source, word->source, count, &value); count++) {
        uint8_t bytes[HEX_BYTES_MAX];
        status = read_hex(name, value, bytes, err);
        if (status == STATUS_OK)
            pack_bin(&list, bytes, value.len / 2);
    }
    end_list(out, name, &list, count, 1);
    return status;
}

static void add_lines(struct pairs *out, const char *name, struct bytes text)
{
    struct buf list = {0};
    uint32_t count = 0;
    while (text.len > 0) {
        struct bytes line = bytes_take(&text, "\n");
        if (is_blank(line))
            continue;
        pack_str_bytes(&list, line);
        count++;
    }
    end_list(out, name, &list, count, 1);
}

/* Two fields for each element: NAME and NAME-suffix, side by side in the form. */
static void add_couples(struct pairs *out, const char *name, const struct word *word,
                        const struct call_source *source, const char *suffix,
                        bool is_suffix_first)
{
    char other[PAIR_NAME_MAX + 16];
    struct buf list = {0};
    struct bytes value, second;
    uint32_t count = 0;
    size_t len = word->source.len < PAIR_NAME_MAX ? word->source.len : PAIR_NAME_MAX;
    memcpy(other, word->source.data, len);
    memcpy(other + len, suffix, strlen(suffix) + 1);
    for (size_t i = 0; find(source, word->source, i, &value); i++) {
        if (is_blank(value) || !find(source, bytes_str(other), i, &second))
            continue;
        pack_array(&list, 2);
        pack_str_bytes(&list, is_suffix_first ? second : value);
        pack_str_bytes(&list, is_suffix_first ? value : second);
        count++;
    }
    end_list(out, name, &list, count, 1);
}

/* Three fields for each: NAME-role, NAME, NAME-days. */
static enum status add_steps(struct pairs *out, const char *name, const struct word *word,
                             const struct call_source *source, struct err *err)
{
    char role_name[PAIR_NAME_MAX + 16], days_name[PAIR_NAME_MAX + 16];
    struct buf list = {0};
    struct bytes text, role, days;
    uint32_t count = 0;
    uint64_t number;
    enum status status = STATUS_OK;
    int len = word->source.len < PAIR_NAME_MAX ? (int)word->source.len : PAIR_NAME_MAX;
    const char *source_name = (const char *)word->source.data;
    (void)snprintf(role_name, sizeof(role_name), "%.*s-role", len, source_name);
    (void)snprintf(days_name, sizeof(days_name), "%.*s-days", len, source_name);
    for (size_t i = 0; status == STATUS_OK && find(source, word->source, i, &text); i++) {
        if (is_blank(text) || !find(source, bytes_str(role_name), i, &role) ||
            !find(source, bytes_str(days_name), i, &days))
            continue;
        status = read_number(days, &number, err);
        pack_array(&list, 3);
        pack_str_bytes(&list, role);
        pack_str_bytes(&list, text);
        pack_uint(&list, number);
        count++;
    }
    end_list(out, name, &list, count, 1);
    return status;
}

/* The first word of a line; the rest stays in it, without the blanks between. */
static struct bytes take_word(struct bytes *line)
{
    static const char wide[] = "\xe3\x80\x80"; /* the blank of Chinese keyboards */
    struct bytes word = *line;
    size_t at = 0;
    while (at < word.len && word.data[at] != ' ' &&
           (word.len - at < 3 || memcmp(word.data + at, wide, 3) != 0))
        at++;
    word.len = at;
    while (at < line->len &&
           (line->data[at] == ' ' ||
            (line->len - at >= 3 && memcmp(line->data + at, wide, 3) == 0)))
        at += line->data[at] == ' ' ? 1 : 3;
    *line = bytes_of(line->data + at, line->len - at);
    return word;
}

/* Lines of "number text". */
static void add_numbered(struct pairs *out, const char *name, struct bytes text)
{
    struct buf list = {0};
    uint32_t count = 0;
    while (text.len > 0) {
        struct bytes line = bytes_take(&text, "\n");
        if (is_blank(line))
            continue;
        struct bytes number = take_word(&line);
        pack_array(&list, 2);
        pack_str_bytes(&list, number);
        pack_str_bytes(&list, line);
        count++;
    }
    end_list(out, name, &list, count, 1);
}

/* What is typed unseen is typed twice. */
static enum status add_twice(struct pairs *out, const char *name, const struct word *word,
                             const struct call_source *source, struct bytes first,
                             struct err *err)
{
    struct bytes second;
    if (!find(source, word->source, 1, &second) || !bytes_equal(first, second))
        return err_set(err, STATUS_INVALID, "what was typed twice is not the same");
    pairs_text(out, name, first);
    return STATUS_OK;
}

/* What lies before or behind the tab in a value that says two things. */
static void add_half(struct pairs *out, const char *name, struct bytes value,
                     bool is_front)
{
    struct bytes front = bytes_take(&value, "\t");
    pairs_text(out, name, is_front ? front : value);
}

/* The second field of a name is NAME-2. */
static void write_name(char out[static PAIR_NAME_MAX + 1], struct bytes name,
                       unsigned number)
{
    memcpy(out, name.data, name.len);
    out[name.len] = '\0';
    if (number > 1)
        (void)snprintf(out + name.len, PAIR_NAME_MAX + 1 - name.len, "-%u", number);
}

/* All that a person typed: what belongs to the page itself stays out. */
static void add_fields(struct pairs *out, const char *name, const struct form *form)
{
    static const char *const ours[] = {"mark", "once", "pin", "new", "back", "quiet"};
    struct pairs map = {0};
    struct buf raw = {0};
    for (size_t i = 0; i < form->len; i++) {
        const struct form_field *field = &form->fields[i];
        char text[PAIR_NAME_MAX + 1];
        bool is_ours = field->is_file || field->name.len > PAIR_NAME_MAX - 3;
        for (size_t k = 0; k < sizeof(ours) / sizeof(ours[0]); k++)
            is_ours |= bytes_equal_str(field->name, ours[k]);
        if (is_ours)
            continue;
        write_name(text, field->name, 1);
        for (unsigned number = 2; pairs_has(&map, text) && number <= SAME_NAME_MAX;
             number++)
            write_name(text, field->name, number);
        if (!pairs_has(&map, text))
            pairs_text(&map, text, field->value);
    }
    if (pairs_pack(&map, &raw) == STATUS_OK)
        pairs_raw(out, name, buf_bytes(&raw));
    else
        out->memory.failed = true;
    buf_deinit(&raw);
    pairs_deinit(&map);
}

static enum status add_word(struct pairs *out, const struct word *word,
                            const struct call_source *source, struct err *err)
{
    char name[PAIR_NAME_MAX + 1] = "";
    struct bytes value = {(const uint8_t *)"", 0};
    uint64_t number;
    enum status status = STATUS_OK;
    memcpy(name, word->name.data, word->name.len);
    struct bytes type = word->type;
    size_t which = bytes_equal_str(type, "file") ? source->file : 0;
    bool is_there = find(source, word->source, which, &value) && value.len > 0;
    if (bytes_equal_str(type, "flag")) {
        pairs_flag(out, name, is_there);
    } else if (bytes_equal_str(type, "said")) {
        if (find(source, word->source, 0, &value))
            pairs_text(out, name, value);
    } else if (bytes_equal_str(type, "all")) {
        pairs_flag(out, name, true);
    } else if (bytes_equal_str(type, "fields")) {
        add_fields(out, name, source->form);
    } else if (bytes_equal_str(type, "parties")) {
        add_couples(out, name, word, source, "-role", false);
    } else if (bytes_equal_str(type, "roles")) {
        add_couples(out, name, word, source, "-who", false);
    } else if (bytes_equal_str(type, "steps")) {
        status = add_steps(out, name, word, source, err);
    } else if (bytes_equal_str(type, "clauses")) {
        add_couples(out, name, word, source, "-number", true);
    } else if (!is_there) {
        return STATUS_OK;
    } else if (bytes_equal_str(type, "mark")) {
        pairs_flag(out, name, true);
    } else if (bytes_equal_str(type, "number")) {
        status = read_number(value, &number, err);
        if (status == STATUS_OK)
            pairs_uint(out, name, number);
    } else if (bytes_equal_str(type, "list")) {
        add_list(out, name, word, source);
    } else if (bytes_equal_str(type, "lines")) {
        add_lines(out, name, value);
    } else if (bytes_equal_str(type, "numbered")) {
        add_numbered(out, name, value);
    } else if (bytes_equal_str(type, "twice")) {
        status = add_twice(out, name, word, source, value, err);
    } else if (bytes_equal_str(type, "front") || bytes_equal_str(type, "back")) {
        add_half(out, name, value, bytes_equal_str(type, "front"));
    } else if (bytes_equal_str(type, "file")) {
        pairs_bin(out, name, value);
    } else if (bytes_equal_str(type, "hex")) {
        status = add_hex(out, name, value, err);
    } else if (bytes_equal_str(type, "hexes")) {
        status = add_hexes(out, name, word, source, err);
    } else {
        pairs_text(out, name, value);
    }
    return status;
}

enum status call_arguments(struct pairs *out, const char *wanted,
                           const struct call_source *source, struct err *err)
{
    struct bytes left = bytes_str(wanted);
    enum status status = STATUS_OK;
    while (status == STATUS_OK && left.len > 0) {
        struct word word = read_word(bytes_take(&left, " "));
        status = add_word(out, &word, source, err);
    }
    return status;
}

enum status call_write(struct buf *out, uint64_t number, struct bytes method,
                       struct bytes arguments, struct bytes once)
{
    pack_array(out, once.len == 0 ? 3 : 4);
    pack_uint(out, number);
    pack_str_bytes(out, method);
    buf_add(out, arguments.data, arguments.len);
    if (once.len > 0)
        pack_bin(out, once.data, once.len);
    return buf_status(out);
}

struct call_answer call_read(struct bytes answer)
{
    struct call_answer read = {.status = STATUS_CORRUPT};
    struct pack_reader reader = pack_reader_of(answer);
    uint32_t elements;
    uint64_t number;
    struct bytes name;
    if (pack_read_array(&reader, &elements, NULL) != STATUS_OK || elements != 3 ||
        pack_read_uint(&reader, &number, NULL) != STATUS_OK ||
        pack_read_str(&reader, &name, NULL) != STATUS_OK ||
        pack_value(&reader, 1, &read.result, NULL) != STATUS_OK)
        return read;
    char text[32] = "";
    memcpy(text, name.data, name.len < sizeof(text) ? name.len : sizeof(text) - 1);
    read.status = status_from_name(text);
    return read;
}

struct bytes call_sentence(const struct call_answer *answer)
{
    struct bytes sentence = peek_text(answer->result);
    return sentence.len > 0 ? sentence : bytes_str(status_text(answer->status));
}
