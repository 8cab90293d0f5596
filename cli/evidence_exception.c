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
    uint32_t head = evidence_find(evidence, &op->authority[0]);
    /* What a judged record names as its authority stands before it and is judged. */
    assert(head != EVIDENCE_NONE);
    assert(evidence->records[head].is_judged);
    struct charter *charter = evidence->scopes[evidence->records[head].scope].charter;
    return charter &&
           (charter_roles(charter, op->authority, op->authority_len, op->author) &
            ROLE_STEWARD) != 0;
}

static void look_at_founding(struct evidence *evidence, const struct op *op)
{
    struct evidence_exception *exception = &evidence->exception;
    const struct op_field *danger = op_field(op, "danger");
    if (!danger || !danger->is_shown || danger->value.data[0] != 0xc3)
        return;
    exception->is_danger = true;
    exception->is_confirmed = is_stewards(evidence, op);
    (void)op_text(op, "danger-reason", &exception->reason); /* stays empty */
}

void evidence_note_exception(struct evidence *evidence,
                             const struct evidence_scope *scope,
                             const struct fold_result *result)
{
    struct evidence_exception *exception = &evidence->exception;
    exception->is_recalled = result->is_recalled;
    for (uint32_t i = 0; i < scope->len; i++) {
        const struct op *op =
            evidence_op(evidence, evidence->held, evidence->by_scope[scope->first + i]);
        if (op->is_founding)
            look_at_founding(evidence, op);
        if (op_is_kind(op, "confirm") && fold_effect_of(result, &op->id) == EFFECT_YES)
            exception->is_confirmed = true;
        if (op_is_kind(op, "purged") && fold_effect_of(result, &op->id) == EFFECT_YES)
            exception->purged++;
    }
}
