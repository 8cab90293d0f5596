#include "node/cases/audit_story.h"

#include <stddef.h>

#include "node/cases/schema.h"

static const struct {
    const char *kind, *says, *zh;
} told[] = {
    {"escalate", "sent the record up", "上报了这件事"},
    {"attached", "added a file that goes with it", "附上了文件"},
    {"confirm", "confirmed that it went up because of danger", "追认了紧急上报"},
    {"recall", "recalled the record", "撤回了上报件"},
    {"purged", "erased what was recalled", "清除了撤回的内容"},
    {"open", "showed more of it", "补充公开了内容"},
    {"received", "received the record", "收到了上报件"},
    {"opened", "opened the record", "查看了上报件"},
    {"accept", "accepted it", "受理了"},
    {"advise", "gave advice", "提出了建议"},
    {"return", "gave it back", "退回了"},
    {"decide", "decided", "作出了决定"},
    {"onward", "sent it onward to one more site", "再次上报给另一单位"},
    {"permit", "permitted it to go onward", "同意了再上报"},
    {"refer", "referred it to another channel", "转介到其他渠道"},
    {"rule", "ruled", "作出了裁定"},
    {"decline", "declined", "婉拒了"},
    {"assign", "gave a task", "交办了一件事"},
    {"assign-done", "said that a task is done", "报告交办事项已办结"},
    {"invite", "invited a department", "邀请了一个部门"},
    {"grade", "graded it", "定了级别"},
    {"joint", "said how far it is with its part", "报告了协办进展"},
    {"update", "sent what had changed", "更新了内容"},
    {"audited", "noted what an audit found", "写下了审计意见"},
    {"cover", "stood by what a revoked key had written", "认可了已撤销密钥的记录"},
};
#define TOLD (sizeof(told) / sizeof(told[0]))

static size_t find(struct bytes kind)
{
    size_t i = 0;
    while (i < TOLD && !bytes_equal_str(kind, told[i].kind))
        i++;
    return i;
}

struct bytes audit_story_says(struct bytes kind)
{
    size_t i = find(kind);
    const struct schema_kind *known = schema_kind(kind);
    if (i < TOLD)
        return bytes_str(told[i].says);
    return bytes_str(known == NULL ? "" : known->en);
}

struct bytes audit_story_says_zh(struct bytes kind)
{
    size_t i = find(kind);
    const struct schema_kind *known = schema_kind(kind);
    if (i < TOLD)
        return bytes_str(told[i].zh);
    return bytes_str(known == NULL ? "" : known->zh_cn);
}
