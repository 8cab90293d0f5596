/*
 * What can be said in the papers of a site, which lie in scopes of the kind case and stay
 * with it as cases do. A round is about places and topics: none of its fields can hold a
 * party, a household or a list of persons.
 */
#include "node/cases/schema_table.h"

static const struct schema_field checklist_fields[] = {
    FIELD("title", TEXT, 240, true, FACT, OWN, NULL, "名称", "title"),
    FIELD("places", NAMES, ROUND_PLACES_MAX, true, JOURNAL, OWN, NULL, "地点", "places"),
    FIELD("topics", NAMES, ROUND_TOPICS_MAX, true, JOURNAL, OWN, NULL, "事项", "topics"),
};

static const struct schema_field checklist_text_fields[] = {
    FIELD("places", NAMES, ROUND_PLACES_MAX, true, JOURNAL, OWN, NULL, "地点", "places"),
    FIELD("topics", NAMES, ROUND_TOPICS_MAX, true, JOURNAL, OWN, NULL, "事项", "topics"),
};

static const struct schema_field round_fields[] = {
    FIELD("title", TEXT, 240, true, FACT, OWN, NULL, "名称", "title"),
    FIELD("list", ID, 32, true, FACT, OWN, NULL, "所据清单版本",
          "version of the list that it goes by"),
    FIELD("day", DATE, 0, false, FACT, OWN, NULL, "排查日期", "day"),
    FIELD("places", NAMES, ROUND_PLACES_MAX, true, FACT, OWN, NULL, "地点", "places"),
    FIELD("topics", NAMES, ROUND_TOPICS_MAX, true, FACT, OWN, NULL, "事项", "topics"),
};

static const struct schema_field looked_fields[] = {
    FIELD("place", TEXT, WORD_MAX, true, JOURNAL, OWN, NULL, "地点", "place"),
    FIELD("topic", TEXT, WORD_MAX, true, JOURNAL, OWN, NULL, "事项", "topic"),
};

static const struct schema_field finding_fields[] = {
    FIELD("place", TEXT, WORD_MAX, true, JOURNAL, OWN, NULL, "地点", "place"),
    FIELD("topic", TEXT, WORD_MAX, true, JOURNAL, OWN, NULL, "事项", "topic"),
    FIELD("text", TEXT, REASON_MAX, true, JOURNAL, OWN, NULL, "发现的问题",
          "what was found"),
};

static const struct schema_field finding_case_fields[] = {
    FIELD("finding", ID, 32, true, SET, OWN, NULL, "所涉问题", "finding"),
    FIELD("case", ID, 32, true, SET, OWN, NULL, "转为案件", "case that it became"),
};

static const struct schema_field card_fields[] = {
    FIELD("title", TEXT, 240, true, FACT, OWN, NULL, "名称", "title"),
    FIELD("trigger", TEXT, REASON_MAX, true, REGISTER, OWN, NULL, "启动条件",
          "when it is for"),
    FIELD("roles", ROLES, CARD_ROLES_MAX, true, REGISTER, OWN, NULL, "分工", "roles"),
    FIELD("steps", STEPS, CARD_STEPS_MAX, true, REGISTER, OWN, NULL, "步骤", "steps"),
};

static const struct schema_field card_text_fields[] = {
    FIELD("trigger", TEXT, REASON_MAX, true, REGISTER, OWN, NULL, "启动条件",
          "when it is for"),
    FIELD("roles", ROLES, CARD_ROLES_MAX, true, REGISTER, OWN, NULL, "分工", "roles"),
    FIELD("steps", STEPS, CARD_STEPS_MAX, true, REGISTER, OWN, NULL, "步骤", "steps"),
};

static const struct schema_field activated_fields[] = {
    FIELD("version", ID, 32, true, JOURNAL, OWN, NULL, "所据版本",
          "version that was gone by"),
    FIELD("case", ID, 32, true, JOURNAL, OWN, NULL, "所涉案件",
          "case that has its tasks"),
    FIELD("day", DATE, 0, true, JOURNAL, OWN, NULL, "启动日期", "day"),
    FIELD("reason", TEXT, REASON_MAX, false, JOURNAL, OWN, NULL, "启动原因", "why"),
};

