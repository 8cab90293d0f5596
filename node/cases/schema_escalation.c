/*
 * What can be said in an escalation.
 */
#include "node/cases/schema_table.h"

static const struct schema_field cover_fields[] = {
    FIELD("key", KEY, 32, true, SET, FACT, NULL, "已撤销的密钥", "revoked key"),
    FIELD("heads", IDS, COVERS_MAX, true, SET, FACT, NULL, "认可至",
          "heads up to which its ops stand"),
};

static const struct schema_field escalate_fields[] = {
    FIELD("triage", TRIAGE, 0, true, FACT, RECORD, NULL, "分诊记录", "triage"),
    FIELD("consents", CONSENTS, PARTIES_MAX, true, FACT, CONSENT, NULL, "当事人同意",
          "consents"),
    FIELD("danger", FLAG, 0, false, FACT, FACT, NULL, "人身危险",
          "sent because of danger to life"),
    FIELD("danger-reason", TEXT, REASON_MAX, false, FACT, CONSENT, NULL, "紧急理由",
          "why nobody could wait"),
    FIELD("no-parties", TEXT, REASON_MAX, false, FACT, CONSENT, NULL, "无当事人说明",
          "why there was nobody to ask"),
    FIELD("sites", SITES, HOLDERS_MAX - 1, true, FACT, FACT, NULL, "接收单位",
          "sites and their classes"),
    FIELD("onward", WORD, WORD_MAX, true, FACT, FACT, ONWARD_WORDS, "可否再上报",
          "may it go onward"),
    FIELD("reason", TEXT, REASON_MAX, true, FACT, RECORD, NULL, "上报理由",
          "why it is sent"),
    FIELD("minor", FLAG, 0, false, FACT, FACT, NULL, "未成年人", "about a minor"),
    FIELD("files", IDS, RELEASED_FILES_MAX, false, FACT, FACT, NULL, "随附文件",
          "digests of the files that go with it"),
    FIELD("origin", ID, 32, true, FACT, FACT, NULL, "来源承诺", "origin"),
    FIELD("case.title", TEXT, 240, false, REGISTER, RECORD, NULL, "标题", "title"),
    FIELD("case.category", TEXT, WORD_MAX, false, REGISTER, RECORD, NULL, "类别",
          "category"),
    FIELD("case.narrative", TEXT, LONG_TEXT, false, REGISTER, RECORD, NULL, "经过",
          "what happened"),
    FIELD("case.context", TEXT, LONG_TEXT, true, REGISTER, CONTEXT, NULL, "来龙去脉",
          "context"),
    FIELD("case.parties", PARTIES, PARTIES_MAX, false, FACT, PARTIES, NULL, "当事人",
          "parties"),
    FIELD("case.place", TEXT, 400, false, REGISTER, RECORD, NULL, "地点", "place"),
    FIELD("case.wish", TEXT, REASON_MAX, false, REGISTER, RECORD, NULL, "诉求",
          "what is wished for"),
    FIELD("case.found-by", TEXT, WORD_MAX, false, REGISTER, RECORD, NULL, "发现方式",
          "how it was found"),
};

/* A file that went up with the record. That it was released every holder sees by its
 * digest (attached.h); what it is and what opens it, those who are shown the record. */
static const struct schema_field attached_fields[] = {
    FIELD("file", ID, 32, true, FACT, FACT, NULL, "文件摘要", "digest of the file"),
    FIELD("name", TEXT, 240, true, FACT, RECORD, NULL, "文件名", "file name"),
    FIELD("type", WORD, WORD_MAX, true, FACT, RECORD, ATTACHMENT_WORDS, "类型", "type"),
    FIELD("size", UINT, ATTACHMENT_SIZE_MAX, true, FACT, RECORD, NULL, "大小", "size"),
    FIELD("chunks", DIGESTS, ATTACHMENT_CHUNKS_MAX, true, FACT, RECORD, NULL, "分块摘要",
          "digests of its pieces"),
    FIELD("key", SECRET, 32, true, FACT, RECORD, NULL, "分块密钥", "key of its pieces"),
};

static const struct schema_field recall_fields[] = {
    FIELD("reason", TEXT, REASON_MAX, true, FACT, TALK, NULL, "撤回理由",
          "why it is recalled"),
};

