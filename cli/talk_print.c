#include "cli/talk_print.h"

#include "cli/names.h"
#include "cli/outline.h"
#include "cli/printable.h"
#include "node/cases/view.h"

struct sheet {
    FILE *out;
    struct bytes names;
};

static void print_site(const struct sheet *sheet, struct bytes element)
{
    struct id site;
    fputs("  ", sheet->out);
    if (view_map_id(element, "site", &site))
        names_print_site(sheet->out, sheet->names, &site);
}

static void print_text(const struct sheet *sheet, const char *before,
                       struct bytes element, const char *name)
{
    struct bytes text;
    if (!view_map_text(element, name, &text))
        return;
    fputs(before, sheet->out);
    printable_print(sheet->out, text);
}

static bool print_grade(void *context, struct bytes element)
{
    const struct sheet *sheet = context;
    print_site(sheet, element);
    print_text(sheet, ": ", element, "word");
    print_text(sheet, ", because ", element, "reason");
    fputc('\n', sheet->out);
    return true;
}

static bool print_progress(void *context, struct bytes element)
{
    const struct sheet *sheet = context;
    print_site(sheet, element);
    print_text(sheet, ": ", element, "word");
    print_text(sheet, ", ", element, "text");
    fputc('\n', sheet->out);
    return true;
}

static bool print_task(void *context, struct bytes element)
{
    const struct sheet *sheet = context;
    struct id op, done;
    char hex[13] = "";
    if (view_map_id(element, "op", &op))
        hex_encode(hex, op.bytes, 6);
    fprintf(sheet->out, "  %s", hex);
    print_text(sheet, "  due ", element, "due");
    fputs(view_map_id(element, "done", &done) ? ", done" : ", open", sheet->out);
    print_text(sheet, "  ", element, "owner");
    print_text(sheet, ": ", element, "text");
    fputc('\n', sheet->out);
    return true;
}

/* --- what auditors noted, wherever it stands in the journal --- */

struct notes {
    const struct sheet *sheet; /* NULL: they are counted alone */
    uint32_t len;
};

static bool print_note(void *context, struct bytes entry)
{
    struct notes *notes = context;
    struct bytes fields;
    if ((!view_map_has_text(entry, "kind", "audited") &&
         !view_map_has_text(entry, "kind", "case-audited")) ||
        !view_map_get(entry, "fields", &fields))
        return true;
    notes->len++;
    if (notes->sheet == NULL)
        return true;
    print_site(notes->sheet, entry);
    print_text(notes->sheet, ": ", fields, "verdict");
    print_text(notes->sheet, ", ", fields, "text");
    fputc('\n', notes->sheet->out);
    return true;
}

static void print_notes(const struct sheet *sheet, struct bytes view)
{
    struct notes notes = {.sheet = NULL};
    view_map_each(view, "journal", print_note, &notes);
    if (notes.len == 0)
        return;
    fputs("\nwhat auditors noted\n", sheet->out);
    notes.sheet = sheet;
    view_map_each(view, "journal", print_note, &notes);
}

void talk_print_unserved(FILE *out, struct bytes view)
{
    if (view_is_unserved(view))
        outline_text(
            out, "服务缺位",
            bytes_str("nobody serves this: everybody who was asked has declined"));
}

void talk_print(FILE *out, struct bytes view, struct bytes names)
{
    static const struct {
        const char *name, *title;
        view_fn *print;
    } lists[] = {{"grades", "grades", print_grade},
                 {"joint", "who takes part, and how far", print_progress},
                 {"assigned", "tasks", print_task}};
    struct sheet sheet = {out, names};
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        if (view_map_count(view, lists[i].name) == 0)
            continue;
        fprintf(out, "\n%s\n", lists[i].title);
        view_map_each(view, lists[i].name, lists[i].print, &sheet);
    }
    print_notes(&sheet, view);
}

bool talk_is_named(struct bytes kind)
{
    return bytes_equal_str(kind, "advise") || bytes_equal_str(kind, "invite") ||
           bytes_equal_str(kind, "assign");
}
