/*
 * The village's own cases.
 */
#include "node/page/area.h"

#define CASE                                                                             \
    {                                                                                    \
        "case", "case.show", "case=+", false                                             \
    }

static const struct screen screens[] = {
    {.path = "/",
     .template = "today",
     .title = "today.title",
     .section = "today",
     .calls = {{"due", "due", "limit:number='50", false},
               {"outbox", "outbox", "", true},
               {"status", "status", "", false},
               {"conflicts", "conflict.list", "limit:number='20", true}}},
    {.path = "/cases",
     .template = "cases",
     .title = "cases.title",
     .section = "cases",
     .choices = "case-state",
     .calls = {{"list", "case.list",
                "limit:number='50 state category party conflicts:mark mine:mark "
                "escalated:mark after:hex",
                false}}},
    {.path = "/cases/new",
     .template = "case-new",
     .title = "case-new.title",
     .section = "cases",
     .has_draft = true},
    {.path = "/case/+",
     .template = "case",
     .title = "case.title",
     .section = "cases",
     .timeline = "case",
     .has_draft = true,
     .calls = {CASE,
               {"files", "attach.list", "case=+", true},
               {"tasks", "task.list", "case=+ all:all", true}}},
    {.path = "/case/+/triage",
     .template = "triage",
     .title = "triage.title",
     .section = "cases",
     .choices = "triage.decision",
     .has_draft = true,
     .calls = {CASE}},
    {.path = "/case/+/papers",
     .raw = RAW_PAPERS,
     .section = "cases",
     .calls = {{"papers", "print", "case=+ set lang", false}}},
    {.path = "/search",
     .template = "search",
     .title = "search.title",
     .section = "search",
     .calls = {{"found", "search", "words after:number limit:number='20", true}}},
};

static const struct deed deeds[] = {
    {.path = "/cases/new",
     .method = "case.new",
     .arguments = "category title narrative context place wish found_by minor:mark "
                  "parties:parties=party",
     .next = "/case/{number}",
     .said = "case-new"},
    {.path = "/case/+/triage",
     .method = "case.triage",
     .arguments = "case=+ solvable:flag danger:flag beyond:flag decision reason",
     .next = "/case/+",
     .said = "triage"},
    {.path = "/case/+/note",
     .method = "case.note",
     .arguments = "case=+ text",
     .is_on_page = true,
     .next = "/case/+",
     .said = "note"},
};

const struct area area_case = AREA(screens, deeds);