static const struct schema_field purged_fields[] = {
    FIELD("backups", TEXT, REASON_MAX, false, FACT, TALK, NULL, "备份情况",
          "what may still hold it"),
};

static const struct schema_field open_fields[] = {
    FIELD("op", ID, 32, true, FACT, FACT, NULL, "所涉记录", "op"),
    FIELD("field", TEXT, OP_NAME_MAX, true, FACT, FACT, NULL, "所涉字段", "field"),
    FIELD("value", BYTES, OP_VALUE_MAX, true, FACT, NAMED, NULL, "内容", "value"),
    FIELD("salt", SALT, 16, true, FACT, NAMED, NULL, "盐值", "salt"),
};

static const struct schema_field talk_fields[] = {
    FIELD("text", TEXT, LONG_TEXT, true, JOURNAL, TALK, NULL, "内容", "text"),
};

static const struct schema_field remark_fields[] = {
    FIELD("text", TEXT, LONG_TEXT, false, JOURNAL, TALK, NULL, "附言", "remark"),
};

static const struct schema_field onward_fields[] = {
    FIELD("site", ID, 32, true, SET, FACT, NULL, "上报单位", "site"),
    FIELD("classes", UINT, CLASS_ALL, true, SET, FACT, NULL, "可见范围", "classes"),
    FIELD("reason", TEXT, REASON_MAX, true, JOURNAL, TALK, NULL, "理由", "reason"),
};

/* To whom a matter is handed: people's mediation, a department that decides, an
 * association of the trade, a lawyer, a court. */
#define CHANNEL_WORDS "people administrative trade lawyer court"
#define PROGRESS_WORDS "taken working done declined"

static const struct schema_field refer_fields[] = {
    FIELD("channel", WORD, WORD_MAX, true, JOURNAL, TALK, CHANNEL_WORDS, "渠道",
          "channel"),
    FIELD("text", TEXT, LONG_TEXT, true, JOURNAL, TALK, NULL, "内容", "text"),
};

static const struct schema_field decline_fields[] = {
    FIELD("op", ID, 32, true, FACT, FACT, NULL, "所涉记录", "op"),
    FIELD("text", TEXT, LONG_TEXT, true, JOURNAL, TALK, NULL, "内容", "text"),
};

static const struct schema_field assign_fields[] = {
    FIELD("text", TEXT, LONG_TEXT, true, SET, TALK, NULL, "事项", "what is to be done"),
    FIELD("owner", TEXT, WORD_MAX, true, SET, TALK, NULL, "责任人", "owner"),
    FIELD("due", DATE, 0, true, SET, TALK, NULL, "期限", "due"),
};

static const struct schema_field assign_done_fields[] = {
    FIELD("op", ID, 32, true, SET, FACT, NULL, "所涉记录", "op"),
    FIELD("text", TEXT, LONG_TEXT, false, JOURNAL, TALK, NULL, "附言", "remark"),
};

static const struct schema_field invite_fields[] = {
    FIELD("site", ID, 32, true, SET, FACT, NULL, "受邀单位", "site"),
    FIELD("classes", UINT, CLASS_ALL, true, SET, FACT, NULL, "可见范围", "classes"),
    FIELD("text", TEXT, LONG_TEXT, false, JOURNAL, TALK, NULL, "附言", "remark"),
};

static const struct schema_field grade_fields[] = {
    FIELD("word", TEXT, WORD_MAX, true, REGISTER, TALK, NULL, "分级", "grade"),
    FIELD("reason", TEXT, REASON_MAX, true, REGISTER, TALK, NULL, "理由", "reason"),
};

/* What several departments add up to is decided by the word, so every holder sees it. */
static const struct schema_field joint_fields[] = {
    FIELD("word", WORD, WORD_MAX, true, REGISTER, FACT, PROGRESS_WORDS, "进展",
          "progress"),
    FIELD("text", TEXT, LONG_TEXT, false, REGISTER, TALK, NULL, "附言", "remark"),
};

/* What an auditor found. The word every holder sees, as it sees which file it rests on.
 */
