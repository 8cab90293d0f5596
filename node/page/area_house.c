/*
 * The site itself: devices, people, peers, settings; and what belongs to a person alone.
 */
#include "node/page/area.h"

static const struct screen screens[] = {
    {.path = "/live", .raw = RAW_STREAM},
    {.path = "/settings",
     .template = "settings",
     .title = "settings.title",
     .section = "settings",
     .calls = {{"devices", "device.list", "", true}, {"site", "site", "", false}}},
};

static const struct deed deeds[] = {
    {.path = "/draft",
     .method = "draft.put",
     .arguments = "form=back fields:fields",
     .is_on_page = true,
     .keeps_draft = true,
     .next = "/",
     .said = "draft"},
    {.path = "/unlock", .is_on_page = true, .keeps_draft = true, .next = "/search"},
    {.path = "/lock",
     .method = "device.lock",
     .arguments = "",
     .is_on_page = true,
     .keeps_draft = true,
     .next = "/settings",
     .said = "lock"},
    {.path = "/device/+/revoke",
     .method = "device.revoke",
     .arguments = "device:number=+",
     .is_on_page = true,
     .keeps_draft = true,
     .next = "/settings",
     .said = "device-revoke"},
};

const struct area area_house = AREA(screens, deeds);
