#include "node/page/deed.h"

#include "node/page/screen.h"

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
     .back = "/case/+",
     .next = "/case/+",
     .said = "note"},
    {.path = "/draft",
     .method = "draft.put",
     .arguments = "form=back fields:fields",
     .back = "/",
     .next = "/",
     .said = "draft"},
    {.path = "/unlock",
     .back = "/search",
     .next = "/search"},
    {.path = "/lock",
     .method = "device.lock",
     .arguments = "",
     .back = "/settings",
     .next = "/settings",
     .said = "lock"},
    {.path = "/device/+/revoke",
     .method = "device.revoke",
     .arguments = "device:number=+",
     .back = "/settings",
     .next = "/settings",
     .said = "device-revoke"},
};

#define DEEDS_LEN (sizeof(deeds) / sizeof(deeds[0]))

const struct deed *deed_find(struct bytes path, struct bytes stars[2])
{
    for (size_t i = 0; i < DEEDS_LEN; i++)
        if (screen_path_fits(deeds[i].path, path, stars))
            return &deeds[i];
    return NULL;
}

const struct deed *deed_at(size_t number)
{
    return number < DEEDS_LEN ? &deeds[number] : NULL;
}
