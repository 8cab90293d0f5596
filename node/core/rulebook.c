#include "node/core/rulebook.h"

#include "node/cases/schema.h"
#include "node/cases/view.h"
#include "node/core/shelf.h"

enum status rulebook_each(struct core *core, store_scope_fn *fn, void *context)
{
    return shelf_each(core, MATTER_RULES, fn, context);
}

bool rulebook_is_version(struct bytes entry, struct bytes *fields)
{
    *fields = (struct bytes){0};
    (void)view_map_get(entry, "fields", fields); /* each entry has them */
    return view_map_count(*fields, "clauses") > 0;
}

static bool keep_version(void *context, struct bytes entry)
{
    struct bytes *newest = context;
    struct bytes fields;
    if (rulebook_is_version(entry, &fields))
        *newest = entry;
    return true;
}

bool rulebook_newest(struct bytes view, struct bytes *entry)
{
    *entry = (struct bytes){0};
    view_map_each(view, "journal", keep_version, entry);
    return entry->len > 0;
}

struct citation {
    struct bytes number;
    struct buf *cites;
    bool is_found;
};

static bool match_clause(void *context, struct bytes clause)
{
    struct citation *citation = context;
    struct pack_reader reader = pack_reader_of(clause);
    struct bytes number, text;
    citation->is_found =
        schema_next_clause(&reader, &number, &text) && /* never: not; it fitted */
        bytes_equal(number, citation->number);
    return !citation->is_found;
}

static enum status cite_from(void *context, const struct store_scope *scope)
{
    struct citation *citation = context;
    struct bytes entry, fields;
    struct id op = {{0}};
    if (citation->is_found || !rulebook_newest(scope->view, &entry))
        return STATUS_OK;
    (void)rulebook_is_version(entry, &fields); /* it is one */
    (void)view_map_id(entry, "op", &op);       /* each entry has it */
    view_map_each(fields, "clauses", match_clause, citation);
    if (!citation->is_found)
        return STATUS_OK;
    pack_array(citation->cites, 2);
    pack_bin(citation->cites, op.bytes, ID_SIZE);
    pack_str_bytes(citation->cites, citation->number);
    return STATUS_OK;
}

enum status rulebook_cite(struct core *core, struct bytes number, struct buf *cites)
{
    struct citation citation = {number, cites, false};
    enum status status = rulebook_each(core, cite_from, &citation);
    if (status == STATUS_OK && !citation.is_found)
        return STATUS_NOT_FOUND;
    return status;
}
