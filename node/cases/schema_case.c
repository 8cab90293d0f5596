/*
 * What can be said in a case.
 */
#include "node/cases/schema_table.h"

#define OUTCOME_WORDS "agreement withdrawn advised referred court served unsolved"
#define RESULT_WORDS "kept partly broken unreached"

static const struct schema_field case_new_fields[] = {
    FIELD("number", TEXT, 40, true, FACT, OWN, NULL, "编号", "number"),
    FIELD("category", TEXT, WORD_MAX, true, REGISTER, OWN, NULL, "类别", "category"),
    FIELD("title", TEXT, 240, true, REGISTER, OWN, NULL, "标题", "title"),
    FIELD("narrative", TEXT, LONG_TEXT, true, REGISTER, OWN, NULL, "经过",
          "what happened"),
    FIELD("context", TEXT, LONG_TEXT, false, REGISTER, OWN, NULL, "来龙去脉", "context"),
    FIELD("found-by", TEXT, WORD_MAX, false, REGISTER, OWN, NULL, "发现方式",
          "how it was found"),
    FIELD("place", TEXT, 400, false, REGISTER, OWN, NULL, "地点", "place"),
    FIELD("wish", TEXT, REASON_MAX, false, REGISTER, OWN, NULL, "诉求",
          "what is wished for"),
    FIELD("parties", PARTIES, PARTIES_MAX, false, FACT, OWN, NULL, "当事人", "parties"),
    FIELD("minor", FLAG, 0, false, FACT, OWN, NULL, "未成年人", "about a minor"),
    FIELD("line", ID, 32, false, FACT, OWN, NULL, "表格行", "line of a table"),
};

static const struct schema_field note_fields[] = {
    FIELD("text", TEXT, LONG_TEXT, true, JOURNAL, OWN, NULL, "记录", "note"),
};

static const struct schema_field set_fields[] = {
    FIELD("category", TEXT, WORD_MAX, false, REGISTER, OWN, NULL, "类别", "category"),
    FIELD("title", TEXT, 240, false, REGISTER, OWN, NULL, "标题", "title"),
    FIELD("narrative", TEXT, LONG_TEXT, false, REGISTER, OWN, NULL, "经过",
          "what happened"),
    FIELD("context", TEXT, LONG_TEXT, false, REGISTER, OWN, NULL, "来龙去脉", "context"),
    FIELD("found-by", TEXT, WORD_MAX, false, REGISTER, OWN, NULL, "发现方式",
          "how it was found"),
    FIELD("place", TEXT, 400, false, REGISTER, OWN, NULL, "地点", "place"),
    FIELD("wish", TEXT, REASON_MAX, false, REGISTER, OWN, NULL, "诉求",
          "what is wished for"),
};

static const struct schema_field triage_fields[] = {
    FIELD("solvable", FLAG, 0, true, STATE, OWN, NULL, "村内能否解决",
          "can we solve it here"),
    FIELD("danger", FLAG, 0, true, STATE, OWN, NULL, "有无人身危险",
          "is anyone in danger"),
    FIELD("beyond", FLAG, 0, true, STATE, OWN, NULL, "是否超出权限",
          "is it above our competence"),
    FIELD("decision", WORD, WORD_MAX, true, STATE, OWN, DECISION_WORDS, "处理去向",
          "decision"),
    FIELD("reason", TEXT, REASON_MAX, true, STATE, OWN, NULL, "理由", "reason"),
};

static const struct schema_field consent_fields[] = {
    FIELD("party", TEXT, WORD_MAX, true, REGISTER, OWN, NULL, "当事人", "party"),
    FIELD("fields", TEXTS, FIELDS_CHOSEN_MAX, true, REGISTER, OWN, NULL, "同意上报的内容",
          "fields"),
    FIELD("manner", WORD, WORD_MAX, true, REGISTER, OWN, MANNER_WORDS, "同意方式",
          "manner"),
    FIELD("witness", TEXT, WORD_MAX, false, REGISTER, OWN, NULL, "见证人", "witness"),
    FIELD("paper", TEXT, WORD_MAX, false, REGISTER, OWN, NULL, "书面编号",
          "number of the paper"),
    FIELD("guardian", TEXT, WORD_MAX, false, REGISTER, OWN, NULL, "监护人", "guardian"),
    FIELD("given", FLAG, 0, true, REGISTER, OWN, NULL, "是否同意", "given"),
};

