#include "node/page/screen.h"

#include <string.h>

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
     .calls = {{"list", "case.list",
                "limit:number='50 state category party conflicts:mark mine:mark "
                "escalated:mark after",
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
     .choices = "case-new.category",
     .calls = {CASE,
               {"files", "attach.list", "case=+", true},
               {"tasks", "task.list", "case=+ all:all", true}}},
    {.path = "/case/+/triage",
     .template = "triage",
     .title = "triage.title",
     .section = "cases",
     .choices = "triage.decision",
     .calls = {CASE}},
    {.path = "/case/+/papers",
     .raw = RAW_PAPERS,
     .section = "cases",
     .calls = {{"papers", "print", "case=+ set lang", false}}},
    {.path = "/search",
     .template = "search",
     .title = "search.title",
     .section = "search",
     .calls = {{"found", "search", "words after limit:number='20", true}}},
    {.path = "/inbox",
     .template = "inbox",
     .title = "inbox.title",
     .section = "inbox",
     .calls = {{"list", "inbox", "limit:number='50 state category after", false}}},
    {.path = "/settings",
     .template = "settings",
     .title = "settings.title",
     .section = "settings",
     .calls = {{"devices", "device.list", "", true}, {"site", "site", "", false}}},
};

#define SCREENS_LEN (sizeof(screens) / sizeof(screens[0]))

bool screen_path_fits(const char *pattern, struct bytes path, struct bytes stars[2])
{
    size_t at = 0, found = 0;
    for (; *pattern != '\0'; pattern++) {
        if (*pattern != '+') {
            if (at == path.len || path.data[at] != (uint8_t)*pattern)
                return false;
            at++;
            continue;
        }
        size_t begin = at;
        while (at < path.len && path.data[at] != '/')
            at++;
        if (at == begin || found == 2)
            return false;
        stars[found++] = bytes_of(path.data + begin, at - begin);
    }
    return at == path.len;
}

const struct screen *screen_find(struct bytes path, struct bytes stars[2])
{
    for (size_t i = 0; i < SCREENS_LEN; i++)
        if (screen_path_fits(screens[i].path, path, stars))
            return &screens[i];
    return NULL;
}

const struct screen *screen_at(size_t number)
{
    return number < SCREENS_LEN ? &screens[number] : NULL;
}
