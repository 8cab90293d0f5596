#include "cli/outline.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "cli/printable.h"
#include "proto/pack.h"

#define OUTLINE_INDENT 16

/* As many bytes of an id as people compare; the whole stands in the JSON. */
#define BRIEF_BYTES 6

struct outline {
    FILE *out;
    unsigned indent;
    bool is_brief;
};

static void print_hex(const struct outline *outline, struct bytes bytes)
{
    bool is_cut = outline->is_brief && bytes.len > BRIEF_BYTES;
    for (size_t i = 0; i < (is_cut ? BRIEF_BYTES : bytes.len); i++)
        fprintf(outline->out, "%02x", bytes.data[i]);
    if (is_cut)
        fputs("…", outline->out);
}

/* The gate has bounded the depth. */
static void print_next(const struct outline *outline, struct pack_reader *reader);

static void print_group(const struct outline *outline, struct pack_reader *reader,
                        const struct pack_item *group)
{
    FILE *out = outline->out;
    bool is_map = group->type == PACK_MAP;
    if (group->count == 0)
        fputs("(none)", out);
    for (uint32_t i = 0; i < group->count; i++) {
        if (i > 0)
            fputs(is_map ? "; " : ", ", out);
        if (is_map) {
            print_next(outline, reader);
            fputs(": ", out);
        }
        print_next(outline, reader);
    }
}

static void print_next(const struct outline *outline, struct pack_reader *reader)
{
    FILE *out = outline->out;
    struct pack_item item;
    enum status status = pack_next(reader, &item, NULL);
    assert(status == STATUS_OK); /* print_value looked at the whole */
    switch (item.type) {         /* never: the enum has no other value */
    case PACK_NIL:
        fputs("(withheld)", out);
        break;
    case PACK_BOOL:
        fputs(item.number ? "yes" : "no", out);
        break;
    case PACK_UINT:
        fprintf(out, "%" PRIu64, item.number);
        break;
    case PACK_NEGATIVE: {
        int64_t number;
        memcpy(&number, &item.number, sizeof(number));
        fprintf(out, "%" PRId64, number);
        break;
    }
    case PACK_STR:
        printable_print_lines(out, item.bytes, outline->indent);
        break;
    case PACK_BIN:
        print_hex(outline, item.bytes);
        break;
    case PACK_ARRAY:
    case PACK_MAP:
        print_group(outline, reader, &item);
        break;
    }
}

static void print_value(const struct outline *outline, struct bytes raw)
{
    struct pack_reader reader = pack_reader_of(raw);
    if (pack_check(raw, NULL) == STATUS_OK)
        print_next(outline, &reader);
}

void outline_value(FILE *out, struct bytes raw, unsigned indent)
{
    print_value(&(struct outline){out, indent, false}, raw);
}

void outline_brief(FILE *out, struct bytes raw, unsigned indent)
{
    print_value(&(struct outline){out, indent, true}, raw);
}

static void print_label(FILE *out, const char *label)
{
    size_t width = printable_width(bytes_str(label)) + 1;
    printable_print(out, bytes_str(label)); /* of a view it may be anybody's word */
    fprintf(out, ":%*s", (int)(width < OUTLINE_INDENT ? OUTLINE_INDENT - width : 1), "");
}

void outline_field(FILE *out, const char *label, struct bytes raw)
{
    if (raw.len == 0)
        return;
    print_label(out, label);
    outline_value(out, raw, OUTLINE_INDENT);
    fputc('\n', out);
}

void outline_text(FILE *out, const char *label, struct bytes text)
{
    if (text.len == 0)
        return;
    print_label(out, label);
    printable_print_lines(out, text, OUTLINE_INDENT);
    fputc('\n', out);
}
