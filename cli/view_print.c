#include "cli/view_print.h"

#include <string.h>

#include "cli/consent_table.h"
#include "cli/names.h"
#include "cli/outline.h"
#include "cli/printable.h"
#include "cli/table.h"
#include "cli/talk_print.h"
#include "node/cases/view.h"
#include "proto/pack.h"

/* What is being printed, and whom it names. */
struct sheet {
    FILE *out;
    struct bytes view, names;
};

/* The registers that people read first, in this order. */
static const struct {
    const char *name, *label;
} first_registers[] = {
    {"title", "title"},         {"category", "category"}, {"context", "context"},
    {"narrative", "narrative"}, {"place", "place"},       {"wish", "wish"},
};
#define FIRST_REGISTERS (sizeof(first_registers) / sizeof(first_registers[0]))

/* In an escalation the fields of the case carry this before their names. */
#define CASE_PREFIX "case."
#define CASE_PREFIX_LEN (sizeof(CASE_PREFIX) - 1)

static struct bytes without_prefix(struct bytes name)
{
    if (name.len > CASE_PREFIX_LEN &&
        memcmp(name.data, CASE_PREFIX, CASE_PREFIX_LEN) == 0)
        return bytes_of(name.data + CASE_PREFIX_LEN, name.len - CASE_PREFIX_LEN);
    return name;
}

static bool is_first_register(struct bytes name)
{
    name = without_prefix(name);
    for (size_t i = 0; i < FIRST_REGISTERS; i++) {
        if (bytes_equal_str(name, first_registers[i].name))
            return true;
    }
    return false;
}

/* When and who: an entry's wall clock and author. Unknown times are shown as "-". */
static void print_by(const struct sheet *sheet, struct bytes element)
{
    char when[24];
    uint64_t wall = 0;
    struct id author;
    (void)view_map_uint(element, "wall", &wall);
    time_text(when, wall);
    fprintf(sheet->out, "%-16s", when);
    if (!view_map_id(element, "author", &author))
        return;
    fputs("  ", sheet->out);
    names_print_author(sheet->out, sheet->names, &author);
}

static bool print_other_value(void *context, struct bytes element)
{
    const struct sheet *sheet = context;
    FILE *out = sheet->out;
    struct bytes value;
    if (!view_map_get(element, "value", &value))
        return true;
    fputs("  or (", out);
    print_by(sheet, element);
    fputs("):  ", out);
    outline_value(out, value, 16);
    fputc('\n', out);
    return true;
}

/* The shown value and, where people must decide, the others. */
static void print_register(struct sheet *sheet, const char *name, const char *label)
{
    FILE *out = sheet->out;
    struct bytes view = sheet->view;
    struct bytes raw;
    struct bytes registers;
    if (view_value(view, name, &raw))
        outline_field(out, label, raw);
    else if (view_map_get(view, "registers", &registers) &&
             view_map_get(registers, name, &raw))
        outline_text(out, label, bytes_str("(withheld)"));
    if (view_has_conflict(view, name) && view_map_get(view, "registers", &registers)) {
        fputs("  two or more people wrote ", out);
        printable_print(out, bytes_str(label));
        fputs(" at once; fengqiao case set decides:\n", out);
        view_map_each(registers, name, print_other_value, sheet);
    }
}

static void print_other_registers(struct sheet *sheet)
{
    struct bytes registers;
    if (!view_map_get(sheet->view, "registers", &registers))
        return;
    struct pack_reader reader = pack_reader_of(registers);
    uint32_t count;
    if (pack_read_map(&reader, &count, NULL) != STATUS_OK)
        return;
    for (uint32_t i = 0; i < count; i++) {
        struct bytes name;
        struct bytes raw;
        char text[64];
        if (pack_read_str(&reader, &name, NULL) != STATUS_OK ||
            pack_value(&reader, 1, &raw, NULL) != STATUS_OK)
            return;
        if (is_first_register(name) || name.len >= sizeof(text))
            continue;
        (void)snprintf(text, sizeof(text), "%.*s", (int)name.len,
                       (const char *)name.data);
        size_t prefix = name.len - without_prefix(name).len;
        print_register(sheet, text, text + prefix);
    }
}

static bool print_identity(void *context, struct bytes element)
{
    FILE *out = ((struct sheet *)context)->out;
    struct bytes party;
    if (!view_map_text(element, "party", &party))
        party = bytes_str("(erased)");
    fputs("  ", out);
    printable_print(out, party);
    fputc('\n', out);
    return true;
}

static bool print_entry(void *context, struct bytes element)
{
    const struct sheet *sheet = context;
    FILE *out = sheet->out;
    struct bytes kind = {0};
    struct bytes fields;
    (void)view_map_text(element, "kind", &kind); /* every entry has one */
    fputs("  ", out);
    print_by(sheet, element);
    fputs("  ", out);
    printable_print(out, kind);
    struct id op;
    if (talk_is_named(kind) && view_map_id(element, "op", &op)) {
        char hex[13];
        hex_encode(hex, op.bytes, 6);
        fprintf(out, " %s", hex);
    }
    /* What a founding op carries stands above, as it is now. */
    bool is_founding =
        bytes_equal_str(kind, "case-new") || bytes_equal_str(kind, "escalate");
    if (!is_founding && view_map_get(element, "fields", &fields) && fields.len > 1) {
        fputs("  ", out);
        outline_brief(out, fields, 22);
    }
    fputc('\n', out);
    return true;
}

