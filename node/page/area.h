/*
 * area: what can be looked at and done in one part of the page: two tables, for the files
 * of this folder alone.
 */
#ifndef FENGQIAO_PAGE_AREA_H
#define FENGQIAO_PAGE_AREA_H

#include "node/page/deed.h"
#include "node/page/screen.h"

struct area {
    const struct screen *screens;
    size_t screens_len;
    const struct deed *deeds;
    size_t deeds_len;
};

#define AREA(screens, deeds)                                                             \
    {                                                                                    \
        screens, sizeof(screens) / sizeof((screens)[0]), deeds,                          \
            sizeof(deeds) / sizeof((deeds)[0])                                           \
    }

extern const struct area area_case;    /* a village's own cases */
extern const struct area area_record;  /* what went up and came down */
extern const struct area area_ahead;   /* rounds, plan cards, village rules */
extern const struct area area_courier; /* bundles that somebody carries */
extern const struct area area_house;   /* the site: devices, people, peers, settings */

extern const struct area area_style; /* in builds for those who build it, alone */

/* All of them; NULL behind the last. */
const struct area *area_at(size_t number);

#endif
