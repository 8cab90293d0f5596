/* A text argument becomes a field, as the schema knows it: what a holder that sees the
 * field would read as withheld is never signed here. */
#include "node/cases/schema.h"
#include "node/core/api.h"
#include "node/core/author.h"

#define WORD_TEXT_MAX 40 /* above every word and date */

static enum status refuse(const struct schema_field *field, const char *argument,
                          struct err *err)
{
    if (field->type == TYPE_WORD)
        return err_set(err, STATUS_INVALID, "%s is one of: %s", argument, field->words);
    return err_set(err, STATUS_INVALID, "%s is a day of the calendar, such as 2026-11-30",
                   argument);
}

enum status api_draft_text(const struct args *args, const char *argument,
                           struct draft *draft, const char *name, struct err *err)
{
    const struct schema_kind *kind = schema_kind(bytes_str(draft->kind));
    const struct schema_field *field = schema_field(kind, bytes_str(name));
    size_t max = field->type == TYPE_TEXT ? field->max : WORD_TEXT_MAX;
    struct bytes text;
    enum status status = field->is_required
                             ? args_text(args, argument, max, &text, err)
                             : args_text_optional(args, argument, max, &text, err);
    if (status != STATUS_OK || text.len == 0)
        return status;
    draft_text(draft, name, text);
    const struct draft_field *last = &draft->fields[draft->fields_len - 1];
    if (draft->memory.failed ||
        schema_value_fits(field, bytes_of(draft->memory.data + last->at, last->len)))
        return buf_status(&draft->memory);
    return refuse(field, argument, err);
}