static const struct schema_field identity_fields[] = {
    FIELD("party", TEXT, WORD_MAX, true, SET, OWN, NULL, "当事人", "party"),
    FIELD("sealed", BYTES, SEALED_MAX, true, FACT, SEALED, NULL, "密封内容",
          "identity number and phone, sealed"),
};

static const struct schema_field identity_shown_fields[] = {
    FIELD("party", TEXT, WORD_MAX, true, JOURNAL, OWN, NULL, "当事人", "party"),
};

static const struct schema_field request_fields[] = {
    FIELD("fields", TEXTS, FIELDS_CHOSEN_MAX, true, JOURNAL, OWN, NULL, "拟上报内容",
          "fields"),
    FIELD("files", IDS, RELEASED_FILES_MAX, false, JOURNAL, OWN, NULL, "拟上报文件",
          "files"),
    FIELD("reason", TEXT, REASON_MAX, true, JOURNAL, OWN, NULL, "理由", "reason"),
    FIELD("onward", WORD, WORD_MAX, true, JOURNAL, OWN, ONWARD_WORDS, "可否再上报",
          "may it go onward"),
    FIELD("no-parties", TEXT, REASON_MAX, false, JOURNAL, OWN, NULL, "无当事人说明",
          "why there is nobody to ask"),
};

static const struct schema_field keep_fields[] = {
    FIELD("kept", FLAG, 0, true, STATE, OWN, NULL, "是否保留", "kept"),
    FIELD("reason", TEXT, REASON_MAX, true, STATE, OWN, NULL, "理由", "reason"),
};

static const struct schema_field retire_fields[] = {
    FIELD("heads", IDS, COVERS_MAX, true, FACT, OWN, NULL, "清除至",
          "erased is what these heads hold and what lies beneath"),
    FIELD("what", WORD, WORD_MAX, true, FACT, OWN, "identities contents", "清除内容",
          "what was erased"),
    FIELD("rule", WORD, WORD_MAX, true, FACT, OWN, "category others minor", "依据",
          "under which rule"),
    FIELD("years", UINT, 100, true, FACT, OWN, NULL, "保存年限", "years of that rule"),
};

/* As `audited` of an escalation says it, in a kind of its own: a case has no way out. */
static const struct schema_field case_audited_fields[] = {
    FIELD("verdict", WORD, WORD_MAX, true, JOURNAL, OWN, VERDICT_WORDS, "审计结论",
          "verdict"),
    FIELD("text", TEXT, LONG_TEXT, true, JOURNAL, OWN, NULL, "审计说明",
          "what was found"),
    FIELD("evidence", ID, 32, false, JOURNAL, OWN, NULL, "证据文件摘要",
          "digest of the evidence file"),
};

static const struct schema_field sent_fields[] = {
    FIELD("escalation", ID, 32, true, SET, OWN, NULL, "上报件", "escalation"),
    FIELD("salt", BYTES, 32, true, FACT, OWN, NULL, "来源盐值", "salt of the origin"),
    FIELD("danger", TEXT, REASON_MAX, false, FACT, OWN, NULL, "紧急理由",
          "why nobody could wait"),
};

static const struct schema_field handle_fields[] = {
    FIELD("owner", TEXT, WORD_MAX, false, STATE, OWN, NULL, "承办人", "who handles it"),
};

static const struct schema_field settle_fields[] = {
    FIELD("outcome", WORD, WORD_MAX, true, STATE, OWN, OUTCOME_WORDS, "结果", "outcome"),
    FIELD("text", TEXT, LONG_TEXT, true, STATE, OWN, NULL, "说明", "what came of it"),
    FIELD("oral", FLAG, 0, false, STATE, OWN, NULL, "口头协议",
          "agreed by word of mouth"),
    FIELD("agreement", TEXT, LONG_TEXT, false, STATE, OWN, NULL, "协议内容", "agreement"),
};

static const struct schema_field follow_up_fields[] = {
    FIELD("result", WORD, WORD_MAX, true, STATE, OWN, RESULT_WORDS, "回访结果",
          "does it hold"),
    FIELD("text", TEXT, LONG_TEXT, true, STATE, OWN, NULL, "回访情况", "what was found"),
    FIELD("again", DATE, 0, false, STATE, OWN, NULL, "再次回访日期",
          "when to look again"),
};

static const struct schema_field close_fields[] = {
    FIELD("text", TEXT, LONG_TEXT, false, STATE, OWN, NULL, "说明", "what came of it"),
    FIELD("oral", FLAG, 0, false, STATE, OWN, NULL, "口头协议",
          "agreed by word of mouth"),
    FIELD("outcome", WORD, WORD_MAX, false, STATE, OWN, OUTCOME_WORDS, "结果", "outcome"),
    FIELD("follow-up", TEXT, LONG_TEXT, false, STATE, OWN, NULL, "回访情况",
          "what was found"),
};

