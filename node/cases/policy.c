#include "node/cases/policy.h"

#include <assert.h>
#include <string.h>

#include "node/cases/observed.h"

static void add(struct buf *out, const char *text)
{
    buf_add(out, text, strlen(text));
}

/* --- words --- */

static const char *scope_zh(enum scope_kind scope)
{
    static const char *const words[] = {"未知", "章程", "案件", "上报件", "公告"};
    return words[scope];
}

static void add_roles_en(uint32_t roles, struct buf *out)
{
    assert(roles != 0);
    bool is_first = true;
    for (uint32_t bit = 1; role_text(bit) != NULL; bit <<= 1) {
        if ((roles & bit) == 0)
            continue;
        add(out, is_first ? "" : ", ");
        add(out, role_text(bit));
        is_first = false;
    }
}

static void add_roles_zh(uint32_t roles, struct buf *out)
{
    assert(roles != 0);
    bool is_first = true;
    for (uint32_t bit = 1; role_text(bit) != NULL; bit <<= 1) {
        if ((roles & bit) == 0)
            continue;
        add(out, is_first ? "" : "、");
        add(out, role_text_zh(bit));
        is_first = false;
    }
}

/* --- who may write --- */

/* Releasing is a steward's; danger_fold.c lets a mediator do it for one reason alone. */
static bool is_release(const struct schema_kind *kind)
{
    struct bytes name = bytes_str(kind->name);
    return bytes_equal_str(name, "sent") || bytes_equal_str(name, "escalate");
}

static void write_own(const struct schema_kind *kind, struct policy_line *line)
{
    bool is_sent = kind->scope == SCOPE_ESCALATION;
    add_roles_en(kind->roles_own, &line->en);
    add(&line->en, is_sent ? " of the site that sent it" : " of its own site");
    add(&line->zh_cn, is_sent ? "发出单位的" : "本单位的");
    add_roles_zh(kind->roles_own, &line->zh_cn);
    if (!is_release(kind))
        return;
    add(&line->en, " (a mediator in danger to life alone)");
    add(&line->zh_cn, "（调解员仅限有人身危险时）");
}

static void write_holders(const struct schema_kind *kind, struct policy_line *line)
{
    bool is_second = kind->roles_own != 0;
    add(&line->en, is_second ? "; " : "");
    add_roles_en(kind->roles_holder, &line->en);
    add(&line->en, " of a site that received it");
    add(&line->en, kind->needs_opened ? ", once it has opened the record" : "");
    add(&line->zh_cn, is_second ? "；" : "");
    add(&line->zh_cn, "接收单位的");
    add_roles_zh(kind->roles_holder, &line->zh_cn);
    add(&line->zh_cn, kind->needs_opened ? "（须先开启）" : "");
}

void policy_of_kind(const struct schema_kind *kind, struct policy_line *line)
{
    *line = (struct policy_line){.topic = "write", .about = kind->name};
    add(&line->en, kind->en);
    add(&line->en, " (in a scope of the kind ");
    add(&line->en, schema_scope_text(kind->scope));
    add(&line->en, "): ");
    add(&line->zh_cn, kind->zh_cn);
    add(&line->zh_cn, "（");
    add(&line->zh_cn, scope_zh(kind->scope));
    add(&line->zh_cn, "）：");
    if (kind->roles_own != 0)
        write_own(kind, line);
    if (kind->roles_holder != 0)
        write_holders(kind, line);
    if (kind->roles_own != 0 || kind->roles_holder != 0)
        return;
    bool founds = kind->is_founding;
    add(&line->en, founds ? "whoever founds the site" : "nobody");
    add(&line->zh_cn, founds ? "建立单位的人" : "无人");
}

/* --- who may see --- */

static const struct {
    uint32_t classes; /* of a site that is shown it */
    const char *zh_cn, *en;
} sights[POLICY_SIGHTS] = {
    [POLICY_OWN] = {CLASS_OWN, "只有本单位", "its own site alone"},
    [POLICY_EVERYONE] = {CLASS_FACT, "每个持有该件的单位", "every site that holds it"},
    [POLICY_RECORD] = {CLASS_RECORD, "本单位，以及获准看“record”的单位",
                       "its own site, and sites that were given the class record"},
    [POLICY_CONTEXT] = {CLASS_CONTEXT, "本单位，以及获准看“context”的单位",
                        "its own site, and sites that were given the class context"},
    [POLICY_PARTIES] = {CLASS_PARTIES, "本单位，以及获准看“parties”的单位",
                        "its own site, and sites that were given the class parties"},
    [POLICY_CONSENT] = {CLASS_CONSENT, "本单位，以及获准看“consent”的单位",
                        "its own site, and sites that were given the class consent"},
    [POLICY_TALK] = {CLASS_TALK, "本单位，以及获准看“talk”的单位",
                     "its own site, and sites that were given the class talk"},
    [POLICY_ALL] = {CLASS_ALL, "本单位，以及获准看全部类别的单位",
                    "its own site, and sites that were given all classes"},
};

