#include "node/core/parties.h"

#include "node/cases/schema.h"

enum status parties_read(const struct args *args, struct draft *draft,
                         struct pack_reader *reader, uint32_t *count, struct err *err)
{
    const struct schema_field *field =
        schema_field(schema_kind(bytes_str(draft->kind)), bytes_str("parties"));
    struct bytes parties;
    *count = 0;
    if (!args_raw(args, "parties", &parties))
        return STATUS_OK;
    if (!schema_value_fits(field, parties))
        return err_set(err, STATUS_INVALID,
                       "parties are at most %u, each an alias and a role of at most 240 "
                       "bytes; no two have one alias: write them as 王某甲 and 王某乙",
                       field->max);
    draft_raw(draft, field->name, parties);
    *reader = pack_reader_of(parties);
    return pack_read_array(reader, count, err);
}