static const struct schema_field meeting_fields[] = {
    FIELD("day", DATE, 0, true, FACT, OWN, NULL, "会商日期", "day"),
    FIELD("text", TEXT, LONG_TEXT, false, JOURNAL, OWN, NULL, "会商记录", "minutes"),
};

static const struct schema_field meeting_item_fields[] = {
    FIELD("about", ID, 32, true, SET, OWN, NULL, "所涉案件或上报件",
          "case or record that it is about"),
    FIELD("text", TEXT, LONG_TEXT, true, SET, OWN, NULL, "议定事项", "what was decided"),
    FIELD("owner", TEXT, WORD_MAX, true, SET, OWN, NULL, "责任人", "owner"),
    FIELD("due", DATE, 0, true, SET, OWN, NULL, "期限", "due"),
    FIELD("task", ID, 32, false, SET, OWN, NULL, "上报件中的交办", "task in that record"),
};

static const struct schema_field item_done_fields[] = {
    FIELD("item", ID, 32, true, SET, OWN, NULL, "所涉事项", "item"),
    FIELD("text", TEXT, REASON_MAX, false, SET, OWN, NULL, "附言", "remark"),
};

const struct schema_kind schema_paper[] = {
    {
        .name = "checklist",
        .scope = SCOPE_CASE,
        .of = MATTER_CHECKLIST,
        .is_founding = true,
        .roles_own = WRITERS,
        LABELS("排查清单", "list of places and topics"),
        FIELDS(checklist),
    },
    {
        .name = "checklist-text",
        .scope = SCOPE_CASE,
        .of = MATTER_CHECKLIST,
        .roles_own = WRITERS,
        LABELS("清单修订", "list anew"),
        FIELDS(checklist_text),
    },
    {
        .name = "round",
        .scope = SCOPE_CASE,
        .of = MATTER_ROUND,
        .is_founding = true,
        .roles_own = WRITERS,
        LABELS("排查", "round"),
        FIELDS(round),
    },
    {
        .name = "looked",
        .scope = SCOPE_CASE,
        .of = MATTER_ROUND,
        .roles_own = WRITERS,
        LABELS("已查看", "looked at, and found well"),
        FIELDS(looked),
    },
    {
        .name = "finding",
        .scope = SCOPE_CASE,
        .of = MATTER_ROUND,
        .roles_own = WRITERS,
        LABELS("发现问题", "finding"),
        FIELDS(finding),
    },
    {
        .name = "finding-case",
        .scope = SCOPE_CASE,
        .of = MATTER_ROUND,
        .roles_own = WRITERS,
        LABELS("转为案件", "a finding became a case"),
        FIELDS(finding_case),
    },
    {
        .name = "card",
        .scope = SCOPE_CASE,
        .of = MATTER_CARD,
        .is_founding = true,
        .roles_own = ROLE_STEWARD,
        LABELS("应急预案", "plan card"),
        FIELDS(card),
    },
    {
        .name = "card-text",
        .scope = SCOPE_CASE,
        .of = MATTER_CARD,
        .roles_own = ROLE_STEWARD,
        LABELS("预案修订", "plan card anew"),
        FIELDS(card_text),
    },
    {
        .name = "activated",
        .scope = SCOPE_CASE,
        .of = MATTER_CARD,
        .roles_own = WRITERS,
        LABELS("启动预案", "a plan card was activated"),
        FIELDS(activated),
    },
    {
        .name = "meeting",
        .scope = SCOPE_CASE,
        .of = MATTER_MEETING,
        .is_founding = true,
        .roles_own = MINUTERS,
        LABELS("会商", "meeting"),
        FIELDS(meeting),
    },
    {
        .name = "meeting-item",
        .scope = SCOPE_CASE,
        .of = MATTER_MEETING,
        .roles_own = MINUTERS,
        LABELS("会商事项", "item of a meeting"),
        FIELDS(meeting_item),
    },
    {
        .name = "item-done",
        .scope = SCOPE_CASE,
        .of = MATTER_MEETING,
        .roles_own = MINUTERS,
        LABELS("会商事项办结", "an item is done"),
        FIELDS(item_done),
    },
};
const size_t schema_paper_len = sizeof(schema_paper) / sizeof(schema_paper[0]);
