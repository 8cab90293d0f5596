#include "node/cases/audit.h"

#include <assert.h>
#include <string.h>

#include "node/cases/audit_state.h"
#include "node/cases/charter.h"
#include "node/cases/schema.h"
#include "proto/pack.h"

/* --- words --- */

static const struct {
    const char *text, *says, *zh;
    bool is_open;
} words[AUDIT_WORDS] = {
    [AUDIT_NO_TRIAGE] = {"no-triage",
                         "it went up without a triage before it that says so",
                         "上报之前没有决定上报的分诊"},
    [AUDIT_NO_CONTEXT] = {"no-context", "it went up without the context",
                          "上报时没有附来龙去脉"},
    [AUDIT_NO_CONSENT] = {"no-consent",
                          "something went up to which a party did not consent",
                          "上报了当事人没有同意的内容"},
    [AUDIT_LATE_CONSENT] =
        {"late-consent",
         "a consent that it claims came later, or had been taken back before",
         "所称的同意是事后才有的，或在上报之前已被收回"},
    [AUDIT_NO_REASON] = {"no-reason",
                         "it went up because of danger to life, and no reason or triage "
                         "says that anybody was in danger",
                         "以人身危险为由上报，却没有理由或分诊说明有人处于危险"},
    [AUDIT_UNCONFIRMED] =
        {"unconfirmed",
         "it went up because of danger to life, and no steward has confirmed it yet",
         "以人身危险为由上报，管理员尚未追认", true},
    [AUDIT_NOT_OPENED] = {"not-opened",
                          "a site answered that had not opened the record before",
                          "有单位没有先查看就作了答复"},
    [AUDIT_NO_RECEIPT] = {"no-receipt",
                          "a machine has not said yet that it erased what was recalled",
                          "有机器尚未回报已清除撤回的内容", true},
    [AUDIT_WRONG_ORIGIN] =
        {"wrong-origin", "the record does not name the case as it stood when it went up",
         "上报件所指的不是上报时的案件"},
    [AUDIT_CLOSED_EARLY] = {"closed-early",
                            "it was closed without an outcome and a follow-up",
                            "没有结果和回访就销号"},
    [AUDIT_NOT_COVERED] = {"not-covered",
                           "this node holds it, and no rule lets it hold it",
                           "本节点持有它，却没有规则允许"},
    [AUDIT_SHARED_WIDE] = {"shared-wide",
                           "this node gives it to a site that may not have it",
                           "本节点把它给了无权持有的单位"},
    [AUDIT_SEAL_UNLIKE] = {"seal-unlike", "a seal does not fit the ledger as it was then",
                           "有封签与当时的账本不符"},
    [AUDIT_SEAL_FORKED] =
        {"seal-forked",
         "what a witness cosigned is not the beginning of the log of seals",
         "见证方会签过的内容不是封签日志的开头"},
    [AUDIT_OVERDUE] = {"overdue", "its day has passed", "已过期限", true},
};

const char *audit_word_text(enum audit_word word)
{
    return words[word].text;
}

const char *audit_word_says(enum audit_word word)
{
    return words[word].says;
}

const char *audit_word_says_zh(enum audit_word word)
{
    return words[word].zh;
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
