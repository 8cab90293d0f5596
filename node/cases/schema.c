#include "node/cases/schema.h"

#include <string.h>

#include "proto/limits.h"

#define LONG_TEXT 16384
#define REASON_MAX 4096
#define WORD_MAX 120
#define FIELDS_CHOSEN_MAX 16
#define PARTIES_MAX 64
#define COVERS_MAX 256

#define ONWARD_WORDS "ask yes no"
#define MANNER_WORDS "oral signed guardian"
#define DECISION_WORDS "keep escalate refer"
#define ROLE_WORDS "steward mediator desk observer auditor"

/* name, type, max, required, merge rule, class, words, labels */
#define FIELD(name, type, max, required, merge, class, words, zh, en)                    \
    {                                                                                    \
        name, TYPE_##type, max, required, MERGE_##merge, CLASS_##class, words, zh, en    \
    }

/* --- charter --- */

static const struct schema_field found_fields[] = {
    FIELD("tier", UINT, 4, true, FACT, FACT, NULL, "层级", "tier"),
    FIELD("name", TEXT, SITE_NAME_MAX, true, FACT, FACT, NULL, "单位名称",
          "name of the site"),
    FIELD("steward-key", KEY, 32, true, FACT, FACT, NULL, "管理员密钥", "steward's key"),
    FIELD("steward-name", TEXT, PERSON_NAME_MAX, true, FACT, FACT, NULL, "管理员",
          "steward"),
    FIELD("node-key", KEY, 32, true, FACT, FACT, NULL, "节点签名密钥",
          "node's signing key"),
    FIELD("noise-key", DH_KEY, 32, true, FACT, FACT, NULL, "节点连接密钥",
          "node's Noise key"),
    FIELD("recovery-key", KEY, 32, true, FACT, FACT, NULL, "恢复密钥", "recovery key"),
};

static const struct schema_field person_fields[] = {
    FIELD("key", KEY, 32, true, SET, FACT, NULL, "密钥", "key"),
    FIELD("name", TEXT, PERSON_NAME_MAX, true, REGISTER, FACT, NULL, "姓名", "name"),
    FIELD("role", WORD, WORD_MAX, true, SET, FACT, ROLE_WORDS, "角色", "role"),
};

static const struct schema_field node_fields[] = {
    FIELD("key", KEY, 32, true, SET, FACT, NULL, "签名密钥", "signing key"),
    FIELD("noise-key", DH_KEY, 32, true, FACT, FACT, NULL, "连接密钥", "Noise key"),
    FIELD("name", TEXT, PERSON_NAME_MAX, true, REGISTER, FACT, NULL, "名称", "name"),
};

static const struct schema_field link_fields[] = {
    FIELD("site", ID, 32, true, SET, FACT, NULL, "对方单位", "other site"),
    FIELD("as", WORD, WORD_MAX, true, REGISTER, FACT, "parent child", "关系",
          "what it is to us"),
};

static const struct schema_field revoke_fields[] = {
    FIELD("key", KEY, 32, true, SET, FACT, NULL, "密钥", "key"),
    FIELD("reason", TEXT, REASON_MAX, false, FACT, FACT, NULL, "原因", "reason"),
    FIELD("covers", IDS, COVERS_MAX, true, FACT, FACT, NULL, "仍予认可至",
          "heads up to which its ops stand"),
};

/* --- case --- */

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
    FIELD("given", FLAG, 0, true, REGISTER, OWN, NULL, "是否同意", "given"),
};

static const struct schema_field request_fields[] = {
    FIELD("fields", TEXTS, FIELDS_CHOSEN_MAX, true, JOURNAL, OWN, NULL, "拟上报内容",
          "fields"),
    FIELD("reason", TEXT, REASON_MAX, true, JOURNAL, OWN, NULL, "理由", "reason"),
    FIELD("onward", WORD, WORD_MAX, true, JOURNAL, OWN, ONWARD_WORDS, "可否再上报",
          "may it go onward"),
};