static bool print_refused(void *context, struct bytes element)
{
    FILE *out = ((struct sheet *)context)->out;
    struct bytes kind = {0};
    struct bytes reason = {0};
    (void)view_map_text(element, "kind", &kind);     /* every entry has one */
    (void)view_map_text(element, "reason", &reason); /* the same */
    fputs("  ", out);
    printable_print(out, kind);
    fputs(": ", out);
    printable_print(out, reason);
    fputc('\n', out);
    return true;
}

static bool print_holder(void *context, struct bytes element)
{
    const struct sheet *sheet = context;
    FILE *out = sheet->out;
    struct bytes state = {0};
    struct id site;
    if (!view_map_id(element, "site", &site))
        return true;
    (void)view_map_text(element, "state", &state); /* the founder has none */
    fputs("  ", out);
    names_print_site(out, sheet->names, &site);
    fputs("  ", out);
    printable_print(out, state);
    fputc('\n', out);
    return true;
}

/* Who may hold it though nothing grants it any more: it knows of it, and no more. */
struct lapsed {
    const struct sheet *sheet;
    struct id site;
    bool is_holder;
};

static bool find_holder(void *context, struct bytes element)
{
    struct lapsed *lapsed = context;
    struct id site;
    if (view_map_id(element, "site", &site) && id_equal(&site, &lapsed->site))
        lapsed->is_holder = true;
    return !lapsed->is_holder;
}

static bool print_lapsed(void *context, struct bytes element)
{
    struct lapsed *lapsed = context;
    if (!view_id(element, &lapsed->site))
        return true;
    lapsed->is_holder = false;
    view_map_each(lapsed->sheet->view, "holders", find_holder, lapsed);
    if (lapsed->is_holder)
        return true;
    FILE *out = lapsed->sheet->out;
    fputs("  ", out);
    names_print_site(out, lapsed->sheet->names, &lapsed->site);
    fputs("  without effect: it is shown nothing new\n", out);
    return true;
}

static void print_list(struct sheet *sheet, const char *name, const char *title,
                       view_fn *fn)
{
    if (view_map_count(sheet->view, name) == 0)
        return;
    fprintf(sheet->out, "\n%s\n", title);
    view_map_each(sheet->view, name, fn, sheet);
}

static void print_value(const struct sheet *sheet, const char *name)
{
    struct bytes raw;
    /* nil reads as "does not apply" in these places. */
    if (view_map_get(sheet->view, name, &raw) && !(raw.len == 1 && raw.data[0] == 0xc0))
        outline_field(sheet->out, name, raw);
}

static void print_danger(const struct sheet *sheet)
{
    struct bytes danger, reason = bytes_str("(withheld)");
    bool is_confirmed;
    if (!view_map_get(sheet->view, "danger", &danger) ||
        !view_map_flag(danger, "confirmed", &is_confirmed))
        return;
    (void)view_map_text(danger, "reason", &reason); /* or it stays withheld */
    outline_text(sheet->out, "danger to life", reason);
    fprintf(sheet->out, "  sent without waiting for consents; %s\n",
            is_confirmed ? "a steward stands by it" : "no steward has confirmed it yet");
}

/* What was decided and why first, then the three questions. */
static void print_triage(const struct sheet *sheet)
{
    static const struct {
        const char *name, *question;
    } questions[] = {{"solvable", "solved here"},
                     {"danger", "anybody in danger"},
                     {"beyond", "above our competence"}};
    struct bytes triage, text;
    if (!view_map_get(sheet->view, "triage", &triage) ||
        !view_map_text(triage, "decision", &text))
        return;
    outline_text(sheet->out, "triage", text);
    if (view_map_text(triage, "reason", &text))
        outline_text(sheet->out, "  because", text);
    for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]); i++) {
        bool is_so;
        if (view_map_flag(triage, questions[i].name, &is_so))
            fprintf(sheet->out, "  %s: %s\n", questions[i].question,
                    is_so ? "yes" : "no");
    }
}

void view_print(FILE *out, struct bytes view, struct bytes names)
{
    struct sheet sheet = {out, view, names};
    for (size_t i = 0; i < FIRST_REGISTERS; i++) {
        char name[64];
        (void)snprintf(name, sizeof(name), CASE_PREFIX "%s", first_registers[i].name);
        print_register(&sheet, first_registers[i].name, first_registers[i].label);
        print_register(&sheet, name, first_registers[i].label);
    }
    print_other_registers(&sheet);
    if (view_map_count(view, "parties") > 0)
        print_value(&sheet, "parties");
    if (view_is_minor(view))
        outline_text(out, "minor",
                     bytes_str("yes: roles alone; not in search, export, statistics"));
    print_value(&sheet, "reason");
    print_value(&sheet, "no-parties");
    print_danger(&sheet);
    print_value(&sheet, "onward");
    outline_text(out, "state", view_state(view));
    talk_print_unserved(out, view);
    print_triage(&sheet);
    if (view_map_count(view, "conflicts") > 0)
        print_value(&sheet, "conflicts");
    consent_table_print(out, view);
    print_list(&sheet, "identities", "identity kept, sealed", print_identity);
    print_list(&sheet, "holders", "who may hold it", print_holder);
    struct lapsed lapsed = {.sheet = &sheet};
    view_map_each(view, "held", print_lapsed, &lapsed);
    talk_print(out, view, names);
    print_list(&sheet, "journal", "what happened", print_entry);
    print_list(&sheet, "refused", "without effect", print_refused);
}
