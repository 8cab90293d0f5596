#include <string.h>

#include "node/cases/schema.h"
#include "node/cases/view.h"
#include "node/core/api.h"
#include "node/core/charters.h"
#include "node/core/rulebook.h"
#include "node/core/shelf.h"
#include "node/web/print.h"

#define SHORT_ID 12 /* digits of an id that a person compares */

/* --- what a template asks for (node/web/print) --- */

static void pack_value_text(struct buf *out, const char *name, struct bytes text)
{
    pack_str(out, name);
    if (text.len > 0)
        pack_str_bytes(out, text);
    else
        pack_nil(out);
}

static void pack_register(struct buf *out, const char *name, struct bytes view)
{
    struct bytes text = {0};
    (void)view_text(view, name, &text); /* empty where there is none */
    pack_value_text(out, name, text);
}

/* The id whole, for the QR code, or its beginning, for the eye. */
static void pack_hex(struct buf *out, const char *name, const struct id *id,
                     size_t digits)
{
    char hex[2 * ID_SIZE + 1];
    hex_encode(hex, id->bytes, ID_SIZE);
    pack_str(out, name);
    pack_str_bytes(out, bytes_of(hex, digits));
}

static bool pack_party(void *context, struct bytes party)
{
    struct pack_reader reader = pack_reader_of(party);
    struct bytes alias = {0}, role = {0};
    (void)schema_next_party(&reader, &alias, &role); /* it fitted */
    pack_map(context, 2);
    pack_value_text(context, "alias", alias);
    pack_value_text(context, "role", role);
    return true;
}

static void pack_parties(struct buf *out, struct bytes map)
{
    pack_str(out, "parties");
    pack_array(out, view_map_count(map, "parties"));
    view_map_each(map, "parties", pack_party, out);
}

/* --- the clauses that an agreement cites, in the wording that it cites --- */

struct wording {
    struct core *core;
    struct buf *out;
    struct id version;
    struct bytes number, rules; /* rules: the title */
    bool is_found;
    enum status status;
};

struct clause {
    struct bytes number, text;
};

static bool match_clause(void *context, struct bytes element)
{
    struct clause *wanted = context;
    struct pack_reader reader = pack_reader_of(element);
    struct bytes number = {0}, text = {0};
    (void)schema_next_clause(&reader, &number, &text); /* it fitted */
    bool is_it = bytes_equal(number, wanted->number);
    if (is_it)
        wanted->text = text;
    return !is_it;
}

static bool match_version(void *context, struct bytes entry)
{
    struct wording *wording = context;
    struct clause clause = {.number = wording->number};
    struct bytes fields, label = {0};
    if (!view_map_has_id(entry, "op", &wording->version) ||
        !rulebook_is_version(entry, &fields))
        return true;
    view_map_each(fields, "clauses", match_clause, &clause);
    (void)view_map_text(fields, "version", &label); /* empty where it was erased */
    pack_map(wording->out, 4);
    pack_value_text(wording->out, "clause", wording->number);
    pack_value_text(wording->out, "rules", wording->rules);
    pack_value_text(wording->out, "text", clause.text);
    pack_value_text(wording->out, "version", label);
    wording->is_found = true;
    return false;
}

static enum status look_for_version(void *context, const struct store_scope *scope)
{
    struct wording *wording = context;
    wording->rules = shelf_title(scope->view);
    if (!wording->is_found)
        view_map_each(scope->view, "journal", match_version, wording);
    return STATUS_OK;
}

static bool pack_clause(void *context, struct bytes cite)
{
    struct wording *wording = context;
    struct pack_reader reader = pack_reader_of(cite);
    (void)schema_next_cite(&reader, &wording->version, &wording->number); /* it fitted */
    wording->is_found = false;
    wording->status = rulebook_each(wording->core, look_for_version, wording);
    if (!wording->is_found) { /* it was erased */
        pack_map(wording->out, 1);
        pack_value_text(wording->out, "clause", wording->number);
    }
    return wording->status == STATUS_OK;
}

static enum status pack_clauses(struct core *core, struct buf *out, struct bytes fields)
{
    struct wording wording = {.core = core, .out = out};
    pack_str(out, "clauses");
    pack_array(out, view_map_count(fields, "clauses"));
    view_map_each(fields, "clauses", pack_clause, &wording);
    return wording.status;
}

/* --- the agreement: the last one --- */

static bool keep_agreement(void *context, struct bytes entry)
{
    if (view_map_has_text(entry, "kind", "agreement"))
        *(struct bytes *)context = entry;
    return true;
}

static void pack_field(struct buf *out, const char *name, struct bytes fields)
{
    struct bytes text = {0};
    (void)view_map_text(fields, name, &text); /* empty where it is not there */
    pack_value_text(out, name, text);
}

