/*
 * Two things that an auditor is told though they are no failure: that a record was sent
 * because of danger to life, and that it was recalled.
 */
#include <assert.h>
#include <string.h>

#include "cli/evidence_parts.h"
#include "node/cases/charter.h"
#include "node/cases/fold.h"

/* Had the founder the role of a steward, beneath the heads that it names? */
static bool is_stewards(const struct evidence *evidence, const struct op *op)
{
    assert(op->authority_len > 0); /* only what founds a charter has none */
    struct charter *charter = evidence_charter_of(evidence, &op->authority[0]);
    return charter &&
           (charter_roles(charter, op->authority, op->authority_len, op->author) &
            ROLE_STEWARD) != 0;
}

static void look_at_founding(struct evidence *evidence, const struct op *op,
                             struct evidence_exception *exception)
{
    const struct op_field *danger = op_field(op, "danger");
    struct bytes reason;
    if (!danger || !danger->is_shown || danger->value.data[0] != 0xc3)
        return;
    exception->is_danger = true;
    exception->is_confirmed = is_stewards(evidence, op);
    if (!op_text(op, "danger-reason", &reason) ||
        !evidence_may_keep(evidence, reason.len))
        return;
    exception->reason = strndup((const char *)reason.data, reason.len);
    if (!exception->reason)
        evidence->failed_memory = true;
}

bool evidence_is_news(const struct op *op)
{
    return op->is_founding || op_is_kind(op, "confirm") || op_is_kind(op, "purged");
}

void evidence_note_exception(struct evidence *evidence, struct evidence_section *section,
                             const struct fold_result *result,
                             struct evidence_exception *exception)
{
    exception->is_recalled = result->is_recalled;
    for (uint32_t i = 0; i < section->len; i++) {
        if (!section->records[i].is_news)
            continue;
        const struct op *op = evidence_section_op(section, i);
        if (op->is_founding)
            look_at_founding(evidence, op, exception);
        if (op_is_kind(op, "confirm") && fold_effect_of(result, &op->id) == EFFECT_YES)
            exception->is_confirmed = true;
        if (op_is_kind(op, "purged") && fold_effect_of(result, &op->id) == EFFECT_YES)
            exception->purged++;
    }
}
