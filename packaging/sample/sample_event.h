/*
 * Events: the journal of one case, 3 to 12 entries from registration to closing.
 */
#ifndef PACKAGING_SAMPLE_SAMPLE_EVENT_H
#define PACKAGING_SAMPLE_SAMPLE_EVENT_H

#include <stddef.h>
#include <stdint.h>

#include "packaging/sample/sample_text.h"

struct sample_case;

enum { SAMPLE_EVENTS_MIN = 3, SAMPLE_EVENTS_MAX = 12, SAMPLE_AUTHOR_SIZE = 32 };

struct sample_event {
    uint32_t day;    /* of the year; never before the event above it */
    uint32_t minute; /* of the day */
    const char *kind;
    char author[SAMPLE_AUTHOR_SIZE];
    struct sample_text text;
};

/* Draws the events of a case from a stream of their own and returns how many. The first
 * falls on the opening day, the last of a closed case on the closing day. An open case
 * ends with the last event of the year. */
size_t sample_event_draw(struct sample_event events[static SAMPLE_EVENTS_MAX],
                         const struct sample_case *c);

#endif