static enum status pack_agreement(struct core *core, struct buf *out, struct bytes view)
{
    struct bytes entry = {0}, fields = {0};
    struct id op = {{0}};
    view_map_each(view, "journal", keep_agreement, &entry);
    pack_str(out, "agreement");
    if (entry.len == 0) {
        pack_nil(out);
        return STATUS_OK;
    }
    (void)view_map_get(entry, "fields", &fields); /* each entry has them */
    (void)view_map_id(entry, "op", &op);          /* the same */
    pack_map(out, 9);
    enum status status = pack_clauses(core, out, fields);
    pack_field(out, "deadline", fields);
    pack_field(out, "dispute", fields);
    pack_field(out, "facts", fields);
    pack_field(out, "manner", fields);
    pack_hex(out, "op", &op, 2 * ID_SIZE);
    pack_parties(out, fields);
    pack_hex(out, "short", &op, SHORT_ID);
    pack_field(out, "terms", fields);
    return status;
}

/* --- notes --- */

struct notes {
    struct buf out;
    uint32_t len;
};

static bool add_note(void *context, struct bytes entry)
{
    struct notes *notes = context;
    struct bytes fields = {0}, text = {0};
    if (!view_map_has_text(entry, "kind", "note"))
        return true;
    (void)view_map_get(entry, "fields", &fields); /* each entry has them */
    if (!view_map_text(fields, "text", &text))
        return true; /* it was erased */
    notes->len++;
    pack_map(&notes->out, 1);
    pack_value_text(&notes->out, "text", text);
    return true;
}

static void pack_notes(struct buf *out, struct bytes view)
{
    struct notes notes = {.len = 0};
    view_map_each(view, "journal", add_note, &notes);
    pack_str(out, "notes");
    pack_array(out, notes.len);
    buf_append(out, &notes.out);
    buf_deinit(&notes.out);
}

/* --- the page --- */

static enum status pack_values(struct core *core, const struct id *scope,
                               struct bytes view, struct buf *out)
{
    struct charter *charter;
    enum status status = charters_own(core, &charter);
    if (status != STATUS_OK)
        return status;
    pack_map(out, 13);
    status = pack_agreement(core, out, view);
    pack_register(out, "category", view);
    pack_register(out, "context", view);
    pack_register(out, "narrative", view);
    pack_notes(out, view);
    api_pack_number(out, view);
    pack_parties(out, view);
    pack_register(out, "place", view);
    pack_hex(out, "record", scope, 2 * ID_SIZE);
    pack_hex(out, "short", scope, SHORT_ID);
    pack_value_text(out, "site", bytes_str(charter_name(charter)));
    pack_register(out, "title", view);
    pack_register(out, "wish", view);
    return status == STATUS_OK ? buf_status(out) : status;
}

static enum status read_language(const struct args *args, enum language *language,
                                 struct err *err)
{
    struct bytes text;
    enum status status = args_text_optional(args, "lang", 16, &text, err);
    *language = bytes_equal_str(text, "en") ? LANGUAGE_EN : LANGUAGE_ZH_CN;
    if (status == STATUS_OK && text.len > 0 && !bytes_equal_str(text, "en") &&
        !bytes_equal_str(text, "zh_CN"))
        return err_set(err, STATUS_INVALID, "lang is zh_CN or en");
    return status;
}

/* The name of one paper, or "all", as a string. */
static enum status read_set(const struct args *args, char set[static 32], struct err *err)
{
    struct bytes text;
    enum status status = args_text_optional(args, "set", 31, &text, err);
    if (status != STATUS_OK)
        return status;
    if (text.len == 0)
        text = bytes_str("all");
    memcpy(set, text.data, text.len);
    set[text.len] = '\0';
    return STATUS_OK;
}

enum status api_print(struct core *core, struct caller *caller, const struct args *args,
                      struct buf *result, struct err *err)
{
    struct id scope;
    struct buf view = {0}, values = {0}, page = {0};
    enum language language = LANGUAGE_ZH_CN;
    char set[32];
    enum status status = api_find_case(core, args, &scope, err);
    if (status == STATUS_OK)
        status = read_language(args, &language, err);
    if (status == STATUS_OK)
        status = read_set(args, set, err);
    if (status == STATUS_OK)
        status = api_view(core, &scope, &view);
    if (status == STATUS_OK)
        status = pack_values(core, &scope, buf_bytes(&view), &values);
    if (status == STATUS_OK)
        status = print_page(set, buf_bytes(&values), language, &page);
    if (status == STATUS_NOT_FOUND && page.len > 0)
        status = err_set(err, STATUS_INVALID,
                         "there is no such paper; there are application, notice, record, "
                         "agreement, follow-up, and all of them");
    if (status == STATUS_OK) {
        pack_map(result, 1);
        pack_str(result, "html");
        pack_bin(result, page.data, page.len);
    }
    buf_deinit(&page);
    buf_deinit(&values);
    buf_deinit(&view);
    return core_check(core, status);
}
