/* Who can see what, and who may do what, in plain words: of the schema table and the door
 * of disclosure (node/cases/policy), and of the table of methods itself. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "node/cases/policy.h"
#include "node/core/api.h"
#include "node/core/far.h"
#include "node/core/observer.h"
#include "node/core/paste.h"

static void add(struct buf *out, const char *text)
{
    buf_add(out, text, strlen(text));
}

struct listing {
    struct buf lines;
    uint32_t len;
};

static void pack_line(struct listing *listing, const struct policy_line *line)
{
    struct buf *out = &listing->lines;
    listing->len++;
    pack_map(out, 4);
    pack_str(out, "about");
    pack_str(out, line->about);
    pack_str(out, "en");
    pack_str_bytes(out, buf_bytes(&line->en));
    pack_str(out, "topic");
    pack_str(out, line->topic);
    pack_str(out, "zh_cn");
    pack_str_bytes(out, buf_bytes(&line->zh_cn));
    out->failed |= line->en.failed | line->zh_cn.failed;
}

static void list_sights(struct listing *listing)
{
    static const enum scope_kind scopes[] = {SCOPE_CASE, SCOPE_ESCALATION, SCOPE_CHARTER};
    for (size_t i = 0; i < sizeof(scopes) / sizeof(scopes[0]); i++)
        for (enum policy_sight sight = 0; sight < POLICY_SIGHTS; sight++) {
            struct policy_line line;
            if (policy_of_sight(scopes[i], sight, &line))
                pack_line(listing, &line);
            policy_line_deinit(&line);
        }
    for (size_t i = 0; i < sizeof(scopes) / sizeof(scopes[0]); i++) {
        struct policy_line line;
        if (scopes[i] != SCOPE_CHARTER && /* no method gives one as it is folded */
            policy_of_observer(scopes[i], &line))
            pack_line(listing, &line);
        policy_line_deinit(&line);
    }
}

static void list_kinds(struct listing *listing)
{
    const struct schema_kind *kind;
    for (size_t i = 0; (kind = schema_kind_at(i)) != NULL; i++) {
        struct policy_line line;
        policy_of_kind(kind, &line);
        pack_line(listing, &line);
        policy_line_deinit(&line);
    }
}

/* What was pasted in is no scope: no sight of the table is about it. */
static void list_pastes(struct listing *listing)
{
    struct policy_line line = {.topic = "see", .about = "paste"};
    char zh_cn[240], en[240];
    unsigned days = (unsigned)(PASTE_LIFE_S / (24 * 3600));
    (void)snprintf(zh_cn, sizeof(zh_cn),
                   "粘贴的内容只在本机，能用本机套接字的人可看，网络上仅管理员和调解员可"
                   "看；运行满%u天后永久删除",
                   days);
    (void)snprintf(en, sizeof(en),
                   "this machine alone, and whoever reaches its socket, or is steward or "
                   "mediator here; gone for good "
                   "after %u days of running time",
                   days);
    buf_add(&line.zh_cn, zh_cn, strlen(zh_cn));
    buf_add(&line.en, en, strlen(en));
    pack_line(listing, &line);
    policy_line_deinit(&line);
}

/* What the table that far_check asks gives an auditor, beside what any role has. */
static void list_auditor(struct listing *listing)
{
    struct policy_line line = {.topic = "see", .about = "auditor"};
    /* Or the sentence has to say more. */
    assert((far_readers(READS_RECORDS) & ROLE_AUDITOR) == 0);
    assert((far_readers(READS_CASES) & ROLE_AUDITOR) == 0);
    assert((far_readers(READS_AUDIT) & ROLE_AUDITOR) != 0);
    add(&line.en,
        "over the network no contents of records, and none of cases, but whether "
        "all is as it should be, and which steps a record took; on this "
        "machine's socket what everybody reads who reaches it, but finds "
        "nothing by search; else what somebody hands over as evidence, as far "
        "as nothing was withheld from it");
    add(&line.zh_cn,
        "审计员：网络上不能看上报件内容，也不能看案件内容，可核查各项记录是否完好、"
        "上报件经过了哪些步骤；在本机套接字上所见与能用该套接字的人相同，但不能搜索；"
        "此外只见他人交来的证据文件中未隐去的部分");
    pack_line(listing, &line);
    policy_line_deinit(&line);
}