static const struct schema_field reopen_fields[] = {
    FIELD("reason", TEXT, REASON_MAX, true, STATE, OWN, NULL, "理由", "reason"),
};

static const struct schema_field attach_fields[] = {
    FIELD("name", TEXT, 240, true, FACT, OWN, NULL, "文件名", "file name"),
    FIELD("type", WORD, WORD_MAX, true, FACT, OWN, ATTACHMENT_WORDS, "类型", "type"),
    FIELD("size", UINT, ATTACHMENT_SIZE_MAX, true, FACT, OWN, NULL, "大小", "size"),
    FIELD("chunks", DIGESTS, ATTACHMENT_CHUNKS_MAX, true, FACT, OWN, NULL, "分块摘要",
          "digests of its pieces"),
    FIELD("key", SECRET, 32, true, FACT, OWN, NULL, "分块密钥", "key of its pieces"),
};

static const struct schema_field detach_fields[] = {
    FIELD("attachment", ID, 32, true, SET, OWN, NULL, "附件", "attachment"),
    FIELD("reason", TEXT, REASON_MAX, true, JOURNAL, OWN, NULL, "理由", "reason"),
};

static const struct schema_field agreement_fields[] = {
    FIELD("parties", PARTIES, PARTIES_MAX, true, JOURNAL, OWN, NULL, "当事人", "parties"),
    FIELD("facts", TEXT, LONG_TEXT, false, JOURNAL, OWN, NULL, "纠纷主要事实",
          "what happened"),
    FIELD("dispute", TEXT, LONG_TEXT, false, JOURNAL, OWN, NULL, "争议事项",
          "what is disputed"),
    FIELD("terms", TEXT, LONG_TEXT, true, JOURNAL, OWN, NULL, "协议内容",
          "what is agreed"),
    FIELD("manner", TEXT, REASON_MAX, false, JOURNAL, OWN, NULL, "履行方式",
          "how it is done"),
    FIELD("deadline", DATE, 0, false, JOURNAL, OWN, NULL, "履行期限", "until when"),
    FIELD("clauses", CITES, CITES_MAX, false, JOURNAL, OWN, NULL, "引用的村规条款",
          "clauses of village rules"),
};

static const struct schema_field rules_fields[] = {
    FIELD("title", TEXT, 240, true, FACT, OWN, NULL, "名称", "title"),
    FIELD("version", TEXT, WORD_MAX, true, JOURNAL, OWN, NULL, "版本", "version"),
    FIELD("from", DATE, 0, false, JOURNAL, OWN, NULL, "施行日期", "in force from"),
    FIELD("clauses", CLAUSES, CLAUSES_MAX, true, JOURNAL, OWN, NULL, "条款", "clauses"),
};

static const struct schema_field rule_text_fields[] = {
    FIELD("version", TEXT, WORD_MAX, true, JOURNAL, OWN, NULL, "版本", "version"),
    FIELD("from", DATE, 0, false, JOURNAL, OWN, NULL, "施行日期", "in force from"),
    FIELD("clauses", CLAUSES, CLAUSES_MAX, true, JOURNAL, OWN, NULL, "条款", "clauses"),
};

static const struct schema_field task_fields[] = {
    FIELD("text", TEXT, REASON_MAX, true, SET, OWN, NULL, "事项", "what is to be done"),
    FIELD("owner", TEXT, WORD_MAX, true, SET, OWN, NULL, "负责人", "who does it"),
    FIELD("due", DATE, 0, true, SET, OWN, NULL, "期限", "until when"),
};

static const struct schema_field task_done_fields[] = {
    FIELD("task", ID, 32, true, SET, OWN, NULL, "所涉事项", "task"),
    FIELD("text", TEXT, REASON_MAX, false, SET, OWN, NULL, "附言", "remark"),
};