static const struct schema_field sent_fields[] = {
    FIELD("escalation", ID, 32, true, SET, OWN, NULL, "上报件", "escalation"),
    FIELD("salt", BYTES, 32, true, FACT, OWN, NULL, "来源盐值", "salt of the origin"),
};

static const struct schema_field close_fields[] = {
    FIELD("outcome", TEXT, REASON_MAX, true, STATE, OWN, NULL, "结果", "outcome"),
    FIELD("agreement", TEXT, LONG_TEXT, false, STATE, OWN, NULL, "协议内容", "agreement"),
    FIELD("oral", FLAG, 0, false, STATE, OWN, NULL, "口头协议", "oral"),
};

static const struct schema_field cover_fields[] = {
    FIELD("key", KEY, 32, true, SET, FACT, NULL, "已撤销的密钥", "revoked key"),
    FIELD("heads", IDS, COVERS_MAX, true, SET, FACT, NULL, "认可至",
          "heads up to which its ops stand"),
};

/* --- escalation --- */

static const struct schema_field escalate_fields[] = {
    FIELD("triage", TRIAGE, 0, true, FACT, RECORD, NULL, "分诊记录", "triage"),
    FIELD("consents", CONSENTS, PARTIES_MAX, true, FACT, CONSENT, NULL, "当事人同意",
          "consents"),
    FIELD("sites", SITES, HOLDERS_MAX - 1, true, FACT, FACT, NULL, "接收单位",
          "sites and their classes"),
    FIELD("onward", WORD, WORD_MAX, true, FACT, FACT, ONWARD_WORDS, "可否再上报",
          "may it go onward"),
    FIELD("reason", TEXT, REASON_MAX, true, FACT, RECORD, NULL, "上报理由",
          "why it is sent"),
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

#define FIELDS(of) of##_fields, sizeof(of##_fields) / sizeof(of##_fields[0])
#define NO_FIELDS NULL, 0

/* Steps of an escalation: receiving and opening never hide what the same site did later.
 */
enum { RANK_SENT, RANK_RECEIVED, RANK_OPENED, RANK_ANSWERED };

#define WRITERS (ROLE_MEDIATOR | ROLE_STEWARD)
#define ANSWERERS (ROLE_DESK | ROLE_STEWARD)

static const struct schema_kind kinds[] = {
    {"found", SCOPE_CHARTER, true, false, false, 0, 0, NULL, 0, "建立单位",
     "found a site", FIELDS(found)},
    {"person", SCOPE_CHARTER, false, false, false, ROLE_STEWARD | ROLE_RECOVERY, 0, NULL,
     0, "任命", "appoint a person", FIELDS(person)},
    {"node", SCOPE_CHARTER, false, false, false, ROLE_STEWARD, 0, NULL, 0, "增加节点",
     "add a node", FIELDS(node)},
    {"link", SCOPE_CHARTER, false, false, false, ROLE_STEWARD, 0, NULL, 0, "上下级结对",
     "link with a site", FIELDS(link)},
    {"revoke", SCOPE_CHARTER, false, false, false, ROLE_STEWARD | ROLE_RECOVERY, 0, NULL,
     0, "撤销密钥", "revoke a key", FIELDS(revoke)},

    {"case-new", SCOPE_CASE, true, false, false, WRITERS, 0, "registered", 0, "登记",
     "new case", FIELDS(case_new)},
    {"note", SCOPE_CASE, false, false, false, WRITERS, 0, NULL, 0, "记录", "note",
     FIELDS(note)},
    {"set", SCOPE_CASE, false, false, false, WRITERS, 0, NULL, 0, "更正", "change fields",
     FIELDS(set)},
    {"triage", SCOPE_CASE, false, true, false, WRITERS, 0, "triaged", 1, "分诊", "triage",
     FIELDS(triage)},
    {"consent", SCOPE_CASE, false, false, false, WRITERS, 0, NULL, 0, "当事人同意",
     "consent", FIELDS(consent)},
    {"request", SCOPE_CASE, false, true, false, WRITERS, 0, NULL, 0, "申请上报",
     "ask to escalate", FIELDS(request)},
    {"sent", SCOPE_CASE, false, true, false, ROLE_STEWARD, 0, "escalated", 2, "已上报",
     "escalated", FIELDS(sent)},
    {"close", SCOPE_CASE, false, false, false, WRITERS, 0, "closed", 3, "销号", "close",
     FIELDS(close)},
    {"cover", SCOPE_ESCALATION, false, false, false, ROLE_STEWARD, ROLE_STEWARD, NULL, 0,
     "认可", "stand by a revoked key's ops", FIELDS(cover)},

    {"escalate", SCOPE_ESCALATION, true, false, false, ROLE_STEWARD, 0, "sent", RANK_SENT,
     "上报", "escalate", FIELDS(escalate)},
    {"open", SCOPE_ESCALATION, false, false, false, ROLE_STEWARD, ANSWERERS, NULL, 0,
     "补充公开", "show more", FIELDS(open)},
    {"received", SCOPE_ESCALATION, false, false, false, 0, ROLE_NODE, "received",
     RANK_RECEIVED, "已收到", "received", NO_FIELDS},
    {"opened", SCOPE_ESCALATION, false, false, false, 0, ANSWERERS, "opened", RANK_OPENED,
     "已查看", "opened", NO_FIELDS},
    {"accept", SCOPE_ESCALATION, false, false, true, 0, ANSWERERS, "accepted",
     RANK_ANSWERED, "受理", "accept", FIELDS(remark)},
    {"advise", SCOPE_ESCALATION, false, false, true, 0, ANSWERERS, "advised",
     RANK_ANSWERED, "建议", "advise", FIELDS(talk)},
    {"return", SCOPE_ESCALATION, false, false, true, 0, ANSWERERS, "returned",
     RANK_ANSWERED, "退回", "return", FIELDS(talk)},
    {"decide", SCOPE_ESCALATION, false, false, true, 0, ANSWERERS, "decided",
     RANK_ANSWERED, "决定", "decide", FIELDS(talk)},
    {"onward", SCOPE_ESCALATION, false, false, true, 0, ANSWERERS, "onward",
     RANK_ANSWERED, "再上报", "send onward", FIELDS(onward)},
    {"permit", SCOPE_ESCALATION, false, false, false, ROLE_STEWARD, 0, NULL, 0,
     "同意再上报", "permit onward", FIELDS(remark)},
};

const struct schema_kind *schema_kinds(size_t *len)
{
    *len = sizeof(kinds) / sizeof(kinds[0]);
    return kinds;
}

const struct schema_kind *schema_kind(struct bytes name)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (bytes_equal_str(name, kinds[i].name))
            return &kinds[i];
    return NULL;
}

