/*
 * A week without network: bundles that somebody carries.
 */
#include "node/page/area.h"
#include "node/page/courier.h"

#define NAME_OF_PARTS "fengqiao-#.age" /* as the client reads it from a stick */

static const struct screen screens[] = {
    {.path = "/courier",
     .template = "courier",
     .title = "courier.title",
     .section = "more",
     .prepare = courier_prepare,
     .calls = {{"bundles", "bundle.list", "", false}}},
    {.path = "/courier/+",
     .template = "courier-write",
     .title = "courier.title",
     .section = "more",
     .prepare = courier_prepare,
     .calls = {{"bundles", "bundle.list", "", false}}},
};

static const struct deed deeds[] = {
    {.path = "/courier/read",
     .method = "bundle.read",
     .arguments = "file:file",
     .is_on_page = true,
     .is_series = true},
    {.path = "/courier/+/write",
     .method = "bundle.write",
     .arguments = "site=+",
     .is_on_page = true,
     .keeps_draft = true,
     .next = "/courier/+",
     .file = NAME_OF_PARTS},
    {.path = "/courier/+/next",
     .method = "bundle.next",
     .arguments = "part:number",
     .is_on_page = true,
     .keeps_draft = true,
     .next = "/courier/+",
     .file = NAME_OF_PARTS},
    {.path = "/courier/+/done",
     .method = "bundle.done",
     .arguments = "",
     .is_on_page = true,
     .keeps_draft = true,
     .next = "/courier",
     .said = "bundle"},
};

const struct area area_courier = AREA(screens, deeds);