/* The door itself is asked: with which classes does it let an op's field pass? */
enum policy_sight policy_sight_of(const struct schema_kind *kind,
                                  const struct schema_field *field)
{
    static const enum policy_sight order[] = {
        POLICY_EVERYONE, POLICY_RECORD, POLICY_CONTEXT, POLICY_PARTIES,
        POLICY_CONSENT,  POLICY_TALK,   POLICY_ALL};
    struct op op = {.kind = bytes_str(kind->name), .fields_len = 1};
    op.fields[0].name = bytes_str(field->name);
    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
        if (disclosure_mask(&op, sights[order[i]].classes) != 0)
            return order[i];
    return POLICY_OWN;
}

/* Is it shown so? */
typedef bool sight_fn(const struct schema_kind *kind, const struct schema_field *field,
                      enum policy_sight sight);

static bool is_seen_so(const struct schema_kind *kind, const struct schema_field *field,
                       enum policy_sight sight)
{
    return policy_sight_of(kind, field) == sight;
}

static bool is_observed(const struct schema_kind *kind, const struct schema_field *field,
                        enum policy_sight sight)
{
    (void)sight; /* whatever other sites are shown */
    return observed_field(kind, field);
}

/* "kind: label, label" of the fields of one kind that are shown so. */
static bool add_fields(const struct schema_kind *kind, sight_fn *is_shown,
                       enum policy_sight sight, struct policy_line *line)
{
    bool is_first = true;
    for (uint32_t i = 0; i < kind->fields_len; i++) {
        const struct schema_field *field = &kind->fields[i];
        if (!is_shown(kind, field, sight))
            continue;
        add(&line->en, is_first ? kind->en : "");
        add(&line->en, is_first ? ": " : ", ");
        add(&line->en, field->en);
        add(&line->zh_cn, is_first ? kind->zh_cn : "");
        add(&line->zh_cn, is_first ? "：" : "、");
        add(&line->zh_cn, field->zh_cn);
        is_first = false;
    }
    add(&line->en, is_first ? "" : "; ");
    add(&line->zh_cn, is_first ? "" : "；");
    return !is_first;
}

static bool add_kinds(enum scope_kind scope, sight_fn *is_shown, enum policy_sight sight,
                      struct policy_line *line)
{
    const struct schema_kind *kind;
    bool has_any = false;
    for (size_t i = 0; (kind = schema_kind_at(i)) != NULL; i++)
        if (kind->scope == scope && add_fields(kind, is_shown, sight, line))
            has_any = true;
    return has_any;
}

bool policy_of_observer(enum scope_kind scope, struct policy_line *line)
{
    *line = (struct policy_line){.topic = "see", .about = "observer"};
    if (!add_kinds(scope, is_observed, POLICY_OWN, line))
        return false;
    add(&line->en, "seen by an observer too, who sees of each ");
    add(&line->en, schema_scope_text(scope));
    add(&line->en, " besides which kinds of records were written, when and by whom, in "
                   "which state and where it is, which fields were written in two ways "
                   "and what is due, and nothing else of it");
    add(&line->zh_cn, "观察员亦可见；观察员对每一");
    add(&line->zh_cn, scope_zh(scope));
    add(&line->zh_cn, "另可见写了哪类记录、何时、何人所写、处于何种状态、现在何处、哪些"
                      "栏目有不同写法、何时到期，此外一概不可见");
    return true;
}

bool policy_of_sight(enum scope_kind scope, enum policy_sight sight,
                     struct policy_line *line)
{
    *line = (struct policy_line){.topic = "see", .about = schema_scope_text(scope)};
    if (!add_kinds(scope, is_seen_so, sight, line))
        return false;
    add(&line->en, "seen by ");
    add(&line->en, sights[sight].en);
    add(&line->zh_cn, "可见：");
    add(&line->zh_cn, sights[sight].zh_cn);
    return true;
}

void policy_line_deinit(struct policy_line *line)
{
    buf_deinit(&line->zh_cn);
    buf_deinit(&line->en);
    *line = (struct policy_line){0};
}
