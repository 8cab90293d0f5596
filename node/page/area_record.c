/*
 * What went up and came down: the desk of a township or county, and its meetings.
 */
#include "node/page/area.h"
#include "node/page/export.h"
#include "node/page/whereabouts.h"

/* keeps: what is being written to the record stays a draft. */
#define ANSWER(name, wanted, word, keeps)                                                \
    {                                                                                    \
        .path = "/record/+/" name, .method = "escalation." name,                         \
        .arguments = "escalation=+" wanted, .is_on_page = true, .next = "/record/+",     \
        .keeps_draft = (keeps), .said = word                                             \
    }

static const struct screen screens[] = {
    {.path = "/inbox",
     .template = "inbox",
     .events = "inbox-events",
     .title = "inbox.title",
     .section = "inbox",
     .calls = {{"list", "inbox",
                "limit:number='30 state category from unserved:mark after", false},
               {"agenda", "agenda", "limit:number='30", true},
               {"status", "status", "", false}}},
    {.path = "/record/+",
     .template = "record",
     .events = "record-events",
     .title = "record.title",
     .section = "inbox",
     .choices = "refer.channel joint.word",
     .has_draft = true,
     .timeline = "record",
     .prepare = whereabouts_prepare,
     .calls = {{"record", "escalation.show", "escalation=+", false},
               {"status", "status", "", false},
               {"files", "attach.list", "case=+", true}}},
    {.path = "/record/+/file/+",
     .raw = RAW_FILE,
     .section = "inbox",
     .calls = {{"file", "attach.get", "case=+ file=++", false}}},
    {.path = "/recalls",
     .template = "recalls",
     .title = "recalls.title",
     .section = "more",
     .calls = {{"list", "recall.list", "", false}}},
    {.path = "/agenda",
     .template = "agenda",
     .title = "agenda.title",
     .section = "more",
     .calls = {{"agenda", "agenda", "limit:number='60", false},
               {"meetings", "meeting.list", "limit:number='20", true}}},
    {.path = "/meeting/+",
     .template = "meeting",
     .title = "meeting.title",
     .section = "more",
     .has_draft = true,
     .calls = {{"meeting", "meeting.show", "meeting=+", false},
               {"list", "inbox", "limit:number='60", true}}},
};

static const struct export_column columns[] = {
    {"export.record", "escalation", "hex"},  {"export.from", "from_name", ""},
    {"export.received", "received", "time"}, {"cases.state", "state", "word state"},
    {"export.title", "title", ""},           {"export.category", "category", ""},
    {"inbox.reason", "reason", ""},          {"inbox.unserved", "unserved", ""},
};

static const struct export records = {"escalations", columns,
                                      sizeof(columns) / sizeof(columns[0])};

static const struct deed deeds[] = {
    {.path = "/inbox/export",
     .method = "inbox",
     .arguments = "export:all state category from unserved:mark",
     .is_on_page = true,
     .keeps_draft = true,
     .next = "/inbox",
     .file = "fengqiao-records.csv",
     .export = &records},
    {.path = "/record/+/evidence",
     .method = "evidence",
     .arguments = "escalation=+",
     .is_on_page = true,
     .keeps_draft = true,
     .next = "/record/+",
     .file = "evidence-+"},
    ANSWER("open", "", "open", true),
    ANSWER("accept", "", "answer", true),
    ANSWER("advise", " text", "answer", false),
    ANSWER("return", " text", "answer", false),
    ANSWER("decide", " text", "answer", false),
    ANSWER("rule", " text", "answer", false),
    ANSWER("refer", " channel text", "answer", true),
    ANSWER("onward", " reason", "onward", true),
    ANSWER("grade", " word reason", "grade", true),
    ANSWER("joint", " word text", "answer", true),
    ANSWER("invite", " site text", "invite", true),
    ANSWER("task", " text owner due", "task", true),
    ANSWER("task_done", " op text", "task-done", true),
    ANSWER("decline", " op text", "decline", true),
    ANSWER("permit", "", "permit", true),
    {.path = "/record/+/confirm",
     .method = "escalate.confirm",
     .arguments = "escalation=+ text",
     .is_on_page = true,
     .next = "/record/+",
     .keeps_draft = true,
     .said = "confirm"},
    ANSWER("recall", " reason", "recall", true),
    {.path = "/agenda/meeting",
     .method = "meeting.begin",
     .arguments = "day text",
     .is_on_page = true,
     .next = "/meeting/{meeting}",
     .said = "meeting"},
    {.path = "/meeting/+/item",
     .method = "meeting.item",
     .arguments = "meeting=+ case escalation text owner due as_task:mark",
     .is_on_page = true,
     .next = "/meeting/+",
     .said = "meeting-item"},
    {.path = "/meeting/+/done",
     .method = "meeting.done",
     .arguments = "item text",
     .is_on_page = true,
     .keeps_draft = true,
     .next = "/meeting/+",
     .said = "meeting-done"},
};

const struct area area_record = AREA(screens, deeds);
