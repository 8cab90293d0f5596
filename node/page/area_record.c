/*
 * What went up and came down: the desk of a township or county, and its meetings.
 */
#include "node/page/area.h"
#include "node/page/whereabouts.h"

#define ANSWER(name, wanted, word)                                                       \
    {                                                                                    \
        .path = "/record/+/" name, .method = "escalation." name,                         \
        .arguments = "escalation=+" wanted, .is_on_page = true, .next = "/record/+",     \
        .said = word                                                                     \
    }

static const struct screen screens[] = {
    {.path = "/inbox",
     .template = "inbox",
     .title = "inbox.title",
     .section = "inbox",
     .calls = {{"list", "inbox",
                "limit:number='30 state category from since until after:hex", false},
               {"agenda", "agenda", "limit:number='30", true},
               {"status", "status", "", false}}},
    {.path = "/record/+",
     .template = "record",
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
    {.path = "/record/+/evidence",
     .raw = RAW_FILE,
     .section = "inbox",
     .calls = {{"evidence", "evidence", "escalation=+", false}}},
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
               {"agenda", "agenda", "limit:number='60", true}}},
};

static const struct deed deeds[] = {
    ANSWER("open", "", "open"),
    ANSWER("accept", "", "answer"),
    ANSWER("advise", " text", "answer"),
    ANSWER("return", " text", "answer"),
    ANSWER("decide", " text", "answer"),
    ANSWER("rule", " text", "answer"),
    ANSWER("refer", " channel text", "answer"),
    ANSWER("onward", " reason", "onward"),
    ANSWER("grade", " word reason", "grade"),
    ANSWER("joint", " word text", "answer"),
    ANSWER("invite", " site text", "invite"),
    ANSWER("task", " text owner due", "task"),
    ANSWER("task_done", " op text", "task-done"),
    ANSWER("decline", " op text", "decline"),
    ANSWER("permit", "", "permit"),
    ANSWER("recall", " reason", "recall"),
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
     .next = "/meeting/+",
     .said = "meeting-done"},
};

const struct area area_record = AREA(screens, deeds);
