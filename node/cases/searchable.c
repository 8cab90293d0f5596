#include "node/cases/searchable.h"

#include "node/cases/schema.h"
#include "node/cases/view.h"

struct walk {
    searchable_fn *fn;
    void *context;
    struct searchable one;
    bool is_over;
};

static void give(struct walk *walk, struct bytes text)
{
    walk->one.text = text;
    if (!walk->is_over)
        walk->is_over = !walk->fn(walk->context, &walk->one);
}

/* Parties with their roles, clauses with their numbers. */
static void give_pairs(struct walk *walk, struct bytes value)
{
    struct pack_reader reader = pack_reader_of(value);
    struct bytes party, role;
    uint32_t count;
    if (pack_read_array(&reader, &count, NULL) != STATUS_OK)
        return; /* it is not shown */
    for (; count > 0 && schema_next_party(&reader, &party, &role); count--) {
        give(walk, party);
        give(walk, role);
    }
}

static void give_field(struct walk *walk, struct bytes fields,
                       const struct schema_field *field)
{
    struct bytes value, text;
    walk->one.field = bytes_str(field->name);
    if (!view_map_get(fields, field->name, &value))
        return;
    if (field->type == TYPE_PARTIES || field->type == TYPE_CLAUSES)
        give_pairs(walk, value);
    else if (field->type == TYPE_TEXT && view_map_text(fields, field->name, &text))
        give(walk, text);
}

static bool give_entry(void *context, struct bytes entry)
{
    struct walk *walk = context;
    struct bytes fields;
    const struct schema_kind *kind = NULL;
    if (view_map_text(entry, "kind", &walk->one.kind))
        kind = schema_kind(walk->one.kind);
    if (kind == NULL || !view_map_get(entry, "fields", &fields))
        return true;
    for (uint32_t i = 0; i < kind->fields_len; i++)
        give_field(walk, fields, &kind->fields[i]);
    return !walk->is_over;
}

void searchable_each(struct bytes view, searchable_fn *fn, void *context)
{
    if (view_is_minor(view))
        return;
    struct walk walk = {.fn = fn, .context = context};
    view_map_each(view, "journal", give_entry, &walk);
}
