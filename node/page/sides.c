#include "node/page/sides.h"

#include "node/cases/schema.h"
#include "node/page/peek.h"
#include "node/page/timeline.h"
#include "proto/pack.h"

/* Whole ops stand side by side under these names, else values of one field. */
static const struct schema_kind *kind_of(struct bytes field)
{
    if (bytes_equal_str(field, "triage"))
        return schema_kind(field);
    return bytes_equal_str(field, "consents") ? schema_kind(bytes_str("consent")) : NULL;
}

static void write_values(struct bytes conflict, const struct schema_kind *kind,
                         enum language language, struct buf *out)
{
    struct pack_reader reader;
    uint32_t count = peek_list(peek_in(conflict, "values"), &reader);
    pack_array(out, count);
    for (; count > 0; count--) {
        struct bytes one = peek_next(&reader), value = peek_in(one, "value");
        pack_map(out, 5);
        peek_copy(out, "author", peek_in(one, "author"));
        peek_copy(out, "op", peek_in(one, "op"));
        pack_str(out, "rows");
        if (kind == NULL)
            pack_array(out, 0);
        else
            timeline_write_rows(kind, value, language, out);
        peek_copy(out, "value", kind == NULL ? value : (struct bytes){0});
        peek_copy(out, "wall", peek_in(one, "wall"));
    }
}

static void write_conflict(struct bytes conflict, enum language language, struct buf *out)
{
    struct bytes field = peek_text_in(conflict, "field");
    const struct schema_kind *kind = kind_of(field);
    const struct schema_field *entry =
        schema_field(schema_kind(bytes_str("case-new")), field);
    bool is_zh = language == LANGUAGE_ZH_CN;
    pack_map(out, 5);
    peek_copy(out, "field", peek_in(conflict, "field"));
    pack_str(out, "label");
    if (kind != NULL)
        pack_str(out, is_zh ? kind->zh_cn : kind->en);
    else if (entry != NULL)
        pack_str(out, is_zh ? entry->zh_cn : entry->en);
    else
        pack_str_bytes(out, field);
    peek_copy(out, "party", peek_in(conflict, "party"));
    pack_str(out, "plain");
    pack_bool(out, kind == NULL);
    pack_str(out, "values");
    write_values(conflict, kind, language, out);
}

enum status sides_prepare(const struct visit *visit, struct pairs *values)
{
    struct buf list = {0};
    struct pack_reader reader;
    struct bytes conflicts = peek_in(visit_answer(visit, "conflict"), "conflicts");
    uint32_t count = peek_list(conflicts, &reader);
    pack_array(&list, count);
    for (; count > 0; count--)
        write_conflict(peek_next(&reader), visit->language, &list);
    pairs_raw(values, "sides", buf_bytes(&list));
    values->memory.failed |= list.failed;
    buf_deinit(&list);
    return buf_status(&values->memory);
}
