#include "node/cases/audit.h"

#include <assert.h>
#include <string.h>

#include "node/cases/audit_state.h"
#include "node/cases/charter.h"
#include "node/cases/schema.h"
#include "proto/pack.h"

/* --- words --- */

static const struct {
    const char *text, *says;
    bool is_open;
} words[AUDIT_WORDS] = {
    [AUDIT_NO_TRIAGE] = {"no-triage",
                         "it went up without a triage before it that says so", false},
    [AUDIT_NO_CONTEXT] = {"no-context", "it went up without the context", false},
    [AUDIT_NO_CONSENT] = {"no-consent",
                          "something went up to which a party did not consent", false},
    [AUDIT_LATE_CONSENT] =
        {"late-consent",
         "a consent that it claims came later, or had been taken back before", false},
    [AUDIT_NO_REASON] = {"no-reason",
                         "it went up because of danger to life, and no reason or triage "
                         "says that anybody was in danger",
                         false},
    [AUDIT_UNCONFIRMED] =
        {"unconfirmed",
         "it went up because of danger to life, and no steward has confirmed it yet",
         true},
    [AUDIT_NOT_OPENED] = {"not-opened",
                          "a site answered that had not opened the record before", false},
    [AUDIT_NO_RECEIPT] = {"no-receipt",
                          "a machine has not said yet that it erased what was recalled",
                          true},
    [AUDIT_WRONG_ORIGIN] =
        {"wrong-origin", "the record does not name the case as it stood when it went up",
         false},
    [AUDIT_CLOSED_EARLY] = {"closed-early",
                            "it was closed without an outcome and a follow-up", false},
};

const char *audit_word_text(enum audit_word word)
{
    return words[word].text;
}

const char *audit_word_says(enum audit_word word)
{
    return words[word].says;
}

bool audit_word_is_open(enum audit_word word)
{
    return words[word].is_open;
}

/* --- for the other files of this noun --- */

const struct op *audit_op(const struct audit *audit, uint32_t node)
{
    return audit->input->fold.ops[audit->graph.nodes[node].source];
}

bool audit_is(const struct audit *audit, uint32_t node, const char *kind)
{
    const struct op *op = audit_op(audit, node);
    return op_is_kind(op, kind) && schema_check_op(op) == EFFECT_YES;
}

bool audit_has_effect(const struct audit *audit, uint32_t node, const char *kind)
{
    return op_is_kind(audit_op(audit, node), kind) &&
           audit->folded.effects[node].effect == EFFECT_YES;
}

struct charter *audit_charter(const struct audit *audit, uint32_t node)
{
    const struct op *op = audit_op(audit, node);
    const struct fold_input *fold = &audit->input->fold;
    return op->authority_len == 0 ? NULL
                                  : fold->charter_of(fold->context, &op->authority[0]);
}

void audit_find(const struct audit *audit, enum audit_word word, uint32_t node,
                struct bytes field)
{
    const struct op *op = audit_op(audit, node);
    struct audit_finding finding = {.word = word, .op = op->id, .field = field};
    memcpy(finding.author, op->author, sizeof(finding.author));
    audit->fn(audit->context, &finding);
}

bool audit_names(struct bytes fields, struct bytes name)
{
    struct pack_reader reader = pack_reader_of(fields);
    struct bytes one;
    uint32_t count;
    if (pack_read_array(&reader, &count, NULL) != STATUS_OK)
        return false; /* it is not shown */
    for (; count > 0 && pack_read_str(&reader, &one, NULL) == STATUS_OK; count--)
        if (bytes_equal(one, name))
            return true;
    return false;
}

/* --- one scope --- */

static enum status look(struct audit *audit)
{
    const struct op *founding = audit_op(audit, 0);
    if (op_is_kind(founding, "case-new"))
        return audit_case(audit);
    if (op_is_kind(founding, "escalate"))
        audit_escalation(audit);
    return STATUS_OK;
}

enum status audit_scope(const struct audit_input *input, audit_fn *fn, void *context)
{
    assert(input->fold.ops != NULL);
    struct audit audit = {.input = input, .fn = fn, .context = context};
    struct fold_input effects = input->fold;
    effects.is_effects_only = true;
    enum status status = graph_init(&audit.graph, input->fold.ops, input->fold.len);
    if (status != STATUS_OK)
        return status;
    status = fold_scope(&effects, &audit.folded);
    if (status == STATUS_OK) {
        status = look(&audit);
        fold_result_deinit(&audit.folded);
    }
    graph_deinit(&audit.graph);
    return status;
}
