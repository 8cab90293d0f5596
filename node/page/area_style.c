/*
 * Every component of the style sheet on one page, for those who build it.
 */
#include "node/page/area.h"

static const struct screen screens[] = {
    {.path = "/about/style", .template = "style", .title = "style.title", .section = ""},
};

const struct area area_style = {.screens = screens, .screens_len = 1};