/* From afar, which far_check asks of the same table. */
static void add_far(const struct api_method *method, struct policy_line *line)
{
    uint32_t readers = far_readers(method->reads);
    bool is_first = true;
    if (method->reads == READS_NOTHING) {
        add(&line->en, "; over the network too: a code or a token says who it is");
        add(&line->zh_cn, "；网络访问者亦可：凭邀请码或设备令牌");
        return;
    }
    add(&line->en, "; over the network a device that is signed in");
    add(&line->zh_cn, "；网络访问须用已登记的设备");
    add(&line->en,
        readers == UINT32_MAX ? ", of a person with any role here" : ", of a ");
    add(&line->zh_cn, readers == UINT32_MAX ? "，其人在本单位有任一角色" : "，其人为");
    for (uint32_t bit = 1; readers != UINT32_MAX && role_text(bit) != NULL; bit <<= 1) {
        if ((readers & bit) == 0)
            continue;
        add(&line->en, is_first ? "" : ", ");
        add(&line->en, role_text(bit));
        add(&line->zh_cn, is_first ? "" : "、");
        add(&line->zh_cn, role_text_zh(bit));
        is_first = false;
    }
}

/* What observer_check and observer_cut make of it, from afar and on the socket. */
static void add_observer(const struct api_method *method, struct policy_line *line)
{
    const struct observer_way *way = observer_way_of(method->name);
    if (way == NULL) {
        add(&line->en, "; not for an observer");
        add(&line->zh_cn, "；观察员不可用");
        return;
    }
    add(&line->en,
        way->is_whole ? "; an observer too" : "; an observer too, without contents");
    add(&line->zh_cn, way->is_whole ? "；观察员亦可" : "；观察员亦可，不含内容");
}

/* By what a caller must be, which run_method asks of the same table. */
static void list_method(struct listing *listing, const struct api_method *method)
{
    static const struct {
        const char *zh_cn, *en;
    } who[] = {
        [API_ANYBODY] = {"能用本机套接字的人", "whoever reaches this machine's socket"},
        [API_KNOWN] = {"用密码解锁的人，或其设备已登记的人",
                       "a person who unlocked with a PIN, or whose device is signed in"},
        [API_EXPORT] = {"能用本机套接字的人；远程要先用密码解锁",
                        "whoever reaches this machine's socket; from afar a person who "
                        "unlocked with a PIN"},
        [API_PERSON] =
            {"用密码解锁的人；能做什么由其角色决定",
             "a person who unlocked with a PIN; the role decides what is done"},
        [API_STEWARD] = {"用密码解锁的本单位管理员",
                         "a steward of this site who unlocked with a PIN"},
    };
    struct policy_line line = {.topic = "ask", .about = method->name};
    add(&line.zh_cn, who[method->who].zh_cn);
    add(&line.en, who[method->who].en);
    add_far(method, &line);
    add_observer(method, &line);
    pack_line(listing, &line);
    policy_line_deinit(&line);
}

enum status api_policy(struct core *core, struct caller *caller, const struct args *args,
                       struct buf *result, struct err *err)
{
    struct listing listing = {.len = 0};
    list_sights(&listing);
    list_pastes(&listing);
    list_auditor(&listing);
    list_kinds(&listing);
    for (size_t i = 0; i < api_methods_len; i++)
        list_method(&listing, &api_methods[i]);
    pack_map(result, 1);
    pack_str(result, "lines");
    pack_array(result, listing.len);
    buf_append(result, &listing.lines);
    buf_deinit(&listing.lines);
    return STATUS_OK;
}