static const struct schema_field audited_fields[] = {
    FIELD("verdict", WORD, WORD_MAX, true, FACT, FACT, VERDICT_WORDS, "审计结论",
          "verdict"),
    FIELD("text", TEXT, LONG_TEXT, true, JOURNAL, TALK, NULL, "审计说明",
          "what was found"),
    FIELD("evidence", ID, 32, false, FACT, FACT, NULL, "证据文件摘要",
          "digest of the evidence file"),
};

/* Of `escalate`, whose classes stay. */
static const struct schema_field update_fields[] = {
    FIELD("case.title", TEXT, 240, false, REGISTER, RECORD, NULL, "标题", "title"),
    FIELD("case.category", TEXT, WORD_MAX, false, REGISTER, RECORD, NULL, "类别",
          "category"),
    FIELD("case.narrative", TEXT, LONG_TEXT, false, REGISTER, RECORD, NULL, "经过",
          "what happened"),
    FIELD("case.context", TEXT, LONG_TEXT, false, REGISTER, CONTEXT, NULL, "来龙去脉",
          "context"),
    FIELD("case.place", TEXT, 400, false, REGISTER, RECORD, NULL, "地点", "place"),
    FIELD("case.wish", TEXT, REASON_MAX, false, REGISTER, RECORD, NULL, "诉求",
          "what is wished for"),
    FIELD("case.found-by", TEXT, WORD_MAX, false, REGISTER, RECORD, NULL, "发现方式",
          "how it was found"),
};

/* Steps of an escalation: receiving and opening never hide what the same site did later.
 */
enum { RANK_SENT, RANK_RECEIVED, RANK_OPENED, RANK_ANSWERED, RANK_RECALLED };

