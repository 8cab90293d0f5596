/*
 * What can be said in a charter.
 */
#include "node/cases/schema_table.h"

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
    FIELD("replaces", KEY, 32, false, FACT, FACT, NULL, "接替的签名密钥",
          "signing key that it replaces"),
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

static const struct schema_field quorum_fields[] = {
    FIELD("number", UINT, QUORUM_MAX, true, REGISTER, FACT, NULL, "人数", "of stewards"),
};

static const struct schema_field approve_fields[] = {
    FIELD("op", ID, 32, true, SET, FACT, NULL, "所涉提议", "what is approved"),
};

static const struct schema_field withdraw_fields[] = {
    FIELD("op", ID, 32, true, SET, FACT, NULL, "所涉提议",
          "what the own word is taken from"),
};

static const struct schema_field recovery_fields[] = {
    FIELD("key", KEY, 32, true, REGISTER, FACT, NULL, "新恢复密钥", "new recovery key"),
};

const struct schema_kind schema_charter[] = {
    {
        .name = "found",
        .scope = SCOPE_CHARTER,
        .is_founding = true,
        LABELS("建立单位", "found a site"),
        FIELDS(found),
    },
    {
        .name = "person",
        .scope = SCOPE_CHARTER,
        .roles_own = ROLE_STEWARD | ROLE_RECOVERY,
        LABELS("任命", "appoint a person"),
        FIELDS(person),
    },
    {
        .name = "node",
        .scope = SCOPE_CHARTER,
        .roles_own = ROLE_STEWARD,
        LABELS("增加节点", "add a node"),
        FIELDS(node),
    },
    {
        .name = "link",
        .scope = SCOPE_CHARTER,
        .roles_own = ROLE_STEWARD,
        LABELS("上下级结对", "link with a site"),
        FIELDS(link),
    },
    {
        .name = "revoke",
        .scope = SCOPE_CHARTER,
        .roles_own = ROLE_STEWARD | ROLE_RECOVERY,
        LABELS("撤销密钥", "revoke a key"),
        FIELDS(revoke),
    },
    {
        .name = "quorum",
        .scope = SCOPE_CHARTER,
        .roles_own = ROLE_STEWARD | ROLE_RECOVERY,
        LABELS("设定联签人数", "set how many stewards it takes"),
        FIELDS(quorum),
    },
    {
        .name = "approve",
        .scope = SCOPE_CHARTER,
        .roles_own = ROLE_STEWARD | ROLE_RECOVERY,
        LABELS("联签同意", "approve what waits for more stewards"),
        FIELDS(approve),
    },
    {
        .name = "withdraw",
        .scope = SCOPE_CHARTER,
        .roles_own = ROLE_STEWARD | ROLE_RECOVERY,
        LABELS("撤回联签", "take back the own word"),
        FIELDS(withdraw),
    },
    {
        .name = "recovery",
        .scope = SCOPE_CHARTER,
        .roles_own = ROLE_STEWARD | ROLE_RECOVERY,
        LABELS("更换恢复密钥", "name a new recovery key"),
        FIELDS(recovery),
    },
};
const size_t schema_charter_len = sizeof(schema_charter) / sizeof(schema_charter[0]);
