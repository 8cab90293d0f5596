/*
 * What went up and came down: the desk of a township or county.
 */
#include "node/page/area.h"

static const struct screen screens[] = {
    {.path = "/inbox",
     .template = "inbox",
     .title = "inbox.title",
     .section = "inbox",
     .calls = {{"list", "inbox", "limit:number='50 state category after:hex", false}}},
    {.path = "/record/+",
     .template = "record",
     .title = "record.title",
     .section = "inbox",
     .timeline = "record",
     .calls = {{"record", "escalation.show", "escalation=+", false}}},
};

static const struct deed deeds[] = {
    {.path = "/record/+/open",
     .method = "escalation.open",
     .arguments = "escalation=+",
     .is_on_page = true,
     .next = "/record/+",
     .said = "open"},
};

const struct area area_record = AREA(screens, deeds);