const struct schema_field *schema_field(const struct schema_kind *kind, struct bytes name)
{
    for (uint32_t i = 0; i < kind->fields_len; i++)
        if (bytes_equal_str(name, kind->fields[i].name))
            return &kind->fields[i];
    return NULL;
}

bool schema_belongs(const struct schema_kind *kind, enum scope_kind scope)
{
    return kind->scope == scope || (kind->fields == cover_fields && scope == SCOPE_CASE);
}

enum scope_kind schema_founds(const struct op *op)
{
    const struct schema_kind *kind = schema_kind(op->kind);
    return kind != NULL && kind->is_founding && op->is_founding ? kind->scope : 0;
}

const char *schema_type_text(enum schema_type type)
{
    static const char *const texts[] = {
        "text",        "word",       "number",   "yes/no", "id",
        "Ed25519 key", "X25519 key", "salt",     "bytes",  "ids",
        "texts",       "parties",    "consents", "sites",  "triage"};
    return texts[type];
}

const char *schema_merge_text(enum merge_rule merge)
{
    static const char *const texts[] = {"fact", "register", "set", "journal", "state"};
    return texts[merge];
}

const char *schema_scope_text(enum scope_kind kind)
{
    static const char *const texts[] = {"unknown", "charter", "case", "escalation",
                                        "bulletin"};
    return texts[kind];
}