const struct schema_kind schema_escalation[] = {
    {
        .name = "cover",
        .scope = SCOPE_ESCALATION,
        .is_in_cases = true,
        .outlives_recall = true,
        .roles_own = ROLE_STEWARD,
        .roles_holder = ROLE_STEWARD,
        LABELS("认可", "stand by a revoked key's ops"),
        FIELDS(cover),
    },
    {
        .name = "escalate",
        .scope = SCOPE_ESCALATION,
        .is_founding = true,
        .roles_own = WRITERS, /* a mediator's in danger to life alone */
        .state = "sent",
        .state_rank = RANK_SENT,
        LABELS("上报", "escalate"),
        FIELDS(escalate),
    },
    {
        .name = "attached",
        .scope = SCOPE_ESCALATION,
        .roles_own = WRITERS, /* as `escalate`, which names the file */
        LABELS("随附文件", "a file that goes with it"),
        FIELDS(attached),
    },
    {
        .name = "confirm",
        .scope = SCOPE_ESCALATION,
        .roles_own = ROLE_STEWARD,
        LABELS("追认", "confirm what danger excused"),
        FIELDS(remark),
    },
    {
        .name = "recall",
        .scope = SCOPE_ESCALATION,
        .outlives_recall = true,
        .roles_own = ROLE_STEWARD,
        .state = "recalled",
        .state_rank = RANK_RECALLED,
        LABELS("撤回", "recall"),
        FIELDS(recall),
    },
    {
        .name = "purged",
        .scope = SCOPE_ESCALATION,
        .outlives_recall = true,
        .roles_holder = ROLE_NODE,
        .state = "purged",
        .state_rank = RANK_RECALLED,
        LABELS("已清除", "purged"),
        FIELDS(purged),
    },
    {
        .name = "open",
        .scope = SCOPE_ESCALATION,
        .roles_own = ROLE_STEWARD,
        .roles_holder = ANSWERERS,
        LABELS("补充公开", "show more"),
        FIELDS(open),
    },
    {
        .name = "received",
        .scope = SCOPE_ESCALATION,
        .outlives_recall = true,
        .roles_holder = ROLE_NODE,
        .state = "received",
        .state_rank = RANK_RECEIVED,
        LABELS("已收到", "received"),
    },
    {
        .name = "opened",
        .scope = SCOPE_ESCALATION,
        .outlives_recall = true,
        .roles_holder = ANSWERERS,
        .state = "opened",
        .state_rank = RANK_OPENED,
        LABELS("已查看", "opened"),
    },
    {
        .name = "accept",
        .scope = SCOPE_ESCALATION,
        .needs_opened = true,
        .roles_holder = ANSWERERS,
        .state = "accepted",
        .state_rank = RANK_ANSWERED,
        LABELS("受理", "accept"),
        FIELDS(remark),
    },
    {
        .name = "advise",
        .scope = SCOPE_ESCALATION,
        .needs_opened = true,
        .roles_holder = ANSWERERS,
        .state = "advised",
        .state_rank = RANK_ANSWERED,
        LABELS("建议", "advise"),
        FIELDS(talk),
    },
    {
        .name = "return",
        .scope = SCOPE_ESCALATION,
        .needs_opened = true,
        .roles_holder = ANSWERERS,
        .state = "returned",
        .state_rank = RANK_ANSWERED,
        LABELS("退回", "return"),
        FIELDS(talk),
    },
    {
        .name = "decide",
        .scope = SCOPE_ESCALATION,
        .needs_opened = true,
        .roles_holder = ANSWERERS,
        .state = "decided",
        .state_rank = RANK_ANSWERED,
        LABELS("决定", "decide"),
        FIELDS(talk),
    },
    {
        .name = "onward",
        .scope = SCOPE_ESCALATION,
        .needs_opened = true,
        .roles_holder = ANSWERERS,
        .state = "onward",
        .state_rank = RANK_ANSWERED,
        LABELS("再上报", "send onward"),
        FIELDS(onward),
    },
    {
        .name = "permit",
        .scope = SCOPE_ESCALATION,
        .roles_own = ROLE_STEWARD,
        LABELS("同意再上报", "permit onward"),
        FIELDS(remark),
    },
    {
        .name = "refer",
        .scope = SCOPE_ESCALATION,
        .needs_opened = true,
        .roles_holder = ANSWERERS,
        .state = "referred",
        .state_rank = RANK_ANSWERED,
        LABELS("转介", "refer to another channel"),
        FIELDS(refer),
    },
    {
        .name = "rule",
        .scope = SCOPE_ESCALATION,
        .needs_opened = true,
        .roles_holder = ROLE_JUDGE | ROLE_AUTHORITY,
        .state = "ruled",
        .state_rank = RANK_ANSWERED,
        LABELS("裁定", "rule"),
        FIELDS(talk),
    },
    {
        .name = "decline",
        .scope = SCOPE_ESCALATION,
        .roles_own = ROLE_STEWARD,
        .roles_holder = ANSWERERS,
        LABELS("婉拒", "decline an advice or an invitation"),
        FIELDS(decline),
    },
    {
        .name = "assign",
        .scope = SCOPE_ESCALATION,
        .roles_own = ROLE_STEWARD,
        .roles_holder = ANSWERERS,
        LABELS("交办", "give a task"),
        FIELDS(assign),
    },
    {
        .name = "assign-done",
        .scope = SCOPE_ESCALATION,
        .roles_own = ROLE_STEWARD,
        .roles_holder = ANSWERERS,
        LABELS("办结", "a task is done"),
        FIELDS(assign_done),
    },
    {
        .name = "invite",
        .scope = SCOPE_ESCALATION,
        .needs_opened = true,
        .roles_holder = ANSWERERS,
        LABELS("邀请", "invite a department"),
        FIELDS(invite),
    },
    {
        .name = "grade",
        .scope = SCOPE_ESCALATION,
        .needs_opened = true,
        .roles_holder = ANSWERERS,
        LABELS("分级", "grade"),
        FIELDS(grade),
    },
    {
        .name = "joint",
        .scope = SCOPE_ESCALATION,
        .needs_opened = true,
        .roles_holder = ANSWERERS,
        LABELS("协办进展", "progress of a department"),
        FIELDS(joint),
    },
    {
        .name = "update",
        .scope = SCOPE_ESCALATION,
        .is_never_empty = true,
        .roles_own = ROLE_STEWARD,
        LABELS("更新", "send what has changed"),
        FIELDS(update),
    },
    {
        .name = "audited", /* no recall silences an auditor */
        .scope = SCOPE_ESCALATION,
        .outlives_recall = true,
        .roles_own = ROLE_AUDITOR,
        .roles_holder = ROLE_AUDITOR,
        LABELS("审计意见", "what an auditor found"),
        FIELDS(audited),
    },
};
const size_t schema_escalation_len =
    sizeof(schema_escalation) / sizeof(schema_escalation[0]);