const struct schema_kind schema_case[] = {
    {
        .name = "case-new",
        .scope = SCOPE_CASE,
        .is_founding = true,
        .roles_own = WRITERS,
        LABELS("登记", "new case"),
        FIELDS(case_new),
    },
    {
        .name = "note",
        .scope = SCOPE_CASE,
        .roles_own = WRITERS,
        LABELS("记录", "note"),
        FIELDS(note),
    },
    {
        .name = "set",
        .scope = SCOPE_CASE,
        .is_never_empty = true,
        .roles_own = WRITERS,
        LABELS("更正", "change fields"),
        FIELDS(set),
    },
    {
        .name = "triage",
        .scope = SCOPE_CASE,
        .keeps_open = true,
        .roles_own = WRITERS,
        LABELS("分诊", "triage"),
        FIELDS(triage),
    },
    {
        .name = "consent",
        .scope = SCOPE_CASE,
        .roles_own = WRITERS,
        LABELS("当事人同意", "consent"),
        FIELDS(consent),
    },
    {
        .name = "identity",
        .scope = SCOPE_CASE,
        .roles_own = WRITERS,
        LABELS("身份信息", "identity of a party"),
        FIELDS(identity),
    },
    {
        .name = "identity-shown",
        .scope = SCOPE_CASE,
        .roles_own = ROLE_STEWARD,
        LABELS("查看身份信息", "identity was looked at"),
        FIELDS(identity_shown),
    },
    {
        .name = "request",
        .scope = SCOPE_CASE,
        .keeps_open = true,
        .roles_own = WRITERS,
        LABELS("申请上报", "ask to escalate"),
        FIELDS(request),
    },
    {
        .name = "sent",
        .scope = SCOPE_CASE,
        .keeps_open = true,
        .roles_own = WRITERS, /* a mediator's in danger to life alone */
        LABELS("已上报", "escalated"),
        FIELDS(sent),
    },
    {
        .name = "handle",
        .scope = SCOPE_CASE,
        .keeps_open = true,
        .roles_own = WRITERS,
        LABELS("承办", "take in hand"),
        FIELDS(handle),
    },
    {
        .name = "settle",
        .scope = SCOPE_CASE,
        .keeps_open = true,
        .roles_own = WRITERS,
        LABELS("办结", "settle"),
        FIELDS(settle),
    },
    {
        .name = "follow-up",
        .scope = SCOPE_CASE,
        .keeps_open = true,
        .roles_own = WRITERS,
        LABELS("回访", "follow up"),
        FIELDS(follow_up),
    },
    {
        .name = "attach",
        .scope = SCOPE_CASE,
        .roles_own = WRITERS,
        LABELS("附件", "attach a file"),
        FIELDS(attach),
    },
    {
        .name = "detach",
        .scope = SCOPE_CASE,
        .roles_own = WRITERS,
        LABELS("撤下附件", "take an attachment away"),
        FIELDS(detach),
    },
    {
        .name = "close",
        .scope = SCOPE_CASE,
        .roles_own = WRITERS,
        LABELS("销号", "close"),
        FIELDS(close),
    },
    {
        .name = "reopen",
        .scope = SCOPE_CASE,
        .keeps_open = true,
        .roles_own = WRITERS,
        LABELS("重新办理", "reopen"),
        FIELDS(reopen),
    },
    {
        .name = "task",
        .scope = SCOPE_CASE,
        .keeps_open = true,
        .roles_own = WRITERS,
        LABELS("交办事项", "task"),
        FIELDS(task),
    },
    {
        .name = "task-done",
        .scope = SCOPE_CASE,
        .roles_own = WRITERS,
        LABELS("事项办结", "task done"),
        FIELDS(task_done),
    },
    {
        .name = "agreement",
        .scope = SCOPE_CASE,
        .roles_own = WRITERS,
        LABELS("调解协议", "agreement"),
        FIELDS(agreement),
    },
    {
        .name = "rules",
        .scope = SCOPE_CASE,
        .of = MATTER_RULES,
        .is_founding = true,
        .roles_own = ROLE_STEWARD,
        LABELS("村规民约", "village rules"),
        FIELDS(rules),
    },
    {
        .name = "rule-text",
        .scope = SCOPE_CASE,
        .of = MATTER_RULES,
        .roles_own = ROLE_STEWARD,
        LABELS("村规修订", "village rules anew"),
        FIELDS(rule_text),
    },
    {
        .name = "keep",
        .scope = SCOPE_CASE,
        .roles_own = ROLE_STEWARD,
        LABELS("暂不清除", "keep beyond its time"),
        FIELDS(keep),
    },
    {
        .name = "retire",
        .scope = SCOPE_CASE,
        .roles_own = ROLE_NODE,
        LABELS("到期清除", "erased at the end of its time"),
        FIELDS(retire),
    },
    {
        .name = "case-audited",
        .scope = SCOPE_CASE,
        .roles_own = ROLE_AUDITOR,
        LABELS("审计意见", "what an auditor found"),
        FIELDS(case_audited),
    },
};
const size_t schema_case_len = sizeof(schema_case) / sizeof(schema_case[0]);
